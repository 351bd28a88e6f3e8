"""Many hands on one appeal or one reported question, with real transactions."""

import datetime
from functools import partial

import pytest
from django.utils import timezone

from core.models import OutgoingMail
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.errors import Overtaken
from quizzes.kinds.choices import Rating
from quizzes.models import Appeal, DeadlineReminder, QuestionCase, QuestionReport
from quizzes.services import grading
from quizzes.services import reports as reporting
from tests.factories.disputes import a_report, a_taken_appeal, a_taken_case, an_appeal, answer, decide
from tests.factories.people import an_account, an_administration
from tests.factories.quizzes import a_bank, a_graded_attempt, a_quiz_version
from tests.many_hands import at_once

pytestmark = pytest.mark.committing


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(grading, "ring", lambda run_id: True)
    monkeypatch.setattr(reporting, "_ring_to_tell", lambda: None)


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def quiz():
    return a_quiz_version(a_bank(3), draw=3)


def graded(here, quiz):
    return a_graded_attempt(Rating.BEST, learner=an_account(here), quiz_version=quiz, now=timezone.now())


def count(kind):
    return RecordEntry.objects.filter(kind=kind).count()


def test_a_result_that_is_appealed_by_several_presses_at_once_has_one_appeal(here, quiz):
    attempt, now = graded(here, quiz), timezone.now()
    found = at_once(*[lambda: an_appeal(attempt, now=now)] * 4)
    assert len({appeal.pk for appeal in found}) == 1
    assert Appeal.objects.count() == count("quizzes.appeal.made") == 1


def test_of_two_officers_who_take_an_appeal_at_once_one_has_it(here, quiz):
    appeal, now = an_appeal(graded(here, quiz), now=timezone.now()), timezone.now()
    officers = [an_account(here, Role.CERTIFYING_OFFICER) for _ in range(2)]

    def take(officer):
        return services.assign_appeal(appeal, officer, before=None, actor=officer, now=now)

    came_to = at_once(*[lambda each=each: take(each) for each in officers], refusals=(Overtaken,))
    assert sum(isinstance(each, Overtaken) for each in came_to) == 1
    assert count("quizzes.appeal.taken") == 1


def test_of_decisions_at_once_one_stands_and_the_learner_s_withdrawal_is_one_of_them(here, quiz):
    attempt, now = graded(here, quiz), timezone.now()
    appeal = a_taken_appeal(attempt, now=now)
    came_to = at_once(
        lambda: decide(appeal, "upheld", now=now),
        lambda: decide(appeal, "rejected", now=now),
        lambda: services.withdraw_appeal(appeal, learner=attempt.learner, now=now),
        refusals=(Overtaken,),
    )
    [done] = [each for each in came_to if not isinstance(each, Overtaken)]
    assert Appeal.objects.get().state == done.state
    assert count("quizzes.appeal.decided") + count("quizzes.appeal.withdrawn") == 1


def test_reports_of_one_question_at_once_gather_in_one_case(here, quiz):
    attempts, now = [graded(here, quiz) for _ in range(4)], timezone.now()
    version = attempts[0].served_items[0]["version"]

    def report(attempt):
        number = [item["version"] for item in attempt.served_items].index(version) + 1
        return a_report(attempt, number, now=now)

    # Each learner presses twice.
    at_once(*[lambda each=each: report(each) for each in attempts * 2])
    assert QuestionCase.objects.count() == count("quizzes.case.opened") == 1
    assert QuestionReport.objects.count() == count("quizzes.report.made") == 4


def test_a_report_and_the_answer_at_once_leave_no_reporter_without_an_answer(here, quiz):
    for _round in range(4):
        now = timezone.now()
        case, late = a_taken_case(graded(here, quiz), now=now), graded(here, quiz)
        number = [item["version"] for item in late.served_items].index(case.version_id) + 1
        at_once(partial(answer, case, now=now), partial(a_report, late, number, now=now))
        report = QuestionReport.objects.get(attempt=late)
        assert report.case == case or report.case.is_open
        if report.case.is_open:
            owner = an_account(here, Role.AUTHOR)
            answer(services.assign_case(report.case, owner, before=None, actor=owner, now=now), now=now)
    at_once(*[lambda: services.tell_reporters(timezone.now())] * 3)
    assert not QuestionReport.objects.filter(told_at=None).exists()


def test_clocks_that_ring_at_once_tell_of_a_deadline_once(here, quiz):
    case = a_taken_case(graded(here, quiz), an_account(here, Role.AUTHOR, email="owner@b.example"))
    # A Tuesday morning, long after.
    later = datetime.datetime(2027, 3, 2, 15, tzinfo=datetime.UTC)
    at_once(*[partial(services.tell_of_deadlines, later)] * 3)
    assert DeadlineReminder.objects.get().case == case
    assert count("quizzes.case.deadline_told") == OutgoingMail.objects.count() == 1
