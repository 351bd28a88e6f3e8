"""The bytes that are hashed: unambiguous, and the same for ever."""

import datetime
import hashlib
import json
import uuid
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oversight import encoding
from people.models import Role

FIRST = encoding.Entry(
    sequence=1,
    uuid=uuid.UUID("0190a5b2-7d4e-7c1a-9a3f-5b6c7d8e9f00"),
    recorded_at=datetime.datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=datetime.UTC),
    kind="quizzes.grade.given",
    actor=None,
    administration=uuid.UUID("11111111-2222-4333-8444-555555555555"),
    subject_type="quizzes.grade",
    subject=uuid.UUID("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"),
    commitment="ab" * 32,
    previous_hash=encoding.GENESIS_HASH,
)

# Anything a fact may be, of the subset that every database and language agrees on.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
scalars = st.none() | st.booleans() | st.integers(-encoding.LARGEST_INTEGER, encoding.LARGEST_INTEGER) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=12)
facts_of_any_kind = st.dictionaries(texts, values, max_size=5)

hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
entries = st.builds(
    encoding.Entry,
    sequence=st.integers(1, 2**63 - 1),
    uuid=st.uuids(),
    recorded_at=st.datetimes(
        datetime.datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        datetime.datetime(2400, 1, 1),  # noqa: DTZ001
        timezones=st.just(datetime.UTC),
    ),
    kind=texts,
    actor=st.none() | st.uuids(),
    administration=st.none() | st.uuids(),
    subject_type=texts,
    subject=st.uuids(),
    commitment=hashes,
    previous_hash=hashes,
)


def test_the_genesis_hash_never_changes():
    assert encoding.GENESIS_HASH == "81e608c09ba99dd1dbeb576b96011c86333369bff44b769b1cebb4f51a82518f"


def test_the_hash_of_an_entry_never_changes():
    assert encoding.entry_hash(FIRST) == "869cc565c7ead9ecad105594c9597a58b14d787ba7a8496d4155bbbb40d5645c"


def test_the_hash_of_an_entry_by_a_person_never_changes():
    second = replace(
        FIRST,
        sequence=2,
        actor=uuid.UUID("99999999-8888-4777-8666-555555555555"),
        administration=None,
        kind="certificates.certificate.revoked",
        previous_hash=encoding.entry_hash(FIRST),
    )
    assert encoding.entry_hash(second) == "21a3a27e88472d987dd685bed13587fdd8769fd5eced03b92110765966efdf97"


def test_the_commitment_to_facts_never_changes():
    facts = {
        "shape": 1,
        "passed": True,
        "points": 10,
        "note": "«отлично» ١٠/١٠ 🎓\n",
        "list": [None, -1, {"b": 1, "a": 2}],
    }
    assert (
        encoding.commitment(bytes(range(32)), facts)
        == "1a85ca0bc4acf35ad1f204d9c1b00d1ed0ca86d6d129024e71263a7949862a1e"
    )


def test_an_auditor_gets_the_same_hash_from_the_description_alone():
    """The entry's frame, written out here from the module's docstring and from nothing else of it."""
    parts = [
        b"plumbline/record-entry/1",
        b"1",
        b"1",
        b"0190a5b2-7d4e-7c1a-9a3f-5b6c7d8e9f00",
        b"2026-03-02T09:30:15.123456Z",
        b"quizzes.grade.given",
        None,
        b"11111111-2222-4333-8444-555555555555",
        b"quizzes.grade",
        b"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
        b"ab" * 32,
        hashlib.sha256(b"\x01\x00\x00\x00\x16plumbline/record-log/1").hexdigest().encode(),
    ]
    written = b""
    for part in parts:
        written += b"\x00" if part is None else b"\x01" + len(part).to_bytes(4, "big") + part
    assert encoding.entry_bytes(FIRST) == written
    assert encoding.entry_hash(FIRST) == hashlib.sha256(written).hexdigest()


@given(entries, entries)
def test_two_entries_have_the_same_bytes_only_if_they_are_the_same(one, other):
    assert (encoding.entry_bytes(one) == encoding.entry_bytes(other)) == (one == other)


@given(entries, entries, st.sampled_from([each.name for each in fields(encoding.Entry)]))
def test_any_change_of_any_field_changes_the_hash(entry, other, name):
    assume(name not in {"entry_hash", "encoding_version"})
    changed = replace(entry, **{name: getattr(other, name)})
    assert (encoding.entry_hash(changed) == encoding.entry_hash(entry)) == (changed == entry)


@given(st.lists(st.none() | st.binary()), st.lists(st.none() | st.binary()))
def test_no_value_can_forge_the_border_between_fields(one, other):
    assert (encoding.frame("d", *one) == encoding.frame("d", *other)) == (one == other)


