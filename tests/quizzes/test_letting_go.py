"""What results leave for item analysis belongs to nobody once they cannot be appealed any more."""

import datetime

import pytest

from people.models import Role
from quizzes import services
from quizzes.models import Attempt, GradingRun, ItemOutcomes
from quizzes.services import letting_go
from tests.factories.disputes import a_failed_attempt, a_report, a_taken_appeal, a_taken_case, answer, decide
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import a_submitted_attempt
from tests.queries import queries_of_one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]


def after(days):
    return NOW + datetime.timedelta(days=days)


def linked():
    return ItemOutcomes.objects.filter(attempt__isnull=False).count()


def test_on_the_last_day_the_row_is_still_the_learner_s_and_on_the_next_it_is_nobody_s():
    attempt = a_failed_attempt()
    before = ItemOutcomes.objects.values("outcomes", "is_first", "quiz_version").get()
    assert services.let_go_of_outcomes(after(14)) == 0
    assert services.let_go_of_outcomes(after(15)) == 1
    assert services.let_go_of_outcomes(after(15)) == 0
    assert ItemOutcomes.objects.values("outcomes", "is_first", "quiz_version").get() == before
    assert ItemOutcomes.objects.to_analyse().count() == 1
    assert attempt.grades.count() == 1


def test_an_administration_with_a_longer_period_keeps_its_own_longer():
    here, there = an_administration(), an_administration()
    officer = an_account(here, Role.CERTIFYING_OFFICER)
    services.set_appeal_period(here, 40, actor=officer, now=NOW - datetime.timedelta(days=1))
    for administration in (here, there):
        a_failed_attempt(an_account(administration))
    assert services.let_go_of_outcomes(after(20)) == 1
    assert ItemOutcomes.objects.get(attempt__isnull=False).attempt.learner.administration == here
    assert services.let_go_of_outcomes(after(41)) == 1


def test_a_shorter_period_lets_go_earlier():
    here = an_administration()
    officer = an_account(here, Role.CERTIFYING_OFFICER)
    services.set_appeal_period(here, 7, actor=officer, now=NOW - datetime.timedelta(days=1))
    a_failed_attempt(an_account(here))
    assert services.let_go_of_outcomes(after(7)) == 0
    assert services.let_go_of_outcomes(after(8)) == 1


def test_an_open_appeal_or_report_keeps_the_row():
    appeal = a_taken_appeal()
    case = a_taken_case()
    assert services.let_go_of_outcomes(after(30)) == 0
    decide(appeal, "rejected")
    answer(case, outcome="not_right")
    assert services.let_go_of_outcomes(after(30)) == 2


def test_a_report_that_another_learner_made_keeps_nobody_else_s_row():
    first = a_failed_attempt()
    a_failed_attempt(first.learner, quiz_version=first.quiz_version)
    a_report(first)
    assert services.let_go_of_outcomes(after(30)) == 1


def test_a_grading_that_is_due_keeps_the_row():
    attempt = a_failed_attempt()
    GradingRun.objects.filter(attempt=attempt).update(state="waiting", done_at=None)
    assert services.let_go_of_outcomes(after(30)) == 0
    a_submitted_attempt()
    assert services.let_go_of_outcomes(after(30)) == 0


def test_a_voided_attempt_s_row_goes_altogether_for_no_analysis_may_read_it():
    attempt = a_failed_attempt()
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.VOIDED)
    assert services.let_go_of_outcomes(after(30)) == 1
    assert not ItemOutcomes.objects.exists()


def test_it_goes_on_from_chunk_to_chunk_past_what_is_kept(monkeypatch):
    monkeypatch.setattr(letting_go, "CHUNK", 2)
    kept = a_failed_attempt()
    a_report(kept)
    for _number in range(4):
        a_failed_attempt(kept.learner, quiz_version=kept.quiz_version)
    assert services.let_go_of_outcomes(after(30)) == 4
    assert linked() == 1


def test_a_chunk_costs_the_same_however_many_rows_it_holds():
    first = a_failed_attempt()
    one = len(queries_of_one(lambda: services.let_go_of_outcomes(after(30))))
    for _number in range(3):
        a_failed_attempt(first.learner, quiz_version=first.quiz_version)
    assert len(queries_of_one(lambda: services.let_go_of_outcomes(after(30)))) == one
