"""When a learner may start another attempt (rule 2 of the domain). Pure: history and time are passed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class AttemptRules:
    """The rules in force for one enrolment; frozen onto each attempt where they decide its outcome."""

    pass_mark: Decimal
    max_attempts: int
    spacing: timedelta


@dataclass(frozen=True)
class PastAttempt:
    """What the rules need to know of an earlier attempt of the same series."""

    started_at: datetime
    finished_at: datetime | None
    passed: bool | None


@dataclass(frozen=True)
class Window:
    """When attempts may be sat: from `opens_at` on, until `closes_at`; without one there is no such limit."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None


ALWAYS = Window()


class Refusal(StrEnum):
    """Why no attempt may start now."""

    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"

    UNFINISHED = "unfinished"
    PASSED = "passed"
    TOO_SOON = "too_soon"
    NONE_LEFT = "none_left"


@dataclass(frozen=True)
class Standing:
    """What the learner may do now: `refusal` is None when an attempt may start.

    `opens_at` is set with TOO_SOON and NOT_YET_OPEN: nothing else is in the way then. `closes_at` is the window's.
    CLOSED with a `closes_at` to come is a pause that lasts longer than the window. `number` is the number that the
    next attempt would have.
    """

    refusal: Refusal | None
    number: int
    remaining: int
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def standing(history: Sequence[PastAttempt], rules: AttemptRules, now: datetime, window: Window = ALWAYS) -> Standing:
    """Judge a series of attempts, oldest first, against the rules and the quiz's window.

    The pause is counted from the end of the last attempt, so that a long sitting does not eat the time to think.
    """
    used = len(history)
    remaining = max(rules.max_attempts - used, 0)

    def answer(refusal, opens_at=None):
        return Standing(refusal, used + 1, remaining, opens_at, window.closes_at)

    if any(attempt.passed for attempt in history):
        return answer(Refusal.PASSED)
    if any(attempt.finished_at is None or attempt.passed is None for attempt in history):
        return answer(Refusal.UNFINISHED)
    if not remaining:
        return answer(Refusal.NONE_LEFT)
    opens_at = window.opens_at
    pause_ends = max((attempt.finished_at for attempt in history if attempt.finished_at), default=None)
    if pause_ends is not None:
        pause_ends += rules.spacing
        opens_at = max(opens_at or pause_ends, pause_ends)
    if window.closes_at is not None and max(now, opens_at or now) >= window.closes_at:
        return answer(Refusal.CLOSED)
    if opens_at is not None and now < opens_at:
        return answer(Refusal.NOT_YET_OPEN if opens_at != pause_ends else Refusal.TOO_SOON, opens_at)
    return answer(None)


def deadline(started_at: datetime, limit: timedelta, window: Window = ALWAYS) -> datetime:
    """When an attempt ends: after its time limit, or when the window closes, whichever is first."""
    ends_at = started_at + limit
    return ends_at if window.closes_at is None else min(ends_at, window.closes_at)
