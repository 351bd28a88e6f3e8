"""How a day is written."""

from datetime import date

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language, to_locale

# The day before the month, as in `elearning/formats/en`.
HOUSE_ENGLISH = {"en": "en_GB"}


def in_full(day: date) -> str:
    """With its day of the week, as the active language writes it (Unicode's CLDR, format “full”)."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return format_date(day, "full", locale=HOUSE_ENGLISH.get(locale, locale))
