"""Grading that loses nothing and does nothing twice.

The grading run's row is the queue and Celery is only the doorbell. Submitting commits the row and then rings; a worker
claims the row by compare-and-set with a lease; one transaction writes the grade, the states, the record and whatever
other apps do on `attempt_graded`; a sweeper rings again for what was not heard.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Min

from core import bell
from core.prepared import Prepared, PreparedUpdate, insert
from oversight import records
from quizzes import adjusted, grading, marked
from quizzes.analysis.outcomes import Judged, outcomes_of
from quizzes.kinds import KINDS
from quizzes.models import Attempt, Grade, GradingRun, ItemOutcomes
from quizzes.regrading import Standing, outcome_of
from quizzes.services import held_answers, markers_tasks, result_letters
from quizzes.signals import attempt_graded

MARKING = GradingRun.Cause.MARKING

# By position: the answer that counts, and the language in which it was given.
Given = dict[int, tuple[dict | None, str]]

# Longer than the task's hard time limit: a worker whose lease has run out is certainly gone.
LEASE = timedelta(seconds=40)
# How long to wait before ringing again: doubled each time, so that a slow broker is not buried in copies.
FIRST_RING_AGAIN = timedelta(seconds=30)
LAST_RING_AGAIN = timedelta(minutes=10)


def queue(attempt: Attempt, cause: str, *, now: datetime) -> GradingRun:
    """Ask for an attempt to be graded. Call it inside the transaction of what calls for it.

    The doorbell rings after the commit and may fail without harm.
    """
    run = GradingRun(attempt=attempt, cause=cause, since=now, ring_after=now + FIRST_RING_AGAIN)
    insert(run)
    # Robust: what goes wrong with the bell must not turn an answered submission into an error.
    transaction.on_commit(lambda: ring(run.pk), robust=True)
    return run


def ring(run_id: int) -> bool:
    """Tell a worker that a run waits."""
    return bell.ring("quizzes.tasks.grade", run_id)


def _taken(slot):
    becomes = {
        "state": GradingRun.State.TAKEN,
        "lease": slot.lease,
        "lease_until": slot.until,
        "ring_after": slot.until,
    }
    return GradingRun.objects.claimable(slot.now).filter(pk=slot.run), becomes


def _done(slot):
    becomes = {"state": GradingRun.State.DONE, "lease": None, "lease_until": None, "ring_after": None}
    held = GradingRun.objects.filter(pk=slot.run, state=GradingRun.State.TAKEN, lease=slot.lease)
    return held, becomes | {"done_at": slot.now}


def _graded(slot):
    # Voided while it waited: its run is done, and it earns no grade.
    counting = Attempt.objects.filter(pk=slot.attempt).exclude(state=Attempt.State.VOIDED)
    return counting, {"state": Attempt.State.GRADED}


_TAKEN, _DONE, _GRADED = PreparedUpdate(_taken), PreparedUpdate(_done), PreparedUpdate(_graded)
_RUN = Prepared(
    lambda slot: (
        GradingRun.objects.select_related("attempt")
        .annotate(administration=F("attempt__learner__administration__uuid"))
        .filter(pk=slot.run)
    )
)


def claim(run_id: int, *, now: datetime) -> uuid.UUID | None:
    """Take a run. Returns the lease, or None when it is done already or in other hands."""
    lease = uuid.uuid4()
    until = now + LEASE
    return lease if _TAKEN.run(run=run_id, now=now, lease=lease, until=until) else None


def grade(run_id: int, *, now: datetime) -> Grade | None:
    """Do one grading run, exactly once however often it is called and whoever dies on the way.

    Returns the grade, or None when there was nothing to do, or when people have to mark some of it first: then their
    tasks stand. The judgement is a pure function of the frozen items, the adjustments in force, the saved answers and
    the marks, so a worker that takes over comes to the same grade. One transaction judges and writes the grade, the
    states, the record and what listeners write.
    """
    lease = claim(run_id, now=now)
    if lease is None:
        return None
    run = _RUN.one(run=run_id)
    try:
        with transaction.atomic():
            return _give(run, now) if _DONE.run(run=run_id, lease=lease, now=now) else None
    except IntegrityError:
        # Another worker's grade is in: ours has nowhere to go, and theirs is the same.
        if Grade.objects.filter(run=run_id).exists():
            return None
        raise


def _answers(given: Given) -> dict[int, dict | None]:
    return {position: answer for position, (answer, _language) in given.items()}


def answers_of(attempt: Attempt) -> dict[int, dict | None]:
    """The answer that counts at each position."""
    return _answers(held_answers.given(attempt))


def judge_attempt(attempt: Attempt, adjustments: adjusted.InForce | None = None) -> grading.Judgement:
    """What the answers of an attempt are worth, by the versions it was served and the adjustments in force today."""
    if adjustments is None:
        adjustments = adjusted.in_force(attempt)
    return adjusted.judge(attempt, answers_of(attempt), adjustments, marked.shares(attempt))


def standing_before(grades: Sequence[Grade]) -> Standing | None:
    """The grade in force, of all those of an attempt, as the rules of regrading ask for it.

    What two people decided binds every later regrade, also after one that was better; until they withdraw the pass.
    """
    by_number = sorted(grades, key=lambda grade: grade.number)
    if not by_number:
        return None
    by_people = (Grade.Origin.OVERRIDDEN, Grade.Origin.WITHDRAWN)
    last = next((grade.origin for grade in reversed(by_number) if grade.origin in by_people), None)
    in_force = by_number[-1]
    return Standing(in_force.score, in_force.passed, decided=last == Grade.Origin.OVERRIDDEN)


def hold(attempt: Attempt) -> Attempt | None:
    """The attempt as it is now, held until the transaction ends; None where it was voided.

    Whoever gives a grade holds the attempt first and reads what was given before and what is in force afterwards: two
    grades of one attempt follow one another, and the later knows what the earlier knew.
    """
    held = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    return None if held.state == Attempt.State.VOIDED else held


def _give(run: GradingRun, now: datetime) -> Grade | None:
    """Hold the attempt, then judge it: so what is in force at this moment is what counts."""
    attempt = run.attempt
    is_regrade = run.cause == GradingRun.Cause.REGRADE
    before, grades = None, []
    if is_regrade:
        if (held := hold(attempt)) is None:
            return None
        grades = list(attempt.grades.order_by("number"))
        before = grades[-1] if grades else None
        if before is None:
            # Not graded yet: the grading that is due holds the attempt after us, and finds the adjustment in force.
            # What nobody has to mark any more may be the last that it waits for.
            settle(held, now=now)
            return None
    elif _GRADED.run(attempt=attempt.pk):
        attempt.state = Attempt.State.GRADED
    else:
        return None
    given = held_answers.given(attempt)
    adjustments = adjusted.in_force(attempt)
    judgement = adjusted.judge(attempt, _answers(given), adjustments, marked.shares(attempt))
    if judgement.awaited and not is_regrade:
        _give_to_markers(attempt, given, judgement.awaited, now)
        return None
    _keep_outcomes(attempt, given, judgement, adjustments, anew=is_regrade)
    outcome = outcome_of(standing_before(grades), judgement)
    if outcome is None:
        return None
    grade = Grade(
        run=run,
        origin=Grade.Origin.REGRADED if is_regrade else Grade.Origin.GRADED,
        reason=run.adjustment.reason if is_regrade else "",
        score=judgement.score,
        points=judgement.points,
        maximum=judgement.maximum,
        bright_line=judgement.bright_line,
        passed=outcome.passed,
        pass_stands=outcome.pass_stands,
    )
    return write(grade, attempt, before, actor=None, now=now, administration=run.administration)


def _give_to_markers(attempt: Attempt, given: Given, awaited: Collection[int], now: datetime) -> None:
    """Make the tasks of those who mark what no program reads; its grade waits for them."""
    markers_tasks.make(attempt, {position: given[position][1] or attempt.language for position in awaited}, now=now)
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.GRADING)


def settle(attempt: Attempt, *, now: datetime) -> None:
    """Have an attempt graded if people have marked all that has to be marked. The caller holds it.

    The questions that turned out to be wrong are nobody's task any more.
    """
    if attempt.state != Attempt.State.GRADING:
        return
    adjustments = adjusted.in_force(attempt)
    treated = [p for p, version in enumerate(adjusted.versions_of(attempt)) if version in adjustments]
    markers_tasks.call_off(attempt, treated)
    if not attempt.markings.open().exists() and not attempt.grading_runs.filter(cause=MARKING).exists():
        queue(attempt, MARKING, now=now)


def _keep_outcomes(
    attempt: Attempt, given: Given, judgement: grading.Judgement, adjustments: adjusted.InForce, *, anew: bool
) -> None:
    """What the attempt leaves for item analysis; `anew` where it has left something before.

    An item that is dropped or credited says nothing about its learners any more, and is left out.
    """
    judged = []
    for position, item in enumerate(adjusted.items_of(adjusted.versions_of(attempt), adjustments)):
        if item.treatment is None:
            answer, language = given.get(position, (None, ""))
            version, judged_as = item.version, judgement.items[position]
            judged.append(Judged(version.pk, KINDS[version.kind], item.structure, answer, language, judged_as))
    outcomes = outcomes_of(judged, attempt.language)
    if anew:
        ItemOutcomes.objects.filter(attempt=attempt).update(outcomes=outcomes)
        return
    first = attempt.number == 1
    insert(ItemOutcomes(attempt=attempt, quiz_version_id=attempt.quiz_version_id, is_first=first, outcomes=outcomes))


def write(
    grade: Grade,
    attempt: Attempt,
    before: Grade | None,
    *,
    actor,
    now: datetime,
    administration: uuid.UUID | None = None,
) -> Grade:
    """Give a grade after the one before it, with its letter and its record, and announce it. The caller holds the
    attempt. `administration` is its learner's, for a caller that knows it."""
    grade.attempt = attempt
    grade.number = before.number + 1 if before else 1
    grade.grading_version = grading.GRADING_VERSION
    grade.given_at = now
    insert(grade)
    result_letters.tell(grade, attempt, before, now=now)
    records.append(
        "quizzes.grade.given",
        subject=grade,
        facts=grade.record_facts(),
        actor=actor,
        now=now,
        administration=administration or attempt.learner.administration.uuid,
    )
    attempt_graded.send(Attempt, attempt=attempt, grade=grade, before=before, now=now)
    return grade


def ring_for_all(now: datetime, limit: int = 500) -> int:
    """Ring for what waits without waiting for its turn, oldest first: for a worker that comes to its broker, which may
    have lost what was rung for meanwhile. Returns how many; what is heard twice is done once.
    """
    waiting = GradingRun.objects.claimable(now).order_by("since").values_list("pk", flat=True)[:limit]
    return sum(ring(run_id) for run_id in list(waiting))


def ring_again(now: datetime, limit: int = 500) -> dict:
    """Ring for what was not heard, each row at its own growing interval.

    Returns `{"rung": …, "waiting": …, "oldest_seconds": …}` for the log and the health page. Attempts that people mark
    have days, and a count of their own (services.marking.at_a_glance).
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
    waiting = Attempt.objects.waiting_for_a_worker().aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    oldest = waiting["oldest"]
    return {
        "rung": rung,
        "waiting": waiting["count"],
        "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0,
    }
