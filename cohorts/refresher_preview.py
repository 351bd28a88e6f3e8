"""What a manager reads: before a refresher is opened, whom it concerns; afterwards, how many have done it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from cohorts.concerned import Change, completed_places, concerned, together
from cohorts.models import Cohort, Enrolment, Refresher, RefresherPlace
from courses.models import MaterialChange
from courses.reading import Step, outline


@dataclass(frozen=True)
class StepAsked:
    """A step that would be asked: of how many people, and the newest release that marks it."""

    step: Step
    people: int
    marked_in: int


@dataclass(frozen=True)
class Preview:
    """Who would get a place, and what they would read. `minutes` are the least and the most for one person;
    `without_address` is how many get no letter, and find it on their own page alone."""

    people: int
    steps: list[StepAsked]
    minutes: tuple[int, int]
    without_address: int


def preview(change: Change, cohort: Cohort, audience: str, language: str, now: datetime) -> Preview:
    """Of one audience. Two queries, however many people there are."""
    places = completed_places(change, audience=audience, cohort=cohort, now=now)
    people = concerned(change, places)
    steps = outline(change.release.pk, language)
    counted = together(people)
    found = [
        StepAsked(step, counted[step.key], change.marks[step.key]) for step in steps.activities if step.key in counted
    ]
    length = {each.step.key: each.step.minutes for each in found}
    minutes = [sum(length[step.key] for step in one.asked) for one in people]
    return Preview(
        people=len(people),
        steps=found,
        minutes=(min(minutes, default=0), max(minutes, default=0)),
        without_address=sum(not one.place.user.email for one in people),
    )


def reasons(change: Change) -> list[MaterialChange]:
    """What the authors said of the releases whose marks still count, oldest first. One query."""
    changes = MaterialChange.objects.filter(
        release__course=change.release.course, release__number__in=set(change.marks.values())
    )
    return list(changes.select_related("release").order_by("release__number"))


def of_run(cohort: Cohort, now: datetime) -> QuerySet[Refresher]:
    """The refreshers in which people of a run have places, the newest first, with how many of these have done them."""
    return with_figures(Refresher.objects.filter(places__refreshes__cohort=cohort), now)


def with_figures(refreshers: QuerySet[Refresher], now: datetime) -> QuerySet[Refresher]:
    """With `people`, of whom `done` have done it, `overdue` are late and `withdrawn` need not do it any more;
    `replaced` got a newer one meanwhile."""
    state = "places__enrolment__state"
    open_states = (Enrolment.State.INVITED, Enrolment.State.ACTIVE)
    late = Q(**{f"{state}__in": open_states, "places__due_at__lte": now})
    return refreshers.select_related("cohort", "release", "withdrawal__withdrawn_by").annotate(
        people=Count("places", filter=~Q(**{state: Enrolment.State.LAPSED})),
        done=Count("places", filter=Q(**{state: Enrolment.State.COMPLETED})),
        overdue=Count("places", filter=late),
        withdrawn=Count("places", filter=Q(**{state: Enrolment.State.WITHDRAWN})),
        replaced=Count("places", filter=Q(**{state: Enrolment.State.LAPSED})),
    )


def places_of(refresher: Refresher) -> QuerySet[RefresherPlace]:
    """The places of a refresher, those first that are not done."""
    places = RefresherPlace.objects.filter(refresher=refresher).exclude(enrolment__state=Enrolment.State.LAPSED)
    return places.select_related("enrolment__user", "refreshes__cohort").order_by(
        "enrolment__completed_at", "enrolment__user__full_name", "pk"
    )


def shown(places: Iterable[RefresherPlace], now: datetime) -> list[dict]:
    """What a manager may see of named people (rule 8): done, withdrawn or not yet, and whether it is late."""
    return [
        {
            "person": place.enrolment.user,
            "run": place.refreshes.cohort.name,
            "is_done": place.enrolment.completed_at is not None,
            "is_withdrawn": place.enrolment.state == Enrolment.State.WITHDRAWN,
            "is_late": place.enrolment.completed_at is None and place.due_at <= now,
        }
        for place in places
    ]
