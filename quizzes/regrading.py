"""What a second judgement of an attempt comes to, beside the grade that stands. Pure: no ORM, no clock.

A regrade gives freely and takes nothing away by itself. What would turn a pass into a fail is written down, and the
pass stands until two people withdraw it; what two people decided gives way only to something better (rule 9).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from quizzes.grading import Judgement


@dataclass(frozen=True)
class Standing:
    """The grade in force, as far as a regrade asks. `decided`: two people gave it."""

    score: Decimal
    passed: bool
    decided: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the next grade says of the pass."""

    passed: bool
    pass_stands: bool


class Change(StrEnum):
    """What a regrade does to one attempt, by what matters most to the learner."""

    NEWLY_PASSED = "newly_passed"
    IN_DOUBT = "in_doubt"
    UP = "up"
    DOWN = "down"
    UNCHANGED = "unchanged"
    # What two people decided stands.
    DECIDED = "decided"


def outcome_of(before: Standing | None, judgement: Judgement) -> Outcome | None:
    """The outcome of judging again, or None where what was decided by people stands and no grade is due."""
    if before is None:
        return Outcome(judgement.passed, pass_stands=False)
    if before.decided and not _is_better(before, judgement):
        return None
    stands = before.passed and not judgement.passed
    return Outcome(judgement.passed or stands, pass_stands=stands)


def _is_better(before: Standing, judgement: Judgement) -> bool:
    if judgement.passed != before.passed:
        return judgement.passed
    return judgement.score > before.score


def change_of(before: Standing, judgement: Judgement) -> Change:
    """What judging again would change, for the preview. A pass in doubt is one that would be a fail and stands."""
    outcome = outcome_of(before, judgement)
    if outcome is None:
        return Change.DECIDED
    if outcome.pass_stands:
        return Change.IN_DOUBT
    if outcome.passed and not before.passed:
        return Change.NEWLY_PASSED
    if judgement.score == before.score:
        return Change.UNCHANGED
    return Change.UP if judgement.score > before.score else Change.DOWN


class Result(Protocol):
    """What a learner reads of a grade."""

    score: Decimal
    passed: bool
    pass_stands: bool


def is_changed(before: Result, after: Result) -> bool:
    """Whether the learner has something new to read: many a second judgement comes to what stood before."""
    return (before.score, before.passed, before.pass_stands) != (after.score, after.passed, after.pass_stands)


@dataclass(frozen=True)
class Preview:
    """Who would change: attempts by what happens to them, each counted once. `emptied` counts those, of whatever
    change, of which nothing would be left that counts.
    """

    newly_passed: int = 0
    in_doubt: int = 0
    up: int = 0
    down: int = 0
    unchanged: int = 0
    decided: int = 0
    emptied: int = 0

    @classmethod
    def of_data(cls, data: dict) -> "Preview":
        """What was kept, as `as_data` said it; nothing of nothing."""
        return cls(**{each.name: data.get(each.name, 0) for each in fields(cls)})

    def as_data(self) -> dict:
        return {"shape": 1} | asdict(self)

    def __add__(self, other: "Preview") -> "Preview":
        return Preview(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @classmethod
    def of(cls, changes: Iterable[tuple[Change, bool]]) -> "Preview":
        counted, emptied = Counter(), 0
        for change, is_emptied in changes:
            counted[change.value] += 1
            emptied += is_emptied
        return cls(**counted, emptied=emptied)

    @property
    def attempts(self) -> int:
        return sum(getattr(self, change.value) for change in Change)
