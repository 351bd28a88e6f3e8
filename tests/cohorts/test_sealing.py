"""What a copy of the database tells about private writing: next to nothing."""

import dataclasses
import uuid

import pytest
from django.test import override_settings

from cohorts.sealing import Unreadable, keyring

WRITER, NODE = uuid.uuid4(), uuid.uuid4()
WORDS = {"text": "Я думаю · أفكر"}


@pytest.fixture
def keys():
    return keyring(WRITER)[0]


def test_sealed_words_open_at_their_own_place(keys):
    slot = keys.slot("note", NODE, "")
    sealed = keys.seal(WORDS, slot)
    assert keys.unseal(sealed, slot) == WORDS
    assert "text" not in sealed


def test_the_same_words_never_look_the_same(keys):
    slot = keys.slot("note", NODE, "")
    assert keys.seal(WORDS, slot) != keys.seal(WORDS, slot)


def test_moved_to_another_place_they_do_not_open(keys):
    sealed = keys.seal(WORDS, keys.slot("note", NODE, ""))
    with pytest.raises(Unreadable):
        keys.unseal(sealed, keys.slot("note", uuid.uuid4(), ""))


def test_moved_to_another_person_they_do_not_open(keys):
    other = keyring(uuid.uuid4())[0]
    slot = keys.slot("note", NODE, "")
    with pytest.raises(Unreadable):
        other.unseal(keys.seal(WORDS, slot), slot)


def test_one_changed_letter_is_noticed(keys):
    slot = keys.slot("note", NODE, "")
    sealed = keys.seal(WORDS, slot)
    changed = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    with pytest.raises(Unreadable):
        keys.unseal(changed, slot)


def test_short_and_longer_words_are_of_one_length(keys):
    slot = keys.slot("note", NODE, "")
    assert len({len(keys.seal({"text": "x" * count}, slot)) for count in (0, 1, 50, 200)}) == 1


def test_places_have_other_names_for_every_person_and_never_run_together(keys):
    assert keys.page(NODE) != keyring(uuid.uuid4())[0].page(NODE)
    assert keys.slot("note", NODE, "ab") != keys.slot("notea", NODE, "b")
    assert str(NODE) not in keys.page(NODE)


def test_the_secrets_in_use_are_tried_in_turn():
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old", "older"]):
        ring = keyring(WRITER)
    with override_settings(SECRET_KEY="old"):
        assert keyring(WRITER)[0] == ring[1]
    assert len({dataclasses.astuple(each) for each in ring}) == 3
