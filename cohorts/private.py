"""What a learner writes for themselves: reflections, if-then plans, notes, and the places they keep.

Nobody else reads it, whatever their role: every function here takes the writer and finds that writer's rows alone, no
page, export or log shows another's, and the rows are sealed (`cohorts.sealing`). Nothing here is appended to the
record log, for a log that says who reflected on what would tell too much.

Writing hangs on the step's key and the block's id, so a newer release and another language show the same words.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from cohorts.models import PrivateWriting
from cohorts.sealing import Unreadable, keyring
from people.models import User

LONGEST = 10_000  # characters of one text
MOST_OWN_PLANS = 12
TRIES = 5
# Plans that hang on no lesson: those written on the pocket card.
NOWHERE = uuid.UUID(int=0)


class Kind(StrEnum):
    REFLECTION = "reflection"
    PLAN = "plan"
    NOTE = "note"
    BOOKMARK = "bookmark"


FIELDS = {
    Kind.REFLECTION: ("text",),
    Kind.PLAN: ("condition", "response"),
    Kind.NOTE: ("text",),
    Kind.BOOKMARK: ("heading",),
}


class Newer(Exception):
    """Another window has saved something newer at this place; nothing was changed."""


class TooMuch(Exception):
    """A text is longer than LONGEST, or there are MOST_OWN_PLANS plans already; nothing was changed."""


@dataclass(frozen=True)
class Writing:
    """One piece of writing, opened for its writer. `place` is a block's id, "" for what belongs to the whole step."""

    uuid: uuid.UUID | None
    kind: Kind
    node: uuid.UUID
    place: str
    words: dict[str, str]
    sequence: int
    saved_at: datetime

    @property
    def is_empty(self) -> bool:
        return self.kind != Kind.BOOKMARK and not any(self.words.values())


def pages(writer: User, node: uuid.UUID) -> list[str]:
    """The hidden names of a step, one for each SECRET_KEY known: what a query of the step's writing asks for."""
    return [keys.page(node) for keys in keyring(writer.uuid)]


def opened(writer: User, rows: Iterable[tuple]) -> list[Writing]:
    """Rows of (uuid, slot, sealed, sequence), opened. What no key opens is left out; it stays as it is."""
    ring = keyring(writer.uuid)
    found = (_open(ring, *row) for row in rows)
    return [writing for writing in found if writing is not None]


def _open(ring, row_uuid, slot, sealed, sequence) -> Writing | None:
    for keys in ring:
        try:
            kept = keys.unseal(sealed, slot)
        except Unreadable:
            continue
        kind = Kind(kept["kind"])
        return Writing(
            uuid=row_uuid,
            kind=kind,
            node=uuid.UUID(kept["node"]),
            place=kept["place"],
            words={name: kept["words"].get(name, "") for name in FIELDS[kind]},
            sequence=sequence,
            saved_at=datetime.fromisoformat(kept["saved_at"]),
        )
    return None


def everything_of(writer: User) -> list[Writing]:
    """All that a person has written, in the order in which it was begun. One query."""
    rows = PrivateWriting.objects.filter(writer=writer).order_by("pk")
    return opened(writer, rows.values_list("uuid", "slot", "sealed", "sequence"))


def at(writer: User, kind: Kind, node: uuid.UUID, place: str) -> Writing | None:
    """What stands at one place."""
    slots = [keys.slot(kind, node, place) for keys in keyring(writer.uuid)]
    rows = PrivateWriting.objects.filter(writer=writer, slot__in=slots)
    return next(iter(opened(writer, rows.values_list("uuid", "slot", "sealed", "sequence"))), None)


def write(
    kind: Kind, node: uuid.UUID, place: str, words: dict[str, str], *, sequence: int, writer: User, now: datetime
) -> None:
    """Keep words at a place, in the stead of those with a lower sequence.

    Raises Newer where a higher or the same sequence stands there, TooMuch for a text that is too long. One
    compare-and-set, so that of two windows at once one is kept and the other told.
    """
    words = {name: _plain(words.get(name, "")) for name in FIELDS[kind]}
    ring = keyring(writer.uuid)
    slots = [keys.slot(kind, node, place) for keys in ring]
    fresh = {
        "page": ring[0].page(node),
        "slot": slots[0],
        "sealed": ring[0].seal(
            {
                "shape": 1,
                "kind": kind,
                "node": str(node),
                "place": place,
                "words": words,
                "saved_at": now.isoformat(),
            },
            slots[0],
        ),
        "sequence": sequence,
    }
    standing = PrivateWriting.objects.filter(writer=writer, slot__in=slots)
    if standing.filter(sequence__lt=sequence).update(**fresh):
        return
    try:
        with transaction.atomic():
            if standing.exists():
                raise Newer
            PrivateWriting.objects.create(writer=writer, **fresh)
    except IntegrityError as problem:  # another window was first by a moment
        raise Newer from problem


def add(kind: Kind, node: uuid.UUID, place: str, words: dict[str, str], *, writer: User, now: datetime) -> None:
    """Keep words beside those that stand at the place already: neither of two windows loses a sentence.

    Raises TooMuch when the two together are too long, Newer when other windows go on saving meanwhile.
    """
    for tries_left in reversed(range(TRIES)):
        standing = at(writer, kind, node, place)
        together = {
            name: _joined(standing.words[name] if standing else "", _plain(words.get(name, "")))
            for name in FIELDS[kind]
        }
        try:
            write(
                kind,
                node,
                place,
                together,
                sequence=standing.sequence + 1 if standing else 1,
                writer=writer,
                now=now,
            )
        except Newer:
            if not tries_left:
                raise
            continue  # a third window; look again
        return


def write_own_plan(condition: str, response: str, *, writer: User, now: datetime) -> None:
    """A plan that hangs on no lesson. Raises TooMuch when there are MOST_OWN_PLANS already."""
    if sum(each.node == NOWHERE for each in everything_of(writer)) >= MOST_OWN_PLANS:
        raise TooMuch
    words = {"condition": condition, "response": response}
    write(Kind.PLAN, NOWHERE, str(uuid.uuid4()), words, sequence=1, writer=writer, now=now)


def forget_place(kind: Kind, node: uuid.UUID, place: str, *, writer: User) -> None:
    """Take away what stands at a place. Nothing there is no error."""
    slots = [keys.slot(kind, node, place) for keys in keyring(writer.uuid)]
    PrivateWriting.objects.filter(writer=writer, slot__in=slots).delete()


def forget(row: uuid.UUID, *, writer: User) -> bool:
    """Take one piece of writing away for good. Returns whether it was the writer's."""
    deleted, _by_model = PrivateWriting.objects.filter(writer=writer, uuid=row).delete()
    return bool(deleted)


def forget_everything(*, writer: User) -> None:
    """Take all that a person has written away for good."""
    PrivateWriting.objects.filter(writer=writer).delete()


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise TooMuch
    return text


def _joined(standing: str, text: str) -> str:
    if not text or text in standing:
        return standing
    if standing in text:
        return text
    return _plain(f"{standing}\n\n{text}")
