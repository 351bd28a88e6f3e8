"""What is shown when: nothing that a quiz's policy keeps back reaches the page before its time."""

import datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from quizzes.blueprint import Blueprint, ReviewPolicy
from quizzes.kinds.choices import Rating
from quizzes.rules import Window
from tests.factories.people import NOW
from tests.factories.quizzes import a_graded_attempt, a_quiz_version

HOUR, SECOND = datetime.timedelta(hours=1), datetime.timedelta(seconds=1)
CLOSES, GRACE = NOW + HOUR, datetime.timedelta(seconds=30)
PASSED, FAILED = [Rating.BEST] * 7 + [Rating.ACCEPTABLE], [Rating.RISKY] * 8


@given(st.sampled_from(ReviewPolicy), st.booleans(), st.integers(-7200, 7200))
def test_the_key_is_shown_only_with_the_answers_and_never_before_the_policy_says_so(policy, passed, seconds):
    blueprint = Blueprint((), window=Window(None, CLOSES), grace=GRACE, review=policy)
    now = CLOSES + datetime.timedelta(seconds=seconds)
    shown = blueprint.shows(passed=passed, now=now)
    assert shown.answers or not shown.key
    assert (
        not shown.key
        or policy in (ReviewPolicy.AFTER_GRADE, ReviewPolicy.AFTER_CLOSE)
        or (policy == ReviewPolicy.AFTER_PASS and passed)
    )
    if policy == ReviewPolicy.AFTER_CLOSE:
        # While anybody's answers are still taken, nobody's are told.
        assert shown.answers == (now > CLOSES + GRACE)
        assert (shown.from_then_on is None) == shown.answers


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("policy", "ratings", "when", "answers", "key"),
    [
        ("score", PASSED, NOW, False, False),
        ("score", FAILED, CLOSES + HOUR, False, False),
        ("answers", PASSED, CLOSES + HOUR, True, False),
        ("answers", FAILED, NOW, True, False),
        ("after_pass", FAILED, NOW, True, False),
        ("after_pass", PASSED, NOW, True, True),
        ("after_grade", FAILED, NOW, True, True),
        ("after_close", PASSED, CLOSES, False, False),
        ("after_close", PASSED, CLOSES + GRACE, False, False),
        ("after_close", PASSED, CLOSES + GRACE + SECOND, True, True),
        ("after_close", FAILED, CLOSES + GRACE + SECOND, True, True),
    ],
)
def test_the_result_page_holds_what_the_policy_says_and_nothing_more(client, policy, ratings, when, answers, key):
    version = a_quiz_version(review=policy, closes_at=CLOSES, grace_seconds=30)
    attempt = a_graded_attempt(*ratings, quiz_version=version)
    client.force_login(attempt.learner)
    with time_machine.travel(when, tick=False):
        shown = client.get(f"/en/quiz/{attempt.uuid}/result/").content.decode()
    assert "per cent passes" in shown
    assert ("It ends." in shown) == answers
    assert ("asks in en." in shown) == answers
    is_best_told = any(
        f"{item}, answer a in en" in shown
        for item in attempt.quiz_version.pool.values_list("item__key", flat=True)
        if ratings == FAILED
    ) or (ratings == PASSED and shown.count("answer a in en") == 8)
    assert is_best_told == key


@pytest.mark.django_db
def test_what_is_shown_later_says_from_when(client):
    version = a_quiz_version(review="after_close", closes_at=CLOSES)
    attempt = a_graded_attempt(*FAILED, quiz_version=version)
    client.force_login(attempt.learner)
    with time_machine.travel(NOW, tick=False):
        shown = client.get(f"/en/quiz/{attempt.uuid}/result/").content.decode()
    assert "when nobody sits this quiz any more" in shown
    assert "Read what came of each answer" not in shown


@pytest.mark.django_db
def test_a_bright_line_is_told_with_the_score_and_does_not_say_which_answer_it_was(client):
    attempt = a_graded_attempt(*[Rating.BEST] * 7, Rating.BREACH, quiz_version=a_quiz_version(review="score"))
    client.force_login(attempt.learner)
    shown = client.get(f"/en/quiz/{attempt.uuid}/result/").content.decode()
    assert "One answer crossed a bright line" in shown
    assert "marked below" not in shown
    assert "shows its result alone" in shown
