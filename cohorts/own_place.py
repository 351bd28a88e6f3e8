"""The one query behind every page of the reader.

Django writes its SQL once for each process and keeps it: writing it anew took four times as long as asking.
"""

import uuid
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import CharField, IntegerField, TextField, Value

from cohorts import private
from cohorts.models import Enrolment, PrivateWriting
from people.models import User

# What the reader's pages need of an enrolment, in the order of its columns.
READ = (
    "id", "uuid", "administration_id", "user_id", "cohort_id", "release_id", "rule_set_id", "delta_id",
    "state", "credited_minutes", "last_step",
)  # fmt: skip
_WRITING = ("slot", "sealed", "sequence")


@dataclass(frozen=True)
class OwnPlace:
    """A person's own enrolment, the ids of the nodes done in it, and what they wrote at the step they look at."""

    enrolment: Enrolment
    done: set[int]
    writing: list[private.Writing]


def own_place(user: User, enrolment: uuid.UUID, step: uuid.UUID) -> OwnPlace | None:
    """None where the enrolment is not theirs."""
    pages = private.pages(user, step)
    asked = Enrolment._meta.get_field("uuid").get_db_prep_value(enrolment, connection)
    with connection.cursor() as cursor:
        cursor.execute(_sql(len(pages)), [asked, user.pk, user.pk, *pages])
        rows = cursor.fetchall()
    found = [row for row in rows if row[0] is not None]
    if not found:
        return None
    columns = list(found[0][: len(READ)])
    columns[READ.index("uuid")] = enrolment  # SQLite keeps it as text
    last = READ.index("last_step")
    columns[last] = _as_uuid(columns[last])
    return OwnPlace(
        Enrolment.from_db(connection.alias, READ, columns),
        {row[len(READ)] for row in found} - {None},
        private.opened(user, ((None, *row[len(READ) + 1 :]) for row in rows if row[0] is None)),
    )


def _as_uuid(value) -> uuid.UUID | None:
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


@cache
def _sql(pages: int) -> str:
    """With places for the enrolment's UUID, the person's id twice, and the hidden names of the step, in this order."""
    nobodys = Enrolment.objects.filter(uuid=uuid.UUID(int=0)).filter(user=0)
    nobodys = nobodys.values_list(
        *READ, "progress__node_id", _nothing(CharField()), _nothing(TextField()), _nothing(IntegerField())
    )
    written = PrivateWriting.objects.filter(writer=0).filter(page__in=[str(number) for number in range(pages)])
    written = written.values_list(*(_nothing(IntegerField()) for _column in (*READ, "progress")), *_WRITING)
    sql, _params = nobodys.union(written, all=True).query.sql_with_params()
    return sql


def _nothing(field) -> Value:
    return Value(None, output_field=field)
