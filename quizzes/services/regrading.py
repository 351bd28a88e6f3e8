"""The regrade of an item across all its attempts: asked for, looked at, approved by a second person, then done.

The approval writes one row, the adjustment, and nothing else that grows with the number of learners. The runs it
leads to are made afterwards in chunks (`spread`), and each is graded by the same worker as any other.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import bell
from oversight import four_eyes, records
from oversight.models import FourEyesRequest
from people.models import User
from quizzes import adjusted, content, marked, permissions
from quizzes.kinds.contract import WrongItem
from quizzes.models import Attempt, GradingRun, ItemAdjustment, ItemVersion, Regrade, Response
from quizzes.regrading import Change, Preview, change_of
from quizzes.services.grading import FIRST_RING_AGAIN, ring, standing_before
from quizzes.services.reports import adjusted_as_asked

logger = logging.getLogger(__name__)

ADJUST = "quizzes.item.adjust"
# Attempts that are read, judged or queued at a time.
CHUNK = 200
JUDGED = (Attempt.State.SUBMITTED, Attempt.State.GRADING, Attempt.State.GRADED)

Deed = ItemAdjustment.Deed


@dataclass(frozen=True)
class Proposal:
    """What is to be done about an item version. `structure` and `texts` belong to a new key; None is as published."""

    version: ItemVersion
    deed: Deed
    structure: dict | None = None
    texts: dict | None = None

    def as_adjustment(self) -> ItemAdjustment:
        """The row that an approval would write, not saved. Raises WrongItem for a new key that is none."""
        adjustment = ItemAdjustment(version=self.version, deed=self.deed)
        if self.deed == Deed.CHANGE_KEY:
            adjustment.structure = self.version.structure if self.structure is None else self.structure
            published = content.item_texts([self.version.pk])[self.version.pk]
            adjustment.texts = published if self.texts is None else self.texts
            adjusted.check(self.version, adjustment.structure, adjustment.texts)
        return adjustment


def newer_keys(version: ItemVersion) -> dict[ItemVersion, Proposal]:
    """The newer published versions of an item that differ from this one in the key alone, each with what it proposes.

    Only the languages that were asked count: what a newer version says in others was said to nobody. A few queries.
    """
    asked = content.item_texts([version.pk])[version.pk]
    newer = version.item.versions.filter(published_at__isnull=False, number__gt=version.number, kind=version.kind)
    found = {}
    for each in newer.order_by("-number").prefetch_related("texts"):
        texts = {text.language: text.content for text in each.texts.all() if text.language in asked}
        if (each.structure, texts) == (version.structure, asked):
            continue
        proposal = Proposal(version, Deed.CHANGE_KEY, each.structure, texts)
        try:
            proposal.as_adjustment()
        except WrongItem:
            continue
        found[each] = proposal
    return found


# --- Looking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Foreseen:
    """What a proposal would do to one attempt that has a grade."""

    attempt: Attempt
    change: Change
    emptied: bool


def served(version: ItemVersion, after: int = 0) -> Iterator[list[Attempt]]:
    """The attempts that were handed in and were served an item version, in chunks by their ids; no lock is held.

    What was served stands in each attempt; which attempts to look at is known by the pools that hold the version.
    """
    quizzes = set(version.quiz_versions.values_list("pk", flat=True))
    looked_at = Attempt.objects.filter(quiz_version__in=quizzes, state__in=JUDGED).order_by("pk")
    while chunk := list(looked_at.filter(pk__gt=after).select_related("learner").prefetch_related("grades")[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


def _was_served(attempt: Attempt, version_id: int) -> bool:
    return any(item["version"] == version_id for item in attempt.served_items)


def foresee(proposal: Proposal) -> Iterator[Foreseen]:
    """What the proposal would do to each attempt that has a grade. Reads in chunks, and writes nothing.

    Raises WrongItem for a new key that is none.
    """
    adjustment = proposal.as_adjustment()
    version = proposal.version
    for chunk in served(version):
        attempts = [each for each in chunk if _was_served(each, version.pk) and each.grade_in_force]
        answers, shares = _answers_of(attempts), marked.shares_of(attempts)
        versions = {served for attempt in attempts for served in adjusted.versions_of(attempt)}
        adjustments = ItemAdjustment.objects.in_force(versions) | {version.pk: adjustment}
        for attempt in attempts:
            judgement = adjusted.judge(attempt, answers.get(attempt.pk, {}), adjustments, shares.get(attempt.pk, {}))
            change = change_of(standing_before(attempt.grades.all()), judgement)
            yield Foreseen(attempt, change, emptied=not judgement.maximum)


def _answers_of(attempts: list[Attempt]) -> dict[int, dict[int, dict | None]]:
    found: dict[int, dict[int, dict | None]] = {}
    rows = Response.objects.filter(attempt__in=attempts).order_by("position", "sequence")
    for attempt, position, answer in rows.values_list("attempt", "position", "answer"):
        found.setdefault(attempt, {})[position] = answer
    return found


def preview(proposal: Proposal) -> Preview:
    """How many attempts would change, and how."""
    return Preview.of((each.change, each.emptied) for each in foresee(proposal))


# --- Asking and approving -------------------------------------------------------------------------------------------


def ask_for_regrade(proposal: Proposal, *, reason: str, actor: User, now: datetime) -> FourEyesRequest:
    """Ask a second person to adjust an item. Nothing changes until they approve.

    Raises PermissionDenied; ValidationError without a reason or for a key that is none; four_eyes.ConflictError where
    a request about this version waits already.
    """
    if not permissions.may_ask_for_regrade(actor):
        raise PermissionDenied
    if proposal.version.published_at is None:
        raise ValidationError(_("This item was never published, so nobody was asked it."))
    payload = {"deed": str(proposal.deed)}
    if proposal.deed == Deed.CHANGE_KEY:
        try:
            adjustment = proposal.as_adjustment()
        except WrongItem as problem:
            raise ValidationError(
                _("This is no new key for the item: %(problem)s."), params={"problem": str(problem)}
            ) from problem
        payload |= {"structure": adjustment.structure, "texts": adjustment.texts}
    return four_eyes.request(ADJUST, subject=proposal.version, payload=payload, reason=reason, actor=actor, now=now)


def proposal_of(four_eyes_request: FourEyesRequest) -> Proposal:
    """What a request asks for."""
    payload = four_eyes_request.payload
    version = ItemVersion.objects.select_related("item__bank").get(uuid=four_eyes_request.subject)
    return Proposal(version, Deed(payload["deed"]), payload.get("structure"), payload.get("texts"))


def adjust_as_approved(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What an approval does, within its transaction: the adjustment is in force, and its regrade is due."""
    proposal = proposal_of(four_eyes_request)
    adjustment = proposal.as_adjustment()
    # The requests about one version follow one another, and so do their numbers: one waits at most.
    adjustment.number = ItemAdjustment.objects.filter(version=proposal.version).count() + 1
    adjustment.reason = four_eyes_request.reason
    adjustment.requested_by, adjustment.approved_by, adjustment.at = four_eyes_request.requester, actor, now
    adjustment.save(force_insert=True)
    Regrade.objects.create(adjustment=adjustment)
    adjusted_as_asked(four_eyes_request, adjustment, actor=actor, now=now)
    records.append("quizzes.item.adjusted", subject=adjustment, facts=adjustment.record_facts(), actor=actor, now=now)
    transaction.on_commit(lambda: _ring_for(adjustment.pk), robust=True)


