"""Many hands on one regrade, with real transactions: one run and one grade for each attempt."""

import datetime

import pytest
from django.utils import timezone

from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, ForeseenPass, Grade, GradingRun, ItemAdjustment, ItemVersion, Regrade
from quizzes.services import foreseeing, regrading
from quizzes.services import grading as worker
from quizzes.services.proposing import Deed, Proposal
from tests.factories.people import an_account, an_administration
from tests.factories.quizzes import a_bank, a_graded_attempt, a_quiz_version, a_submitted_attempt, run_of
from tests.many_hands import at_once

pytestmark = pytest.mark.committing


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    """Nobody hears: the workers here are the threads."""
    monkeypatch.setattr(worker, "ring", lambda run_id: True)
    monkeypatch.setattr(regrading, "ring", lambda run_id: True)
    monkeypatch.setattr(regrading, "_ring_for", lambda adjustment_id: None)


@pytest.fixture
def people():
    here = an_administration()
    return an_account(here, Role.AUTHOR), an_account(here, Role.SUBJECT_REVIEWER), an_account(here)


def request_about(attempt, author):
    version = ItemVersion.objects.get(pk=attempt.served_items[0]["version"])
    proposal = Proposal(version, Deed.DROP)
    return services.ask_for_regrade(proposal, reason="It is wrong.", actor=author, now=timezone.now())


def approve(asked, reviewer):
    return four_eyes.approve(asked, reason="So it is.", actor=reviewer, now=timezone.now())


def test_workers_that_spread_and_grade_at_once_give_each_attempt_one_grade_more(people, monkeypatch):
    monkeypatch.setattr(foreseeing, "CHUNK", 3)
    author, reviewer, learner = people
    quiz = a_quiz_version(a_bank(8), draw=8)
    attempts = [a_graded_attempt(Rating.BEST, quiz_version=quiz, learner=learner) for _ in range(12)]
    approve(request_about(attempts[0], author), reviewer)
    adjustment = ItemAdjustment.objects.get()

    def work():
        made = services.spread(adjustment.pk, now=timezone.now())
        runs = list(GradingRun.objects.filter(adjustment=adjustment).values_list("pk", flat=True))
        return made, sum(services.grade(run, now=timezone.now()) is not None for run in runs)

    came_to = at_once(*[work] * 4)
    services.spread_unfinished(timezone.now())
    left = [
        services.grade(run.pk, now=timezone.now() + datetime.timedelta(minutes=2))
        for run in GradingRun.objects.filter(adjustment=adjustment)
    ]
    assert sum(given for _made, given in came_to) + sum(grade is not None for grade in left) == 12
    assert GradingRun.objects.filter(adjustment=adjustment).count() == 12
    assert Grade.objects.count() == 24
    assert RecordEntry.objects.filter(kind="quizzes.grade.given").count() == 24
    regrade = Regrade.objects.get()
    assert (regrade.queued, regrade.finished_at is None) == (12, False)


def test_an_approval_in_the_middle_of_a_first_grading_is_never_missed(people):
    """Whichever comes first, the grade in force afterwards is by the adjustment."""
    author, reviewer, learner = people
    for _round in range(6):
        quiz = a_quiz_version(a_bank(8), draw=8)
        attempt = a_submitted_attempt(Rating.BEST, quiz_version=quiz, learner=learner)
        run, asked = run_of(attempt), request_about(attempt, author)

        def approve_and_spread(asked=asked):
            approve(asked, reviewer)
            return services.spread(ItemAdjustment.objects.latest("pk").pk, now=timezone.now())

        def grade(run=run):
            return services.grade(run.pk, now=timezone.now())

        at_once(grade, approve_and_spread)
        for waiting in GradingRun.objects.filter(attempt=attempt).exclude(state="done"):
            services.grade(waiting.pk, now=timezone.now())
        newest = Grade.objects.effective().get(attempt=attempt)
        assert newest.maximum == 7
        assert attempt.grades.count() in (1, 2)
    assert not Attempt.objects.exclude(state=Attempt.State.GRADED).exists()


def test_two_regrades_of_one_attempt_at_once_follow_one_another(people):
    author, reviewer, learner = people
    quiz = a_quiz_version(a_bank(8), draw=8)
    attempt = a_graded_attempt(Rating.BEST, quiz_version=quiz, learner=learner)
    for item in attempt.served_items[:3]:
        version = ItemVersion.objects.get(pk=item["version"])
        proposal = Proposal(version, Deed.DROP)
        asked = services.ask_for_regrade(proposal, reason="It is wrong.", actor=author, now=timezone.now())
        approve(asked, reviewer)
    services.spread_unfinished(timezone.now())
    runs = list(GradingRun.objects.filter(cause="regrade").values_list("pk", flat=True))
    given = at_once(*[lambda run=run: services.grade(run, now=timezone.now()) for run in runs])
    assert sorted(grade.number for grade in given) == [2, 3, 4]
    assert {grade.maximum for grade in given} == {5}


def test_of_two_colleagues_who_approve_at_once_one_adjusts_the_item(people):
    author, reviewer, learner = people
    attempt = a_graded_attempt(Rating.BEST, learner=learner)
    asked = request_about(attempt, author)
    other = an_account(author.administration, Role.SUBJECT_REVIEWER)
    at_once(lambda: approve(asked, reviewer), lambda: approve(asked, other), refusals=(four_eyes.ConflictError,))
    assert ItemAdjustment.objects.count() == Regrade.objects.count() == 1


def test_workers_at_one_preview_at_once_count_each_attempt_once(people, monkeypatch):
    monkeypatch.setattr(foreseeing, "CHUNK", 3)
    monkeypatch.setattr(foreseeing, "AT_ONCE", 5)
    monkeypatch.setattr(foreseeing, "ring_for_preview", lambda preview_id: True)
    _author, _reviewer, learner = people
    quiz = a_quiz_version(a_bank(8), draw=8)
    attempts = [
        a_graded_attempt(*[Rating.BEST] * 7, Rating.RISKY, quiz_version=quiz, learner=learner) for _ in range(12)
    ]
    version = ItemVersion.objects.get(pk=attempts[0].served_items[0]["version"])
    preview = services.look(Proposal(version, Deed.DROP), now=timezone.now())

    def work():
        for _delivery in range(4):
            services.carry_on_preview(preview.pk, now=timezone.now())

    at_once(*[work] * 4)
    preview.refresh_from_db()
    assert preview.is_finished
    assert (preview.looked_at, preview.counted.attempts) == (12, 12)
    changed = preview.counted.newly_passed + preview.counted.in_doubt
    assert ForeseenPass.objects.filter(preview=preview).count() == changed
