"""The reads behind each saved answer, written out.

An answer is saved more often than anything else is done here, and Django takes five times as long to find the words of
these two queries as a database takes to answer them (`make bench`, the whole attempt).
"""

import uuid
from collections.abc import Collection

from django.db import connection

from quizzes.models import Attempt, Response

_ATTEMPT = (
    "SELECT id, uuid, state, browser, deadline, grace_until, served FROM quizzes_attempt"
    " WHERE uuid = %s AND learner_id = %s"
)
# SQLite holds the whole database from a transaction's beginning on.
_HOLDING = {"postgresql": " FOR NO KEY UPDATE"}
_NEWEST = """
    SELECT id, attempt_id, position, sequence, answer, language, saved_at FROM quizzes_response AS kept
    WHERE attempt_id = %s AND position IN ({places}) AND sequence = (
        SELECT MAX(sequence) FROM quizzes_response WHERE attempt_id = kept.attempt_id AND position = kept.position
    )
"""


def hold(attempt_uuid: uuid.UUID, learner) -> Attempt:
    """The learner's attempt, held until the transaction ends; other fields than these are read when asked for.

    Raises Attempt.DoesNotExist for an attempt that is not the learner's.
    """
    known_as = Attempt._meta.get_field("uuid").get_db_prep_value(attempt_uuid, connection)
    found = list(Attempt.objects.raw(_ATTEMPT + _HOLDING.get(connection.vendor, ""), [known_as, learner.pk]))
    if not found:
        raise Attempt.DoesNotExist
    return found[0]


def newest(attempt: Attempt, positions: Collection[int]) -> dict[int, Response]:
    """The response in force at each of these positions that has one."""
    if not positions:
        return {}
    sql = _NEWEST.format(places=", ".join(["%s"] * len(positions)))
    return {response.position: response for response in Response.objects.raw(sql, [attempt.pk, *positions])}
