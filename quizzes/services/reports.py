"""Questions that learners report, and the cases in which somebody answers all reports of one question at once.

Who takes a case, hands it over or answers it does so by compare-and-set: of two at the same moment one comes first,
and the other is told (Overtaken). Letters are written afterwards by a worker, for a bad question has many reporters.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core import bell
from oversight import records
from oversight.models import FourEyesRequest
from people.calendars import calendar_of
from people.models import Administration, User
from quizzes import content, letters, permissions, reported
from quizzes.errors import NoReviewYet, Overtaken, UnknownQuestion
from quizzes.models import Appeal, Attempt, ItemAdjustment, QuestionCase, QuestionReport

LONGEST = 2000
# Letters that one transaction writes.
CHUNK = 50

State = QuestionCase.State


# --- Reporting ------------------------------------------------------------------------------------------------------


def report_question(
    attempt: Attempt,
    number: int,
    *,
    reporter: User,
    reason: str,
    language: str = "",
    words: str,
    words_language: str,
    now: datetime,
    appeal: Appeal | None = None,
) -> QuestionReport:
    """Report a question of a graded attempt, counted from 1; the learner does, or the decider of an `appeal` of it.

    A learner's second report of the same item version, while the first is open, is the first: it is given back, and
    nothing is written. Raises PermissionDenied, NoReviewYet, UnknownQuestion, or ValidationError for missing words.
    """
    if not _may_report(attempt, reporter, appeal):
        raise PermissionDenied
    if not is_in_review(attempt, now) if appeal is None else attempt.state != Attempt.State.GRADED:
        raise NoReviewYet
    if not 1 <= number <= len(attempt.served_items):
        raise UnknownQuestion
    words = _required(words, _("Please say in a few words what is wrong."))
    version = attempt.served_items[number - 1]["version"]
    with transaction.atomic():
        case, is_new = _open_case(reporter.administration, version, now)
        mine = case.reports.filter(reporter=reporter, appeal=appeal).first()
        if mine:
            return mine
        report = QuestionReport.objects.create(
            case=case,
            reporter=reporter,
            attempt=attempt,
            position=number - 1,
            appeal=appeal,
            reason=reason,
            language=language if reason == reported.Reason.MISTRANSLATED else "",
            words=words,
            words_language=words_language,
            made_at=now,
        )
        if is_new:
            _record("quizzes.case.opened", case, None, now)
        facts = report.record_facts() | {"appeal": str(appeal.uuid) if appeal else None}
        records.append(
            "quizzes.report.made",
            subject=report,
            facts=facts,
            actor=reporter,
            now=now,
            administration=reporter.administration.uuid,
        )
    return report


def is_in_review(attempt: Attempt, now: datetime) -> bool:
    """Whether the learner is shown the questions of a graded attempt now: the quiz's policy may show them later."""
    grade = attempt.grades.order_by("-number").first() if attempt.state == Attempt.State.GRADED else None
    return grade is not None and content.blueprint(attempt.quiz_version_id).shows(passed=grade.passed, now=now).answers


def _may_report(attempt: Attempt, reporter: User, appeal: Appeal | None) -> bool:
    if appeal is None:
        return attempt.learner_id == reporter.pk
    return appeal.attempt_id == attempt.pk and appeal.owner_id == reporter.pk


def _open_case(administration: Administration, version_id: int, now: datetime) -> tuple[QuestionCase, bool]:
    """The open case of an item version, held so that nobody answers it meanwhile, and whether it is new."""
    open_one = QuestionCase.objects.open().filter(administration=administration, version=version_id)
    if case := open_one.select_for_update(no_key=True).first():
        return case, False
    today = now.astimezone(ZoneInfo(administration.time_zone)).date()
    due_on = calendar_of(administration).after_working_days(today, reported.WORKING_DAYS_TO_ANSWER)
    try:
        with transaction.atomic():
            case = QuestionCase.objects.create(
                administration=administration, version_id=version_id, opened_at=now, due_on=due_on
            )
    except IntegrityError:
        # Somebody else reported it at the same moment: their case is everybody's.
        return open_one.select_for_update(no_key=True).get(), False
    return case, True


def _required(words: str, message: str) -> str:
    words = words.strip()[:LONGEST]
    if not words:
        raise ValidationError(message, code="required")
    return words


# --- Answering ------------------------------------------------------------------------------------------------------


