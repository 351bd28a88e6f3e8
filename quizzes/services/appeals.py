"""Appeals of results: handed in by the learner, decided by a certifying officer who had no part in the result.

The attempt is held while an appeal is made, and every later move is a compare-and-set, so that two presses make one
appeal and two officers one decision. A decision changes no score: where an appeal is right, a second person agrees to
another score, or a question is judged again, on the ways that exist for it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from core import days
from core.prepared import Prepared
from oversight import records
from oversight.models import FourEyesRequest
from people import kept_calendars
from people.calendars import calendar_of
from people.models import Administration, User
from people.working_days import RestDay
from quizzes import appealing, letters, permissions
from quizzes.appealing import Graded, Refusal
from quizzes.errors import MayNotAppeal, NoReviewYet, Overtaken
from quizzes.models import Appeal, AppealPeriod, Attempt, Grade, ItemAdjustment, Mark, QuestionReport
from quizzes.services.decisions import OVERRIDE, WITHDRAW

LONGEST = 4000

State = Appeal.State


# --- Looking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AppealStanding:
    """Whether and until when a result can be appealed, and the newest appeal of the attempt, if any."""

    refusal: Refusal | None
    appeal: Appeal | None
    last_day: date | None = None
    rest: RestDay | None = None


def _disputed(slot):
    of_attempt = {"attempt": OuterRef("attempt")}
    return (
        Grade.objects.filter(attempt=slot.attempt)
        .order_by("-number")
        .annotate(
            period_days=AppealPeriod.objects.days_of_grade(),
            has_appeals=Exists(Appeal.objects.filter(**of_attempt)),
            has_reports=Exists(QuestionReport.objects.filter(**of_attempt)),
            has_adjustments=Exists(
                ItemAdjustment.objects.filter(version__quiz_versions=OuterRef("attempt__quiz_version"))
            ),
        )
    )


_DISPUTED = Prepared(_disputed)


def disputed_grade(attempt: Attempt) -> Grade | None:
    """The grade in force, and in the same query what of it there is to read: its `period_days`, whether the attempt
    `has_appeals` and `has_reports`, and whether anything was done about a question of its quiz (`has_adjustments`).
    Most results have none of it. None while there is no result.
    """
    if attempt.state != Attempt.State.GRADED:
        return None
    return _DISPUTED.first(attempt=attempt.pk)


def appeal_standing(
    attempt: Attempt, grade: Grade | None, *, learner: User, language: str, now: datetime
) -> AppealStanding:
    """How the learner's attempt stands by its `disputed_grade`; what is said of a day of rest is in `language`."""
    if grade is None:
        return AppealStanding(Refusal.NO_RESULT, None)
    of_attempt: list[Appeal] = []
    if grade.has_appeals:
        of_attempt = list(attempt.appeals.select_related("four_eyes_request").order_by("-pk"))
    calendar = kept_calendars.of_administration(learner.administration_id)
    graded = _graded(grade, of_attempt, calendar.zone)
    return AppealStanding(
        appealing.refusal(graded, now),
        next(iter(of_attempt), None),
        graded.last_day,
        calendar.rest_on(graded.last_day, language),
    )


def _graded(grade: Grade, of_attempt: list[Appeal], zone: ZoneInfo) -> Graded:
    """An attempt with an open appeal, of this grade or one before it, cannot be appealed once more."""
    appealed = any(
        each.is_open or (each.grade_id == grade.pk and each.state != State.WITHDRAWN) for each in of_attempt
    )
    return Graded(grade.given_at, grade.period_days, zone, appealed)


def judges_of(attempt: Attempt) -> set[int]:
    """Who made the result what it is: who marked it, decided on its score or its pass, or on its questions."""
    decided = FourEyesRequest.objects.filter(
        subject=attempt.uuid, action__in=(OVERRIDE, WITHDRAW), state=FourEyesRequest.State.APPROVED
    ).values_list("requester", "decided_by")
    adjusted = attempt.grades.filter(run__adjustment__isnull=False).values_list(
        "run__adjustment__requested_by", "run__adjustment__approved_by"
    )
    marked = Mark.objects.filter(marking__attempt=attempt).values_list("marked_by")
    return {person for row in [*decided, *adjusted, *marked] for person in row if person is not None}


