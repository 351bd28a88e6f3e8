"""When whoever has to answer a learner is reminded of the day, and when somebody above them is told. Pure.

A day counts as it is where the administration is, and is whole. What is told waits for a working day and for the hour
when offices open, as every reminder does (docs/decisions/0018-working-days.md).
"""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from people.working_days import WorkingCalendar, when_worked

# A day is near when so many working days or fewer are left after today, the day itself among them.
WORKING_DAYS_AHEAD = 2


class Stage(StrEnum):
    NEAR = "near"
    OVERDUE = "overdue"


def stage_of(due_on: date, calendar: WorkingCalendar, zone: ZoneInfo, now: datetime) -> Stage | None:
    """Of what there is to tell now, if anything, about something that is due on a day and still open."""
    if when_worked(calendar, now, zone) != now:
        return None
    today = now.astimezone(zone).date()
    if today > due_on:
        return Stage.OVERDUE
    return Stage.NEAR if calendar.after_working_days(today, WORKING_DAYS_AHEAD) >= due_on else None
