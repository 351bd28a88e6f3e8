"""Which courses of a programme a learner may enter now: the rules of `prerequisites`, asked of the database."""

import zoneinfo
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cohorts import prerequisites
from cohorts.models import Enrolment
from cohorts.prerequisites import Waiting
from courses.models import ProgrammeTerms, ReleaseNode
from courses.reading import Outline, Step
from people.models import User


def closed_to(enrolment: Enrolment, outline: Outline, done: Collection[int], now: datetime) -> dict[UUID, Waiting]:
    """The courses that are closed to a learner, by key. A plain course asks nothing; one query where days count.

    Days begin at midnight of the administration.
    """
    if not outline.openings:
        return {}
    starts_on = today = None
    if prerequisites.counts_days(outline):
        [(starts_on, zone)] = Enrolment.objects.filter(pk=enrolment.pk).values_list(
            "group__section__starts_on", "administration__time_zone"
        )
        today = now.astimezone(zoneinfo.ZoneInfo(zone)).date()
    return prerequisites.closed_courses(outline, done, starts_on=starts_on, today=today)


def closes(step: Step, outline: Outline, done: Collection[int], closed: dict[UUID, Waiting]) -> Waiting | None:
    """What keeps a step closed. What a learner has done stays readable, whatever closed its course afterwards."""
    if not closed or step.node_id in done:
        return None
    return closed.get(outline.course_of(step).key)


def is_open_to_partners(release_id: int) -> bool:
    """Whether people from outside may learn a release: a programme whose kind said so on the day.

    A course by itself is the administration's own.
    """
    terms = ProgrammeTerms.objects.filter(release=release_id).first()
    return bool(terms and terms.content["external_learners"])


def missing_prerequisites(user: User, release_id: int) -> list[dict[str, str]]:
    """The titles, by language, of what a person has to complete before they get a place in a programme.

    Completing a course counts wherever it was done: alone, or as the whole of a programme of which it is a part.
    """
    terms = ProgrammeTerms.objects.filter(release=release_id).first()
    prerequisites_of_it = terms.content["prerequisites"] if terms else []
    if not prerequisites_of_it:
        return []
    keys = [UUID(one["key"]) for one in prerequisites_of_it]
    completed = set(
        ReleaseNode.objects.filter(
            key__in=keys,
            release__enrolments__user=user,
            release__enrolments__state=Enrolment.State.COMPLETED,
            release__enrolments__delta=None,
        ).values_list("key", flat=True)
    )
    return [one["titles"] for one in prerequisites_of_it if UUID(one["key"]) not in completed]
