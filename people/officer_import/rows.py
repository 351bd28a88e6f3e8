"""Judging the rows: each cell by itself, and each row against what is known."""

import datetime
import difflib
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.tables import shown
from people.officer_import.plan import moves, plan
from people.officer_import.report import Known, OfficerRow, Present, Problem, Report, Row
from people.officer_import.table import COLUMNS, REQUIRED
from people.officer_import.words import key

# Beyond this the file is not nearly right; the rest is not looked at.
MAX_PROBLEMS = 100

# As many characters as the database holds.
LONGEST = {"staff_number": 40, "full_name": 200, "latin_name": 200, "email": 254, "post": 200, "rank": 100}

# A spreadsheet takes such a cell for a formula, here and in every list that is written from it later.
FORMULA_STARTS = "=+-@＝＋－＠"
# They turn the reading direction of what follows.
DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

EARLIEST_HIRE = datetime.date(1940, 1, 1)
FURTHEST_HIRE_AHEAD = datetime.timedelta(days=366)


def check(rows: list[Row], known: Known) -> Report:
    """Judge every row against what is known, and say what bringing them in would do."""
    problems: list[Problem] = []
    officers: list[OfficerRow] = []
    lines_of_numbers: dict[str, int] = {}
    lines_of_emails: dict[str, int] = {}
    for position, row in enumerate(rows):
        if len(problems) >= MAX_PROBLEMS:
            return Report(problems=tuple(problems), stopped_early=position < len(rows))
        one = _RowCheck(row, known)
        officer = one.officer()
        one.must_be_first(
            lines_of_numbers, "staff_number", _("Line %(line)d has this staff number too. Remove one of the two.")
        )
        one.must_be_first(
            lines_of_emails, "email", _("Line %(line)d has this e-mail too. Two people cannot share an address.")
        )
        problems.extend(one.problems)
        if officer is not None:
            officers.append(officer)
    if problems:
        return Report(problems=tuple(problems))
    return plan(officers, known)


