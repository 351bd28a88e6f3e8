"""Results that people decide, two of them each time: another score, and the withdrawal of a pass after a regrade."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from oversight import four_eyes
from oversight.models import FourEyesRequest
from people.models import User
from quizzes.models import Attempt, Grade
from quizzes.services.grading import hold, write

OVERRIDE = "quizzes.score.override"
WITHDRAW = "quizzes.pass.withdraw"
TENTH = Decimal("0.1")


def ask_for_override(attempt: Attempt, *, score: Decimal, reason: str, actor: User, now: datetime) -> FourEyesRequest:
    """Ask a second person to give an attempt another score, in per cent with one decimal. Nothing changes until then.

    Raises PermissionDenied, also for one's own; ValidationError without a reason, for a score that is none or the
    same, or an attempt without a grade; four_eyes.ConflictError where a request waits. A score at the pass mark
    passes, bright line or not: two people have looked at it, and say why.
    """
    before = _graded(attempt)
    score = _checked(score)
    if score == before.score:
        raise ValidationError({"score": _("This is the score that it has.")})
    return four_eyes.request(
        OVERRIDE,
        subject=attempt,
        subject_person=attempt.learner,
        payload={"score": f"{score:.1f}", "from": f"{before.score:.1f}", "grade": str(before.uuid)},
        reason=reason,
        actor=actor,
        now=now,
    )


def override_as_approved(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What an approval does, within its transaction: a new grade, in force from now on.

    Raises four_eyes.ConflictError where another grade was given since the request: it was asked of another score.
    """
    attempt, before = _held(four_eyes_request)
    score = Decimal(four_eyes_request.payload["score"])
    grade = Grade(
        origin=Grade.Origin.OVERRIDDEN,
        reason=four_eyes_request.reason,
        score=score,
        points=before.points,
        maximum=before.maximum,
        bright_line=before.bright_line,
        passed=score >= attempt.pass_mark,
    )
    write(grade, attempt, before, actor=actor, now=now)


def consequence_of_override(four_eyes_request: FourEyesRequest) -> str:
    """What the decider should know, in one breath."""
    attempt = _of(four_eyes_request)
    score = Decimal(four_eyes_request.payload["score"])
    sentence = (
        _("The score changes from %(before)s to %(after)s per cent: the attempt passes (the mark is %(mark)s).")
        if score >= attempt.pass_mark
        else _("The score changes from %(before)s to %(after)s per cent: the attempt fails (the mark is %(mark)s).")
    )
    return sentence % {
        "before": four_eyes_request.payload["from"],
        "after": four_eyes_request.payload["score"],
        "mark": f"{attempt.pass_mark:.1f}",
    }


def ask_for_withdrawal(attempt: Attempt, *, reason: str, actor: User, now: datetime) -> FourEyesRequest:
    """Ask a second person to withdraw a pass that a regrade would not give any more.

    Raises PermissionDenied, also for one's own; ValidationError without a reason or where no such pass stands;
    four_eyes.ConflictError where a request waits.
    """
    before = _graded(attempt)
    if not before.pass_stands:
        raise ValidationError(_("No regrade speaks against this result, so there is no pass to withdraw."))
    return four_eyes.request(
        WITHDRAW,
        subject=attempt,
        subject_person=attempt.learner,
        payload={"grade": str(before.uuid)},
        reason=reason,
        actor=actor,
        now=now,
    )


def withdraw_as_approved(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What an approval does, within its transaction: the regrade's own judgement is in force, without the pass.

    A certificate that was issued stays valid: taking it back is a decision of its own. Raises
    four_eyes.ConflictError where another grade was given since the request.
    """
    attempt, before = _held(four_eyes_request)
    grade = Grade(
        origin=Grade.Origin.WITHDRAWN,
        reason=four_eyes_request.reason,
        score=before.score,
        points=before.points,
        maximum=before.maximum,
        bright_line=before.bright_line,
        passed=False,
    )
    write(grade, attempt, before, actor=actor, now=now)


def consequence_of_withdrawal(four_eyes_request: FourEyesRequest) -> str:
    """What the decider should know, in one breath."""
    return _(
        "The attempt is not passed any more, and the quiz can be taken again as far as attempts are left. Hours stay "
        "credited. A course that is completed stays so, and a certificate stays valid: revoking it is a request of "
        "its own."
    )


def _graded(attempt: Attempt) -> Grade:
    grade = attempt.grades.order_by("-number").first()
    if grade is None or attempt.state != Attempt.State.GRADED:
        raise ValidationError(_("This attempt has no result yet."))
    return grade


def _checked(score: Decimal) -> Decimal:
    try:
        tenths = Decimal(score).quantize(TENTH)
    except InvalidOperation as problem:
        raise ValidationError({"score": _("Enter a score from 0 to 100.")}) from problem
    if tenths != score or not 0 <= tenths <= 100:
        raise ValidationError({"score": _("Enter a score from 0 to 100, with one decimal at most.")})
    return tenths


def _of(four_eyes_request: FourEyesRequest) -> Attempt:
    return Attempt.objects.select_related("learner__administration").get(uuid=four_eyes_request.subject)


def _held(four_eyes_request: FourEyesRequest) -> tuple[Attempt, Grade]:
    """The attempt, held, and the grade that the request was about. Raises ConflictError if another is in force."""
    attempt = _of(four_eyes_request)
    before = attempt.grades.order_by("-number").first() if hold(attempt) else None
    if before is None or str(before.uuid) != four_eyes_request.payload["grade"]:
        raise four_eyes.ConflictError(
            _("Another grade was given since this was asked for. Please make a new request."), code="overtaken"
        )
    return attempt, before
