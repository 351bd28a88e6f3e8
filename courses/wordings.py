"""What administrations say in their letters and on their certificates instead of what ships."""

import time
import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.wordings import Own, Wording, shipped
from courses.models import OwnWording
from courses.permissions import may_word
from oversight import records
from people.models import Administration

KEPT_FOR_SECONDS = 60

# Letters are written one by one and certificates many at once: kept in this process for a minute.
_kept: dict[int, tuple[float, Own]] = {}


def own_of(administration_id: int) -> Own:
    """An administration's own words, by wording and language. At most one query a minute."""
    kept = _kept.get(administration_id)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    own = own_of_all([administration_id]).get(administration_id, {})
    _kept[administration_id] = (time.monotonic() + KEPT_FOR_SECONDS, own)
    return own


def own_of_all(administration_ids: list[int]) -> dict[int, dict[str, dict[str, dict[str, str]]]]:
    """The same of several, as they stand. One query."""
    found: dict[int, dict] = {}
    for row in OwnWording.objects.filter(administration__in=administration_ids).order_by("number"):
        languages = found.setdefault(row.administration_id, {}).setdefault(row.wording, {})
        languages.pop(row.language, None)
        if row.parts["parts"]:
            languages[row.language] = row.parts["parts"]
    return found


def forget() -> None:
    _kept.clear()


def key_of(administration: Administration, wording: Wording) -> uuid.UUID:
    """The name that an administration's letter or certificate has in every language."""
    return uuid.uuid5(administration.uuid, wording.key)


def write(
    administration: Administration, wording: Wording, language: str, parts: dict[str, str], *, actor, now: datetime
) -> OwnWording:
    """Let letters and certificates say this from now on. `parts` has all of the wording's.

    The words that ship, written down again, are no words of its own: then what ships counts, in its next edition too.
    Atomic, with its record in the log. Raises PermissionDenied; IntegrityError where somebody else writes at once.
    """
    if not may_word(actor, administration):
        raise PermissionDenied
    said = {part.name: parts[part.name] for part in wording.parts}
    if said == shipped(wording, language):
        said = {}
    place = {"administration": administration, "wording": wording.key, "language": language}
    with transaction.atomic():
        latest = OwnWording.objects.filter(**place).order_by("number").last()
        made = OwnWording.objects.create(
            **place,
            number=latest.number + 1 if latest else 1,
            parts={"shape": 1, "parts": said},
            written_at=now,
            written_by=actor,
        )
        records.append("courses.wording.written", subject=made, facts=made.record_facts(), actor=actor, now=now)
        # This process says it from now on, the others within a minute.
        transaction.on_commit(forget)
    return made
