"""When an administration works and when it rests: its week and its holidays. Pure: days are passed in.

A deadline stays on the day on which it was set. The domain knows none that moves by itself, runs begin and end on
Saturdays, and learners learn at any hour: a day of rest is told to whoever chooses or reads a day, with the working
days around it. What may wait, such as a letter that reminds, waits for the next working day.

Weekdays are numbered as ISO 8601 does: 1 is Monday, 7 Sunday.
"""

from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

WEEK = range(1, 8)
# They leave a working day in any two years even where one day of the week alone is worked: its dates in two years are
# 104 different days of the year.
MOST_YEARLY = 60
# The days that people may enter as holidays or as the end of something.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
# What waits for a working day waits until its offices open.
OPENS_AT = time(8)

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayOff:
    """A holiday: one day, or that day of every year from then on. 29 February is kept in leap years alone.

    `names` holds what it is called, by language.
    """

    day: date
    yearly: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def falls_on(self, day: date) -> bool:
        if self.yearly:
            return day >= self.day and (day.month, day.day) == (self.day.month, self.day.day)
        return day == self.day

    def name_in(self, *languages: str) -> tuple[str, str]:
        """What it is called in the first of these languages that has a name, else in any, and in which one it is."""
        for language in (*languages, *sorted(self.names)):
            if self.names.get(language):
                return self.names[language], language
        return "", ""


@dataclass(frozen=True)
class WorkingCalendar:
    """The week and the holidays of one administration. Every day has a working day before and after it.

    Raises ValueError for a week without a working day, a weekday that does not exist, or more yearly holidays than
    leave a year to work in.
    """

    working_weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    days_off: tuple[DayOff, ...] = ()
    first_weekday: int = 1

    def __post_init__(self):
        if not self.working_weekdays or not {self.first_weekday, *self.working_weekdays} <= set(WEEK):
            raise ValueError("a week has a first day and at least one working day, between 1 and 7")
        if sum(day_off.yearly for day_off in self.days_off) > MOST_YEARLY:
            raise ValueError(f"there may be {MOST_YEARLY} yearly holidays")

    @cached_property
    def _by_day(self) -> Mapping[date, DayOff]:
        return {day_off.day: day_off for day_off in self.days_off if not day_off.yearly}

    @cached_property
    def _by_month_and_day(self) -> Mapping[tuple[int, int], DayOff]:
        """The yearly ones; of two on the same day of the year, the one that began first."""
        yearly = sorted((each for each in self.days_off if each.yearly), key=lambda each: each.day, reverse=True)
        return {(each.day.month, each.day.day): each for each in yearly}

    def holiday_on(self, day: date) -> DayOff | None:
        """The holiday on a day. One of that day alone goes before a yearly one."""
        yearly = self._by_month_and_day.get((day.month, day.day))
        return self._by_day.get(day) or (yearly if yearly and yearly.falls_on(day) else None)

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.working_weekdays and self.holiday_on(day) is None

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first one after it that is."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def last_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the last one before it that is."""
        while not self.is_working(day):
            day -= _ONE_DAY
        return day

    def after_working_days(self, day: date, number: int) -> date:
        """The last of so many working days after a day, which itself is not counted."""
        for _each in range(number):
            day = self.next_working_day(day + _ONE_DAY)
        return day

    def holidays_between(self, first: date, last: date) -> Iterable[tuple[date, DayOff]]:
        """The holidays from one day to another, both counted, in order."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day_off := self.holiday_on(day):
                yield day, day_off

    def weekdays(self) -> list[int]:
        """The week as it is written down here, its first day first."""
        return [(self.first_weekday - 1 + place) % 7 + 1 for place in range(7)]

    def weeks_of(self, year: int, month: int) -> list[list[date]]:
        """A month in whole weeks, with the days of its neighbours that complete the first and the last."""
        return Calendar(self.first_weekday - 1).monthdatescalendar(year, month)


@dataclass(frozen=True)
class RestDay:
    """A day that is not worked, with the working days around it.

    `name` is the holiday's, in `language`; both are empty on a weekly day of rest.
    """

    day: date
    name: str
    language: str
    before: date
    after: date


def rest_on(calendar: WorkingCalendar, day: date, *languages: str) -> RestDay | None:
    """What there is to say about a day to whoever chooses or reads it, in the first of these languages in which it has
    a name; None for a working day."""
    if calendar.is_working(day):
        return None
    holiday = calendar.holiday_on(day)
    name, language = holiday.name_in(*languages) if holiday else ("", "")
    return RestDay(day, name, language, calendar.last_working_day(day), calendar.next_working_day(day))


def when_worked(calendar: WorkingCalendar, moment: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from this one on at which a place has opened on a working day: itself, or the next opening."""
    today = moment.astimezone(zone).date()
    day = calendar.next_working_day(today)
    opening = datetime.combine(day, OPENS_AT, zone)
    return moment if day == today and moment >= opening else opening
