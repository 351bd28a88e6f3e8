"""The next answer of who has seen the newest: nearly every save, and one statement.

Saving on its long way (quizzes.services.answering) holds the attempt, reads it and what was answered before, weighs
and writes. Mostly nothing has to be weighed: the attempt is open to any browser and in time, and what stands at the
position is what the sender has seen. Whether that is so is asked in the statement that writes, so it costs a request
no read and no transaction of several messages; and where it is not so, nothing is written and the long way says why.
Of two windows that look in the same moment, one writes: no two answers follow the same one (`Response.follows`).
"""

import uuid
from datetime import datetime
from functools import lru_cache

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core.prepared import Prepared, PreparedInsert
from quizzes.models import Attempt, Response


def _next(slot):
    mine = Attempt.objects.filter(uuid=slot.uuid, learner=slot.learner)
    here = Response.objects.filter(attempt=OuterRef("pk"), position=slot.position).order_by("-sequence")
    # Held until it is written, so that an answer stands before the submission or not at all. SQLite has no such lock
    # and needs none: it lets one statement write at a time.
    ready = (
        mine.select_for_update(no_key=True)
        .filter(state=Attempt.State.IN_PROGRESS, browser=None)
        .alias(
            taken_until=Coalesce("grace_until", "deadline"),
            newest=Coalesce(Subquery(here.values("sequence")[:1]), Value(0)),
        )
    )
    becomes = {
        "attempt": "pk",
        "position": slot.position,
        "sequence": slot.sequence,
        "follows": slot.known,
        "answer": slot.answer,
        "language": slot.language,
        "saved_at": slot.now,
    }
    return Response, ready.filter(taken_until__gte=slot.now, newest=slot.known), becomes


_NEXT = PreparedInsert(_next)
_SERVED = Prepared(lambda slot: Attempt.objects.filter(uuid=slot.uuid).values_list("served"))


@lru_cache(maxsize=2048)
def served_items(attempt_uuid: uuid.UUID) -> list[dict]:
    """What an attempt was served: frozen on its row from the start, so each process reads it once.

    Raises Attempt.DoesNotExist. Says nothing of whose it is.
    """
    [served] = _SERVED.one(uuid=attempt_uuid)
    return served["items"]


def add(
    attempt_uuid: uuid.UUID,
    *,
    learner,
    position: int,
    answer: dict | None,
    known: int,
    sequence: int,
    language: str,
    now: datetime,
) -> Response | None:
    """Write the answer, or return None where that is not the whole matter. `sequence` is higher than `known`."""
    row = {"position": position, "sequence": sequence, "answer": answer, "language": language}
    written = _NEXT.run(uuid=attempt_uuid, learner=learner.pk, known=known, now=now, **row)
    if written is None:
        return None
    key, attempt = written
    return Response(pk=key, attempt_id=attempt, follows=known, saved_at=now, **row)
