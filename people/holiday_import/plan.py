"""What entering a file's holidays would do to those that there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import tables
from people.holiday_import.rows import Refused, Row, Why
from people.working_days import MOST_YEARLY, DayOff


@dataclass(frozen=True)
class Plan:
    """Rows to enter, rows whose day is a holiday already and stays as it is, and rows that cannot be entered."""

    added: tuple[Row, ...]
    there: tuple[Row, ...]
    refused: tuple[Refused, ...]


def plan(rows: Iterable[Row], present: Sequence[DayOff]) -> Plan:
    """Judge each row by what there is and by the rows before it. Every day has at most one holiday afterwards."""
    judge = _Judge(present)
    added, there, refused = [], [], []
    for row in rows:
        verdict = judge.of(row)
        if isinstance(verdict, Why):
            refused.append(Refused(row.place, tables.shown(next(iter(row.names.values()))), verdict))
        elif verdict:
            judge.enter(row)
            added.append(row)
        else:
            there.append(row)
    return Plan(tuple(added), tuple(there), tuple(refused))


class _Judge:
    """The holidays as they would be with the rows that were entered so far."""

    def __init__(self, present: Sequence[DayOff]):
        self.by_day = {each.day: each for each in present}
        self.yearly = {(each.day.month, each.day.day): each for each in present if each.yearly}
        self.from_file: set[int] = set()

    def enter(self, row: Row) -> None:
        holiday = DayOff(row.day, row.yearly, row.names)
        self.by_day[row.day] = holiday
        if row.yearly:
            self.yearly[row.day.month, row.day.day] = holiday
        self.from_file.add(id(holiday))

    def of(self, row: Row) -> Why | bool:
        """Whether the row would be entered, or is there already; or why it cannot be."""
        same_date = self.yearly.get((row.day.month, row.day.day))
        kept = same_date if same_date and same_date.day <= row.day else None
        standing = kept or self.by_day.get(row.day)
        if standing is None and not row.yearly:
            return True
        if standing is not None and id(standing) in self.from_file:
            return Why.TWICE
        if not row.yearly or kept:
            return False
        if standing:
            return Why.ENTERED_ONCE
        if same_date:
            return Why.TWICE if id(same_date) in self.from_file else Why.BEGINS_LATER
        return len(self.yearly) < MOST_YEARLY or Why.TOO_MANY_YEARLY
