"""Queries that are worded once say what the query sets they are made from say."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F

from core.prepared import Prepared, PreparedUpdate, insert, insert_all, insert_unless_there
from quizzes.models import Attempt, GradingRun, Response
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import an_attempt
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db

OWN = Prepared(lambda slot: Attempt.objects.filter(uuid=slot.uuid, learner=slot.learner))
WITH_ADMINISTRATION = Prepared(
    lambda slot: Attempt.objects.select_related("learner__administration").filter(pk=slot.attempt)
)
OPEN_AFTER = Prepared(
    lambda slot: Attempt.objects.filter(deadline__gt=slot.moment, state="in_progress").order_by("-pk")
)
STATES = Prepared(lambda slot: Attempt.objects.filter(learner=slot.learner).values_list("state", "served"))
FEW_FIELDS = Prepared(lambda slot: Attempt.objects.filter(pk=slot.attempt).only("state"))
ANSWERED = Prepared(lambda slot: Attempt.objects.filter(pk=slot.attempt).annotate(answers=Count("responses")))
SUBMITTED = PreparedUpdate(
    lambda slot: (
        Attempt.objects.filter(pk=slot.attempt, state="in_progress"),
        {"state": "submitted", "submitted_at": slot.at},
    )
)
ONE_MORE = PreparedUpdate(lambda slot: (Attempt.objects.filter(pk=slot.attempt), {"number": F("number") + 1}))


def fields_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_the_one_that_the_query_set_finds_in_all_its_fields():
    mine, _another = an_attempt(), an_attempt()
    found = OWN.one(uuid=mine.uuid, learner=mine.learner_id)
    assert fields_of(found) == fields_of(Attempt.objects.get(pk=mine.pk))
    assert not found._state.adding


def test_each_call_fills_the_slots_anew():
    first, second = an_attempt(), an_attempt()
    assert OWN.one(uuid=first.uuid, learner=first.learner_id) == first
    assert OWN.one(uuid=second.uuid, learner=second.learner_id) == second
    assert OWN.first(uuid=first.uuid, learner=second.learner_id) is None


def test_nothing_found_is_said_as_a_query_set_says_it():
    with pytest.raises(Attempt.DoesNotExist):
        OWN.one(uuid=uuid.uuid4(), learner=1)


def test_related_rows_come_with_the_first_query():
    attempt = an_attempt()
    found = WITH_ADMINISTRATION.one(attempt=attempt.pk)
    assert queries_of_one(lambda: found.learner.administration.name) == []
    assert found.learner.administration == attempt.learner.administration


def test_moments_are_compared_and_the_order_kept():
    learner = an_account()
    attempts = [an_attempt(learner), an_attempt(learner)]
    before, after = (
        attempts[0].deadline - datetime.timedelta(days=9),
        attempts[0].deadline + datetime.timedelta(days=9),
    )
    assert OPEN_AFTER.all(moment=before) == attempts[::-1]
    assert OPEN_AFTER.all(moment=after) == []


def test_values_come_as_tuples_of_python_values():
    attempt = an_attempt()
    assert STATES.all(learner=attempt.learner_id) == [("in_progress", attempt.served)]


def test_fields_that_were_left_out_are_read_when_they_are_asked_for():
    attempt = an_attempt()
    found = FEW_FIELDS.one(attempt=attempt.pk)
    assert len(queries_of_one(lambda: found.state)) == 0
    assert found.served == attempt.served


def test_what_is_annotated_is_on_the_row():
    assert ANSWERED.one(attempt=an_attempt().pk).answers == 0


def test_an_update_changes_what_it_names_and_says_how_many():
    mine, another = an_attempt(), an_attempt()
    assert SUBMITTED.run(attempt=mine.pk, at=NOW) == 1
    assert SUBMITTED.run(attempt=mine.pk, at=NOW) == 0
    mine.refresh_from_db()
    another.refresh_from_db()
    assert (mine.state, mine.submitted_at, another.state) == ("submitted", NOW, "in_progress")


def test_an_update_may_count_on_from_what_is_there():
    attempt = an_attempt()
    ONE_MORE.run(attempt=attempt.pk)
    assert Attempt.objects.get(pk=attempt.pk).number == attempt.number + 1


def test_a_new_row_is_written_as_saving_it_would_and_knows_its_key():
    attempt = an_attempt()
    run = GradingRun(attempt=attempt, cause=GradingRun.Cause.SUBMISSION, since=NOW)
    assert len(queries_of_one(lambda: insert(run))) == 1
    assert fields_of(GradingRun.objects.get(pk=run.pk)) == fields_of(run)
    assert not run._state.adding


def test_several_rows_are_one_query_and_none_is_no_query():
    attempt = an_attempt()
    rows = [Response(attempt=attempt, position=p, sequence=1, answer={"shape": 1}, saved_at=NOW) for p in range(3)]
    assert len(queries_of_one(lambda: insert_all(rows))) == 1
    assert queries_of_one(lambda: insert_all([])) == []
    assert list(attempt.responses.values_list("position", flat=True)) == [0, 1, 2]


def test_what_the_database_does_not_allow_is_an_integrity_error():
    attempt = an_attempt()
    answer = {"attempt": attempt, "position": 0, "sequence": 1, "answer": None, "saved_at": NOW}
    insert(Response(**answer))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Response(**answer))


def test_a_row_is_not_written_where_one_like_it_is_there_and_the_transaction_goes_on():
    there = an_attempt()
    with transaction.atomic():
        twin = Attempt(**(fields_of(there) | {"id": None, "uuid": uuid.uuid4(), "registration": uuid.uuid4()}))
        assert not insert_unless_there(twin)  # started by the same form
        assert twin.pk is None
        twin.start_key = uuid.uuid4()
        assert insert_unless_there(twin)
        assert fields_of(Attempt.objects.get(pk=twin.pk)) == fields_of(twin)


def test_what_is_no_twin_but_a_mistake_is_an_error_where_a_twin_would_not_be():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_unless_there(GradingRun(attempt=an_attempt(), state="taken", since=NOW))


def test_what_a_connection_asks_is_kept_by_postgresql_and_says_the_same():
    attempts = [an_attempt() for _number in range(8)]
    for attempt in attempts:
        assert fields_of(OWN.one(uuid=attempt.uuid, learner=attempt.learner_id)) == fields_of(attempt)
        assert ONE_MORE.run(attempt=attempt.pk) == 1
        answer = Response(attempt=attempt, position=0, sequence=attempt.pk, answer={"choice": "é"}, saved_at=NOW)
        insert(answer)
        assert fields_of(Response.objects.get(pk=answer.pk)) == fields_of(answer)
    assert set(Attempt.objects.values_list("number", flat=True)) == {2}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
            kept = {statement.split()[0]: (times, anew) for statement, times, anew in cursor.fetchall()}
        assert kept.items() >= {"SELECT": (8, 0), "UPDATE": (8, 0), "INSERT": (8, 0)}.items()


def test_a_transaction_that_is_undone_leaves_kept_statements_usable():
    attempt = an_attempt()
    for _time in range(8):
        with pytest.raises(IntegrityError), transaction.atomic():
            ONE_MORE.run(attempt=attempt.pk)
            insert(GradingRun(attempt=attempt, state="taken", since=NOW))
    attempt.refresh_from_db()
    assert attempt.number == 1
    assert ONE_MORE.run(attempt=attempt.pk) == 1


def test_a_slot_without_a_value_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        OWN.first(uuid=uuid.uuid4())
