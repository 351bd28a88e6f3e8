"""What opens a course of a programme, and what a closed one still waits for. Pure: days are passed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from courses.reading import Opening, Outline, Step


@dataclass(frozen=True)
class Waiting:
    """Why a course is closed: what has to be completed first, and the day before which it stays shut.

    `opens_on` is None where the day has come or there never was one.
    """

    course: Step
    after: tuple[Step, ...]
    opens_on: date | None


def closed_courses(
    outline: Outline, done: Collection[int], *, starts_on: date | None, today: date | None
) -> dict[UUID, Waiting]:
    """The courses that a learner may not enter yet, by their keys.

    `starts_on` is the first day of the learner's section; it and `today` are asked for only where an opening counts
    days (`counts_days`).
    """
    closed = {}
    for key, opening in outline.openings.items():
        course = outline.find(key)
        if course is None:
            continue
        waiting = Waiting(course, _not_completed(outline, opening, done), _day_ahead(opening, starts_on, today))
        if waiting.after or waiting.opens_on:
            closed[key] = waiting
    return closed


def counts_days(outline: Outline) -> bool:
    """Whether any course of the programme opens on a day."""
    return any(opening.days is not None for opening in outline.openings.values())


def opening_days(outline: Outline, starts_on: date) -> list[tuple[Step, date]]:
    """The courses of a programme that open on a day, each with its day; `starts_on` is the section's first."""
    return [
        (course, starts_on + timedelta(days=opening.days))
        for key, opening in outline.openings.items()
        if opening.days is not None and (course := outline.find(key))
    ]


def is_completed(outline: Outline, key: UUID, done: Collection[int]) -> bool:
    """Whether all required activities of a course or a module are done; where none is required, all of them.

    A step that the release does not have is no obstacle: nobody could ever complete it.
    """
    activities = outline.within(key)
    required = [step for step in activities if step.mandatory] or activities
    return all(step.node_id in done for step in required)


def _not_completed(outline: Outline, opening: Opening, done: Collection[int]) -> tuple[Step, ...]:
    return tuple(step for key in opening.after if (step := outline.find(key)) and not is_completed(outline, key, done))


def _day_ahead(opening: Opening, starts_on: date | None, today: date | None) -> date | None:
    if opening.days is None or starts_on is None or today is None:
        return None
    opens_on = starts_on + timedelta(days=opening.days)
    return opens_on if today < opens_on else None
