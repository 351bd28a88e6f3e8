"""The one query behind every page of the reader.

Django writes its SQL once for each process and keeps it: writing it anew took four times as long as asking.
"""

import uuid
from functools import cache

from django.db import connection

from cohorts.models import Enrolment

# What the reader's pages need of an enrolment, in the order of its columns; its sums are the dashboards'.
READ = ("id", "uuid", "administration_id", "user_id", "cohort_id", "release_id", "rule_set_id", "state")


def own_place(user_id: int, enrolment: uuid.UUID) -> tuple[Enrolment, set[int]] | None:
    """A person's own enrolment and the ids of the nodes done in it; None where it is not theirs."""
    with connection.cursor() as cursor:
        asked = Enrolment._meta.get_field("uuid").get_db_prep_value(enrolment, connection)
        cursor.execute(_sql(), [asked, user_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    columns = list(rows[0][:-1])
    columns[READ.index("uuid")] = enrolment  # SQLite keeps it as text
    return Enrolment.from_db(connection.alias, READ, columns), {row[-1] for row in rows} - {None}


@cache
def _sql() -> str:
    """With places for the enrolment's UUID and the person's id, in this order."""
    nobodys = Enrolment.objects.filter(uuid=uuid.UUID(int=0)).filter(user=0)
    sql, _params = nobodys.values_list(*READ, "progress__node_id").query.sql_with_params()
    return sql
