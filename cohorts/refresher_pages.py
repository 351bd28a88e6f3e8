"""What a learner sees of a refresher: what has changed and why, until when, and the steps."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from cohorts import asked
from cohorts.models import Enrolment, RefresherPlace
from courses.reading import Outline, Step


@dataclass(frozen=True)
class Why:
    """What changed and why, with the language of these words; and the last day, in the calendar of one's office."""

    reason: str
    language: str
    due_on: date
    is_overdue: bool


@dataclass(frozen=True)
class StepToRead:
    """A step of a refresher. `is_new`: its learner has never done it; otherwise it has changed since they did."""

    step: Step
    url: str
    is_new: bool
    is_done: bool


def card(enrolment: Enrolment, language: str, now: datetime) -> Why:
    """For the list of one's courses: the place comes with its refresher, release, cohort and deadline."""
    refresher = enrolment.cohort.refresher
    reason, its_language = refresher.reason_in(language)
    overdue = enrolment.completed_at is None and enrolment.refresher_place.due_at <= now
    return Why(reason, its_language, enrolment.cohort.ends_on, overdue)


def whole(
    enrolment: Enrolment,
    outline: Outline,
    done: Collection[int],
    address: Callable[[uuid.UUID], str],
    language: str,
    now: datetime,
) -> dict:
    """The context of the refresher's first page. One query."""
    place = RefresherPlace.objects.select_related(
        "enrolment__cohort__refresher__release", "enrolment__refresher_place"
    ).get(enrolment=enrolment.pk)
    return {
        "why": card(place.enrolment, language, now),
        "minutes": sum(step.minutes for step in outline.activities),
        "to_read": [
            StepToRead(
                step=step,
                url=address(step.key),
                is_new=asked.seen_before(enrolment, step) is None,
                is_done=step.node_id in done,
            )
            for step in outline.activities
        ],
        "course": outline.course,
    }
