"""Sitting an attempt: start it, hand it in."""

import logging
import secrets
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q

from core.prepared import Prepared, PreparedUpdate, insert_unless_there
from quizzes import content, errors
from quizzes.accommodations import NONE, Measures
from quizzes.drawing import arrange, draw
from quizzes.models import Attempt, GradingRun, QuizVersion
from quizzes.rules import ALWAYS, AttemptRules, PastAttempt, Standing, Window, deadline, standing
from quizzes.services.accommodating import measures_for
from quizzes.services.grading import queue
from quizzes.signals import attempt_submitted

logger = logging.getLogger(__name__)

SEED_BITS = 64


_SERIES = Prepared(lambda slot: Attempt.objects.of_series(slot.registration, slot.activity))
_BEFORE = Prepared(
    lambda slot: (
        Attempt.objects.filter(learner=slot.learner)
        .filter(Q(registration=slot.registration, activity=slot.activity) | Q(quiz_version__quiz=slot.quiz))
        .order_by("number")
    )
)


def _handing_in(slot):
    in_progress = Attempt.objects.filter(pk=slot.attempt, state=Attempt.State.IN_PROGRESS)
    return in_progress, {"state": Attempt.State.SUBMITTED, "submitted_at": slot.submitted_at}


_HANDING_IN = PreparedUpdate(_handing_in)


def series(registration, activity) -> list[Attempt]:
    """One learner's attempts at one quiz, oldest first, each with its grades. Two queries."""
    return _with_grades(_SERIES.all(registration=registration, activity=activity))


def _with_grades(attempts: list[Attempt]) -> list[Attempt]:
    models.prefetch_related_objects(attempts, "grades")
    return attempts


def standing_of(attempts: list[Attempt], rules: AttemptRules, now: datetime, window: Window = ALWAYS) -> Standing:
    """What the learner may do next in a series. A voided attempt does not count, but its number stays taken."""
    return standing([_past(each) for each in attempts if each.state != Attempt.State.VOIDED], rules, now, window)


@dataclass(frozen=True)
class Terms:
    """What is told before somebody starts: whole `minutes` for an attempt that starts now, the window, and what is
    granted to the learner.
    """

    minutes: int
    window: Window
    measures: Measures

    @property
    def is_accommodated(self) -> bool:
        return self.measures != NONE


