"""Reading a file of officers from HR: what it says, what is wrong with it, and what bringing it in would change.

Pure: bytes and what is known go in, a report comes out. Nothing here asks the database or the clock, and no input
raises anything but `Unreadable`. Messages are in the language that is active.

One row is one officer as she stands today. An empty cell says nothing: it leaves what is known as it is.
"""

import codecs
import csv
import datetime
import difflib
import io
import unicodedata
from dataclasses import dataclass, field, fields, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000
# Beyond this the file is not nearly right; the rest is not looked at.
MAX_PROBLEMS = 100
SHOWN_OF_A_CELL = 40

REQUIRED = ("staff_number", "full_name", "office", "category", "customs_related")
OPTIONAL = ("latin_name", "email", "language", "post", "rank", "gender", "hire_date")
COLUMNS = REQUIRED + OPTIONAL
# As many characters as the database holds.
LONGEST = {"staff_number": 40, "full_name": 200, "latin_name": 200, "email": 254, "post": 200, "rank": 100}

# A spreadsheet takes such a cell for a formula, here and in every list that is written from it later.
FORMULA_STARTS = "=+-@＝＋－＠"
# They turn the reading direction of what follows; direction marks alone are harmless and dropped.
DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\ufeff"))

EARLIEST_HIRE = datetime.date(1940, 1, 1)
FURTHEST_HIRE_AHEAD = datetime.timedelta(days=366)


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """Cells by column, as they stand in the file, and the line on which the row begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Problem:
    """Something to mend in the file: where it is, and what to do."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class OfficerRow:
    """One checked row. None means that the file says nothing about it."""

    line: int
    staff_number: str
    full_name: str
    office: str
    category: str
    customs_related: bool
    latin_name: str | None = None
    email: str | None = None
    language: str | None = None
    post: str | None = None
    rank: str | None = None
    gender: str | None = None
    hire_date: datetime.date | None = None


@dataclass(frozen=True)
class Present:
    """What is known about an account of the administration today. An account need not belong to an officer."""

    staff_number: str
    full_name: str
    latin_name: str
    email: str | None
    language: str
    holds_role: bool
    is_officer: bool
    office: str | None = None
    post: str | None = None
    posted_since: datetime.date | None = None
    rank: str = ""
    category: str = ""
    gender: str = ""
    hire_date: datetime.date | None = None
    customs_related: bool | None = None


@dataclass(frozen=True)
class Known:
    """What a file is checked against, all of one administration; `key` makes the keys.

    `emails` holds every address of the installation, with the key of its owner's staff number, or None if the owner
    belongs to another administration.
    """

    today: datetime.date
    offices: dict[str, str] = field(default_factory=dict)
    posts: frozenset[tuple[str, str]] = frozenset()
    people: dict[str, Present] = field(default_factory=dict)
    emails: dict[str, str | None] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    categories: dict[str, str] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    usual_post: str = "Officer"


@dataclass(frozen=True)
class Change:
    """An officer who is known already, and the columns in which the file says something new."""

    row: OfficerRow
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What bringing the file in would do. With any problem nothing may be applied."""

    problems: tuple[Problem, ...] = ()
    stopped_early: bool = False
    new: tuple[OfficerRow, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    new_posts: tuple[tuple[str, str], ...] = ()

    @property
    def is_applicable(self) -> bool:
        return not self.problems and bool(self.new or self.changed)

    @property
    def officers(self) -> tuple[OfficerRow, ...]:
        """The rows that write something, in the order of the file."""
        rows = [*self.new, *(change.row for change in self.changed)]
        return tuple(sorted(rows, key=lambda row: row.line))


def key(text: str) -> str:
    """The same for two spellings that differ only in case, spaces or Unicode's ways to write one letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# --- The file -------------------------------------------------------------------------------------------------------