class _RowCheck:
    """The problems of one row, cell by cell."""

    def __init__(self, row: Row, known: Known):
        self.row = row
        self.known = known
        self.problems: list[Problem] = []

    def problem(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.row.line, column, message))

    def officer(self) -> OfficerRow | None:
        """The checked row, or None if anything in it must be mended."""
        cells = {column: self._plain(column) for column in COLUMNS}
        present = self.known.people.get(key(cells["staff_number"] or ""))
        checked = OfficerRow(
            line=self.row.line,
            staff_number=self._staff_number(cells["staff_number"]),
            full_name=cells["full_name"] or "",
            office=self._office(cells["office"]),
            category=self._one_of("category", cells["category"], self.known.categories) or "",
            customs_related=bool(self._yes_or_no("customs_related", cells["customs_related"])),
            latin_name=cells["latin_name"],
            email=self._email(cells["email"], cells["staff_number"], present),
            language=self._language(cells["language"]),
            post=cells["post"],
            rank=cells["rank"],
            gender=self._one_of("gender", cells["gender"], self.known.genders),
            hire_date=self._hire_date(cells["hire_date"]),
        )
        if present and present.posted_since and present.posted_since > self.known.today and moves(checked, present):
            self.problem(
                "office",
                _("A posting from %(date)s on is entered already. Change that one first, or leave this row out.")
                % {"date": present.posted_since.isoformat()},
            )
        return None if self.problems else checked

    def must_be_first(self, lines: dict[str, int], column: str, message: str) -> None:
        """Whether an earlier line of the file has the same in this column; `message` names that line."""
        cell = self.row.cells.get(column)
        if cell:
            before = lines.setdefault(key(cell), self.row.line)
            if before != self.row.line:
                self.problem(column, message % {"line": before})

    def _plain(self, column: str) -> str | None:
        """The cell, free of what must not stand in any; None if it is empty."""
        cell = self.row.cells.get(column, "")
        if not cell:
            if column in REQUIRED:
                self.problem(column, _("This cell is empty. Every officer needs it."))
            return None
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") or letter in DIRECTION_OVERRIDES for letter in cell):
            self.problem(column, _("This cell holds invisible characters. Type it again by hand."))
            return None
        if cell[0] in FORMULA_STARTS:
            self.problem(
                column,
                _("“%(cell)s” begins like a formula. Remove the sign at its beginning.") % {"cell": shown(cell)},
            )
            return None
        if len(cell) > LONGEST.get(column, 200):
            self.problem(
                column,
                _("“%(cell)s” is too long. There is room for %(longest)d characters.")
                % {"cell": shown(cell), "longest": LONGEST.get(column, 200)},
            )
            return None
        return cell

    def _staff_number(self, cell: str | None) -> str:
        if cell and "@" in cell:
            self.problem("staff_number", _("A staff number must not look like an e-mail address."))
        return cell or ""

    def _office(self, cell: str | None) -> str:
        if cell is None:
            return ""
        name = self.known.offices.get(key(cell))
        if name is None:
            near = difflib.get_close_matches(key(cell), self.known.offices, n=1)
            if near:
                self.problem(
                    "office",
                    _("There is no office called “%(cell)s”. Do you mean “%(near)s”?")
                    % {"cell": shown(cell), "near": self.known.offices[near[0]]},
                )
            else:
                self.problem(
                    "office",
                    _("There is no office called “%(cell)s”. Correct the name, or have the office entered first.")
                    % {"cell": shown(cell)},
                )
        return name or ""

    def _email(self, cell: str | None, staff_number: str | None, present: Present | None) -> str | None:
        if cell is None:
            return None
        try:
            validate_email(cell)
        except ValidationError:
            self.problem(
                "email",
                _("“%(cell)s” is not an e-mail address. Correct it, or leave the cell empty.") % {"cell": shown(cell)},
            )
            return None
        email = cell.lower()
        if email in self.known.emails and self.known.emails[email] != key(staff_number or ""):
            self.problem("email", _("Another account has this e-mail. Correct it, or leave the cell empty."))
            return None
        if present and present.holds_role and email != present.email:
            # Whoever can change the address of an account with a role can have its password sent to them.
            self.problem(
                "email",
                _("This account holds a role. Its e-mail is not changed by a file; leave the cell empty."),
            )
            return None
        return email

    def _language(self, cell: str | None) -> str | None:
        if cell is None:
            return None
        code = cell.casefold()
        if code not in self.known.languages:
            self.problem(
                "language",
                _("“%(cell)s” is not a language of this platform. Write one of: %(codes)s.")
                % {"cell": shown(cell), "codes": ", ".join(self.known.languages)},
            )
            return None
        return code

    def _one_of(self, column: str, cell: str | None, codes: dict[str, str]) -> str | None:
        """A code, written as such or as the word for it in the reader's language."""
        if cell is None:
            return None
        wanted = key(cell).replace(" ", "_")
        for code, label in codes.items():
            if wanted in (code, key(str(label)).replace(" ", "_")):
                return code
        self.problem(
            column,
            _("“%(cell)s” is not one of the words for this column. Write one of: %(codes)s.")
            % {"cell": shown(cell), "codes": ", ".join(codes)},
        )
        return None

    def _yes_or_no(self, column: str, cell: str | None) -> bool | None:
        if cell is None:
            return None
        word = key(cell)
        if word in {"yes", "y", "true", "1", key(_("yes"))}:
            return True
        if word in {"no", "n", "false", "0", key(_("no"))}:
            return False
        self.problem(column, _("“%(cell)s” is neither yes nor no. Write “yes” or “no”.") % {"cell": shown(cell)})
        return None

    def _hire_date(self, cell: str | None) -> datetime.date | None:
        if cell is None:
            return None
        try:
            # The ISO forms without dashes or with weeks would be read too; nobody means them here.
            day = datetime.date.fromisoformat(cell if cell[4:5] == cell[7:8] == "-" else "")
        except ValueError:
            self.problem(
                "hire_date",
                _("“%(cell)s” is not a date we can read safely. Write year, month and day, like 2024-03-01.")
                % {"cell": shown(cell)},
            )
            return None
        if not EARLIEST_HIRE <= day <= self.known.today + FURTHEST_HIRE_AHEAD:
            self.problem(
                "hire_date",
                _("%(date)s cannot be the day of hiring. Check the year.") % {"date": day.isoformat()},
            )
            return None
        return day
