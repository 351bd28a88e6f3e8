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


class Refusal(StrEnum):
    """Why no attempt may start now."""

    UNFINISHED = "unfinished"
    PASSED = "passed"
    TOO_SOON = "too_soon"
    NONE_LEFT = "none_left"


@dataclass(frozen=True)
class Standing:
    """What the learner may do now: `refusal` is None when an attempt may start.

    `opens_at` is set with TOO_SOON. `number` is the number that the next attempt would have.
    """

    refusal: Refusal | None
    number: int
    remaining: int
    opens_at: datetime | None = None


def standing(history: Sequence[PastAttempt], rules: AttemptRules, now: datetime) -> Standing:
    """Judge a series of attempts, oldest first, against the rules.

    The pause is counted from the end of the last attempt, so that a long sitting does not eat the time to think.
    """
    used = len(history)
    remaining = max(rules.max_attempts - used, 0)

    def answer(refusal, opens_at=None):
        return Standing(refusal, used + 1, remaining, opens_at)

    if any(attempt.passed for attempt in history):
        return answer(Refusal.PASSED)
    if any(attempt.finished_at is None or attempt.passed is None for attempt in history):
        return answer(Refusal.UNFINISHED)
    if not remaining:
        return answer(Refusal.NONE_LEFT)
    if history:
        opens_at = max(attempt.finished_at for attempt in history if attempt.finished_at) + rules.spacing
        if now < opens_at:
            return answer(Refusal.TOO_SOON, opens_at)
    return answer(None)
