"""Grading that loses nothing and does nothing twice.

The grading run's row is the queue and Celery is only the doorbell. Submitting commits the row and then rings; a worker
claims the row by compare-and-set with a lease; one transaction writes the grade, the states, the record and whatever
other apps do on `attempt_graded`; a sweeper rings again for what was not heard.
"""

import logging
import uuid
from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Min
from kombu.exceptions import OperationalError

from oversight import records
from quizzes import content, grading
from quizzes.analysis.outcomes import Judged, outcomes_of
from quizzes.models import Attempt, Grade, GradingRun, ItemOutcomes
from quizzes.signals import attempt_graded

logger = logging.getLogger(__name__)

# Longer than the task's hard time limit (50 s): a worker whose lease has run out is certainly gone.
LEASE = timedelta(seconds=60)
# How long to wait before ringing again: doubled each time, so that a slow broker is not buried in copies.
FIRST_RING_AGAIN = timedelta(seconds=30)
LAST_RING_AGAIN = timedelta(minutes=10)


def queue(attempt: Attempt, cause: str, *, now: datetime) -> GradingRun:
    """Ask for an attempt to be graded. Call it inside the transaction of what calls for it.

    The doorbell rings after the commit and may fail without harm.
    """
    run = GradingRun.objects.create(attempt=attempt, cause=cause, since=now, ring_after=now + FIRST_RING_AGAIN)
    # Robust: what goes wrong with the bell must not turn an answered submission into an error.
    transaction.on_commit(lambda: ring(run.pk), robust=True)
    return run


def ring(run_id: int) -> bool:
    """Tell a worker that a run waits. A dead broker is no error: the sweeper rings again."""
    try:
        current_app.send_task("quizzes.tasks.grade", args=[run_id])
    except (OperationalError, OSError) as problem:
        logger.warning("grading run %s waits for the sweeper: %s", run_id, problem)
        return False
    return True


def claim(run_id: int, *, now: datetime) -> uuid.UUID | None:
    """Take a run. Returns the lease, or None when it is done already or in other hands."""
    lease = uuid.uuid4()
    until = now + LEASE
    taken = (
        GradingRun.objects.claimable(now)
        .filter(pk=run_id)
        .update(state=GradingRun.State.TAKEN, lease=lease, lease_until=until, ring_after=until)
    )
    return lease if taken else None


def grade(run_id: int, *, now: datetime) -> Grade | None:
    """Grade one attempt, exactly once however often it is called and whoever dies on the way.

    Returns the grade, or None when there was nothing to do. The judgement is a pure function of the frozen items and
    the saved answers, so a worker that takes over comes to the same grade. One transaction holds the grade, the
    states, the record and what listeners write.
    """
    lease = claim(run_id, now=now)
    if lease is None:
        return None
    attempt = Attempt.objects.select_related("learner__administration").get(grading_runs=run_id)
    given = _newest_answers(attempt)
    judgement = _judge(attempt, given)
    outcomes = _outcomes(attempt, given, judgement)
    try:
        with transaction.atomic():
            finished = GradingRun.objects.filter(pk=run_id, state=GradingRun.State.TAKEN, lease=lease).update(
                state=GradingRun.State.DONE, lease=None, lease_until=None, ring_after=None, done_at=now
            )
            if not finished:
                return None
            grade = _give(attempt, judgement, outcomes, run_id, now)
    except IntegrityError:
        # Another worker's grade is in: ours has nowhere to go, and theirs is the same.
        if Grade.objects.filter(run=run_id).exists():
            return None
        raise
    return grade


def judge_attempt(attempt: Attempt) -> grading.Judgement:
    """What the answers of an attempt are worth today, by the versions it was served."""
    return _judge(attempt, _newest_answers(attempt))


def _newest_answers(attempt: Attempt) -> dict[int, tuple[dict | None, str]]:
    """By position: the answer that counts, and the language in which it was given."""
    saved = attempt.responses.order_by("position", "sequence").values_list("position", "answer", "language")
    return {position: (answer, language) for position, answer, language in saved}


def _judge(attempt: Attempt, given: dict[int, tuple[dict | None, str]]) -> grading.Judgement:
    served = [item["version"] for item in attempt.served_items]
    keys = content.item_keys(served)
    answers = {position: answer for position, (answer, _language) in given.items()}
    return grading.judge([keys[version] for version in served], answers, attempt.pass_mark)


def _outcomes(attempt: Attempt, given: dict[int, tuple[dict | None, str]], judgement: grading.Judgement) -> dict:
    """What the attempt leaves for item analysis."""
    served = [item["version"] for item in attempt.served_items]
    versions = content.item_versions(served)
    judged = [
        Judged(
            version,
            content.kind_of(version),
            versions[version].structure,
            *given.get(position, (None, "")),
            judgement.items[position],
        )
        for position, version in enumerate(served)
    ]
    return outcomes_of(judged, attempt.language)


def _give(attempt: Attempt, judgement: grading.Judgement, outcomes: dict, run_id: int, now: datetime) -> Grade | None:
    # Voided while it waited: its run is done, and it earns no grade.
    counting = Attempt.objects.filter(pk=attempt.pk).exclude(state=Attempt.State.VOIDED)
    if not counting.update(state=Attempt.State.GRADED):
        return None
    attempt.state = Attempt.State.GRADED
    given = Grade.objects.create(
        attempt=attempt,
        run_id=run_id,
        score=judgement.score,
        points=judgement.points,
        maximum=judgement.maximum,
        bright_line=judgement.bright_line,
        passed=judgement.passed,
        grading_version=grading.GRADING_VERSION,
        given_at=now,
    )
    ItemOutcomes.objects.create(
        attempt=attempt, quiz_version_id=attempt.quiz_version_id, is_first=attempt.number == 1, outcomes=outcomes
    )
    records.append(
        "quizzes.grade.given",
        subject=given,
        facts=given.record_facts(),
        actor=None,
        now=now,
        administration=attempt.learner.administration.uuid,
    )
    attempt_graded.send(Attempt, attempt=attempt, grade=given, now=now)
    return given


def ring_again(now: datetime, limit: int = 500) -> dict:
    """Ring for what was not heard, each row at its own growing interval.

    Returns `{"rung": …, "waiting": …, "oldest_seconds": …}` for the log and the health page.
    """
    rung = 0
    for run_id, rings in GradingRun.objects.to_ring(now).values_list("pk", "rings")[:limit]:
        pause = min(FIRST_RING_AGAIN * 2 ** min(rings, 10), LAST_RING_AGAIN)
        due = GradingRun.objects.to_ring(now).filter(pk=run_id).update(ring_after=now + pause, rings=F("rings") + 1)
        if not due:
            continue
        if not ring(run_id):
            break  # Nobody hears the others either; each keeps its turn.
        rung += 1
    waiting = Attempt.objects.ungraded().aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    oldest = waiting["oldest"]
    return {
        "rung": rung,
        "waiting": waiting["count"],
        "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0,
    }
