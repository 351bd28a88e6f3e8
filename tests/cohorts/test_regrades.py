"""What a second grade of an attempt does to the place of its learner."""

import datetime

import pytest

from certificates.models import Certificate
from cohorts.models import CreditedHours, Enrolment, NodeProgress
from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, GradingRun, ItemAdjustment, ItemVersion
from quizzes.services.proposing import Deed, Proposal
from tests.factories.cohorts import a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import give_grade

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=1)
BEST, RISKY = Rating.BEST, Rating.RISKY


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(services.grading, "ring", lambda run_id: True)


def graded(place, *ratings):
    attempt = hand_in_quiz(place, *ratings)
    give_grade(attempt, now=NOW)
    return Attempt.objects.get(pk=attempt.pk)


def adjust(attempt, position, deed):
    here = attempt.learner.administration
    author, reviewer = an_account(here, Role.AUTHOR), an_account(here, Role.SUBJECT_REVIEWER)
    version = ItemVersion.objects.get(pk=attempt.served_items[position]["version"])
    asked = services.ask_for_regrade(Proposal(version, deed), reason="It is wrong.", actor=author, now=LATER)
    four_eyes.approve(asked, reason="So it is.", actor=reviewer, now=LATER)
    adjustment = ItemAdjustment.objects.latest("pk")
    services.spread(adjustment.pk, now=LATER)
    for run in GradingRun.objects.filter(adjustment=adjustment):
        services.grade(run.pk, now=LATER)


def withdraw(attempt):
    officers = [an_account(attempt.learner.administration, Role.CERTIFYING_OFFICER) for _ in range(2)]
    asked = services.ask_for_withdrawal(attempt, reason="It was no pass.", actor=officers[0], now=LATER)
    four_eyes.approve(asked, reason="So.", actor=officers[1], now=LATER)


def quiz_is_done(place):
    [quiz] = steps_of(place, "quiz")
    return NodeProgress.objects.filter(enrolment=place, node__key=quiz.key).exists()


def test_a_newly_passed_attempt_completes_the_step_and_with_it_the_course():
    place = a_place()
    finish_lessons(place)
    attempt = graded(place, *[BEST] * 6, RISKY, RISKY)
    place.refresh_from_db()
    assert (place.failed_attempts, quiz_is_done(place)) == (1, False)
    adjust(attempt, 7, Deed.CREDIT_ALL)
    place.refresh_from_db()
    assert (place.failed_attempts, quiz_is_done(place), place.state) == (0, True, Enrolment.State.COMPLETED)


def test_a_fail_that_stays_one_is_counted_once():
    place = a_place()
    attempt = graded(place, RISKY)
    adjust(attempt, 0, Deed.CREDIT_ALL)
    place.refresh_from_db()
    assert (attempt.grades.count(), place.failed_attempts) == (2, 1)


def in_doubt(place):
    """A pass by 6.5 of 8 points, of which 5.5 of 7 are left when a right answer is dropped."""
    attempt = graded(place, *[BEST] * 6, Rating.ACCEPTABLE, RISKY)
    assert attempt.grade_in_force.passed
    adjust(attempt, 0, Deed.DROP)
    return attempt


def test_a_regrade_that_would_fail_leaves_the_step_the_hours_and_the_certificate():
    place = a_place()
    finish_lessons(place)
    attempt = in_doubt(place)
    grade = Grade.objects.effective().get(attempt=attempt)
    assert (grade.passed, grade.pass_stands) == (True, True)
    place.refresh_from_db()
    assert (place.state, place.failed_attempts, quiz_is_done(place)) == (Enrolment.State.COMPLETED, 0, True)
    assert not Certificate.objects.filter(enrolment=place, revocation__isnull=False).exists()


def test_a_withdrawn_pass_opens_the_step_again_and_the_hours_stay_credited_once():
    place = a_place()
    attempt = in_doubt(place)
    hours = CreditedHours.objects.filter(enrolment=place).count()
    withdraw(attempt)
    place.refresh_from_db()
    assert (place.failed_attempts, quiz_is_done(place)) == (1, False)
    assert RecordEntry.objects.filter(kind="cohorts.step.reopened", subject=place.uuid).count() == 1
    adjust(attempt, 7, Deed.CREDIT_ALL)
    place.refresh_from_db()
    assert (place.failed_attempts, quiz_is_done(place)) == (0, True)
    assert CreditedHours.objects.filter(enrolment=place).count() == hours


def test_a_course_that_is_completed_stays_so_when_a_pass_is_withdrawn():
    place = a_place()
    finish_lessons(place)
    withdraw(in_doubt(place))
    place.refresh_from_db()
    assert (place.state, quiz_is_done(place)) == (Enrolment.State.COMPLETED, True)