def test_an_absent_value_is_not_an_empty_one():
    assert encoding.frame("d", None) != encoding.frame("d", b"")


def test_bytes_of_one_purpose_are_never_bytes_of_another():
    assert encoding.frame(encoding.ENTRY_DOMAIN, b"x") != encoding.frame(encoding.HEAD_DOMAIN, b"x")


@given(facts_of_any_kind)
def test_canonical_json_says_what_the_facts_say(facts):
    assert json.loads(encoding.canonical_json(facts)) == facts


@given(facts_of_any_kind, st.randoms())
def test_the_order_in_which_facts_are_given_does_not_matter(facts, random):
    shuffled = list(facts.items())
    random.shuffle(shuffled)
    assert encoding.canonical_json(dict(shuffled)) == encoding.canonical_json(facts)


@given(facts_of_any_kind)
def test_facts_survive_the_way_through_a_file(facts):
    once = encoding.canonical_json(facts)
    assert encoding.canonical_json(json.loads(once)) == once


@given(facts_of_any_kind, facts_of_any_kind, st.binary(min_size=32, max_size=32))
def test_a_commitment_binds_to_its_facts(one, other, salt):
    same = encoding.canonical_json(one) == encoding.canonical_json(other)
    assert (encoding.commitment(salt, one) == encoding.commitment(salt, other)) == same


@given(facts_of_any_kind, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_the_same_facts_under_another_salt_cannot_be_recognised(facts, salt, other_salt):
    assume(salt != other_salt)
    assert encoding.commitment(salt, facts) != encoding.commitment(other_salt, facts)


def test_yes_is_not_one():
    assert encoding.canonical_json({"passed": True}) != encoding.canonical_json({"passed": 1})


def test_keys_are_sorted_as_rfc_8785_sorts_them():
    """Its own example: the face stands before the Hebrew letter, because UTF-16 is what is compared."""
    facts = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    in_order = list(json.loads(encoding.canonical_json(facts)))
    assert in_order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_text_is_escaped_as_rfc_8785_escapes_it():
    assert encoding.canonical_json('\b\t\n\f\r"\\/\x01\x1f\x7fé\u2028') == (
        '"\\b\\t\\n\\f\\r\\"\\\\/\\u0001\\u001f\x7fé\u2028"'.encode()
    )


@pytest.mark.parametrize(
    "fact",
    [0.8, 1.0, float("nan"), uuid.uuid4(), datetime.date(2026, 3, 2), b"bytes", {"a", "b"}, {1: "a number as key"}],
)
def test_a_fact_that_databases_might_spell_differently_is_refused(fact):
    with pytest.raises(TypeError, match=r"facts\.value"):
        encoding.canonical_json({"value": fact})


@pytest.mark.parametrize("fact", [2**53, -(2**53), "\x00", "\ud800", {"\x00": 1}])
def test_a_fact_that_some_language_cannot_hold_is_refused(fact):
    with pytest.raises(ValueError, match=r"facts\.value"):
        encoding.canonical_json({"value": fact})


def test_an_enumeration_counts_as_what_it_holds():
    assert encoding.canonical_json({"role": Role.AUDITOR}) == b'{"role":"auditor"}'


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        encoding.instant_text(datetime.datetime(2026, 3, 2))  # noqa: DTZ001


def test_the_same_moment_is_written_the_same_from_any_zone():
    bogota = datetime.timezone(datetime.timedelta(hours=-5))
    assert encoding.instant_text(FIRST.recorded_at.astimezone(bogota)) == "2026-03-02T09:30:15.123456Z"
    assert encoding.instant_of("2026-03-02T09:30:15.123456Z") == FIRST.recorded_at


@pytest.mark.parametrize(
    "text", ["2026-03-02T09:30:15Z", "2026-03-02 09:30:15.123456Z", "2026-03-02T09:30:15.123456+00:00"]
)
def test_another_spelling_of_a_moment_is_refused(text):
    with pytest.raises(ValueError, match="not an instant"):
        encoding.instant_of(text)


def test_an_unknown_encoding_is_not_taken_for_a_known_one():
    with pytest.raises(encoding.UnknownVersion):
        encoding.entry_hash(replace(FIRST, encoding_version=2))


@pytest.mark.parametrize("broken", ["", "AB" * 32, "ab" * 31, "zz" * 32, "ab" * 32 + "\n"])
def test_what_is_not_a_hash_is_not_hashed(broken):
    with pytest.raises(ValueError, match="64"):
        encoding.entry_hash(replace(FIRST, previous_hash=broken))
