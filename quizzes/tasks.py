"""Celery's side of grading and item analysis: take an id, ask the service. Everything that counts is in the row."""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from quizzes import services
from quizzes.banking import arrivals
from quizzes.models import Marking
from quizzes.services import analysing, marking

logger = logging.getLogger(__name__)

# Some thousand times what a grade takes, and longer than SQLite lets anybody wait for its lock; under
# quizzes.services.grading.LEASE, which is how long an attempt waits whose worker was killed over it.
GRADE_SECONDS = 30
# Many times what 100,000 attempts take.
ANALYSIS_SECONDS = 10 * 60
# A file may bring 200 MB of pictures; under quizzes.banking.arrivals.LEASE.
QUESTIONS_SECONDS = 270


@shared_task(soft_time_limit=GRADE_SECONDS - 5, time_limit=GRADE_SECONDS)
def grade(run_id: int) -> None:
    """Do a grading run, if it still waits."""
    services.grade(run_id, now=timezone.now())


@shared_task
def spread(adjustment_id: int) -> None:
    """Make the grading runs that an adjusted item calls for."""
    services.spread(adjustment_id, now=timezone.now())


@shared_task
def carry_on_preview(preview_id: int) -> None:
    """Go on working out whom a regrade would change."""
    services.carry_on_preview(preview_id, now=timezone.now())


@shared_task
def sweep_previews() -> None:
    """Ring for previews whose bell nobody heard, and let go of old ones. Runs every minute, and may run twice."""
    services.sweep_previews(timezone.now())


@shared_task
def sweep() -> None:
    """Hand in what ran out of time, go on with regrades that stopped, and ring for what was not heard.

    Runs every 30 seconds, and may run twice.
    """
    now = timezone.now()
    late = services.submit_out_of_time(now)
    services.spread_unfinished(now)
    state = services.ring_again(now)
    if late or state["waiting"]:
        logger.info(
            "attempts: %s out of time handed in, %s rung again, %s waiting, oldest for %s s",
            late,
            state["rung"],
            state["waiting"],
            state["oldest_seconds"],
        )


@shared_task
def catch_up() -> None:
    """Ring for every grading that waits. A worker asks for it when it comes to its broker; it may run twice."""
    rung = services.ring_for_all(timezone.now())
    if rung:
        logger.info("gradings: %s rung for, after a worker came back", rung)


@shared_task
def tell_of_marking() -> None:
    """Say in the log how much waits for markers. Runs every hour."""
    counts = marking.at_a_glance(Marking.objects.of_graders(), now=timezone.now())
    if counts.waiting or counts.overdue:
        logger.info(
            "marking: %s answers wait for a marker, %s differences for an assessor, %s overdue",
            counts.waiting - counts.moderations,
            counts.moderations,
            counts.overdue,
        )


@shared_task(soft_time_limit=ANALYSIS_SECONDS, time_limit=ANALYSIS_SECONDS + 30)
def analyse(analysis_id: int) -> None:
    """Do an item analysis, if it still waits."""
    try:
        analysing.work_on(analysis_id, clock=timezone.now)
    except SoftTimeLimitExceeded:
        analysing.give_up(analysis_id, now=timezone.now())


@shared_task
def sweep_analyses() -> None:
    """Ring for analyses whose bell nobody heard, or whose worker went. Runs every minute, and may run twice."""
    services.ring_for_analyses(timezone.now())


@shared_task(soft_time_limit=QUESTIONS_SECONDS, time_limit=QUESTIONS_SECONDS + 30)
def carry_on_questions(file_id: int) -> None:
    """Look at a file of questions that an author brought, or take it in."""
    try:
        arrivals.carry_on(file_id, now=timezone.now())
    except SoftTimeLimitExceeded:
        arrivals.give_up(file_id, now=timezone.now())


@shared_task
def sweep_questions() -> None:
    """Ring for files whose bell nobody heard, or whose worker went. Runs every minute, and may run twice."""
    arrivals.ring_all(timezone.now())


@shared_task
def clear_questions() -> None:
    """Remove files of questions that nobody confirmed. Runs every day, and may run twice."""
    arrivals.clear(timezone.now())


@shared_task
def clear_answer_files() -> None:
    """Remove files of answers that no row names. Runs every day, and may run twice."""
    cleared = services.clear_unnamed_files(timezone.now())
    if cleared:
        logger.info("answers: %s files that no row names were removed", cleared)


@shared_task
def tell_reporters() -> None:
    """Write to those whose report was answered. Runs every minute too, and may run twice."""
    services.tell_reporters(timezone.now())


@shared_task
def tell_of_deadlines() -> None:
    """Remind of reported questions and appeals whose day is near or over. Runs every quarter of an hour, and may run
    twice.
    """
    services.tell_of_deadlines(timezone.now())


@shared_task
def let_go_of_outcomes() -> None:
    """Take from what results left for item analysis whose they were, once nobody can appeal them. Runs every day."""
    let_go = services.let_go_of_outcomes(timezone.now())
    if let_go:
        logger.info("outcomes: %s lost their link to an attempt", let_go)
