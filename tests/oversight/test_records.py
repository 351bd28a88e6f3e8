"""Writing the record log."""

import json
from dataclasses import replace

import pytest
from django.db import connection, connections, transaction

from oversight import encoding, records
from oversight.models import RecordDetail, RecordEntry
from people.models import Administration
from tests.many_hands import at_once


@pytest.fixture
def append(office, requester, now):
    def make(**changes):
        arguments = {"subject": office, "facts": {"name": "North"}, "actor": requester, "now": now}
        return records.append("people.office.named", **(arguments | changes))

    return make


def test_an_entry_says_who_did_what_to_which_row_by_pseudonyms_alone(append, office, requester, administration, now):
    entry = RecordEntry.objects.get(pk=append().pk)
    assert entry.sequence == 1
    assert entry.recorded_at == now
    assert (entry.kind, entry.subject_type, entry.subject) == ("people.office.named", "people.office", office.uuid)
    assert (entry.actor, entry.administration) == (requester.uuid, administration.uuid)
    assert entry.detail.facts == {"shape": 1, "name": "North"}


def test_no_name_of_a_person_or_a_thing_stands_in_an_entry(append, requester):
    entry = RecordEntry.objects.values().get(pk=append(facts={"holder": requester.full_name}).pk)
    assert requester.full_name not in json.dumps(entry, default=str)


def test_entries_are_numbered_from_one_without_gaps_and_linked(append):
    first, second, third = append(), append(), append()
    assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
    assert first.previous_hash == encoding.GENESIS_HASH
    assert second.previous_hash == first.entry_hash
    assert third.previous_hash == second.entry_hash


def test_the_stored_entry_has_the_hash_that_its_stored_fields_give(append):
    append()
    stored = RecordEntry.objects.get().encoded()
    assert encoding.entry_hash(stored) == stored.entry_hash
    assert encoding.entry_hash(replace(stored, entry_hash="")) == stored.entry_hash


def test_the_commitment_binds_the_stored_facts(append):
    append(facts={"text": "é😀\n", "numbers": [1, -2, 2**53 - 1], "deep": {"b": None, "a": True}})
    detail = RecordDetail.objects.get()
    assert encoding.commitment(bytes.fromhex(detail.salt), detail.facts) == detail.entry.commitment


def test_the_same_facts_twice_give_two_commitments(append):
    assert append().commitment != append().commitment


def test_the_system_acts_without_an_account(append, administration):
    entry = append(actor=None)
    assert entry.actor is None
    assert entry.administration == administration.uuid


def test_a_row_of_no_administration_is_recorded_under_that_of_the_actor(append, administration, requester):
    class Row:
        uuid = requester.uuid
        _meta = Administration._meta

    assert append(subject=Row()).administration == administration.uuid
    assert append(subject=Row(), actor=None).administration is None
    assert append(subject=Row(), actor=None, administration=administration.uuid).administration == administration.uuid


def test_a_record_outside_a_transaction_is_refused(append, monkeypatch):
    with monkeypatch.context() as outside, pytest.raises(records.NotInTransaction):
        outside.setattr(connections["default"], "in_atomic_block", False)
        append()


def test_a_record_falls_with_the_transaction_of_its_change(append):
    append()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append()
        raise ZeroDivisionError
    assert RecordEntry.objects.count() == 1
    assert append().sequence == 2


def test_facts_that_the_log_cannot_hold_leave_nothing_behind(append):
    with pytest.raises(TypeError, match=r"facts\.score"):
        append(facts={"score": 0.8})
    assert not RecordEntry.objects.exists()


def test_a_moment_without_a_zone_is_refused(append, now):
    with pytest.raises(ValueError, match="time zone"):
        append(now=now.replace(tzinfo=None))


def test_an_entry_costs_three_queries_and_on_postgresql_a_lock(append, django_assert_num_queries):
    append()
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 3):
        append()


@pytest.mark.committing
def test_appends_from_many_threads_leave_no_gap_and_no_fork(append, office, now):
    def work():
        for _ in range(10):
            with transaction.atomic():
                append(actor=None)

    at_once(*[work] * 4)
    entries = list(RecordEntry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, 41))
    assert all(after.previous_hash == before.entry_hash for before, after in zip(entries, entries[1:], strict=False))