def _ring_for(adjustment_id: int) -> None:
    bell.ring("quizzes.tasks.spread", adjustment_id)


def consequence_of_adjustment(four_eyes_request: FourEyesRequest) -> str:
    """What the decider should know: the deed, and, while it waits, whom it would change today."""
    proposal = proposal_of(four_eyes_request)
    said = _("Item “%(item)s”, version %(number)d. %(deed)s. ") % {
        "item": proposal.version.item.key,
        "number": proposal.version.number,
        "deed": proposal.deed.label,
    }
    if four_eyes_request.state != FourEyesRequest.State.PENDING:
        return said.strip()
    return said + told(preview(proposal))


def told(counts: Preview) -> str:
    """A preview in words."""
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


# --- Doing it -------------------------------------------------------------------------------------------------------


def spread(adjustment_id: int, *, now: datetime) -> int:
    """Make the runs that an adjustment calls for, one for each attempt that was served its item. Returns how many.

    Each chunk is read without a lock and written in a short transaction of its own, with how far it went. Called
    again, by whoever and at the same moment, it goes on where the other stopped and makes no run twice.
    """
    regrade = Regrade.objects.unfinished().filter(adjustment=adjustment_id).first()
    if regrade is None:
        return 0
    made = 0
    for chunk in served(regrade.adjustment.version, after=regrade.reached):
        due = [each for each in chunk if _was_served(each, regrade.adjustment.version_id)]
        runs = _queue_chunk(regrade, chunk[-1].pk, due, now)
        if runs is None:
            return made  # Another has gone on from here.
        made += len(runs)
        _ring_each(runs)
    Regrade.objects.filter(pk=regrade.pk, reached=regrade.reached, finished_at=None).update(finished_at=now)
    return made


def _queue_chunk(regrade: Regrade, last: int, due: list[Attempt], now: datetime) -> list[GradingRun] | None:
    with transaction.atomic():
        moved = Regrade.objects.filter(pk=regrade.pk, reached=regrade.reached, finished_at=None).update(
            reached=last, queued=F("queued") + len(due)
        )
        if not moved:
            return None
        regrade.reached = last
        return GradingRun.objects.bulk_create(
            GradingRun(
                attempt=attempt,
                cause=GradingRun.Cause.REGRADE,
                adjustment=regrade.adjustment,
                since=now,
                ring_after=now + FIRST_RING_AGAIN,
            )
            for attempt in due
        )


def _ring_each(runs: list[GradingRun]) -> None:
    """Ring for each; where nobody hears, the sweeper rings for the rest."""
    for run in runs:
        if not ring(run.pk):
            return


def spread_unfinished(now: datetime) -> int:
    """Go on with every regrade whose runs are not all made: its task was not heard, or its worker died.

    One that fails holds up no other. Returns how many runs were made.
    """
    made = 0
    for regrade in list(Regrade.objects.unfinished()):
        try:
            made += spread(regrade.adjustment_id, now=now)
        except Exception:
            logger.exception("adjustment %s could not be spread; the next sweep tries again", regrade.adjustment_id)
    return made
