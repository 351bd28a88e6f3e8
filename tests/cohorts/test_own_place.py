"""The query behind every page of the reader, whose SQL is kept."""

import uuid

import pytest

from cohorts.models import Enrolment
from cohorts.own_place import READ, own_place
from tests.factories.cohorts import a_place, finish_lessons
from tests.factories.people import an_account

pytestmark = pytest.mark.django_db


def test_it_reads_what_the_row_holds_and_every_done_step():
    enrolment = a_place()
    finish_lessons(enrolment)
    stored = Enrolment.objects.get(pk=enrolment.pk)
    place, done = own_place(stored.user_id, stored.uuid)
    assert [getattr(place, name) for name in READ] == [getattr(stored, name) for name in READ]
    assert isinstance(place.uuid, uuid.UUID)
    assert done == set(stored.progress.values_list("node_id", flat=True)) != set()


def test_nothing_is_done_before_it_is():
    enrolment = a_place()
    _place, done = own_place(enrolment.user_id, enrolment.uuid)
    assert done == set()


def test_somebody_elses_place_is_not_found():
    enrolment = a_place()
    assert own_place(an_account().pk, enrolment.uuid) is None
    assert own_place(enrolment.user_id, uuid.uuid4()) is None


def test_what_was_not_read_is_fetched_and_not_made_up():
    enrolment = a_place()
    Enrolment.objects.filter(pk=enrolment.pk).update(credited_minutes=45)
    place, _done = own_place(enrolment.user_id, enrolment.uuid)
    assert place.credited_minutes == 45
