"""Reading a file of holidays, and what entering them would do.

Pure: bytes and the holidays that there are go in, a plan comes out. Nothing here asks the database or the clock, and
no input raises anything but `Unreadable`. Messages are in the language that is active.

    calendar_file   an iCalendar file to rows, or to reasons why an event is none
    table           a CSV file to the same
    plan            rows against what there is, to what would be entered
"""

from core.tables import Unreadable
from people.holiday_import import calendar_file, table
from people.holiday_import.plan import Plan, plan
from people.holiday_import.rows import MAX_BYTES, MAX_DAYS, MAX_ROWS, Read, Refused, Row, Why

__all__ = [
    "MAX_BYTES",
    "MAX_DAYS",
    "MAX_ROWS",
    "Plan",
    "Read",
    "Refused",
    "Row",
    "Unreadable",
    "Why",
    "columns",
    "plan",
    "read",
]

columns = table.columns


def read(data: bytes, *, language: str, languages: list[str]) -> Read:
    """What the file says; its beginning tells which of the two kinds it is.

    `languages` are those in which a holiday can have a name, `language` the one of names that do not say theirs.
    """
    reader = calendar_file if calendar_file.is_one(data) else table
    return reader.read(data, language, languages)