def may_decide_appeal(appeal: Appeal, user: User) -> bool:
    """Whether somebody may take an appeal and decide it. Three queries."""
    return (
        permissions.may_decide_appeals(user)
        and user.administration_id == appeal.administration_id
        and appealing.is_independent(user.pk, appeal.attempt.learner_id, judges_of(appeal.attempt))
    )


# --- The learner ----------------------------------------------------------------------------------------------------


@transaction.atomic
def hand_in_appeal(attempt: Attempt, *, learner: User, grounds: str, language: str, now: datetime) -> Appeal:
    """Appeal the grade in force. Pressed twice it is one appeal: the open one is given back.

    Raises PermissionDenied, NoReviewYet, ValidationError without grounds, MayNotAppeal once the period is over or
    where this grade was appealed before.
    """
    if attempt.learner_id != learner.pk:
        raise PermissionDenied
    held = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    grade = disputed_grade(held)
    if grade is None:
        raise NoReviewYet
    of_attempt = list(held.appeals.order_by("-pk"))
    if open_one := next((each for each in of_attempt if each.is_open), None):
        return open_one
    administration = learner.administration
    graded = _graded(grade, of_attempt, ZoneInfo(administration.time_zone))
    if refusal := appealing.refusal(graded, now):
        raise MayNotAppeal(_refused(refusal, graded), refusal)
    today = now.astimezone(graded.zone).date()
    appeal = Appeal.objects.create(
        administration=administration,
        attempt=held,
        grade=grade,
        grounds=_required(grounds, _("Please say why the result should be looked at again.")),
        grounds_language=language,
        submitted_at=now,
        due_on=calendar_of(administration).after_working_days(today, appealing.WORKING_DAYS_TO_DECIDE),
    )
    _record("quizzes.appeal.made", appeal, learner, now)
    return appeal


def _refused(refusal: Refusal, graded: Graded) -> str:
    if refusal == Refusal.PERIOD_OVER:
        return _("The last day to appeal this result was %(date)s. Nothing was sent.") % {
            "date": days.in_words(graded.last_day)
        }
    return _("This result was appealed before, and the appeal was decided.")


def _required(words: str, message: str) -> str:
    words = words.strip()[:LONGEST]
    if not words:
        raise ValidationError(message, code="required")
    return words


def withdraw_appeal(appeal: Appeal, *, learner: User, now: datetime) -> Appeal:
    """Take one's own appeal back while nobody has decided it. Raises PermissionDenied, Overtaken."""
    if appeal.attempt.learner_id != learner.pk:
        raise PermissionDenied
    undecided = Appeal.objects.filter(pk=appeal.pk, state__in=appealing.befores(State.WITHDRAWN))
    return _moved(appeal, undecided, "quizzes.appeal.withdrawn", learner, now, state=State.WITHDRAWN, closed_at=now)


# --- The officer ----------------------------------------------------------------------------------------------------


def assign_appeal(appeal: Appeal, to: User, *, before: int | None, actor: User, now: datetime) -> Appeal:
    """Take an appeal, or hand it to a colleague who may decide it. `before` is the owner whom the actor saw.

    Raises PermissionDenied for an actor who may not decide it, ValidationError for such a colleague, Overtaken where
    the appeal is somebody else's by now, or closed.
    """
    if not may_decide_appeal(appeal, actor):
        raise PermissionDenied
    if to.pk != actor.pk and not may_decide_appeal(appeal, to):
        raise ValidationError(_("This person cannot decide the appeal: they are not independent of the result."))
    expected = Appeal.objects.filter(pk=appeal.pk, state__in=appealing.befores(State.TAKEN), owner=before)
    return _moved(appeal, expected, "quizzes.appeal.taken", actor, now, state=State.TAKEN, owner=to)


