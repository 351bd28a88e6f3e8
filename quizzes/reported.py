"""What learners may say is wrong with a question, and what becomes of it. Pure.

All reports of one item version gather in a case of whoever answers for it: `waiting` → `taken` → `answered`. A report
that comes after the answer begins a new case.
"""

from enum import StrEnum

# By when, in working days after the first report, a case is to be answered.
WORKING_DAYS_TO_ANSWER = 10


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"


OPEN = frozenset({State.WAITING, State.TAKEN})


class Reason(StrEnum):
    WRONG_KEY = "wrong_key"
    UNCLEAR = "unclear"
    MISTRANSLATED = "mistranslated"
    TECHNICAL = "technical"
    OTHER = "other"


class Outcome(StrEnum):
    RIGHT = "right"
    PARTLY = "partly"
    NOT_RIGHT = "not_right"
