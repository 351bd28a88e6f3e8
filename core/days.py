"""How a day is written for a reader: in the active language, and in the administration's second calendar, if any."""

from datetime import date, datetime

from babel.dates import format_date
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext, to_locale

from core import second_calendar

# The day before the month, as in `elearning/formats/en`.
HOUSE_ENGLISH = {"en": "en_GB"}
_DIGITS = "0123456789"


def in_full(day: date, calendar: str | None = None) -> str:
    """With its day of the week, as the active language writes it (Unicode's CLDR, format “full”).

    `calendar` is the second one; None for the one that is shown to this reader anyway.
    """
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return in_both(format_date(day, "full", locale=HOUSE_ENGLISH.get(locale, locale)), day, calendar)


def in_words(day: date | datetime | None, calendar: str | None = None) -> str:
    """Day, month and year. A moment is the day it is in its own zone; no day is an empty text."""
    return in_both(date_format(day, "DATE_FORMAT"), day, calendar) if day else ""


def in_second(day: date) -> str:
    """In the second calendar alone, as it is shown to this reader; empty where there is none."""
    return _with_own_digits(second_calendar.written(day, second_calendar.active()))


def in_both(written: str, day: date | datetime, calendar: str | None = None) -> str:
    """A day that is written already, followed by the same day in the second calendar."""
    if isinstance(day, datetime):
        day = day.date()
    name = second_calendar.active() if calendar is None else calendar
    if second := second_calendar.written(day, name):
        written = pgettext("a day in two calendars", "%(day)s (%(second)s)") % {"day": written, "second": second}
    return _with_own_digits(written)


def _with_own_digits(written: str) -> str:
    """A language whose readers expect other digits in a day has them in its translation file."""
    # Translators: these ten digits, from zero on, as a date is written with them; as they are where these are usual.
    own = pgettext("the ten digits as days are written with them", "0123456789")
    return written if own == _DIGITS or len(own) != len(_DIGITS) else written.translate(str.maketrans(_DIGITS, own))
