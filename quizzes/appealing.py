"""The appeal of a result: until when, through which states, decided by whom. Pure: time and history are passed in.

    submitted ──→ taken ──→ upheld · partly_upheld · rejected
        │           │
        └───────────┴──→ withdrawn

A colleague may take over what another has taken (docs/decisions/0033-a-say-of-their-own.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# How many days after its grade a result can be appealed, where an administration has not said otherwise.
PERIOD_DAYS = 14
SHORTEST_PERIOD, LONGEST_PERIOD = 7, 180
# By when, in working days after it was handed in, an appeal is to be decided.
WORKING_DAYS_TO_DECIDE = 15


class State(StrEnum):
    SUBMITTED = "submitted"
    TAKEN = "taken"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.SUBMITTED, State.TAKEN})
RIGHT = frozenset({State.UPHELD, State.PARTLY_UPHELD})
DECIDED = RIGHT | {State.REJECTED}

MOVES = {
    State.SUBMITTED: frozenset({State.TAKEN, State.WITHDRAWN}),
    State.TAKEN: frozenset({State.TAKEN, State.WITHDRAWN}) | DECIDED,
}


def befores(after: State) -> frozenset[State]:
    """The states from which an appeal may come to this one."""
    return frozenset(before for before, afters in MOVES.items() if after in afters)


class Refusal(StrEnum):
    """Why a result cannot be appealed now."""

    NO_RESULT = "no_result"
    APPEALED = "appealed"
    PERIOD_OVER = "period_over"


@dataclass(frozen=True)
class Graded:
    """The grade in force, as the rule asks for it. `appealed`: an appeal that was not withdrawn is about it."""

    given_at: datetime
    period_days: int
    zone: ZoneInfo
    appealed: bool = False

    @property
    def last_day(self) -> date:
        """The last day of the appeal period, in the administration's zone, counted from the day of the grade."""
        return self.given_at.astimezone(self.zone).date() + timedelta(days=self.period_days)

    def is_over(self, now: datetime) -> bool:
        return now.astimezone(self.zone).date() > self.last_day


def refusal(graded: Graded | None, now: datetime) -> Refusal | None:
    """Why there can be no appeal now; None where there can. `graded` is None for an attempt without a result."""
    if graded is None:
        return Refusal.NO_RESULT
    if graded.appealed:
        return Refusal.APPEALED
    return Refusal.PERIOD_OVER if graded.is_over(now) else None


def is_independent(person: int, learner: int, judges: Collection[int]) -> bool:
    """Whether a person may decide an appeal: neither the learner nor one of those who made the result what it is."""
    return person != learner and person not in judges


def may_let_go(graded: Graded, *, is_disputed: bool, is_being_graded: bool, now: datetime) -> bool:
    """Whether what an attempt left for item analysis may lose its link to the person (rule 8 of the domain).

    The period is over, nobody has to answer an appeal or a report any more, and no grading is due that would correct
    what was left.
    """
    return graded.is_over(now) and not is_disputed and not is_being_graded
