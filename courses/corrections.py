"""Corrections by law: proposed by an author, put in force by a legal reviewer, read by every process within a minute.

They are laid over the words of all releases when these are read (`courses.correcting`); the rows of a release, and
what the record log says of them, stay as they were made.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import languages
from courses import permissions
from courses.correcting import Passage, Words, holds
from courses.models import Correction, CorrectionApproval, ReleaseBody
from oversight import four_eyes, records
from oversight.models import FourEyesRequest
from people.models import User

ACTION = "courses.correction.put_in_force"
KEPT_FOR_SECONDS = 60
# A shorter passage might stand, by chance, where nobody thinks of it.
SHORTEST = 20

_kept: tuple[float, dict[str, tuple[Passage, ...]]] = (0, {})


# --- Reading --------------------------------------------------------------------------------------------------------


def in_force(language: str) -> tuple[Passage, ...]:
    """The corrections of a language, oldest first: at most one query a minute in each process."""
    global _kept
    until, by_language = _kept
    if until <= time.monotonic():
        by_language = _read()
        _kept = (time.monotonic() + KEPT_FOR_SECONDS, by_language)
    return by_language.get(language, ())


def in_force_at(language: str, at: datetime) -> tuple[Passage, ...]:
    """The corrections of a language that were shown at a past moment. One query."""
    return _read(correction__language=language, since__lte=at).get(language, ())


def forget() -> None:
    """Read the corrections anew at the next look."""
    global _kept
    _kept = (0, {})


def _read(**conditions) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, tuple[Passage, ...]] = {}
    approvals = CorrectionApproval.objects.filter(**conditions).select_related("correction").order_by("since", "pk")
    for approval in approvals:
        language = approval.correction.language
        found[language] = (*found.get(language, ()), passage_of(approval.correction, approval.since))
    return found


def passage_of(correction: Correction, since: datetime) -> Passage:
    return Passage(correction.old_text, correction.new_text, correction.because, correction.source, since)


# --- Where a passage stands -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A page of a release in which a passage stands."""

    title: str
    release: int
    number: int


def places_of(passage: Passage, language: str) -> list[Standing]:
    """Every page of every release in which the passage stands. Reads all words of the language: a rare deed."""
    return list(_places(passage, language))


def _places(passage: Passage, language: str) -> Iterator[Standing]:
    bodies = ReleaseBody.objects.filter(language=language).order_by("node__release", "node__position")
    rows = bodies.values_list("title", "html", "content", "node__release_id", "node__release__number")
    for title, html, content, release, number in rows.iterator(chunk_size=200):
        if holds(Words(html, content), passage):
            yield Standing(title, release, number)


# --- Proposing and putting in force ---------------------------------------------------------------------------------


def propose(
    *, language: str, old: str, new: str, because: str, source: str, reason: str, actor: User, now: datetime
) -> FourEyesRequest:
    """Propose new words for a passage and ask a legal reviewer to put them in force. Nothing changes until then.

    Raises PermissionDenied, or ValidationError where the passage is too short, unchanged, or stands nowhere. Atomic,
    with its record.
    """
    if not permissions.may_propose_correction(actor):
        raise PermissionDenied
    old, new = old.strip(), new.strip()
    passage = Passage(old, new, because, source, now)
    if len(old) < SHORTEST:
        raise ValidationError({"old": _("Give the whole sentence: a short passage may stand where it is not meant.")})
    if old == new:
        raise ValidationError({"new": _("These are the same words.")})
    if not places_of(passage, language):
        raise ValidationError({"old": nowhere()})
    with transaction.atomic():
        correction = Correction.objects.create(
            language=language,
            old_text=old,
            new_text=new,
            because=because.strip(),
            source=source.strip(),
            proposed_by=actor,
            proposed_at=now,
        )
        records.append(
            "courses.correction.proposed", subject=correction, facts=correction.record_facts(), actor=actor, now=now
        )
        return four_eyes.request(ACTION, subject=correction, reason=reason, actor=actor, now=now)


def nowhere() -> str:
    """What is said of a passage that stands in no release."""
    return _(
        "This passage stands in no release in this language. "
        "Copy it as learners read it, from one paragraph and not across bold words or links."
    )


def put_in_force(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What the approval does, within its transaction. A second approval of the same correction changes nothing."""
    correction = Correction.objects.get(uuid=four_eyes_request.subject)
    approval, created = CorrectionApproval.objects.get_or_create(
        correction=correction, defaults={"approved_by": actor, "since": now}
    )
    if created:
        records.append(
            "courses.correction.put_in_force",
            subject=approval,
            facts=approval.record_facts(),
            actor=actor,
            now=now,
        )
        transaction.on_commit(forget)


def consequence(four_eyes_request: FourEyesRequest) -> str:
    """What the decider should know: the words, and where they stand."""
    correction = Correction.objects.get(uuid=four_eyes_request.subject)
    places = places_of(passage_of(correction, correction.proposed_at), correction.language)
    return ngettext(
        "In %(language)s, on %(pages)d page of the releases, learners read “%(new)s” instead of “%(old)s”, with the "
        "note “%(because)s”. Source: %(source)s. It is shown at once and cannot be taken back; the old words stay for "
        "auditors.",
        "In %(language)s, on %(pages)d pages of the releases, learners read “%(new)s” instead of “%(old)s”, with the "
        "note “%(because)s”. Source: %(source)s. It is shown at once and cannot be taken back; the old words stay for "
        "auditors.",
        len(places),
    ) % {
        "language": languages.name(correction.language),
        "pages": len(places),
        "new": correction.new_text,
        "old": correction.old_text,
        "because": correction.because,
        "source": correction.source,
    }
