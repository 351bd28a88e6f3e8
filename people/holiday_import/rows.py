"""What goes in and what comes out: the rows of a file of holidays, and those that are refused, with the reason."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import tables
from people.working_days import FIRST_DAY, LAST_DAY, MOST_YEARLY

MAX_BYTES = 512 * 1024
MAX_ROWS = 300
# As many days as one event of a calendar may last: each becomes a holiday.
MAX_DAYS = 14
LONGEST_NAME = 100

# They turn the reading direction of what follows.
_DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Why(Enum):
    """Why a row is not entered."""

    NO_DAY = "no_day"
    TOO_FAR = "too_far"
    NAMELESS = "nameless"
    LONG_NAME = "long_name"
    NEITHER_YES_NOR_NO = "neither_yes_nor_no"
    BROKEN = "broken"
    AT_AN_HOUR = "at_an_hour"
    TOO_LONG = "too_long"
    CANCELLED = "cancelled"
    REPEATED = "repeated"
    TWICE = "twice"
    ENTERED_ONCE = "entered_once"
    BEGINS_LATER = "begins_later"
    TOO_MANY_YEARLY = "too_many_yearly"

    @property
    def words(self) -> str:
        """The reason, for the person whose file it is."""
        return str(_WORDS[self]) % {
            "first": str(FIRST_DAY.year),
            "last": str(LAST_DAY.year),
            "letters": str(LONGEST_NAME),
            "days": str(MAX_DAYS),
            "yearly": str(MOST_YEARLY),
        }


_WORDS = {
    Why.NO_DAY: gettext_lazy("Its day cannot be read. Write year, month and day, like 2026-05-01."),
    Why.TOO_FAR: gettext_lazy("Choose a day between %(first)s and %(last)s."),
    Why.NAMELESS: gettext_lazy("It has no name."),
    Why.LONG_NAME: gettext_lazy("Its name has more than %(letters)s letters."),
    Why.NEITHER_YES_NOR_NO: gettext_lazy("Write “yes” or “no” into the column “yearly”, or leave it empty."),
    Why.BROKEN: gettext_lazy("It is not written as a calendar has it."),
    Why.AT_AN_HOUR: gettext_lazy("It begins at an hour of the day. A holiday is a whole day."),
    Why.TOO_LONG: gettext_lazy("It lasts more than %(days)s days."),
    Why.CANCELLED: gettext_lazy("It is cancelled."),
    Why.REPEATED: gettext_lazy(
        "It repeats otherwise than every year on its date for ever. Enter each of its days on its own."
    ),
    Why.TWICE: gettext_lazy("Its day stands in the file already. A day is one holiday: give it both names."),
    Why.ENTERED_ONCE: gettext_lazy("Its day is entered already, for that year alone. Change that holiday instead."),
    Why.BEGINS_LATER: gettext_lazy("It is entered already, from a later year on. Change that holiday instead."),
    Why.TOO_MANY_YEARLY: gettext_lazy("There would be more than %(yearly)s yearly holidays."),
}


@dataclass(frozen=True)
class Row:
    """A holiday that a file names. `place` is its line in a table, or the number of its event in a calendar."""

    place: int
    day: date
    yearly: bool
    names: Mapping[str, str]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be entered: where it stands, what it says of itself, and why not."""

    place: int
    said: str
    why: Why


@dataclass(frozen=True)
class Read:
    """What a file says, in its order. `is_calendar` tells of what `place` is the number."""

    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]
    is_calendar: bool


def checked(place: int, day: date | None, yearly: bool, names: Mapping[str, str]) -> Row | Refused:
    """A row that can stand on its own, or why it cannot. Names must be `plain`."""
    names = {language: name for language, name in names.items() if name}
    said = tables.shown(next(iter(names.values()), ""))
    if day is None:
        return Refused(place, said, Why.NO_DAY)
    said = said or day.isoformat()
    if not FIRST_DAY <= day <= LAST_DAY:
        return Refused(place, said, Why.TOO_FAR)
    if not names:
        return Refused(place, said, Why.NAMELESS)
    if any(len(name) > LONGEST_NAME for name in names.values()):
        return Refused(place, said, Why.LONG_NAME)
    return Row(place, day, yearly, names)


def plain(text: str) -> str:
    """A name on one line, without what cannot be seen and without what turns the direction of reading."""
    return "".join(
        letter
        for letter in tables.cleaned(text)
        if unicodedata.category(letter) not in ("Cc", "Cs", "Cn") and letter not in _DIRECTION_OVERRIDES
    ).strip()


def check_size(data: bytes) -> None:
    """Raises Unreadable for a file that is larger than any country's holidays."""
    if len(data) > MAX_BYTES:
        raise tables.Unreadable(
            _("The file is larger than %(size)s kB. Bring fewer years at a time.") % {"size": MAX_BYTES // 1024}
        )


def check_number(number: int) -> None:
    """Raises Unreadable for more rows than are looked at."""
    if number > MAX_ROWS:
        raise tables.Unreadable(
            ngettext(
                "The file has more than %(number)d holiday. Bring fewer years at a time.",
                "The file has more than %(number)d holidays. Bring fewer years at a time.",
                MAX_ROWS,
            )
            % {"number": MAX_ROWS}
        )
