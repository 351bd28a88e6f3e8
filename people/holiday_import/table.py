"""A CSV file of holidays: one a line, with its day, its names by language and whether it returns every year."""

from datetime import date

from django.utils.translation import gettext as _

from core import tables
from core.tables import Unreadable
from people.holiday_import.rows import Read, Refused, Row, Why, check_number, check_size, checked, plain

_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0", ""})


def columns(languages: list[str]) -> tuple[str, ...]:
    """The columns that a file may have. `name` is in the language that is chosen beside the file."""
    return ("day", "yearly", "name", *(f"name_{language}" for language in languages))


def read(data: bytes, language: str, languages: list[str]) -> Read:
    """Its rows. Raises Unreadable for anything but a table with a day and a name in it."""
    check_size(data)
    header = None
    found: list[Row | Refused] = []
    for line, cells in tables.records(data):
        if header is None:
            header = _header(cells, columns(languages))
            continue
        found.append(_row(line, tables.fitted(cells, header, line), language, languages))
        check_number(len(found))
    if not found:
        raise Unreadable(_("The file names no holiday."))
    return Read(
        rows=tuple(each for each in found if isinstance(each, Row)),
        refused=tuple(each for each in found if isinstance(each, Refused)),
        is_calendar=False,
    )


def _header(cells: list[str], known: tuple[str, ...]) -> list[str]:
    names = tables.column_names(cells, known)
    if "day" not in names or not any(name.startswith("name") for name in names):
        raise Unreadable(
            _("The first line must name a column “day” and one with names. The columns are: %(columns)s.")
            % {"columns": ", ".join(known)}
        )
    return names


def _row(line: int, cells: dict[str, str], language: str, languages: list[str]) -> Row | Refused:
    names = {code: plain(cells.get(f"name_{code}", "")) for code in languages}
    names[language] = names.get(language) or plain(cells.get("name", ""))
    yearly = cells.get("yearly", "").casefold()
    row = checked(line, _day(cells["day"]), yearly in _YES | {_("yes").casefold()}, names)
    if isinstance(row, Refused):
        return Refused(line, row.said or tables.shown(cells["day"]), row.why)
    if yearly not in _YES | _NO | {_("yes").casefold(), _("no").casefold()}:
        return Refused(line, tables.shown(next(iter(row.names.values()))), Why.NEITHER_YES_NOR_NO)
    return row


def _day(cell: str) -> date | None:
    try:
        # The ISO forms without dashes or with weeks would be read too; nobody means them here.
        return date.fromisoformat(cell if cell[4:5] == cell[7:8] == "-" and "W" not in cell else "")
    except ValueError:
        return None
