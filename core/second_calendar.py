"""Days in a calendar beside the Gregorian one: which calendars there are, and which one is being shown.

An administration may have its days said in a second calendar. Which one, is known to whoever answers a request or
writes a letter (`shown`), as the language and the time zone are; what writes days (`core.days`) asks for it.

A calendar's name here is the one that Unicode's CLDR gives it. Names of months and the order of a day's parts are
messages: a further language brings them in its translation file.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from hijridate import Gregorian
from persiantools.jdatetime import JalaliDate

NONE = ""


@dataclass(frozen=True)
class SecondCalendar:
    """A calendar and the days for which it is known. `pattern` takes %(day)s, %(month)s and %(year)s.

    `convert` turns a day from `first` to `last`, both counted, into year, month and day.
    """

    name: Promise
    months: tuple[Promise, ...]
    pattern: Promise
    first: date
    last: date
    convert: Callable[[date], tuple[int, int, int]]

    def written(self, day: date) -> str:
        """The day in the active language; empty where this calendar is not known so far away."""
        if not self.first <= day <= self.last:
            return ""
        year, month, number = self.convert(day)
        return str(self.pattern) % {"day": number, "month": self.months[month - 1], "year": year}


def _umm_al_qura(day: date) -> tuple[int, int, int]:
    return Gregorian.fromdate(day).to_hijri().datetuple()


def _solar_hijri(day: date) -> tuple[int, int, int]:
    found = JalaliDate.to_jalali(day)
    return found.year, found.month, found.day


CALENDARS: Mapping[str, SecondCalendar] = MappingProxyType(
    {
        # As published by King Abdulaziz City for Science and Technology: the days that the library's tables hold.
        "islamic-umalqura": SecondCalendar(
            name=_("Hijri (Umm al-Qura)"),
            months=(
                pgettext_lazy("month of the Hijri calendar", "Muharram"),
                pgettext_lazy("month of the Hijri calendar", "Safar"),
                pgettext_lazy("month of the Hijri calendar", "Rabiʻ I"),
                pgettext_lazy("month of the Hijri calendar", "Rabiʻ II"),
                pgettext_lazy("month of the Hijri calendar", "Jumada I"),
                pgettext_lazy("month of the Hijri calendar", "Jumada II"),
                pgettext_lazy("month of the Hijri calendar", "Rajab"),
                pgettext_lazy("month of the Hijri calendar", "Shaʻban"),
                pgettext_lazy("month of the Hijri calendar", "Ramadan"),
                pgettext_lazy("month of the Hijri calendar", "Shawwal"),
                pgettext_lazy("month of the Hijri calendar", "Dhuʻl-Qiʻdah"),
                pgettext_lazy("month of the Hijri calendar", "Dhuʻl-Hijjah"),
            ),
            pattern=pgettext_lazy("a day in the Hijri calendar", "%(day)s %(month)s %(year)s AH"),
            first=date(1924, 8, 1),
            last=date(2077, 11, 16),
            convert=_umm_al_qura,
        ),
        # From 1304, when Iran took it up by law, to 1498: leap years are known so far, and reckoned after that.
        "persian": SecondCalendar(
            name=_("Solar Hijri (Iran)"),
            months=(
                pgettext_lazy("month of the Solar Hijri calendar", "Farvardin"),
                pgettext_lazy("month of the Solar Hijri calendar", "Ordibehesht"),
                pgettext_lazy("month of the Solar Hijri calendar", "Khordad"),
                pgettext_lazy("month of the Solar Hijri calendar", "Tir"),
                pgettext_lazy("month of the Solar Hijri calendar", "Mordad"),
                pgettext_lazy("month of the Solar Hijri calendar", "Shahrivar"),
                pgettext_lazy("month of the Solar Hijri calendar", "Mehr"),
                pgettext_lazy("month of the Solar Hijri calendar", "Aban"),
                pgettext_lazy("month of the Solar Hijri calendar", "Azar"),
                pgettext_lazy("month of the Solar Hijri calendar", "Dey"),
                pgettext_lazy("month of the Solar Hijri calendar", "Bahman"),
                pgettext_lazy("month of the Solar Hijri calendar", "Esfand"),
            ),
            pattern=pgettext_lazy("a day in the Solar Hijri calendar", "%(day)s %(month)s %(year)s SH"),
            first=date(1925, 3, 21),
            last=date(2120, 3, 20),
            convert=_solar_hijri,
        ),
    }
)


def written(day: date, calendar: str) -> str:
    """The day in the calendar of that name; empty for none, for one that is not known, and where it does not reach."""
    known = CALENDARS.get(calendar)
    return known.written(day) if known else ""


_shown: ContextVar[Callable[[], str]] = ContextVar("second_calendar", default=lambda: NONE)


@contextmanager
def shown(calendar: Callable[[], str]) -> Iterator[None]:
    """Within this, days are said in that calendar, too. It is asked for when the first day is written, not before."""
    token = _shown.set(calendar)
    try:
        yield
    finally:
        _shown.reset(token)


def active() -> str:
    """The name of the calendar in which days are said beside the Gregorian one; NONE for none."""
    return _shown.get()()
