"""The weeks of a run and what its plan expects by the end of each. Pure: days and instants are passed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Judging:
    """The day by which a run is judged: today, but not after its planned end. States are always today's."""

    day: date
    moment: datetime
    ended: bool


def judging(now: datetime, ends_on: date, zone: ZoneInfo) -> Judging:
    """The judging day and moment. A run that has ended is judged at the end of its last day."""
    today = now.astimezone(zone).date()
    if today > ends_on:
        return Judging(ends_on, after(ends_on, zone), ended=True)
    return Judging(today, now, ended=False)


def after(day: date, zone: ZoneInfo) -> datetime:
    """The first instant that no longer belongs to a day."""
    return midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins."""
    return datetime.combine(day, time(), zone)


def week_ends(starts_on: date, through: date) -> list[date]:
    """The last day of each week since the start; the last week ends with the day asked for. Empty before the start."""
    ends = []
    day = starts_on + timedelta(days=6)
    while day < through:
        ends.append(day)
        day += timedelta(days=7)
    if through >= starts_on:
        ends.append(through)
    return ends


def planned_by(ends: Sequence[date], sections: Iterable[tuple[date, int]]) -> list[int]:
    """How many are to have completed by each of the days: all learners of a section by its last day."""
    due = list(sections)
    return [sum(learners for ends_on, learners in due if ends_on <= day) for day in ends]
