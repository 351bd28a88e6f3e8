"""Reading a file of officers from HR: what it says, what is wrong with it, and what bringing it in would change.

Pure: bytes and what is known go in, a report comes out. Nothing here asks the database or the clock, and no input
raises anything but `Unreadable`. Messages are in the language that is active.

One row is one officer as she stands today. An empty cell says nothing: it leaves what is known as it is.

    table    bytes to rows of cells
    rows     cells to checked rows, or to problems to mend
    plan     checked rows against what is known, to what would change
"""

from people.officer_import.report import Change, Known, OfficerRow, Present, Problem, Report, Row
from people.officer_import.rows import MAX_PROBLEMS, check
from people.officer_import.table import COLUMNS, MAX_BYTES, MAX_ROWS, OPTIONAL, REQUIRED, Unreadable, read
from people.officer_import.words import key

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_PROBLEMS",
    "MAX_ROWS",
    "OPTIONAL",
    "REQUIRED",
    "Change",
    "Known",
    "OfficerRow",
    "Present",
    "Problem",
    "Report",
    "Row",
    "Unreadable",
    "check",
    "key",
    "read",
]