def record_reading(appeal: Appeal, *, actor: User, now: datetime) -> None:
    """Record that the decider reads the answers and scores of the attempt (rule 10). Before they are shown.

    Raises PermissionDenied for anybody but the owner.
    """
    if appeal.owner_id != actor.pk or not permissions.may_decide_appeals(actor):
        raise PermissionDenied
    facts = {"shape": 1, "attempt": str(appeal.attempt.uuid)}
    with transaction.atomic():
        records.append("quizzes.appeal.read", subject=appeal, facts=facts, actor=actor, now=now)


@transaction.atomic
def decide_appeal(
    appeal: Appeal, *, decision: str, reply: str, reply_language: str, actor: User, now: datetime
) -> Appeal:
    """Decide an appeal that one has taken, and tell the learner. No score changes by it.

    Raises PermissionDenied, ValidationError without a reply, Overtaken where it is not the actor's to decide any more.
    """
    decision = State(decision)
    if decision not in appealing.DECIDED:
        raise ValidationError(_("Please choose a decision."))
    if not may_decide_appeal(appeal, actor):
        raise PermissionDenied
    reply = _required(reply, _("Please write a reply."))
    mine = Appeal.objects.filter(pk=appeal.pk, state__in=appealing.befores(decision), owner=actor)
    decided = _moved(
        appeal,
        mine,
        "quizzes.appeal.decided",
        actor,
        now,
        state=decision,
        reply=reply,
        reply_language=reply_language,
        closed_at=now,
    )
    learner = decided.attempt.learner
    letters.write(
        letters.APPEAL_DECIDED, learner, lambda: reverse("quiz_appeal", args=[decided.attempt.uuid]), now=now
    )
    return decided


def keep_score_with_appeal(
    appeal: Appeal, four_eyes_request: FourEyesRequest, *, actor: User, now: datetime
) -> Appeal:
    """Remember which other score was asked for because of an appeal that is right. Raises PermissionDenied."""
    if not (appeal.is_right and appeal.owner_id == actor.pk and appeal.attempt.uuid == four_eyes_request.subject):
        raise PermissionDenied
    mine = Appeal.objects.filter(pk=appeal.pk, owner=actor)
    return _moved(appeal, mine, "quizzes.appeal.score_asked", actor, now, four_eyes_request=four_eyes_request)


def _moved(appeal: Appeal, expected, kind: str, actor: User, now: datetime, **changes) -> Appeal:
    """Change an appeal if it is still as the actor saw it, with its record; both or neither."""
    with transaction.atomic():
        if not expected.update(**changes):
            raise Overtaken
        moved = (
            Appeal.objects.with_people()
            .select_related("administration", "attempt__learner__administration")
            .get(pk=appeal.pk)
        )
        _record(kind, moved, actor, now)
    return moved


def _record(kind: str, appeal: Appeal, actor: User, now: datetime) -> None:
    records.append(kind, subject=appeal, facts=appeal.record_facts(), actor=actor, now=now)


# --- The period -----------------------------------------------------------------------------------------------------


def set_appeal_period(administration: Administration, days: int, *, actor: User, now: datetime) -> AppealPeriod:
    """Say for how many days results can be appealed that are given from now on. Raises PermissionDenied, or
    ValidationError for fewer or more days than there may be."""
    if not permissions.may_decide_appeals(actor) or actor.administration_id != administration.pk:
        raise PermissionDenied
    if not appealing.SHORTEST_PERIOD <= days <= appealing.LONGEST_PERIOD:
        raise ValidationError(
            _("Enter a number of days from %(least)d to %(most)d."),
            params={"least": appealing.SHORTEST_PERIOD, "most": appealing.LONGEST_PERIOD},
        )
    with transaction.atomic():
        period = AppealPeriod.objects.create(administration=administration, days=days, since=now, set_by=actor)
        facts = {"shape": 1, "days": days, "since": now.isoformat()}
        records.append("quizzes.appeal_period.set", subject=period, facts=facts, actor=actor, now=now)
    return period
