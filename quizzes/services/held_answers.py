"""The reads behind each saved answer."""

import uuid

from django.db import connection
from django.db.models import OuterRef, Subquery

from core.prepared import Prepared
from quizzes.models import Attempt, Response


def _held(slot):
    """What saving asks of an attempt; other fields are read when they are asked for."""
    fields = ("uuid", "state", "browser", "deadline", "grace_until", "served")
    own = Attempt.objects.filter(uuid=slot.uuid, learner=slot.learner).only(*fields)
    # SQLite holds the whole database from a transaction's beginning on.
    return own.select_for_update(no_key=True) if connection.features.has_select_for_no_key_update else own


def _newest(attempt):
    """The response with the highest sequence at each position."""
    here = Response.objects.filter(attempt=OuterRef("attempt"), position=OuterRef("position"))
    highest = here.order_by("-sequence").values("sequence")[:1]
    return Response.objects.filter(attempt=attempt, sequence=Subquery(highest))


_HELD = Prepared(_held)
_NEWEST = Prepared(lambda slot: _newest(slot.attempt))
_GIVEN = Prepared(lambda slot: _newest(slot.attempt).values_list("position", "answer", "language"))
_NEWEST_AT = Prepared(lambda slot: _newest(slot.attempt).filter(position=slot.position))


def hold(attempt_uuid: uuid.UUID, learner) -> Attempt:
    """The learner's attempt, held until the transaction ends.

    Raises Attempt.DoesNotExist for an attempt that is not the learner's.
    """
    return _HELD.one(uuid=attempt_uuid, learner=learner.pk)


def given(attempt: Attempt) -> dict[int, tuple[dict | None, str]]:
    """By position: the answer that counts, and the language in which it was given."""
    return {position: (answer, language) for position, answer, language in _GIVEN.all(attempt=attempt.pk)}


def newest(attempt: Attempt) -> dict[int, Response]:
    """The response in force at each position that has one."""
    return {response.position: response for response in _NEWEST.all(attempt=attempt.pk)}


def newest_at(attempt: Attempt, position: int) -> Response | None:
    """The response in force at one position."""
    return _NEWEST_AT.first(attempt=attempt.pk, position=position)
