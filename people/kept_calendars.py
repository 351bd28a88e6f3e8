"""Calendars as readers' pages ask for them: kept in this process for a minute, as the heads of pages are.

Each learner's page tells deadlines and a calendar hardly ever changes; another process learns of a change when its
minute is over. Whoever writes asks `people.calendars`.
"""

import time
import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime

from people.calendars import calendar_of
from people.models import Administration
from people.working_days import RestDay, WorkingCalendar, rest_on

KEPT_FOR_SECONDS = 60

_kept: dict[int, tuple[float, "KeptCalendar"]] = {}


@dataclass(frozen=True)
class KeptCalendar:
    """An administration's calendar with what it takes to tell of it: its zone, and the language it names things in."""

    calendar: WorkingCalendar
    zone: zoneinfo.ZoneInfo
    language: str

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def rest_on(self, day: date, language: str) -> RestDay | None:
        """What there is to say about a day to a reader of a language; None for a working day."""
        return rest_on(self.calendar, day, language, self.language)


def of_administration(administration_id: int) -> KeptCalendar:
    """At most three queries a minute. Raises Administration.DoesNotExist."""
    kept = _kept.get(administration_id)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    administration = Administration.objects.get(pk=administration_id)
    calendar = KeptCalendar(
        calendar_of(administration), zoneinfo.ZoneInfo(administration.time_zone), administration.language
    )
    _kept[administration_id] = (time.monotonic() + KEPT_FOR_SECONDS, calendar)
    return calendar


def forget() -> None:
    _kept.clear()
