"""When a quiz may be sat, and how long a slow line is waited for."""

import datetime

import pytest
import time_machine

from quizzes import errors, services
from quizzes.models import Attempt
from quizzes.rules import Refusal
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_release
from tests.factories.people import NOW
from tests.factories.quizzes import a_quiz_version, an_attempt, answers, form, save

pytestmark = pytest.mark.django_db

MINUTE, SECOND, DAY = datetime.timedelta(minutes=1), datetime.timedelta(seconds=1), datetime.timedelta(days=1)


def test_no_attempt_starts_before_the_quiz_opens_nor_once_it_has_closed():
    version = a_quiz_version(opens_at=NOW, closes_at=NOW + DAY)
    for moment, refusal in ((NOW - SECOND, Refusal.NOT_YET_OPEN), (NOW + DAY, Refusal.CLOSED)):
        with pytest.raises(errors.MayNotStart) as raised:
            an_attempt(quiz_version=version, now=moment)
        assert raised.value.standing.refusal == refusal
    assert not Attempt.objects.exists()
    assert an_attempt(quiz_version=version).deadline == NOW + 30 * MINUTE


def test_an_attempt_that_starts_shortly_before_the_closing_ends_with_it():
    version = a_quiz_version(closes_at=NOW + 10 * MINUTE, grace_seconds=60)
    attempt = an_attempt(quiz_version=version)
    assert (attempt.deadline, attempt.taken_until) == (NOW + 10 * MINUTE, NOW + 11 * MINUTE)


def test_an_answer_that_arrives_within_the_grace_is_kept_and_a_later_one_is_not():
    attempt = an_attempt(quiz_version=a_quiz_version(grace_seconds=30))
    save(attempt, 0, "a", now=attempt.deadline + 30 * SECOND)
    with pytest.raises(errors.TimeIsUp):
        save(attempt, 1, "a", now=attempt.deadline + 31 * SECOND)
    assert answers(attempt) == [(0, 1, "a")]


def test_the_sweeper_waits_for_the_grace_and_then_hands_in_as_of_the_deadline():
    late, waiting = (an_attempt(quiz_version=a_quiz_version(grace_seconds=seconds)) for seconds in (0, 30))
    assert services.submit_out_of_time(NOW + 30 * MINUTE + SECOND) == 1
    late.refresh_from_db()
    waiting.refresh_from_db()
    assert (late.state, waiting.state) == (Attempt.State.SUBMITTED, Attempt.State.IN_PROGRESS)
    assert services.submit_out_of_time(waiting.deadline + 31 * SECOND) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.submitted_at) == (Attempt.State.SUBMITTED, waiting.deadline)


def test_whoever_hands_in_during_the_grace_counts_as_of_the_deadline():
    attempt = an_attempt(quiz_version=a_quiz_version(grace_seconds=30))
    services.submit_attempt(attempt, learner=attempt.learner, now=attempt.deadline + 10 * SECOND)
    assert attempt.submitted_at == attempt.deadline


# --- What the pages say ----------------------------------------------------------------------------------------------


@pytest.fixture
def page(client):
    """The page of a quiz with such a window, at a moment."""

    def read(moment, **window):
        place = a_place(release=a_release(a_quiz_version(**window)))
        [quiz] = steps_of(place, "quiz")
        with time_machine.travel(moment, tick=False):
            client.force_login(place.user)
            return client.get(f"/en/learn/{place.uuid}/{quiz.key}/").content.decode()

    return read


def test_the_page_says_when_the_quiz_opens_and_offers_no_start(page):
    shown = page(NOW - DAY, opens_at=NOW, closes_at=NOW + DAY)
    assert "Not open yet" in shown
    assert f"This quiz opens on {NOW.day} " in shown
    assert "It closes on" in shown
    assert "Start the quiz" not in shown


def test_the_page_says_that_the_quiz_has_closed(page):
    shown = page(NOW + 2 * DAY, closes_at=NOW + DAY)
    assert "This quiz is closed" in shown
    assert "It closed on" in shown
    assert "Start the quiz" not in shown


def test_the_page_tells_before_the_start_how_long_is_left(page):
    assert "You have 30 minutes once you start." in page(NOW, closes_at=NOW + DAY)
    shown = page(NOW, closes_at=NOW + 12 * MINUTE)
    assert "You have 12 minutes once you start." in shown
    assert "an attempt that is open then ends" in shown


def test_the_page_of_a_question_takes_what_is_late_within_the_grace_and_shows_the_deadline(client):
    attempt = an_attempt(quiz_version=a_quiz_version(grace_seconds=30))
    client.force_login(attempt.learner)
    address = f"/en/quiz/{attempt.uuid}/1/"
    with time_machine.travel(attempt.deadline + 20 * SECOND, tick=False):
        shown = client.get(address).content.decode()
        assert f'data-countdown-deadline-value="{attempt.deadline.isoformat()}"' in shown
        assert client.post(address, form(attempt, 0, "a"), HTTP_X_REQUESTED_WITH="fetch").json()["saved"]
    with time_machine.travel(attempt.deadline + 31 * SECOND, tick=False):
        assert client.get(address)["Location"].endswith("/result/")
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.SUBMITTED