def assign_case(case: QuestionCase, to: User, *, before: int | None, actor: User, now: datetime) -> QuestionCase:
    """Take a case, or hand it to a colleague who answers for items too. `before` is the owner whom the actor saw.

    Raises PermissionDenied, ValidationError for somebody who does not answer for items, Overtaken where the case is
    somebody else's by now, or answered.
    """
    _may_answer(case, actor)
    if not permissions.may_answer_reports(to) or to.administration_id != case.administration_id:
        raise ValidationError(_("This person does not answer for questions."))
    mine = QuestionCase.objects.open().filter(pk=case.pk, owner=before)
    return _moved(case, mine, "quizzes.case.taken", actor, now, state=State.TAKEN, owner=to)


def answer_case(
    case: QuestionCase, *, outcome: str, reply: str, reply_language: str, actor: User, now: datetime
) -> QuestionCase:
    """Answer all reports of a case at once; only its owner does, and nobody a report of their own.

    Raises PermissionDenied, ValidationError without a reply, Overtaken where the case is not the actor's any more.
    """
    _may_answer(case, actor)
    if has_reported(case, actor):
        raise PermissionDenied(_("You have reported this question yourself. A colleague answers."))
    reply = _required(reply, _("Please write a reply."))
    moved = _moved(
        case,
        QuestionCase.objects.filter(pk=case.pk, state=State.TAKEN, owner=actor),
        "quizzes.case.answered",
        actor,
        now,
        state=State.ANSWERED,
        outcome=QuestionCase.Outcome(outcome),
        reply=reply,
        reply_language=reply_language,
        answered_at=now,
    )
    transaction.on_commit(_ring_to_tell, robust=True)
    return moved


def has_reported(case: QuestionCase, user: User) -> bool:
    return case.reports.filter(reporter=user).exists()


def _may_answer(case: QuestionCase, actor: User) -> None:
    if not permissions.may_answer_reports(actor) or actor.administration_id != case.administration_id:
        raise PermissionDenied


def _moved(case: QuestionCase, expected, kind: str, actor: User, now: datetime, **changes) -> QuestionCase:
    """Change a case if it is still as the actor saw it, with its record; both or neither."""
    with transaction.atomic():
        if not expected.update(**changes):
            raise Overtaken
        moved = QuestionCase.objects.with_question().select_related("administration").get(pk=case.pk)
        _record(kind, moved, actor, now)
    return moved


def _record(kind: str, case: QuestionCase, actor: User | None, now: datetime) -> None:
    records.append(kind, subject=case, facts=case.record_facts(), actor=actor, now=now)


# --- The regrade that follows ---------------------------------------------------------------------------------------


def keep_regrade_with_case(
    case: QuestionCase, four_eyes_request: FourEyesRequest, *, actor: User, now: datetime
) -> QuestionCase:
    """Remember which regrade was asked for because of a case. Raises PermissionDenied for anybody but its owner."""
    if case.owner_id != actor.pk or case.version.uuid != four_eyes_request.subject:
        raise PermissionDenied
    mine = QuestionCase.objects.filter(pk=case.pk, owner=actor)
    return _moved(case, mine, "quizzes.case.regrade_asked", actor, now, four_eyes_request=four_eyes_request)


def adjusted_as_asked(
    four_eyes_request: FourEyesRequest, adjustment: ItemAdjustment, *, actor: User, now: datetime
) -> None:
    """A regrade was approved: the cases that asked for it keep the adjustment. In the approving transaction."""
    for case in QuestionCase.objects.filter(four_eyes_request=four_eyes_request):
        mine = QuestionCase.objects.filter(pk=case.pk)
        _moved(case, mine, "quizzes.case.regraded", actor, now, adjustment=adjustment)


# --- Telling --------------------------------------------------------------------------------------------------------


def _ring_to_tell() -> None:
    bell.ring("quizzes.tasks.tell_reporters")


def tell_reporters(now: datetime) -> int:
    """Write to everybody whose report was answered and who was not told yet. Returns to how many.

    In short transactions; whoever runs it at the same moment writes no letter twice.
    """
    due = QuestionReport.objects.filter(told_at=None, case__state=State.ANSWERED).order_by("pk")
    told = 0
    while chunk := list(due.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            held = QuestionReport.objects.filter(pk__in=chunk, told_at=None).select_for_update(of=("self",))
            for report in held.select_related("reporter__administration", "attempt", "appeal"):
                letters.write(
                    letters.REPORT_ANSWERED, report.reporter, lambda report=report: _page_of(report), now=now
                )
                told += 1
            QuestionReport.objects.filter(pk__in=chunk, told_at=None).update(told_at=now)
    return told


def _page_of(report: QuestionReport) -> str:
    if report.appeal:
        return reverse("appeal", args=[report.appeal.uuid])
    return reverse("quiz_result", args=[report.attempt.uuid]) + f"#question-{report.position + 1}"
