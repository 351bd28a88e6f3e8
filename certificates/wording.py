"""How a certificate's day, hours and names are written for a reader, the same on paper and on a page. Pure."""

import unicodedata
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.units import format_unit


def day(on: date, language: str) -> str:
    """A day in words: 1 March 2025, 1 марта 2025 г."""
    return format_date(on, "long", locale=_locale(language))


def hours(minutes: int, language: str) -> str:
    """Credited time in hours, to a tenth: 12 hours, 12,5 часа."""
    return format_unit(round(minutes / 60, 1), "hour", locale=_locale(language))


def direction(text: str) -> str:
    """Where a name or a title begins, by its first letter: "rtl" or "ltr". Its own, whatever that of the page."""
    for letter in text:
        strength = unicodedata.bidirectional(letter)
        if strength in ("R", "AL"):
            return "rtl"
        if strength == "L":
            return "ltr"
    return "ltr"


# English with the day first, as on every page.
_ENGLISH = Locale("en", "GB")


def _locale(language: str) -> Locale:
    """English for a language whose numbers and days nobody has described."""
    if language == "en":
        return _ENGLISH
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return _ENGLISH
