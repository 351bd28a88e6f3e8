"""The query behind every page of the reader, whose SQL is kept."""

import uuid

import pytest
from django.test import override_settings

from cohorts import private
from cohorts.models import Enrolment
from cohorts.own_place import READ, own_place
from tests.factories.cohorts import a_place, finish_lessons, steps_of
from tests.factories.people import NOW, an_account
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db

NOTE = private.Kind.NOTE


def test_it_reads_what_the_row_holds_and_every_done_step():
    enrolment = a_place()
    finish_lessons(enrolment)
    Enrolment.objects.update(last_step=uuid.uuid4())
    stored = Enrolment.objects.get(pk=enrolment.pk)
    place = own_place(stored.user, stored.uuid, uuid.uuid4())
    assert [getattr(place.enrolment, name) for name in READ] == [getattr(stored, name) for name in READ]
    assert isinstance(place.enrolment.uuid, uuid.UUID)
    assert isinstance(place.enrolment.last_step, uuid.UUID)
    assert place.done == set(stored.progress.values_list("node_id", flat=True)) != set()


def test_nothing_is_done_before_it_is():
    enrolment = a_place()
    place = own_place(enrolment.user, enrolment.uuid, uuid.uuid4())
    assert (place.done, place.writing, place.enrolment.last_step) == (set(), [], None)


def test_somebody_elses_place_is_not_found():
    enrolment = a_place()
    assert own_place(an_account(), enrolment.uuid, uuid.uuid4()) is None
    assert own_place(enrolment.user, uuid.uuid4(), uuid.uuid4()) is None


def test_what_was_not_read_is_fetched_and_not_made_up():
    enrolment = a_place()
    Enrolment.objects.filter(pk=enrolment.pk).update(failed_attempts=2)
    place = own_place(enrolment.user, enrolment.uuid, uuid.uuid4())
    assert place.enrolment.failed_attempts == 2


class TestWriting:
    def test_it_brings_what_was_written_at_the_step_and_nothing_else_in_the_same_query(self):
        enrolment = a_place()
        finish_lessons(enrolment)
        here, there, _third = steps_of(enrolment, "lesson")
        own_place(enrolment.user, enrolment.uuid, here.key)
        for step, text in ((here, "Here"), (there, "There")):
            private.write(NOTE, step.key, "", {"text": text}, sequence=1, writer=enrolment.user, now=NOW)
        private.write(NOTE, here.key, "", {"text": "Hers"}, sequence=1, writer=an_account(), now=NOW)
        found = []
        queries = queries_of_one(lambda: found.append(own_place(enrolment.user, enrolment.uuid, here.key)))
        assert len(queries) == 1
        [writing] = found[0].writing
        assert (writing.words["text"], writing.sequence, writing.saved_at) == ("Here", 1, NOW)
        assert len(found[0].done) == 3

    def test_writing_at_a_step_opens_nobody_elses_place(self):
        enrolment, other = a_place(), an_account()
        step = steps_of(enrolment, "lesson")[0]
        private.write(NOTE, step.key, "", {"text": "Mine"}, sequence=1, writer=other, now=NOW)
        assert own_place(other, enrolment.uuid, step.key) is None

    def test_after_a_change_of_the_secret_the_words_from_before_are_there(self):
        enrolment = a_place()
        step = steps_of(enrolment, "lesson")[0]
        with override_settings(SECRET_KEY="last year's"):
            private.write(NOTE, step.key, "", {"text": "Before"}, sequence=1, writer=enrolment.user, now=NOW)
        with override_settings(SECRET_KEY_FALLBACKS=["last year's"]):
            [writing] = own_place(enrolment.user, enrolment.uuid, step.key).writing
        assert writing.words["text"] == "Before"
