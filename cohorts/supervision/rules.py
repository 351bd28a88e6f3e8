"""How a sitting stands, who may still try its code, and how long a release holds. Pure: the clock is passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Wrong codes of one person in a row, and the pause after them.
TRIES = 5
PAUSE = timedelta(minutes=5)
# Wrong codes of everybody together after which a code is closed until it is renewed: at worst a guess succeeds once in
# some 240,000 sittings.
WRONG_CODES = 100
# How long somebody whom the invigilator lets go on at another computer has to do so.
RELEASE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)


class Standing(StrEnum):
    """How a sitting stands. In OPEN alone its code starts attempts."""

    PLANNED = "planned"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"
    OVER = "over"
    CLOSED = "closed"


def standing_of(
    *, opens_at: datetime, closes_at: datetime, closed: bool, withdrawn: bool, wrong_codes: int, now: datetime
) -> Standing:
    """What ends a sitting for good comes first, then what an invigilator can mend."""
    if closed:
        return Standing.CLOSED
    if now >= closes_at:
        return Standing.OVER
    if withdrawn:
        return Standing.WITHDRAWN
    if wrong_codes >= WRONG_CODES:
        return Standing.BLOCKED
    return Standing.PLANNED if now < opens_at else Standing.OPEN


@dataclass(frozen=True)
class Tries:
    """A person's wrong codes since the last right one or the last pause, and until when they have to wait."""

    wrong: int = 0
    barred_until: datetime | None = None

    def is_barred(self, now: datetime) -> bool:
        return self.barred_until is not None and now < self.barred_until

    @property
    def left(self) -> int:
        return TRIES - self.wrong

    def after_a_wrong_code(self, now: datetime) -> "Tries":
        """One more; the last one of a row begins a pause, after which all tries are there again."""
        wrong = self.wrong + 1
        return Tries(0, now + PAUSE) if wrong >= TRIES else Tries(wrong)


def is_released(released_at: datetime | None, now: datetime) -> bool:
    return released_at is not None and now < released_at + RELEASE
