"""Whether a log holds, said without a database."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight import encoding
from oversight.verification import Chain, Detail, Findings, Head, differing_fields, verdict

AT = datetime(2026, 3, 2, tzinfo=UTC)
SALT = bytes(range(32))


def log_of(length, kinds=None, subjects=None):
    """A log that holds: entries with their details."""
    log, previous = [], encoding.GENESIS_HASH
    for sequence in range(1, length + 1):
        facts = {"shape": 1, "points": sequence}
        entry = encoding.Entry(
            sequence=sequence,
            uuid=uuid.UUID(int=sequence),
            recorded_at=AT,
            kind=(kinds or {}).get(sequence, "quizzes.grade.given"),
            actor=None,
            administration=None,
            subject_type="oversight.recordentry" if sequence in (kinds or {}) else "quizzes.grade",
            subject=(subjects or {}).get(sequence, uuid.UUID(int=1000 + sequence)),
            commitment=encoding.commitment(SALT, facts),
            previous_hash=previous,
        )
        previous = encoding.entry_hash(entry)
        log.append((replace(entry, entry_hash=previous), Detail(SALT.hex(), facts)))
    return log


def walk(log, expected=None):
    chain = Chain(Findings(), expected)
    for entry, detail in log:
        chain.feed(entry, detail)
    chain.finish()
    return chain


def problems(chain):
    return [(finding.problem, finding.sequence) for finding in chain.findings.kept]


def test_an_untouched_log_holds():
    chain = walk(log_of(5))
    assert not chain.findings
    assert (chain.entries, chain.head_sequence) == (5, 5)
    assert verdict(chain.entries, chain.findings).startswith("The record log holds: 5 entries")


def test_an_empty_log_holds():
    assert not walk([]).findings


@given(
    st.integers(0, 9),
    st.sampled_from(
        [
            ("recorded_at", datetime(2025, 1, 1, tzinfo=UTC)),
            ("kind", "quizzes.grade.taken"),
            ("actor", uuid.UUID(int=7)),
            ("administration", uuid.UUID(int=7)),
            ("subject_type", "quizzes.attempt"),
            ("subject", uuid.UUID(int=7)),
            ("uuid", uuid.UUID(int=7777)),
            ("entry_hash", "cd" * 32),
            ("entry_hash", "no hash at all"),
        ]
    ),
)
def test_any_changed_field_of_any_entry_is_found_at_that_entry(place, change):
    name, value = change
    log = log_of(10)
    entry, detail = log[place]
    log[place] = (replace(entry, **{name: value}), detail)
    first = walk(log).findings.kept[0]
    assert (first.problem, first.sequence) == ("changed", place + 1)
    assert str(log[place][0].uuid) in first.row


def test_one_changed_entry_does_not_condemn_those_after_it():
    log = log_of(10)
    log[3] = (replace(log[3][0], kind="x"), log[3][1])
    chain = walk(log)
    assert problems(chain) == [("changed", 4)]
    assert chain.broken == 1


def test_an_entry_that_was_rewritten_with_its_hash_breaks_the_link_of_the_next():
    log = log_of(10)
    forged = replace(log[3][0], kind="x")
    log[3] = (replace(forged, entry_hash=encoding.entry_hash(forged)), log[3][1])
    assert problems(walk(log)) == [("broken_link", 5)]


def test_counting_goes_on_after_the_first_finding():
    log = log_of(10)
    for place in (2, 5, 8):
        log[place] = (replace(log[place][0], kind="x"), log[place][1])
    assert walk(log).broken == 3


def test_a_missing_entry_is_found():
    log = log_of(5)
    del log[2]
    assert problems(walk(log)) == [("gap", 4)]


def test_a_missing_beginning_is_found():
    assert problems(walk(log_of(5)[2:])) == [("gap", 3)]


def test_swapped_entries_are_found():
    log = log_of(5)
    log[1], log[2] = log[2], log[1]
    assert ("gap", 3) in problems(walk(log))


@pytest.mark.parametrize(
    "detail",
    [
        Detail(SALT.hex(), {"shape": 1, "points": 80}),
        Detail("00" * 32, {"shape": 1, "points": 3}),
        Detail("short", {"shape": 1, "points": 3}),
        Detail(SALT.hex(), {"shape": 1, "points": 3.5}),
        Detail(SALT.hex(), None),
    ],
    ids=["facts", "salt", "no salt", "a fraction", "no facts"],
)
def test_changed_facts_are_found(detail):
    log = log_of(5)
    log[2] = (log[2][0], detail)
    assert problems(walk(log)) == [("detail_changed", 3)]


def test_a_detail_that_went_without_a_recorded_erasure_is_found():
    log = log_of(5)
    log[2] = (log[2][0], None)
    assert problems(walk(log)) == [("detail_missing", 3)]


def test_a_recorded_erasure_is_no_finding():
    log = log_of(5, {5: "oversight.detail.erased"}, {5: uuid.UUID(int=3)})
    log[2] = (log[2][0], None)
    assert not walk(log).findings


def test_an_erasure_that_was_not_done_is_found():
    log = log_of(5, {5: "oversight.detail.erased"}, {5: uuid.UUID(int=3)})
    assert problems(walk(log)) == [("erasure_not_done", 5)]


def test_an_unknown_encoding_is_no_pass():
    log = log_of(2)
    log[1] = (replace(log[1][0], encoding_version=2), log[1][1])
    assert problems(walk(log)) == [("unknown_encoding", 2)]


def test_removed_newest_entries_show_only_against_a_head_signed_before():
    log = log_of(5)
    head = Head(5, log[4][0].entry_hash, AT)
    assert not walk(log[:3]).findings
    assert problems(walk(log[:3], head)) == [("truncated", 3)]
    assert not walk(log, head).findings


def test_a_log_that_grew_still_contains_its_earlier_head():
    log = log_of(9)
    assert not walk(log, Head(5, log[4][0].entry_hash, AT)).findings


def test_a_log_rewritten_as_a_whole_shows_against_a_head_signed_before():
    other = log_of(5, {2: "something.else"})
    assert problems(walk(other, Head(5, log_of(5)[4][0].entry_hash, AT))) == [("other_head", 5)]


def test_the_findings_kept_are_limited_and_those_counted_are_not():
    findings = Findings()
    chain = Chain(findings)
    for entry, _ in log_of(1500):
        chain.feed(replace(entry, kind="x"), None)
    chain.finish()
    assert len(findings.kept) == 1000
    assert len(findings) == 3000


def test_fields_that_differ_are_named():
    recorded = {"shape": 1, "points": 7, "passed": False, "reason": "resit"}
    assert differing_fields(recorded, {"shape": 1, "points": 8, "passed": False}) == ["points"]
    assert differing_fields(recorded, {"shape": 1, "passed": 0}) == ["passed"]
    assert differing_fields(recorded, {"shape": 1, "new": None}) == ["new"]
    assert differing_fields(recorded, {"shape": 1}) == []
    assert differing_fields(None, {"a": 1}) == ["a"]
