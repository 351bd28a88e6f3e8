"""The learner's side of a sitting: the code lets an attempt begin, or go on at another computer."""

import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from cohorts.models import Candidate, Enrolment, Sitting, SupervisedAttempt
from cohorts.supervision import codes, rules
from courses.reading import Step
from oversight import records
from quizzes import services as quiz_services
from quizzes.models import Attempt


class Reason(StrEnum):
    """Why a code did not let somebody in."""

    MALFORMED = "malformed"
    WRONG = "wrong"
    BARRED = "barred"
    NONE_OPEN = "none_open"
    NOT_RELEASED = "not_released"


class NotAdmitted(Exception):
    """Nothing began. With WRONG, `left` tries are left; with BARRED, the next one is possible from `until`."""

    def __init__(self, reason: Reason, *, left: int | None = None, until: datetime | None = None):
        super().__init__(reason)
        self.reason, self.left, self.until = reason, left, until


def start(
    enrolment: Enrolment,
    step: Step,
    begin: Callable[[], Attempt],
    *,
    code: str,
    start_key: uuid.UUID,
    browser: uuid.UUID,
    now: datetime,
) -> Attempt:
    """Begin an attempt in a sitting by its code, tied to it and to the browser that gets this key.

    Returns the attempt that is open already, where there is one. Raises NotAdmitted, or what `begin` raises. Atomic:
    the sittings are held while it is decided, so that wrong codes are counted one by one, and nobody starts in a
    sitting that is being closed. A wrong code stays counted although nothing begins.
    """
    with transaction.atomic():
        sittings = list(_held(Sitting.objects.of_place(enrolment, step.key).not_closed()))
        running = Attempt.objects.of_series(enrolment.uuid, step.key).filter(state=Attempt.State.IN_PROGRESS).first()
        if running is not None:
            return running
        opened = [each for each in sittings if each.standing(now) == rules.Standing.OPEN]
        found, refusal = _by_code(opened, enrolment, code, now)
        if found is not None:
            attempt = begin()
            # An old form that is sent once more gets the attempt that it started then, which is over.
            if attempt.is_open and attempt.start_key == start_key:
                quiz_services.bind(attempt, browser)
                _tie(attempt, found, enrolment, now)
    if refusal is not None:
        raise refusal
    return attempt


def go_on_elsewhere(
    enrolment: Enrolment, attempt: Attempt, *, code: str, browser: uuid.UUID, now: datetime
) -> Attempt:
    """Go on with an open attempt at another computer, once the invigilator has let this person do so.

    The computer before is refused from then on. The code is that of the attempt's sitting, whether or not others may
    still start with it. A second click finds that it goes on here already. Raises NotAdmitted. Atomic.
    """
    tie = SupervisedAttempt.objects.get(attempt=attempt)
    with transaction.atomic():
        [sitting] = _held(Sitting.objects.filter(pk=tie.sitting_id))
        attempt.refresh_from_db(fields=["browser"])
        if attempt.goes_on_in({browser}):
            return attempt
        candidate, _made = Candidate.objects.get_or_create(sitting=sitting, enrolment=enrolment)
        if not rules.is_released(candidate.released_at, now):
            raise NotAdmitted(Reason.NOT_RELEASED)
        known = [] if sitting.code_withdrawn_at is not None else [sitting]
        found, refusal = _by_code(known, enrolment, code, now)
        if found is not None:
            Candidate.objects.filter(pk=candidate.pk).update(released_at=None)
            quiz_services.bind(attempt, browser)
            _record("went_on_elsewhere", sitting, tie, now)
    if refusal is not None:
        raise refusal
    return attempt


def _held(sittings) -> list[Sitting]:
    """Always in the same order, so that two people never wait for each other."""
    return list(sittings.select_for_update(no_key=True).order_by("pk"))


def _by_code(
    sittings: list[Sitting], enrolment: Enrolment, code: str, now: datetime
) -> tuple[Sitting | None, NotAdmitted | None]:
    """The sitting among these, all of them held, that the code opens; or why none, counted where it was a guess."""
    if not sittings:
        return None, NotAdmitted(Reason.NONE_OPEN)
    candidates = [Candidate.objects.get_or_create(sitting=each, enrolment=enrolment)[0] for each in sittings]
    barred = [each.barred_until for each in candidates if each.tries.is_barred(now)]
    if barred:
        return None, NotAdmitted(Reason.BARRED, until=max(barred))
    typed = codes.read(code)
    if typed is None:
        return None, NotAdmitted(Reason.MALFORMED)
    # All are compared, so that the time does not tell which one it was nearly.
    right = [each for each in sittings if codes.are_the_same(typed, each.code)]
    if right:
        Candidate.objects.filter(pk__in=[each.pk for each in candidates]).update(wrong_codes=0, barred_until=None)
        return right[0], None
    return None, _count(sittings, candidates, now)


def _count(sittings: list[Sitting], candidates: list[Candidate], now: datetime) -> NotAdmitted:
    """One more wrong code, of the person and of each sitting it may have been meant for."""
    for sitting in sittings:
        sitting.wrong_codes += 1
        sitting.save(update_fields=["wrong_codes"])
    worst = rules.Tries()
    for candidate in candidates:
        tries = candidate.tries.after_a_wrong_code(now)
        candidate.wrong_codes, candidate.barred_until = tries.wrong, tries.barred_until
        candidate.save(update_fields=["wrong_codes", "barred_until"])
        worst = max(worst, tries, key=lambda each: (each.is_barred(now), each.wrong))
    if worst.is_barred(now):
        return NotAdmitted(Reason.BARRED, until=worst.barred_until)
    return NotAdmitted(Reason.WRONG, left=worst.left)


def _tie(attempt: Attempt, sitting: Sitting, enrolment: Enrolment, now: datetime) -> None:
    tie = SupervisedAttempt.objects.create(attempt=attempt, sitting=sitting, enrolment=enrolment, started_at=now)
    _record("attempt_started", sitting, tie, now)


def _record(what: str, sitting: Sitting, tie: SupervisedAttempt, now: datetime) -> None:
    records.append(
        f"cohorts.sitting.{what}",
        subject=tie,
        facts=tie.record_facts(),
        actor=tie.attempt.learner,
        now=now,
        administration=sitting.administration.uuid,
    )
