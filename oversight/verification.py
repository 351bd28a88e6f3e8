"""Whether a record log holds. Pure: it is fed entries, from a database or from a file, and keeps no more than counts.

It keeps the findings too, up to a limit, and the few entries whose details are gone; so the memory it takes does not
grow with the log.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from oversight import encoding

KEPT_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Detail:
    """What an entry says. `salt` as it is stored, in hexadecimal digits, which may have been tampered with."""

    salt: str
    facts: Any


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log had come at an instant, and the Ed25519 signature over it, in hexadecimal digits."""

    sequence: int
    entry_hash: str
    signed_at: datetime.datetime
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. `problem` is a fixed word, `sentence` says it to a person, without any value.

    `sequence` names the entry, `row` the row it stands in or is about, as far as there is one.
    """

    problem: str
    sentence: str
    sequence: int | None = None
    row: str = ""
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """Findings in the order they were made; all are counted, the first thousand kept."""

    kept: list[Finding] = field(default_factory=list)
    by_problem: Counter = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        self.by_problem[finding.problem] += 1
        if len(self.kept) < KEPT_FINDINGS:
            self.kept.append(finding)

    def __len__(self) -> int:
        return self.by_problem.total()


class Chain:
    """Walks a log from its first entry: `feed` each entry in order of sequence, then `finish`.

    After an entry that does not hold it goes on from the hash that the entry claims, so that one change is one
    finding and not one for every entry that follows.

    `expected` is a head that was signed before: the log must contain it.
    """

    def __init__(self, findings: Findings, expected: Head | None = None):
        self.findings = findings
        self.expected = expected
        self.entries = 0
        self.broken = 0
        self.head_sequence = 0
        self.head_hash = encoding.GENESIS_HASH
        self._without_detail: dict[uuid.UUID, int] = {}
        self._erased: dict[uuid.UUID, int] = {}

    def feed(self, entry: encoding.Entry, detail: Detail | None) -> None:
        before = len(self.findings)
        self._check_place(entry)
        self._check_hash(entry)
        self._check_detail(entry, detail)
        if self.expected and entry.sequence == self.expected.sequence and entry.entry_hash != self.expected.entry_hash:
            self._found("other_head", entry, "is not the entry that the signed head saw at this place")
        self.entries += 1
        self.broken += len(self.findings) > before
        self.head_sequence = entry.sequence
        self.head_hash = entry.entry_hash

    def finish(self) -> None:
        """What can be said only at the end: erased details, and entries that are missing from the end."""
        for identifier, sequence in self._without_detail.items():
            if identifier not in self._erased:
                self.findings.add(
                    Finding(
                        "detail_missing",
                        f"Entry {sequence} has lost its detail, and no entry records an erasure.",
                        sequence,
                        f"{encoding.ENTRY_TYPE} {identifier}",
                    )
                )
        for identifier, sequence in self._erased.items():
            if identifier not in self._without_detail:
                self.findings.add(
                    Finding(
                        "erasure_not_done",
                        f"Entry {sequence} records an erasure, but the detail it names stands, or has no entry.",
                        sequence,
                        f"{encoding.ENTRY_TYPE} {identifier}",
                    )
                )
        if self.expected and self.head_sequence < self.expected.sequence:
            self.findings.add(
                Finding(
                    "truncated",
                    f"The log ends with entry {self.head_sequence}, but on"
                    f" {encoding.instant_text(self.expected.signed_at)} it had reached entry"
                    f" {self.expected.sequence}: the newest entries have been removed.",
                    self.head_sequence,
                )
            )

    def _found(self, problem: str, entry: encoding.Entry, what: str) -> None:
        sentence = f"Entry {entry.sequence} ({entry.kind}) {what}."
        row = f"{encoding.ENTRY_TYPE} {entry.uuid}"
        self.findings.add(Finding(problem, sentence, entry.sequence, row))

    def _check_place(self, entry: encoding.Entry) -> None:
        if entry.sequence != self.head_sequence + 1:
            after = f"entry {self.head_sequence}" if self.entries else "the beginning"
            self._found("gap", entry, f"follows directly on {after}: what stood between is missing")
        elif entry.previous_hash != self.head_hash:
            self._found("broken_link", entry, "does not carry the hash of the entry before it")

    def _check_hash(self, entry: encoding.Entry) -> None:
        try:
            holds = encoding.entry_hash(entry) == entry.entry_hash
        except encoding.UnknownVersion:
            self._found("unknown_encoding", entry, f"has the encoding {entry.encoding_version}, unknown here")
            return
        except ValueError:
            holds = False
        if not holds:
            self._found("changed", entry, "has been changed: its hash does not fit its fields")

    def _check_detail(self, entry: encoding.Entry, detail: Detail | None) -> None:
        if entry.kind == encoding.DETAIL_ERASED and entry.subject_type == encoding.ENTRY_TYPE:
            self._erased[entry.subject] = entry.sequence
        if detail is None:
            self._without_detail[entry.uuid] = entry.sequence
            return
        try:
            holds = encoding.commitment(bytes.fromhex(detail.salt), detail.facts) == entry.commitment
        except (TypeError, ValueError, RecursionError):
            holds = False
        if not holds:
            self._found("detail_changed", entry, "does not vouch for its detail: the facts have been changed")


def differing_fields(recorded: Any, today: dict) -> list[str]:
    """The names of today's facts that the recorded facts do not have, or have with another value; sorted.

    True and 1 differ, as they do in JSON. What was recorded beyond today's facts is not compared.
    """
    if not isinstance(recorded, dict):
        return sorted(today)
    return sorted(name for name in today if name not in recorded or not _same(recorded[name], today[name]))


def _same(one: Any, other: Any) -> bool:
    try:
        return encoding.canonical_json(one) == encoding.canonical_json(other)
    except (TypeError, ValueError, RecursionError):
        return False


def verdict(entries: int, findings: Findings) -> str:
    """The result in one sentence."""
    if not findings:
        return f"The record log holds: {entries} entries, each in its place and unchanged."
    first = findings.kept[0]
    return f"The record log does not hold: {len(findings)} findings. The first: {first.sentence}"


def reports_of(findings: Iterable[Finding]) -> list[dict]:
    """Findings as plain values, for JSON."""
    return [
        {
            "problem": finding.problem,
            "sentence": finding.sentence,
            "sequence": finding.sequence,
            "row": finding.row,
            "fields": list(finding.fields),
        }
        for finding in findings
    ]
