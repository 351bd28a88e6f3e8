"""What a learner sees of a programme: its courses, which of them are open, and why the others are not yet."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.shortcuts import render

from cohorts.models import Enrolment
from cohorts.prerequisites import Waiting, is_completed
from cohorts.reader import Standing, standing
from courses.reading import Outline, Step

Address = Callable[[uuid.UUID], str]


@dataclass(frozen=True)
class Condition:
    """A course or module to be completed first, as a link."""

    title: str
    language: str
    url: str


@dataclass(frozen=True)
class CourseCard:
    """A course of a programme. `state` is "done", "open" or "closed"; only a closed one has conditions or a day."""

    step: Step
    url: str
    standing: Standing
    state: str
    conditions: list[Condition]
    waiting: Waiting | None


def courses_of(
    outline: Outline, done: Collection[int], closed: dict[uuid.UUID, Waiting], address: Address
) -> list[CourseCard]:
    """The programme's courses in order, each with its state."""
    cards = []
    for course in outline.courses:
        waiting = closed.get(course.key)
        state = "done" if is_completed(outline, course.key, done) else "closed" if waiting else "open"
        cards.append(
            CourseCard(
                step=course,
                url=address(course.key),
                standing=standing(outline.within(course.key), done),
                state=state,
                conditions=conditions_of(waiting, address) if state == "closed" else [],
                waiting=waiting if state == "closed" else None,
            )
        )
    return cards


def conditions_of(waiting: Waiting, address: Address) -> list[Condition]:
    return [Condition(step.title, step.language, address(step.key)) for step in waiting.after]


def not_yet_open(request, enrolment: Enrolment, waiting: Waiting, outline: Outline, address: Address):
    """The answer to a step of a closed course: 403, what opens it, and the way there."""
    return render(
        request,
        "cohorts/not_yet_open.html",
        {
            "enrolment": enrolment,
            "waiting": waiting,
            "conditions": conditions_of(waiting, address),
            "programme": outline.course,
            "programme_url": address(outline.course.key),
        },
        status=403,
    )
