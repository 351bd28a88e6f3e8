"""A year as people see it on a wall: twelve months with the days of rest marked, and the list of its holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, to_locale

from people.models import Holiday
from people.working_days import DayOff, WorkingCalendar


@dataclass(frozen=True)
class Weekday:
    """The head of a column: one letter for the eye, the whole word for the ear."""

    letter: str
    name: str


@dataclass(frozen=True)
class Cell:
    """A day of a month; `kind` is "work", "rest" or "holiday". A day of a neighbouring month is None in its place."""

    day: date
    kind: str
    name: str
    language: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    name: str
    weekdays: list[Weekday]
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class HolidayLine:
    """A holiday in one year, with the row that it comes from."""

    day: date
    row: Holiday
    name: str
    language: str


def months_of(calendar: WorkingCalendar, year: int, today: date, wanted: Sequence[str]) -> list[Month]:
    """The twelve months; holidays are named in the first of the wanted languages in which they have a name."""
    letters = _letters(get_language())
    weekdays = [Weekday(letters[number - 1], str(WEEKDAYS[number - 1])) for number in calendar.weekdays()]
    return [
        Month(
            str(MONTHS[month]),
            weekdays,
            [
                [_cell(calendar, day, today, wanted) if day.month == month else None for day in week]
                for week in calendar.weeks_of(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _cell(calendar: WorkingCalendar, day: date, today: date, wanted: Sequence[str]) -> Cell:
    holiday = calendar.holiday_on(day)
    name, language = holiday.name_in(*wanted) if holiday else ("", "")
    kind = "holiday" if holiday else "work" if calendar.is_working(day) else "rest"
    return Cell(day, kind, name, language, day == today)


def holidays_of_year(
    calendar: WorkingCalendar, rows: Sequence[Holiday], year: int, wanted: Sequence[str]
) -> list[HolidayLine]:
    """The holidays of a year in order. `rows` are those that the calendar was made of."""
    by_day = {row.day: row for row in rows}

    def line(day: date, day_off: DayOff) -> HolidayLine:
        name, language = day_off.name_in(*wanted)
        return HolidayLine(day, by_day[day_off.day], name, language)

    return [line(*each) for each in calendar.holidays_between(date(year, 1, 1), date(year, 12, 31))]


@lru_cache(maxsize=32)
def _letters(language: str) -> list[str]:
    """The days of the week in a letter or two each, Monday first. A language that Babel does not know gets English."""
    try:
        locale = Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    names = locale.days["stand-alone"]["narrow"]
    return [names[number] for number in range(7)]
