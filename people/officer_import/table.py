"""From bytes to rows, and the names of the columns."""

from django.utils.translation import gettext as _

from core import tables
from core.tables import Unreadable
from people.officer_import.report import Row

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000

REQUIRED = ("staff_number", "full_name", "office", "category", "customs_related")
OPTIONAL = ("latin_name", "email", "language", "post", "rank", "gender", "hire_date")
COLUMNS = REQUIRED + OPTIONAL


def read(data: bytes) -> list[Row]:
    """The rows of the file. Raises Unreadable for anything but a table with the right columns."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 2 MB. Split it and bring the parts in one after the other."))
    header = None
    rows = []
    for begins, cells in tables.records(data):
        if header is None:
            header = _header(cells)
            continue
        row = Row(line=begins, cells=tables.fitted(cells, header, begins))
        if len(rows) == MAX_ROWS:
            raise Unreadable(
                _("The file has more than %(rows)d officers. Split it and bring the parts in one after the other.")
                % {"rows": MAX_ROWS}
            )
        rows.append(row)
    if header is None:
        raise Unreadable(_("The file is empty. Choose the file that holds the officers."))
    if not rows:
        raise Unreadable(_("The file has a line of column names and no officers below it."))
    return rows


def _header(cells: list[str]) -> list[str]:
    names = tables.column_names(cells, COLUMNS)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise Unreadable(
            _("The column “%(column)s” is missing. The first line must name these columns: %(columns)s.")
            % {"column": missing[0], "columns": ", ".join(REQUIRED)}
        )
    return names
