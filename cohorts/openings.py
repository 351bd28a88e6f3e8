"""Which courses of a programme a learner may enter now: the rules of `prerequisites`, asked of the database."""

import zoneinfo
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from cohorts import prerequisites
from cohorts.models import Enrolment
from cohorts.prerequisites import Waiting
from courses.models import ProgrammeTerms
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
    return release_id in open_to_partners([release_id])


def open_to_partners(releases: Collection[int]) -> set[int]:
    """Those of the releases, by id, that people from outside may learn. One query."""
    return {terms.release_id for terms in _terms(releases) if terms.content["external_learners"]}


def missing_prerequisites(user: User, release_id: int) -> list[dict[str, str]]:
    """The titles, by language, of what a person has to complete before they get a place in a programme.

    Completing a course counts wherever it was done: alone, or as the whole of a programme of which it is a part.
    """
    return what_is_missing([user.pk], [release_id]).get((user.pk, release_id), [])


def what_is_missing(users: Collection[int], releases: Collection[int]) -> dict[tuple[int, int], list[dict[str, str]]]:
    """The same for each of these people and releases, by both ids, where something is missing. Two queries at most."""
    wanted = {
        terms.release_id: [(UUID(one["key"]), one["titles"]) for one in terms.content["prerequisites"]]
        for terms in _terms(releases)
        if terms.content["prerequisites"]
    }
    if not wanted:
        return {}
    completed = set(
        Enrolment.objects.whole()
        .filter(
            user__in=users,
            state=Enrolment.State.COMPLETED,
            release__nodes__key__in={key for pairs in wanted.values() for key, _titles in pairs},
        )
        .values_list("user", "release__nodes__key")
    )
    found = {
        (user, release): [titles for key, titles in pairs if (user, key) not in completed]
        for user in users
        for release, pairs in wanted.items()
    }
    return {pair: titles for pair, titles in found.items() if titles}


def _terms(releases: Collection[int]) -> QuerySet[ProgrammeTerms]:
    return ProgrammeTerms.objects.filter(release__in=releases)
