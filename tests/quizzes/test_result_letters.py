"""Letters about results that nobody waits for in front of a page: what people marked, and what has changed."""

import datetime
from decimal import Decimal

import pytest

from core import mail
from core.models import OutgoingMail
from oversight import four_eyes
from people.models import Role
from quizzes import services
from quizzes.kinds.choices import Rating
from quizzes.models import Grade, GradingRun, ItemVersion
from quizzes.services.proposing import Deed, Proposal
from tests.factories.disputes import a_failed_attempt
from tests.factories.markings import an_attempt_to_mark, have_marked
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import a_graded_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

LATER = NOW + datetime.timedelta(days=1)


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def learner(here):
    return an_account(here, email="learner@b.example")


def letters_about(grade):
    return list(mail.about([grade.uuid]))


def another_score(attempt, score):
    asker, seconder = (an_account(attempt.learner.administration, Role.CERTIFYING_OFFICER) for _ in range(2))
    asked = services.ask_for_override(attempt, score=Decimal(score), reason="So it is.", actor=asker, now=LATER)
    four_eyes.approve(asked, reason="Yes.", actor=seconder, now=LATER)
    return attempt.grades.latest("number")


def adjusted(attempt, deed, position=0):
    """Have a question of an attempt regraded; the runs that this calls for."""
    here = attempt.learner.administration
    version = ItemVersion.objects.get(pk=attempt.served_items[position]["version"])
    author, reviewer = an_account(here, Role.AUTHOR), an_account(here, Role.SUBJECT_REVIEWER)
    asked = services.ask_for_regrade(Proposal(version, deed), reason="It was wrong.", actor=author, now=LATER)
    four_eyes.approve(asked, reason="It was.", actor=reviewer, now=LATER)
    services.spread(version.adjustments.get().pk, now=LATER)
    return list(GradingRun.objects.filter(cause="regrade"))


def test_a_learner_is_told_that_the_result_is_there_once_people_have_marked_it(learner, settings):
    settings.SITE_URL = "https://learn.example"
    attempt = an_attempt_to_mark(learner)
    assert not OutgoingMail.objects.exists()
    have_marked(attempt)
    letter = OutgoingMail.objects.get()
    assert (letter.to_address, letter.subject) == ("learner@b.example", "Your result is there")
    assert f"https://learn.example/en/quiz/{attempt.uuid}/result/" in letter.body
    assert letters_about(attempt.grades.get()) == [letter]


def test_a_result_that_a_program_gives_at_once_needs_no_letter(learner):
    a_graded_attempt(Rating.BEST, learner=learner)
    assert not OutgoingMail.objects.exists()


def test_a_changed_score_is_told_without_saying_it(learner):
    grade = another_score(a_failed_attempt(learner), "85.0")
    [letter] = letters_about(grade)
    assert letter.subject == "Your result has changed"
    words = letter.body.replace(str(grade.attempt.uuid), "")
    assert not any(said in words for said in ("85", "So it is.", "passed", "failed"))


def test_a_regrade_that_changes_a_result_is_told_once_however_often_its_task_is_delivered(learner):
    attempt = a_failed_attempt(learner)
    [run] = adjusted(attempt, Deed.CREDIT_ALL, position=1)
    services.grade(run.pk, now=LATER)
    services.grade(run.pk, now=LATER)
    assert [each.subject for each in OutgoingMail.objects.all()] == ["Your result has changed"]


def test_a_regrade_that_comes_to_the_same_is_not_told(learner):
    [run] = adjusted(a_failed_attempt(learner), Deed.CREDIT_ALL, position=0)
    assert services.grade(run.pk, now=LATER).number == 2
    assert not OutgoingMail.objects.exists()


def test_a_pass_that_is_withdrawn_is_told(learner):
    attempt = a_graded_attempt(*[Rating.BEST] * 8, Rating.RISKY, Rating.RISKY, learner=learner)
    before = attempt.grades.get()
    Grade.objects.create(
        attempt=attempt,
        number=2,
        origin=Grade.Origin.REGRADED,
        reason="It was wrong.",
        score=70,
        points=before.points,
        maximum=before.maximum,
        bright_line=False,
        passed=True,
        pass_stands=True,
        grading_version=before.grading_version,
        given_at=NOW,
    )
    asker, seconder = (an_account(learner.administration, Role.CERTIFYING_OFFICER) for _ in range(2))
    asked = services.ask_for_withdrawal(attempt, reason="It does not hold.", actor=asker, now=LATER)
    four_eyes.approve(asked, reason="No.", actor=seconder, now=LATER)
    [letter] = letters_about(attempt.grades.latest("number"))
    assert letter.subject == "Your result has changed"


def test_a_grade_that_is_undone_leaves_no_letter(learner, monkeypatch):
    attempt = an_attempt_to_mark(learner)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("quizzes.services.grading.attempt_graded.send", fail)
    with pytest.raises(RuntimeError):
        have_marked(attempt)
    assert not Grade.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_letter_is_written_in_the_language_of_its_reader(here):
    have_marked(an_attempt_to_mark(an_account(here, email="b@c.example", language="ar"), language="fr"))
    letter = OutgoingMail.objects.get()
    # Whole in English while its translation is missing, never mixed.
    assert letter.language in ("ar", "en")
    assert f"/{letter.language}/quiz/" in letter.body


def test_whoever_has_no_address_gets_the_result_without_a_letter(here):
    attempt = an_attempt_to_mark(an_account(here, email=None))
    have_marked(attempt)
    assert attempt.grades.exists()
    assert not OutgoingMail.objects.exists()
