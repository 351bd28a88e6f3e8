"""Asking for the item analysis of a quiz. The row is the queue and Celery the doorbell, as in grading.

What a worker then does stands in `quizzes.services.analysing`, apart, because it loads NumPy.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from core import bell
from quizzes import errors
from quizzes.models import Analysis, ItemOutcomes, Quiz
from quizzes.permissions import may_analyse

# Two analyses that differ by a few attempts would tell by subtraction what those few have chosen: as many new ones are
# asked for as the least from which a share is told.
LEAST_NEW = 30


def new_attempts(quiz: Quiz) -> int:
    """How many attempts there are that the newest analysis has not counted."""
    counted = Analysis.objects.done().filter(quiz=quiz).values_list("attempts", flat=True).first() or 0
    return max(0, ItemOutcomes.objects.to_analyse().filter(quiz_version__quiz=quiz).count() - counted)


def ask_for_analysis(quiz: Quiz, *, actor, now: datetime) -> Analysis:
    """Ask for an analysis over all versions of a quiz there are, or get the one that is being worked on.

    Raises PermissionDenied, and TooFewNewAttempts where there is next to nothing new to tell.
    """
    if not may_analyse(actor):
        raise PermissionDenied
    waiting = Analysis.objects.open().filter(quiz=quiz).first()
    if waiting is not None:
        return waiting
    if new_attempts(quiz) < LEAST_NEW:
        raise errors.TooFewNewAttempts
    newest = quiz.versions.aggregate(newest=Max("number"))["newest"]
    try:
        with transaction.atomic():
            asked = Analysis.objects.create(quiz=quiz, versions=newest, asked_by=actor, asked_at=now)
            transaction.on_commit(lambda: ring_for_analysis(asked.pk), robust=True)
    except IntegrityError:
        # Somebody else asked at the same moment.
        return Analysis.objects.open().get(quiz=quiz)
    return asked


def ring_for_analysis(analysis_id: int) -> bool:
    """Tell a worker that an analysis waits."""
    return bell.ring("quizzes.tasks.analyse", analysis_id)


def ring_for_analyses(now: datetime) -> None:
    """Ring for what was not heard, and for what its worker has left."""
    for analysis_id in Analysis.objects.claimable(now).values_list("pk", flat=True):
        if not ring_for_analysis(analysis_id):
            break
