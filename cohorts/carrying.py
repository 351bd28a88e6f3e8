"""What a learner takes along into a newer release, pure: no rows, no clock.

A step done stays done where the newer release has a step of the same key. Its time was credited when it was done and
is never credited again; where the newer release gives the step more time, the difference is added, so that nobody who
has done every step is short of the required time. What was credited is never taken away.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Done:
    """A step that a learner has done: the row that shows it, and when."""

    row: int
    key: uuid.UUID
    completed_at: datetime


@dataclass(frozen=True)
class Carried:
    """A step that is done in the newer release too. `added_minutes`: what it is worth there beyond what was given."""

    key: uuid.UUID
    from_row: int
    completed_at: datetime
    added_minutes: int


def carried(
    done: Iterable[Done], credited: Mapping[uuid.UUID, int], minutes: Mapping[uuid.UUID, int]
) -> list[Carried]:
    """What a learner takes along.

    `done` are all steps ever done in this place, oldest row first; of several rows with one key the newest counts.
    `credited` gives the minutes already credited by key, over all releases; `minutes` those of the newer release's
    activities, and so says which steps it has.
    """
    newest = {each.key: each for each in done if each.key in minutes}
    return [
        Carried(each.key, each.row, each.completed_at, max(minutes[key] - credited.get(key, 0), 0))
        for key, each in newest.items()
    ]
