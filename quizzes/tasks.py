"""Celery's side of grading: take an id, ask the service, return. Everything that counts is in the row."""

import logging

from celery import shared_task
from django.utils import timezone

from quizzes import services

logger = logging.getLogger(__name__)


@shared_task
def grade(run_id: int) -> None:
    """Do a grading run, if it still waits."""
    services.grade(run_id, now=timezone.now())


@shared_task
def sweep() -> None:
    """Hand in what ran out of time and ring for what was not heard. Runs every 30 seconds, and may run twice."""
    now = timezone.now()
    late = services.submit_out_of_time(now)
    state = services.ring_again(now)
    if late or state["waiting"]:
        logger.info(
            "attempts: %s out of time handed in, %s rung again, %s waiting, oldest for %s s",
            late,
            state["rung"],
            state["waiting"],
            state["oldest_seconds"],
        )
