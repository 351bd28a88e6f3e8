"""The record log of this database, as the pure verification reads it, and the rows it bears witness to."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from oversight import append_only, encoding, records, witnesses
from oversight.models import RecordEntry
from oversight.verification import Chain, Detail, Finding, Findings, Head, differing_fields

_BATCH = 1000
_ENTRY_FIELDS = (
    "sequence",
    "uuid",
    "recorded_at",
    "kind",
    "actor",
    "administration",
    "subject_type",
    "subject",
    "commitment",
    "previous_hash",
    "entry_hash",
    "encoding_version",
)


def log(up_to: int | None = None) -> Iterator[tuple[encoding.Entry, Detail | None]]:
    """Every entry with its detail, streamed in order of sequence, and twice if its sequence stands there twice."""
    rows = RecordEntry.objects.order_by("sequence", "pk")
    if up_to is not None:
        rows = rows.filter(sequence__lte=up_to)
    values = rows.values_list(*_ENTRY_FIELDS, "detail__salt", "detail__facts")
    for *fields, salt, facts in values.iterator(chunk_size=_BATCH):
        yield encoding.Entry(*fields), None if salt is None else Detail(salt, facts)


def verify_chain(findings: Findings, expected: Head | None = None) -> Chain:
    """Walk the whole chain and report to `findings`."""
    chain = Chain(findings, expected)
    for entry, detail in log():
        chain.feed(entry, detail)
    chain.finish()
    return chain


def verify_guards(findings: Findings) -> None:
    """Report the append-only triggers that do not stand in this database."""
    for guard in append_only.missing_guards(connection):
        table, trigger = guard.split(".")
        findings.add(Finding("guard_missing", f"The trigger {trigger} of the table {table} is missing.", row=table))


def verify_rows(findings: Findings, show_values: bool = False) -> int:
    """Compare every witnessed row with the latest entry about it, both ways. Returns how many rows were compared.

    The installation goes on working meanwhile: what seems wrong is looked at again with the log held still, so that
    a row written between two of our queries is no finding.
    """
    compared = 0
    for witnessed in witnesses.registered():
        for rows in _batches(witnessed.rows()):
            compared += _compare(witnessed, rows, findings, show_values)
        _report_lost_rows(witnessed, findings)
    return compared


def _batches(rows):
    """The rows in order of their key, a list at a time.

    No cursor stays open between two lists: on SQLite it would hold an old snapshot, from which no transaction can
    begin to write, not even to hold the log still.
    """
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _compare(witnessed, rows, findings, show_values) -> int:
    recorded = _latest_facts(witnessed, [row.uuid for row in rows])
    for row in rows:
        if row.uuid not in recorded or _differs(recorded[row.uuid], row):
            with transaction.atomic():
                records.hold_others()
                finding = _judge(witnessed, row.pk, show_values)
            if finding:
                findings.add(finding)
    return len(rows)


def _latest_facts(witnessed, identifiers) -> dict:
    """For each row's UUID that has an entry, the sequence of the latest one and its facts, None where erased."""
    entries = (
        RecordEntry.objects.filter(subject_type=witnessed.label, subject__in=identifiers, kind__in=witnessed.kinds)
        .order_by("sequence")
        .values_list("subject", "sequence", "detail__salt", "detail__facts")
    )
    return {subject: (sequence, None if salt is None else facts) for subject, sequence, salt, facts in entries}


def _differs(recorded, row) -> bool:
    _, facts = recorded
    # An erased detail can no longer speak for or against its row; the chain has judged the erasure itself.
    return facts is not None and bool(differing_fields(facts, encoding.with_shape(row.record_facts())))


def _judge(witnessed, pk, show_values) -> Finding | None:
    row = witnessed.rows().filter(pk=pk).first()
    if row is None:
        return None
    name = f"{witnessed.label} {row.uuid}"
    recorded = _latest_facts(witnessed, [row.uuid]).get(row.uuid)
    if recorded is None:
        return Finding("unrecorded", f"The row {name} has no entry in the record log.", row=name)
    if not _differs(recorded, row):
        return None
    sequence, facts = recorded
    today = encoding.with_shape(row.record_facts())
    fields = tuple(differing_fields(facts, today))
    shown = ", ".join(
        f"{field} (recorded {facts.get(field)!r}, now {today[field]!r})" if show_values else field for field in fields
    )
    return Finding(
        "row_changed", f"The row {name} is not what entry {sequence} says of it: {shown}.", sequence, name, fields
    )


def _report_lost_rows(witnessed, findings) -> None:
    """Entries about a row that is no longer there, asked of the database in one query, so of one moment."""
    standing = witnessed.model._base_manager.filter(uuid=OuterRef("subject"))
    lost = (
        RecordEntry.objects.filter(~Exists(standing), subject_type=witnessed.label, kind__in=witnessed.kinds)
        .order_by("subject", "-sequence")
        .values_list("subject", "sequence")
    )
    previous = None
    for subject, sequence in lost.iterator(chunk_size=_BATCH):
        if subject != previous:
            name = f"{witnessed.label} {subject}"
            findings.add(
                Finding("row_lost", f"The row {name} is gone, though entry {sequence} speaks of it.", sequence, name)
            )
        previous = subject
