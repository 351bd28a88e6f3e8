"""Which steps somebody has to read again who knows a course from before, pure: no rows, no clock.

Authors mark steps as materially changed when they make a release. A step is asked of a person when its latest mark is
newer than the release in which they last really did it. That one rule covers all: a second change before the first was
read, a learner who was moved with old steps carried along, somebody who has done a part already. What is done is never
asked again, and a change that no author marked is asked of nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Asked:
    """A step to read again. `seen`: the number of the release in which the person did it last; None if never."""

    key: UUID
    seen: int | None


def latest_marks(marked: Iterable[tuple[int, Iterable[UUID]]]) -> dict[UUID, int]:
    """By key of a step, the newest release that marks it, from releases by number with the keys they mark."""
    latest: dict[UUID, int] = {}
    for number, keys in marked:
        for key in keys:
            latest[key] = max(number, latest.get(key, number))
    return latest


def delta(
    order: Iterable[UUID], mandatory: Collection[UUID], marks: Mapping[UUID, int], done: Mapping[UUID, int]
) -> tuple[Asked, ...]:
    """The steps asked of one person, in reading order; none where they know everything.

    `order` are the activities of the release that they would read, and `mandatory` those of them that completion
    needs. `marks` is `latest_marks` up to that release; `done` gives the newest release in which the person did each
    step. A step that is left to their choice, and that they never chose, is not asked now.
    """
    return tuple(
        Asked(key, done.get(key))
        for key in order
        if key in marks and (done[key] < marks[key] if key in done else key in mandatory)
    )
