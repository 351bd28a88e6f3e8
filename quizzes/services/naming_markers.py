"""Naming assessors for what waits to be marked: a quiz's answers, or those of one run, evenly shared out.

A place that somebody is named for is theirs to take; the others stay everybody's who may mark them. What is in
somebody's hands stays there, and a name can be changed until the place is taken.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from oversight import records
from people.models import Role, User
from quizzes import permissions, runs, taught
from quizzes.marking import OpenPlace, Task, share_out
from quizzes.models import Marking, Quiz
from quizzes.runs import Run

# Which places are meant, by whom they are named for: nobody, anybody or nobody; else the UUID of one assessor.
NOBODYS, ALL = "nobodys", "all"


@dataclass(frozen=True)
class Heap:
    """What waits of one quiz in one run. `named` are the assessors who are named for some of it, and for how much."""

    quiz: Quiz
    run: Run | None
    waiting: int
    overdue: int
    named: list[tuple[User, int]]

    @property
    def key(self) -> str:
        return f"{self.quiz.uuid}:{self.run.key if self.run else ''}"

    @property
    def nobodys(self) -> int:
        return self.waiting - sum(count for _assessor, count in self.named)


@dataclass(frozen=True)
class Named:
    """What came of it: for how many places somebody is named now, and how many stay open to all."""

    named: int
    left: int


def assessors_of(officer: User) -> QuerySet[User]:
    """Who can be named by this officer."""
    return User.objects.visible_to(officer).holding(Role.ASSESSOR).order_by("full_name", "pk")


def _waiting_for(officer: User, now: datetime) -> QuerySet[Marking]:
    """What nobody holds in the officer's administration, but what they wrote: nobody chooses their own markers."""
    theirs = Marking.objects.of_graders().filter(attempt__learner__administration=officer.administration_id)
    return theirs.takeable(now).exclude(attempt__learner=officer)


def heaps(officer: User, *, now: datetime) -> list[Heap]:
    """What waits, by quiz and run, where most is overdue above. Five queries, however much waits."""
    today = now.astimezone(ZoneInfo(officer.administration.time_zone)).date()
    waiting = _waiting_for(officer, now).order_by()
    counted = waiting.values_list("attempt__quiz_version__quiz", "attempt__registration", "assigned_to").annotate(
        waiting=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today))
    )
    run_of = runs.of(waiting.values("attempt__registration"))
    # By quiz and run: how much is named for whom, None standing for nobody; and how much is overdue.
    named_for: dict[tuple[int, Run | None], Counter] = defaultdict(Counter)
    overdue: Counter = Counter()
    for quiz, registration, assessor, number, late in counted:
        heap = quiz, run_of.get(registration)
        named_for[heap][assessor] += number
        overdue[heap] += late
    quizzes = Quiz.objects.prefetch_related("texts").in_bulk({quiz for quiz, _run in named_for})
    people = User.objects.in_bulk({each for counts in named_for.values() for each in counts if each is not None})
    found = [
        Heap(
            quizzes[quiz],
            run,
            counts.total(),
            overdue[quiz, run],
            sorted(((people[each], counts[each]) for each in counts if each is not None), key=lambda one: str(one[0])),
        )
        for (quiz, run), counts in named_for.items()
    ]
    return sorted(found, key=lambda heap: (-heap.overdue, str(heap.quiz), heap.run.name if heap.run else ""))


@transaction.atomic
def name_markers(
    shares: Iterable[tuple[Quiz, uuid.UUID | None]],
    *,
    of: str,
    assessors: Sequence[User],
    actor: User,
    now: datetime,
) -> Named:
    """Name assessors for what waits of quizzes in runs, each given with the run's key (None for attempts outside of
    any), or, without assessors, open it to all again. `of` says which of it, by whom it is named for now.

    What somebody is marking at this moment stays as it is. Raises PermissionDenied, or ValidationError for somebody
    who does not assess in the administration.
    """
    if not permissions.names_markers(actor):
        raise PermissionDenied
    if assessors_of(actor).filter(pk__in=[each.pk for each in assessors]).count() != len(assessors):
        raise ValidationError(_("Choose assessors of your administration."))
    # In one order, and the log last of all, so that two officers never wait for each other.
    in_order = sorted(shares, key=lambda share: share[0].pk)
    came = [_share(quiz, run, of, assessors, actor, now) for quiz, run in in_order]
    records.append_many(_happening(each, assessors, actor, now) for each in came if each.places)
    named = sum(len(each.named) for each in came)
    return Named(named, sum(len(each.places) for each in came) - named)


