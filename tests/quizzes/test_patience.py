"""Who hands in waits a moment for the result, and never long."""

import threading

import pytest
from django.utils import timezone

from quizzes import patience
from quizzes.models import Attempt
from tests.factories.quizzes import a_graded_attempt, a_submitted_attempt, give_grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def pauses(monkeypatch):
    """What happens while it waits, in the place of time."""
    deeds, slept = {}, []

    def sleep(seconds):
        slept.append(seconds)
        deeds.pop(len(slept), lambda: None)()

    monkeypatch.setattr(patience.time, "sleep", sleep)
    return deeds, slept


def test_a_grade_that_comes_while_it_waits_is_seen_at_once(pauses):
    deeds, slept = pauses
    now = timezone.now()
    attempt = a_submitted_attempt(now=now)
    deeds[2] = lambda: give_grade(attempt, now=now)
    patience.wait_for_grade(attempt, now)
    assert (attempt.state, len(slept)) == (Attempt.State.GRADED, 2)


def test_it_gives_up_within_half_a_second(pauses):
    _deeds, slept = pauses
    now = timezone.now()
    attempt = a_submitted_attempt(now=now)
    patience.wait_for_grade(attempt, now)
    assert attempt.state == Attempt.State.SUBMITTED
    assert 0.3 < sum(slept) < 0.5


def test_nobody_waits_for_what_is_graded_or_was_handed_in_long_ago(pauses):
    _deeds, slept = pauses
    now = timezone.now()
    patience.wait_for_grade(a_graded_attempt(now=now), now)
    patience.wait_for_grade(a_submitted_attempt(now=now), now + 2 * patience.FRESH)
    assert slept == []


def test_only_few_wait_at_once(pauses, monkeypatch):
    deeds, slept = pauses
    monkeypatch.setattr(patience, "_waiting", threading.BoundedSemaphore(2))
    now = timezone.now()
    first, second, third = (a_submitted_attempt(now=now) for _each in range(3))
    # The second begins to wait while the first does, and the third while both do.
    deeds[1] = lambda: patience.wait_for_grade(second, now)
    deeds[2] = lambda: patience.wait_for_grade(third, now)
    patience.wait_for_grade(first, now)
    assert len(slept) == 2 * len(patience.PAUSES)
    assert patience._waiting.acquire(blocking=False)
