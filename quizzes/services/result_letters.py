"""Telling learners of results that they did not wait for on the page: marked by people, or changed."""

from datetime import datetime

from django.urls import reverse

from quizzes import letters
from quizzes.models import Attempt, Grade, GradingRun
from quizzes.regrading import is_changed


def tell(grade: Grade, attempt: Attempt, before: Grade | None, *, now: datetime) -> None:
    """Write the letter that a new grade calls for, if any, in the transaction that gives it: as there is one grade
    however often a task is delivered, there is one letter.

    A result that a program gave at once is on the page that its learner is looking at.
    """
    wording = _calls_for(grade, before)
    if wording is not None:
        page = {"viewname": "quiz_result", "args": [attempt.uuid]}
        letters.write(wording, attempt.learner, lambda: reverse(**page), now=now, about=grade.uuid)


def _calls_for(grade: Grade, before: Grade | None):
    if before is None:
        was_marked = grade.run is not None and grade.run.cause == GradingRun.Cause.MARKING
        return letters.RESULT_THERE if was_marked else None
    return letters.RESULT_CHANGED if is_changed(before, grade) else None
