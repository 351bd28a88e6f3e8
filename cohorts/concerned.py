"""Whom a material change concerns: the same reading for the preview and for the places that are given.

Who holds a valid certificate is for an upper app to say. It registers one function in its `AppConfig.ready`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from cohorts.delta import Asked, delta, latest_marks
from cohorts.models import Cohort, Enrolment, NodeProgress, Refresher
from courses.models import MaterialChange, Release
from courses.reading import Step, outline

# How many people are read at a time where the first few tell enough.
PEOPLE_A_PAGE = 200

_certified: Callable[..., QuerySet[Enrolment]] | None = None


def register_certified(find: Callable[..., QuerySet[Enrolment]]) -> None:
    """`find(administration_id, course, now)` gives the completed places behind a course's valid certificates."""
    global _certified
    _certified = find


@dataclass(frozen=True)
class Change:
    """A release for somebody who knows the course: its activities, and by key the newest release that marks them."""

    release: Release
    activities: tuple[Step, ...]
    marks: dict[UUID, int]

    @property
    def newest(self) -> int:
        return max(self.marks.values())


@dataclass(frozen=True)
class Concerned:
    """A person who has to read something again: their completed place, the newest, and what is asked of them."""

    place: Enrolment
    asked: tuple[Asked, ...]


def latest_change(course: UUID) -> Change | None:
    """The newest release of a course with all that was ever marked in it; None where nothing was. Two queries.

    Nobody is sent to an older release: what they would read there would be out of date.
    """
    release = Release.objects.filter(course=course).first()
    return change_of(release) if release else None


def change_of(release: Release) -> Change | None:
    """What is marked in a release and in those before it, as far as the release still has it. One query."""
    activities = outline(release.pk, release.source_language).activities
    here = {step.key for step in activities}
    changes = MaterialChange.objects.filter(release__course=release.course, release__number__lte=release.number)
    marked = (
        (number, here & {UUID(key) for key in steps["keys"]})
        for number, steps in changes.values_list("release__number", "steps")
    )
    marks = latest_marks(marked)
    return Change(release, activities, marks) if marks else None


def completed_places(change: Change, *, audience: str, cohort: Cohort, now: datetime) -> QuerySet[Enrolment]:
    """The completed places of an audience, by person: of those who may sign in, have no place in a refresher of this
    release yet, but a withdrawn one, and are not learning the whole course again in a release that has the changes."""
    if audience == Refresher.Audience.RUN:
        places = Enrolment.objects.filter(cohort=cohort)
    elif _certified is not None:
        places = _certified(cohort.administration_id, change.release.course, now)
    else:
        places = Enrolment.objects.none()
    served = Enrolment.objects.filter(release=change.release, delta__isnull=False)
    served = served.exclude(state=Enrolment.State.WITHDRAWN)
    learning = Enrolment.objects.whole().open()
    learning = learning.filter(release__course=change.release.course, release__number__gte=change.newest)
    return (
        places.whole()
        .filter(state=Enrolment.State.COMPLETED, release__course=change.release.course, user__is_active=True)
        .exclude(user__in=served.values("user"))
        .exclude(user__in=learning.values("user"))
    )


def concerned(change: Change, places: QuerySet[Enrolment]) -> list[Concerned]:
    """Those of the places whose holders do not know everything that is marked, each person once. Two queries."""
    newest: dict[int, Enrolment] = {}
    for place in places.select_related("user").order_by("user", "-completed_at", "-pk"):
        newest.setdefault(place.user_id, place)
    done = _done_by(change, places)
    order = [step.key for step in change.activities]
    mandatory = {step.key for step in change.activities if step.mandatory}
    each = (Concerned(place, delta(order, mandatory, change.marks, done[user])) for user, place in newest.items())
    return [one for one in each if one.asked]


def _done_by(change: Change, places: QuerySet[Enrolment]) -> dict[int, dict[UUID, int]]:
    """By person and step, the newest release in which they did it, in whatever place of theirs.

    A row that a move carried along shows no doing: who did the step read the words of the release before.
    """
    rows = NodeProgress.objects.filter(
        enrolment__user__in=places.values("user"),
        node__release__course=change.release.course,
        node__key__in=change.marks,
        carried_from=None,
    )
    found: dict[int, dict[UUID, int]] = defaultdict(dict)
    counted = rows.values_list("enrolment__user", "node__key").annotate(newest=Max("node__release__number"))
    for user, key, number in counted.order_by():
        found[user][key] = number
    return found


def pages(places: QuerySet[Enrolment], people: int) -> Iterator[QuerySet[Enrolment]]:
    """The places in portions of so many people, so that nobody's list is read whole. Two people's never mix."""
    last = 0
    while users := _next_users(places, last, people):
        yield places.filter(user__in=users)
        last = users[-1]


def anybody(change: Change, places: QuerySet[Enrolment]) -> bool:
    """Whether somebody is concerned; reads no further than to the first."""
    return any(concerned(change, page) for page in pages(places, PEOPLE_A_PAGE))


def _next_users(places: QuerySet[Enrolment], after: int, people: int) -> list[int]:
    rows = places.filter(user__gt=after).order_by("user").values_list("user", flat=True).distinct()
    return list(rows[:people])


def together(people: Iterable[Concerned]) -> dict[UUID, int]:
    """Of how many people each step is asked, by its key."""
    counted: dict[UUID, int] = defaultdict(int)
    for one in people:
        for step in one.asked:
            counted[step.key] += 1
    return dict(counted)
