"""The only door to the record log: an entry is written in the transaction of the change it records."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction

from core.prepared import Prepared, insert_all
from oversight import encoding
from oversight.models import RecordDetail, RecordEntry

# Any constant will do, as long as nothing else of the installation takes the same lock.
_ADVISORY_LOCK = 0x706C756D62

_HEAD = Prepared(lambda slot: RecordEntry.objects.order_by("-sequence").values_list("sequence", "entry_hash")[:1])


class NotInTransaction(RuntimeError):
    """A record outside the transaction of its change could stand without the change, or be missing beside it."""


def append(kind, *, subject, facts, actor, now, administration=None):
    """Write one entry at the end of the log and return it, with its detail.

    `kind` is `<app>.<noun>.<what happened>`, such as `quizzes.grade.given`. `subject` is the saved row it is about:
    anything with a `uuid`. `facts` is what happened, of text, integers, booleans, null, lists and objects: no
    fractions, dates or UUIDs, which the caller turns into text; `{"shape": 1}` is added unless a shape is given. For
    a witnessed model (`witnesses.py`) the facts begin with `subject.record_facts()`. `actor` is the account that
    acts, None for the system. `administration` is a UUID; without it, that of the subject, else that of the actor.

    Raises NotInTransaction outside a transaction, TypeError or ValueError for facts the log cannot hold.

    Entries are serialised: one transaction at a time writes the log, until it ends. So append late, after the work,
    and keep what follows short. SQLite's IMMEDIATE transactions do that by themselves; PostgreSQL takes an advisory
    lock, and the head is read by a query of its own after it, because a query's snapshot is older than its locks.
    """
    return append_many([Happening(kind, subject, facts, actor, now, administration)])[0]


@dataclass(frozen=True, slots=True)
class Happening:
    """What one entry is to say; the fields are the arguments of `append`."""

    kind: str
    subject: models.Model
    facts: dict
    actor: models.Model | None
    now: datetime
    administration: uuid.UUID | None = None


def append_many(happenings: Iterable[Happening]) -> list[RecordEntry]:
    """Write several entries in their order, as `append` writes one: for imports, which would hold the log too long."""
    if not connection.in_atomic_block:
        raise NotInTransaction("records.append needs the transaction of the change it records.")
    written = [_prepare(happening) for happening in happenings]
    hold_others()
    sequence, previous_hash = _HEAD.first() or (0, encoding.GENESIS_HASH)
    for entry, _detail in written:
        sequence += 1
        entry.sequence, entry.previous_hash = sequence, previous_hash
        entry.entry_hash = previous_hash = encoding.entry_hash(entry.encoded())
    entries = insert_all([entry for entry, _detail in written])
    for entry, detail in written:
        detail.entry = entry
    insert_all([detail for _entry, detail in written])
    return entries


def _prepare(happening: Happening) -> tuple[RecordEntry, RecordDetail]:
    """The entry without its place in the chain, and its detail."""
    facts = encoding.with_shape(happening.facts)
    salt = secrets.token_bytes(encoding.SALT_BYTES)
    administration = happening.administration
    if administration is None:
        administration = _administration_of(happening.subject, happening.actor)
    entry = RecordEntry(
        recorded_at=happening.now,
        kind=happening.kind,
        actor=happening.actor.uuid if happening.actor else None,
        administration=administration,
        subject_type=happening.subject._meta.label_lower,
        subject=happening.subject.uuid,
        commitment=encoding.commitment(salt, facts),
    )
    return entry, RecordDetail(salt=salt.hex(), facts=facts)


@transaction.atomic
def erase_detail(entry, *, reason, actor, now):
    """Erase what an entry says, and record that it was erased and why. The chain stays whole.

    The permission for it is a four-eyes action of the app that owns the subject. Returns the entry that records the
    erasure; raises RecordDetail.DoesNotExist if nothing is left to erase.
    """
    detail = RecordDetail.objects.get(entry=entry)
    erasure = append(
        encoding.DETAIL_ERASED,
        subject=entry,
        facts={"sequence": entry.sequence, "reason": reason},
        actor=actor,
        now=now,
        administration=entry.administration,
    )
    detail.delete()
    return erasure


def hold_others():
    """Wait until no other transaction writes the log, and let none begin until this one ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def _administration_of(subject, actor):
    for row in (subject, actor):
        if getattr(row, "administration_id", None) is not None:
            return row.administration.uuid
    return None