@dataclass(frozen=True)
class _Shared:
    """A share as it was given out: its places, and who is named for which of them."""

    quiz: Quiz
    run: uuid.UUID | None
    places: list[Marking]
    named: dict[int, int]


def _share(
    quiz: Quiz, run: uuid.UUID | None, of: str, assessors: Sequence[User], actor: User, now: datetime
) -> _Shared:
    places = _held(quiz, run, of, actor, now)
    pks, chosen = [place.pk for place in places], [each.pk for each in assessors]
    # All names off first, so that two places at an answer may change theirs with each other.
    Marking.objects.filter(pk__in=pks).update(assigned_to=None)
    named = share_out(_open_places(places), chosen, taught=_taught(pks, assessors), load=_load(chosen))
    for assessor in chosen:
        Marking.objects.filter(pk__in=[pk for pk in pks if named.get(pk) == assessor]).update(assigned_to=assessor)
    return _Shared(quiz, run, places, named)


def _held(quiz: Quiz, run: uuid.UUID | None, of: str, actor: User, now: datetime) -> list[Marking]:
    """The places that are meant, what is due first first.

    All that wait of the quiz are held before they are read, so that nobody takes them meanwhile, or names somebody for
    another place at the same answer.
    """
    waiting = _waiting_for(actor, now).filter(attempt__quiz_version__quiz=quiz)
    list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    meant = waiting.select_related("attempt").order_by("due_on", "pk")
    if of == NOBODYS:
        meant = meant.filter(assigned_to=None)
    elif of != ALL:
        meant = meant.filter(assigned_to__uuid=of)
    run_of = runs.of(waiting.order_by().values("attempt__registration"))
    return [each for each in meant if _key(run_of.get(each.attempt.registration)) == run]


def _key(run: Run | None) -> uuid.UUID | None:
    return run.key if run else None


def _open_places(places: list[Marking]) -> list[OpenPlace]:
    """As the rule asks for them: who sits at the other places of an answer or is named for them, who has declined."""
    beside = defaultdict(set)
    for pk, answer, position, state, marker, named in Marking.objects.filter(
        attempt__in={place.attempt_id for place in places}
    ).values_list("pk", "attempt", "position", "state", "marker", "assigned_to"):
        there = {marker, named if state in Marking.OPEN else None}
        beside[answer, position].update((pk, each) for each in there if each is not None)
    declined = defaultdict(set)
    for pk, person in Marking.declined_by.through.objects.filter(marking__in=places).values_list("marking", "user"):
        declined[pk].add(person)
    return [
        OpenPlace(
            place.pk,
            (place.attempt_id, place.position),
            Task(
                place.seat,
                place.attempt.learner_id,
                others={each for pk, each in beside[place.attempt_id, place.position] if pk != place.pk},
                declined=declined[place.pk],
            ),
        )
        for place in places
    ]


def _taught(pks: list[int], assessors: Sequence[User]) -> set[tuple[int, int]]:
    """Pairs of an assessor and a place whose writer they teach."""
    return {
        (assessor.pk, pk)
        for assessor in assessors
        for pk in Marking.objects.filter(
            pk__in=pks, attempt__registration__in=taught.registrations_of(assessor)
        ).values_list("pk", flat=True)
    }


def _load(assessors: list[int]) -> dict[int, int]:
    """For how much each is named already."""
    named = Marking.objects.of_graders().open().filter(assigned_to__in=assessors).order_by()
    return dict(named.values_list("assigned_to").annotate(Count("pk")))


def _happening(shared: _Shared, assessors: Sequence[User], actor: User, now: datetime) -> records.Happening:
    """Who was named for what, and what was opened to all."""
    named_for = {
        str(each.uuid): sorted(str(place.uuid) for place in shared.places if shared.named.get(place.pk) == each.pk)
        for each in assessors
    }
    facts = {
        "shape": 1,
        "run": str(shared.run) if shared.run else None,
        "named": named_for,
        "opened": sorted(str(place.uuid) for place in shared.places if place.pk not in shared.named),
    }
    administration = actor.administration.uuid
    return records.Happening("quizzes.marking.named", shared.quiz, facts, actor, now, administration)
