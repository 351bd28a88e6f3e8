"""Granting a learner what they need in every quiz, and ending it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.prepared import Prepared
from oversight import records
from people.models import User
from quizzes.accommodations import NONE, Measures
from quizzes.models import Accommodation
from quizzes.permissions import may_accommodate

_GRANTED = Prepared(
    lambda slot: (
        Accommodation.objects.in_force()
        .filter(learner=slot.learner)
        .values_list("time_percent", "extra_attempts", "plain_layout")
    )
)


def measures_for(learner_id: int) -> Measures:
    """What is granted to a learner now. One query."""
    found = _GRANTED.first(learner=learner_id)
    return Measures(*found) if found else NONE


@transaction.atomic
def grant_accommodation(
    learner: User, measures: Measures, *, category: str, actor: User, now: datetime
) -> Accommodation:
    """Grant a learner these measures in every quiz that starts from now on, instead of what was granted before.

    Raises PermissionDenied unless the actor may, and ValueError for measures that grant nothing. The log does not
    record why. Holds the learner, so that two grants follow one another.
    """
    if not may_accommodate(actor, learner):
        raise PermissionDenied
    if measures == NONE:
        raise ValueError("an accommodation grants something")
    User.objects.select_for_update(no_key=True).get(pk=learner.pk)
    for before in Accommodation.objects.in_force().filter(learner=learner):
        _end(before, actor, now)
    made = Accommodation.objects.create(
        learner=learner,
        time_percent=measures.time_percent,
        extra_attempts=measures.extra_attempts,
        plain_layout=measures.plain_layout,
        category=category,
        granted_by=actor,
        granted_at=now,
    )
    facts = measures.as_data() | {"learner": str(learner.uuid)}
    records.append("quizzes.accommodation.granted", subject=made, facts=facts, actor=actor, now=now)
    return made


@transaction.atomic
def end_accommodation(accommodation: Accommodation, *, actor: User, now: datetime) -> bool:
    """End what was granted. Attempts that have started keep it. Returns whether it was still in force.

    Raises PermissionDenied unless the actor may.
    """
    if not may_accommodate(actor, accommodation.learner):
        raise PermissionDenied
    return _end(accommodation, actor, now)


def _end(accommodation: Accommodation, actor: User, now: datetime) -> bool:
    ended = Accommodation.objects.in_force().filter(pk=accommodation.pk).update(ended_at=now, ended_by=actor)
    if ended:
        records.append("quizzes.accommodation.ended", subject=accommodation, facts={}, actor=actor, now=now)
    return bool(ended)
