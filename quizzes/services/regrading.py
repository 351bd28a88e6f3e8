"""The regrade of an item across all its attempts: asked for, looked at, approved by a second person, then done.

The approval writes one row, the adjustment, and nothing else that grows with the number of learners. The runs it
leads to are made afterwards in chunks (`spread`), and each is graded by the same worker as any other.
"""

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import bell
from oversight import four_eyes, records
from oversight.models import FourEyesRequest
from people.models import User
from quizzes import permissions
from quizzes.kinds.contract import WrongItem
from quizzes.models import Attempt, GradingRun, ItemAdjustment, QuestionCase, Regrade, RegradePreview
from quizzes.services import foreseeing
from quizzes.services.grading import FIRST_RING_AGAIN, ring
from quizzes.services.proposing import ADJUST, Proposal, proposal_of
from quizzes.services.reports import adjusted_as_asked, keep_regrade_with_case

logger = logging.getLogger(__name__)

# --- Asking and approving -------------------------------------------------------------------------------------------


def ask_for_regrade(
    proposal: Proposal, *, reason: str, actor: User, now: datetime, case: QuestionCase | None = None
) -> FourEyesRequest:
    """Ask a second person to adjust an item, with a look at whom it would change. Nothing changes until they approve.

    Where reports of a question led to it, the request stays with their `case`, which has to be the actor's. Raises
    PermissionDenied; ValidationError without a reason or for a key that is none; four_eyes.ConflictError where a
    request about this version waits already.
    """
    if not permissions.may_ask_for_regrade(actor):
        raise PermissionDenied
    if proposal.version.published_at is None:
        raise ValidationError(_("This item was never published, so nobody was asked it."))
    try:
        preview = foreseeing.look(proposal, now=now)
    except WrongItem as problem:
        raise ValidationError(
            _("This is no new key for the item: %(problem)s."), params={"problem": str(problem)}
        ) from problem
    with transaction.atomic():
        asked = four_eyes.request(
            ADJUST, subject=proposal.version, payload=preview.proposal, reason=reason, actor=actor, now=now
        )
        foreseeing.keep_with_request(preview, asked)
        if case is not None:
            keep_regrade_with_case(case, asked, actor=actor, now=now)
    return asked


def adjust_as_approved(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What an approval does, within its transaction: the adjustment is in force, and its regrade is due.

    Raises four_eyes.ConflictError as long as it is not worked out whom it would change: nobody approves that unseen.
    """
    if not RegradePreview.objects.finished().filter(request=four_eyes_request).exists():
        raise four_eyes.ConflictError(
            _("It is still being worked out whom this would change. Decide when you have read it.")
        )
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
    return said + foreseeing.told(RegradePreview.objects.filter(request=four_eyes_request).first())


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
    for chunk in foreseeing.handed_in(regrade.adjustment.version, after=regrade.reached):
        due = [each for each in chunk if foreseeing.was_served(each, regrade.adjustment.version_id)]
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
