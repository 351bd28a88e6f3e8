"""Giving somebody a place in a run by hand: how they stand towards it, and the place with its letter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cohorts import openings, permissions, place_letters, services
from cohorts.models import Cohort, Enrolment, Group
from people.models import User


@dataclass(frozen=True)
class Standing:
    """How a person stands towards a run: the `place` they have, or what keeps them from one; without either they may
    be given one.

    `missing` are the titles, by language, of what they have to complete first.
    """

    place: Enrolment | None = None
    is_closed_to_partners: bool = False
    missing: tuple[dict[str, str], ...] = ()


def standing(person: User, cohort: Cohort) -> Standing:
    """How one person stands towards one run, by the rules of `services.enrol`."""
    return standings([person], [cohort])[person.pk, cohort.pk]


def standings(people: Collection[User], cohorts: Collection[Cohort]) -> dict[tuple[int, int], Standing]:
    """The same for each of these people and runs, by both ids. Four queries at most, however many there are."""
    places = Enrolment.objects.filter(user__in=people, cohort__in=cohorts).select_related("group__section")
    has = {(place.user_id, place.cohort_id): place for place in places}
    releases = {cohort.release_id for cohort in cohorts}
    partners = any(person.is_external for person in people)
    open_to_partners = openings.open_to_partners(releases) if partners else set()
    missing = openings.what_is_missing([person.pk for person in people], releases)
    return {
        (person.pk, cohort.pk): Standing(
            place=has.get((person.pk, cohort.pk)),
            is_closed_to_partners=person.is_external and cohort.release_id not in open_to_partners,
            missing=tuple(missing.get((person.pk, cohort.release_id), ())),
        )
        for person in people
        for cohort in cohorts
    }


def give(person: User, group: Group, *, actor: User | None, now: datetime) -> Enrolment:
    """Give a person a place and tell them by letter. Whoever has one in the run keeps it, and gets no letter.

    Asked twice, also at once, it is one place and one letter. Raises what `services.enrol` raises. Atomic.
    """
    cohort = group.section.cohort
    if actor is not None and not permissions.may_give_places(actor, cohort):
        raise PermissionDenied
    with transaction.atomic():
        # Held, as `enrol` holds it: the second of two finds the place of the first.
        Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
        place = Enrolment.objects.filter(user=person, cohort=cohort).first()
        if place is None:
            place = services.enrol(person, group, actor=actor, now=now)
            place_letters.tell(place, now=now)
    return place
