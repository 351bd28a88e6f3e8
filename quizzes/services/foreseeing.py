"""Whom a regrade would change: worked out once, before it is asked for, and kept for the person who decides.

Few attempts are read at once. Many are read by workers, in chunks and without a lock, each written in a short
transaction with how far it goes; a worker that dies leaves the next one where it stopped. Nothing of an attempt is
changed by a look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import bell
from oversight.models import FourEyesRequest
from quizzes import adjusted, marked
from quizzes.models import Attempt, ForeseenPass, ItemAdjustment, ItemVersion, RegradePreview, Response
from quizzes.regrading import Change, Preview, change_of
from quizzes.services.grading import standing_before
from quizzes.services.proposing import ADJUST, Proposal, digest_of, proposal_of

# Attempts that are read, judged or queued at a time.
CHUNK = 200
# Up to so many attempts are read while the person waits.
AT_ONCE = 200
# Chunks after which a worker gives way to other work, and rings for the rest.
CHUNKS_A_TASK = 20
# For how long somebody who looks again, or asks, is shown what was worked out before.
FRESH = timedelta(minutes=15)
# For how long a preview is kept that no waiting request needs.
KEPT = timedelta(days=1)
JUDGED = (Attempt.State.SUBMITTED, Attempt.State.GRADING, Attempt.State.GRADED)
PASS_CHANGES = (Change.NEWLY_PASSED, Change.IN_DOUBT)


@dataclass(frozen=True)
class Foreseen:
    """What a proposal would do to one attempt that has a grade."""

    attempt: Attempt
    change: Change
    emptied: bool


@dataclass(frozen=True)
class Chunk:
    """What was seen in one go: `size` attempts up to the one with the id `last`, of which some had been served it."""

    last: int
    size: int
    foreseen: list[Foreseen]


def _to_look_at(version: ItemVersion) -> QuerySet[Attempt]:
    """The attempts that were handed in at a quiz whose pool holds the version: what each was served stands in it."""
    quizzes = set(version.quiz_versions.values_list("pk", flat=True))
    return Attempt.objects.filter(quiz_version__in=quizzes, state__in=JUDGED)


def handed_in(version: ItemVersion, after: int = 0) -> Iterator[list[Attempt]]:
    """The attempts that were handed in and may have been served an item version, in chunks by their ids; no lock is
    held."""
    looked_at = _to_look_at(version).order_by("pk").select_related("learner").prefetch_related("grades")
    while chunk := list(looked_at.filter(pk__gt=after)[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


def was_served(attempt: Attempt, version_id: int) -> bool:
    return any(item["version"] == version_id for item in attempt.served_items)


def foresee(proposal: Proposal, after: int = 0) -> Iterator[Chunk]:
    """What the proposal would do to each attempt that has a grade. Reads in chunks, and writes nothing.

    Raises WrongItem for a new key that is none.
    """
    adjustment = proposal.as_adjustment()
    version = proposal.version
    for chunk in handed_in(version, after):
        attempts = [each for each in chunk if was_served(each, version.pk) and each.grade_in_force]
        answers, shares = _answers_of(attempts), marked.shares_of(attempts)
        versions = {served for attempt in attempts for served in adjusted.versions_of(attempt)}
        adjustments = ItemAdjustment.objects.in_force(versions) | {version.pk: adjustment}
        foreseen = []
        for attempt in attempts:
            judgement = adjusted.judge(attempt, answers.get(attempt.pk, {}), adjustments, shares.get(attempt.pk, {}))
            change = change_of(standing_before(attempt.grades.all()), judgement)
            foreseen.append(Foreseen(attempt, change, emptied=not judgement.maximum))
        yield Chunk(chunk[-1].pk, len(chunk), foreseen)


def _answers_of(attempts: list[Attempt]) -> dict[int, dict[int, dict | None]]:
    found: dict[int, dict[int, dict | None]] = {}
    rows = Response.objects.filter(attempt__in=attempts).order_by("position", "sequence")
    for attempt, position, answer in rows.values_list("attempt", "position", "answer"):
        found.setdefault(attempt, {})[position] = answer
    return found


# --- Looking --------------------------------------------------------------------------------------------------------


def look(proposal: Proposal, *, now: datetime) -> RegradePreview:
    """Whom the proposal would change: done already where few attempts are to be read, else begun, for a worker.

    Who looks again while one is worked out, or soon after, gets that one. Not for use inside a transaction. Raises
    WrongItem for a new key that is none.
    """
    payload = proposal.as_payload()
    digest, attempts = digest_of(payload), _to_look_at(proposal.version).count()
    if attempts > AT_ONCE:
        before = RegradePreview.objects.filter(request=None, version=proposal.version, digest=digest)
        if fresh := before.filter(asked_at__gt=now - FRESH).order_by("-pk").first():
            return fresh
    preview = RegradePreview.objects.create(
        version=proposal.version, proposal=payload, digest=digest, attempts=attempts, asked_at=now
    )
    if attempts > AT_ONCE:
        transaction.on_commit(lambda: ring_for_preview(preview.pk), robust=True)
    else:
        carry_on_preview(preview.pk, now=now)
        preview.refresh_from_db()
    return preview


def ring_for_preview(preview_id: int) -> bool:
    """Ask a worker to go on with a preview; False where none hears, and the sweeper asks again."""
    return bell.ring("quizzes.tasks.carry_on_preview", preview_id)


def carry_on_preview(preview_id: int, *, now: datetime) -> None:
    """Go on with a preview from where it stands, for some chunks. May be called twice, and be interrupted anywhere."""
    preview = RegradePreview.objects.unfinished().select_related("version").filter(pk=preview_id).first()
    if preview is None:
        return
    proposal = Proposal.of_payload(preview.version, preview.proposal)
    for number, chunk in enumerate(foresee(proposal, after=preview.reached), start=1):
        if not _keep(preview, chunk):
            return  # Another has gone on from here.
        if number == CHUNKS_A_TASK:
            transaction.on_commit(lambda: ring_for_preview(preview.pk), robust=True)
            return
    _as_it_stands(preview).update(finished_at=now)


def _as_it_stands(preview: RegradePreview) -> QuerySet[RegradePreview]:
    return RegradePreview.objects.unfinished().filter(pk=preview.pk, reached=preview.reached)


def _keep(preview: RegradePreview, chunk: Chunk) -> bool:
    """Write what was seen in a chunk. Compare-and-set on how far the preview goes, so that nobody counts twice."""
    counts = preview.counted + Preview.of((each.change, each.emptied) for each in chunk.foreseen)
    with transaction.atomic():
        moved = _as_it_stands(preview).update(
            reached=chunk.last, looked_at=F("looked_at") + chunk.size, counts=counts.as_data()
        )
        if not moved:
            return False
        ForeseenPass.objects.bulk_create(
            ForeseenPass(preview=preview, attempt=each.attempt, change=each.change)
            for each in chunk.foreseen
            if each.change in PASS_CHANGES
        )
    preview.reached, preview.counts = chunk.last, counts.as_data()
    return True


def sweep_previews(now: datetime) -> None:
    """Ring for previews whose bell nobody heard, or whose worker died; let go of those that nobody needs any more; see
    to it that whoever decides on a request finds one."""
    waiting = FourEyesRequest.objects.filter(action=ADJUST, state=FourEyesRequest.State.PENDING)
    needed = Q(request__state=FourEyesRequest.State.PENDING)
    RegradePreview.objects.exclude(needed).filter(asked_at__lt=now - KEPT).delete()
    for preview_id in RegradePreview.objects.unfinished().values_list("pk", flat=True):
        if not ring_for_preview(preview_id):
            break
    for asked in waiting.exclude(pk__in=RegradePreview.objects.exclude(request=None).values("request")):
        keep_with_request(look(proposal_of(asked), now=now), asked)


def keep_with_request(preview: RegradePreview, four_eyes_request: FourEyesRequest) -> None:
    """Let whoever decides on a request read the preview of what it asks for."""
    RegradePreview.objects.filter(pk=preview.pk, request=None).update(request=four_eyes_request)


# --- Telling --------------------------------------------------------------------------------------------------------


def told(preview: RegradePreview | None) -> str:
    """What a preview comes to, in words, with the moment for which it holds; or how far it is."""
    if preview is None or not preview.is_finished:
        return told_progress(preview)
    return f"{_told_counts(preview.counted)} {told_moment(preview)}"


def told_progress(preview: RegradePreview | None) -> str:
    """How far a preview is that a worker still has to finish, or, with None, to begin."""
    if preview is None:
        return _("It is being worked out whom this would change. Look again in a minute.")
    return ngettext(
        "It is being worked out whom this would change: %(done)d of %(count)d attempt so far. Look again in a minute.",
        "It is being worked out whom this would change: %(done)d of %(count)d attempts so far. Look again in a"
        " minute.",
        preview.attempts,
    ) % {"done": preview.looked_at, "count": preview.attempts}


def told_moment(preview: RegradePreview) -> str:
    """For which moment a finished preview holds, and what becomes of attempts that came in since."""
    return _(
        "Counted on %(moment)s. Attempts that were graded since are judged again too; who hands in after the approval "
        "is graded by it from the start."
    ) % {"moment": date_format(timezone.localtime(preview.finished_at), "DATETIME_FORMAT")}


def _told_counts(counts: Preview) -> str:
    sentences = [
        ngettext(
            "%(count)d graded attempt was served it.", "%(count)d graded attempts were served it.", counts.attempts
        )
        % {"count": counts.attempts},
        _("Newly passed: %(passed)d. Higher score: %(up)d. Lower score: %(down)d. Unchanged: %(unchanged)d.")
        % {
            "passed": counts.newly_passed,
            "up": counts.up,
            "down": counts.down,
            "unchanged": counts.unchanged + counts.decided,
        },
    ]
    if counts.in_doubt:
        sentences.append(
            ngettext(
                "%(count)d pass would not be given any more; it stands until two people withdraw it.",
                "%(count)d passes would not be given any more; they stand until two people withdraw them.",
                counts.in_doubt,
            )
            % {"count": counts.in_doubt}
        )
    if counts.emptied:
        sentences.append(
            ngettext(
                "Of %(count)d attempt nothing would be left that counts, and it could not be passed.",
                "Of %(count)d attempts nothing would be left that counts, and they could not be passed.",
                counts.emptied,
            )
            % {"count": counts.emptied}
        )
    return " ".join(sentences)