def read(data: bytes) -> list[Row]:
    """The rows of the file. Raises Unreadable for anything but a table with the right columns."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 2 MB. Split it and bring the parts in one after the other."))
    text = _decode(data)
    delimiter, text, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = None
    rows = []
    for begins, cells in _records(reader, skipped):
        cells = [_clean(cell) for cell in cells]
        if not any(cells):
            continue
        if header is None:
            header = _header(_without_empty_end(cells, 0))
            continue
        cells = _without_empty_end(cells, len(header))
        if len(cells) != len(header):
            raise Unreadable(
                _(
                    "Line %(line)d has %(cells)d cells, but there are %(columns)d columns. Look for a missing or an"
                    " extra separator, or for a text with a separator in it that is not in quotation marks."
                )
                % {"line": begins, "cells": len(cells), "columns": len(header)}
            )
        if len(rows) == MAX_ROWS:
            raise Unreadable(
                _("The file has more than %(rows)d officers. Split it and bring the parts in one after the other.")
                % {"rows": MAX_ROWS}
            )
        rows.append(Row(line=begins, cells=dict(zip(header, cells, strict=True))))
    if header is None:
        raise Unreadable(_("The file is empty. Choose the file that holds the officers."))
    if not rows:
        raise Unreadable(_("The file has a line of column names and no officers below it."))
    return rows


def _decode(data: bytes) -> str:
    if not data.strip():
        raise Unreadable(_("The file is empty. Choose the file that holds the officers."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a workbook, not a CSV file. In your spreadsheet, save it as “CSV UTF-8”."))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable(_("This is a document or a picture, not a CSV file. Choose the file with the officers."))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\0" in data:
            raise Unreadable(_("This is not a text file. In your spreadsheet, save the list as “CSV UTF-8”."))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _(
                "Line %(line)d holds letters in an encoding we cannot be sure of. In your spreadsheet, save the list"
                " as “CSV UTF-8”, then choose it again."
            )
            % {"line": line}
        ) from error


def _delimiter(text: str) -> tuple[str, str, int]:
    """The separator, the text, and how many lines were taken away before it.

    Some programs name the separator in a line of its own.
    """
    first, _newline, rest = text.lstrip("\r\n").partition("\n")
    named = first.strip().strip('"').casefold()
    if named.startswith("sep=") and len(named) == 5 and named[4] in ",;|\t":
        before = text.index(first)
        return named[4], rest, text.count("\n", 0, before) + 1
    return max(",;\t", key=first.count), text, 0


def _records(reader, skipped: int):
    """Each record with the line on which it begins; a broken one is the end."""
    begins = 1 + skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _(
                    "The quotation marks from line %(line)d on do not match. A text in quotation marks ends with one,"
                    " and a quotation mark within it is written twice."
                )
                % {"line": begins}
            ) from error
        yield begins, cells
        begins = reader.line_num + 1 + skipped


def _without_empty_end(cells: list[str], keep: int) -> list[str]:
    """Spreadsheets write separators for columns that were used once and are empty now."""
    end = len(cells)
    while end > keep and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _clean(cell: str) -> str:
    """One line, single spaces, one way to write each letter."""
    return " ".join(unicodedata.normalize("NFC", cell.translate(DIRECTION_MARKS)).split())


def _header(cells: list[str]) -> list[str]:
    names = [cell.casefold().replace(" ", "_").replace("-", "_") for cell in cells]
    if "" in names:
        raise Unreadable(_("A column has no name. Name it, or remove it with its separator."))
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name not in COLUMNS]
    if unknown:
        raise Unreadable(
            _("The column “%(column)s” is not known. Rename or remove it. The columns are: %(columns)s.")
            % {"column": shown(unknown[0]), "columns": ", ".join(COLUMNS)}
        )
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise Unreadable(_("The column “%(column)s” stands there twice. Remove one.") % {"column": doubled[0]})
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise Unreadable(
            _("The column “%(column)s” is missing. The first line must name these columns: %(columns)s.")
            % {"column": missing[0], "columns": ", ".join(REQUIRED)}
        )
    return names


def shown(cell: str) -> str:
    """A cell fit to be shown in a message: short, on one line, nothing that hides or turns."""
    plain = "".join(
        character if unicodedata.category(character)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for character in cell
    )
    return plain if len(plain) <= SHOWN_OF_A_CELL else plain[: SHOWN_OF_A_CELL - 1] + "…"


# --- The rows -------------------------------------------------------------------------------------------------------


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
    return _plan(officers, known)


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
        if present and present.posted_since and present.posted_since > self.known.today and _moves(checked, present):
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


# --- What will happen -----------------------------------------------------------------------------------------------


def _plan(officers: list[OfficerRow], known: Known) -> Report:
    new, changed, unchanged = [], [], 0
    new_posts = set()
    for officer in officers:
        present = known.people.get(key(officer.staff_number))
        officer = replace(officer, post=_post(officer, present, known))
        if (key(officer.office), key(officer.post)) not in known.posts:
            new_posts.add((officer.office, officer.post))
        if present is None:
            new.append(officer)
            continue
        columns = tuple(_changes(officer, present))
        if columns:
            changed.append(Change(officer, columns))
        else:
            unchanged += 1
    return Report(new=tuple(new), changed=tuple(changed), unchanged=unchanged, new_posts=tuple(_once_each(new_posts)))


def _post(officer: OfficerRow, present: Present | None, known: Known) -> str:
    """The post: as the file says; else the present one if the office stays; else the administration's usual one."""
    if officer.post:
        return officer.post
    if present and present.post and present.office and key(present.office) == key(officer.office):
        return present.post
    return known.usual_post


def _moves(officer: OfficerRow, present: Present) -> bool:
    """Whether the row puts the officer into another office or post."""
    if present.office is None or key(present.office) != key(officer.office):
        return True
    return officer.post is not None and key(officer.post) != key(present.post or "")


def _changes(officer: OfficerRow, present: Present):
    if not present.is_officer:
        yield "category"
    if present.office is None or key(present.office) != key(officer.office):
        yield "office"
    if key(officer.post or "") != key(present.post or ""):
        yield "post"
    for column in fields(OfficerRow):
        if column.name in ("line", "staff_number", "office", "post") or (
            column.name == "category" and not present.is_officer
        ):
            continue
        said = getattr(officer, column.name)
        if said is not None and said != getattr(present, column.name):
            yield column.name


def _once_each(posts: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Two spellings of one post are one post."""
    spelled = {}
    for office, title in sorted(posts):
        spelled.setdefault((key(office), key(title)), (office, title))
    return list(spelled.values())
