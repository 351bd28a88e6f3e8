"""What the reader's pages show of an enrolment: pure assembly of an outline and what is done."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from courses.reading import Outline, Step


@dataclass(frozen=True)
class Standing:
    """How far a learner is within a course or a module."""

    done: int
    total: int
    minutes_left: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


def standing(steps: Collection[Step], done: Collection[int]) -> Standing:
    """How much of these steps is done, and how long the rest takes."""
    left = [step for step in steps if step.node_id not in done]
    return Standing(len(steps) - len(left), len(steps), sum(step.minutes for step in left))


def next_step(outline: Outline, done: Collection[int], closed: Collection[uuid.UUID] = ()) -> Step | None:
    """The first activity that is not done, or None when all are.

    `closed` are the keys of a programme's courses that are not open yet: what stands in them is passed over, unless
    there is nothing else. Then its page says what it waits for.
    """
    left = [step for step in outline.activities if step.node_id not in done]
    if not closed:
        return left[0] if left else None
    opened = (step for step in left if outline.course_of(step).key not in closed)
    return next(opened, left[0] if left else None)


def left_off(
    outline: Outline, done: Collection[int], last: uuid.UUID | None, closed: Collection[uuid.UUID] = ()
) -> Step | None:
    """Where the learner goes on: the step opened last; if that is done, the first after it that is not.

    Where there is no such step, where it is closed (see `next_step`), or where the release no longer has it: the next
    step.
    """
    step = outline.find(last) if last else None
    while step is not None and step.node_id in done:
        step = outline.after(step)
    if step is None or (closed and outline.course_of(step).key in closed):
        return next_step(outline, done, closed)
    return step