def terms_of(quiz_version_id: int, learner_id: int, now: datetime) -> Terms:
    """The terms of an attempt that the learner would start now. One query by a process that remembers the quiz."""
    measures = measures_for(learner_id)
    limit = measures.limit(timedelta(minutes=content.quiz_version(quiz_version_id).time_limit_minutes))
    window = content.blueprint(quiz_version_id).window
    left = max(deadline(now, limit, window) - now, timedelta(0))
    return Terms(left // timedelta(minutes=1), window, measures)


def _past(attempt: Attempt) -> PastAttempt:
    grade = attempt.grade_in_force
    return PastAttempt(attempt.started_at, attempt.submitted_at, grade.passed if grade else None)


def start_attempt(
    *,
    learner,
    registration: uuid.UUID,
    activity: uuid.UUID,
    quiz_version: QuizVersion,
    rules: AttemptRules,
    language: str,
    start_key: uuid.UUID,
    now: datetime,
) -> Attempt:
    """Start an attempt, or return the one that this start key or this series has open already.

    What is granted to the learner (quizzes.accommodations) holds whoever calls, and is frozen on the attempt. The
    caller has checked that the registration is the learner's. Raises MayNotStart with the standing of the series.
    One statement writes; a double click meets UNIQUE(start_key) and one open attempt per series, and gets the first
    one.
    """
    at_quiz = _BEFORE.all(learner=learner.pk, registration=registration, activity=activity, quiz=quiz_version.quiz_id)
    past = _with_grades([each for each in at_quiz if (each.registration, each.activity) == (registration, activity)])
    existing = _started_already(past, start_key)
    if existing is not None:
        return existing
    blueprint = content.blueprint(quiz_version.pk)
    measures = measures_for(learner.pk)
    rules = measures.rules(rules)
    now_standing = standing_of(past, rules, now, blueprint.window)
    if now_standing.refusal is not None:
        raise errors.MayNotStart(now_standing)
    seed = secrets.randbits(SEED_BITS)
    seen = _times_seen(at_quiz, quiz_version)
    items = draw(blueprint.sections, seen, seed, blueprint.without_words(language))
    versions = content.item_versions(items)
    served = [
        {"version": item, "arrangement": arrange(content.kind_of(item), versions[item].structure, seed, item)}
        for item in items
    ]
    limit = measures.limit(timedelta(minutes=quiz_version.time_limit_minutes))
    ends_at = deadline(now, limit, blueprint.window)
    attempt = Attempt(
        learner=learner,
        registration=registration,
        activity=activity,
        quiz_version=quiz_version,
        number=max((attempt.number for attempt in past), default=0) + 1,
        language=language,
        pass_mark=rules.pass_mark,
        served={"shape": 2, "seed": f"{seed:x}", "items": served},
        start_key=start_key,
        started_at=now,
        deadline=ends_at,
        grace_until=ends_at + blueprint.grace if blueprint.grace else None,
        accommodation=None if measures == NONE else measures.as_data(),
    )
    if insert_unless_there(attempt):
        return attempt
    # The other click of a double click, or another window, was first.
    past = series(registration, activity)
    existing = _started_already(past, start_key)
    if existing is None:
        raise errors.MayNotStart(standing_of(past, rules, now, blueprint.window))
    return existing


def _started_already(past: list[Attempt], start_key: uuid.UUID) -> Attempt | None:
    """The attempt that this form has started, or else the one that is open."""
    return next((attempt for attempt in past if attempt.start_key == start_key), None) or next(
        (attempt for attempt in past if attempt.state == Attempt.State.IN_PROGRESS), None
    )


def _times_seen(before: list[Attempt], quiz_version: QuizVersion) -> dict[int, int]:
    """How often each item of the pool, in whatever version, was shown in these attempts of one learner: all those at
    this quiz.
    """
    shown = [item["version"] for attempt in before for item in attempt.served_items]
    if not shown:
        return {}
    pool = content.pool(quiz_version.pk)
    versions = content.item_versions([*shown, *pool])
    seen = Counter(versions[version].item_id for version in shown)
    return {version: seen[versions[version].item_id] for version in pool}


def bind(attempt: Attempt, browser: uuid.UUID) -> None:
    """Let an open attempt go on in one browser alone, the one that carries this key (quizzes.browsers).

    For the app that started it, inside a transaction of its own. A browser that had it before is refused from then on.
    """
    Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.IN_PROGRESS).update(browser=browser)
    attempt.browser = browser


def submit_attempt(attempt: Attempt, *, learner, now: datetime) -> bool:
    """Hand in an attempt. Returns whether this call did it; a second submission changes nothing and is no error.

    Compare-and-set on the state; the doorbell rings after the commit and may fail without harm.
    """
    _check_own(attempt, learner)
    return _submit(attempt, min(now, attempt.deadline), now)


def submit_out_of_time(now: datetime, limit: int = 200) -> int:
    """Hand in what its learners left open past the deadline and its grace, with the answers that were saved.

    Each counts as handed in at its deadline, in a transaction of its own: one that fails holds up no other. Returns
    how many.
    """
    handed_in = 0
    for attempt in list(Attempt.objects.out_of_time(now)[:limit]):
        try:
            handed_in += _submit(attempt, attempt.deadline, now)
        except Exception:
            logger.exception("attempt %s could not be handed in; the next sweep tries again", attempt.uuid)
    return handed_in


def _submit(attempt: Attempt, submitted_at: datetime, now: datetime) -> bool:
    with transaction.atomic():
        return submit_held(attempt, submitted_at, now)


def submit_held(attempt: Attempt, submitted_at: datetime, now: datetime) -> bool:
    """Hand in an attempt inside the transaction of a caller who has checked whose it is. Whether this call did it."""
    if not _HANDING_IN.run(attempt=attempt.pk, submitted_at=submitted_at):
        return False
    attempt.state, attempt.submitted_at = Attempt.State.SUBMITTED, submitted_at
    attempt_submitted.send(Attempt, attempt=attempt, now=now)
    queue(attempt, GradingRun.Cause.SUBMISSION, now=now)
    return True


def _check_own(attempt: Attempt, learner) -> None:
    if attempt.learner_id != learner.pk:
        raise PermissionDenied
