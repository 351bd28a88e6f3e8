"""Grading that loses nothing: a real worker that is killed, a real broker that is stopped, 200 attempts."""

import datetime
import time

import pytest
from django.db.models import Count
from django.utils import timezone

from oversight.models import RecordEntry
from quizzes import services
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, GradingRun
from tests.factories.people import an_account
from tests.factories.quizzes import a_quiz_version, an_attempt, choose
from tests.system import eventually

pytestmark = [pytest.mark.queue, pytest.mark.committing]

ATTEMPTS = 200
RATINGS = [Rating.BEST, Rating.ACCEPTABLE, Rating.RISKY, Rating.BREACH]
SECOND = datetime.timedelta(seconds=1)


def answered(number):
    """Attempts with all questions answered, each with another mixture of ratings."""
    version, learner = a_quiz_version(), an_account()
    attempts = []
    for place in range(number):
        attempt = an_attempt(learner, version, now=timezone.now())
        choose(attempt, *[RATINGS[(place >> (2 * n)) % 4] for n in range(8)], now=timezone.now())
        attempts.append(attempt)
    return attempts


def hand_in(attempt):
    """Hand in, and say how long the learner waited."""
    began = time.monotonic()
    assert services.submit_attempt(attempt, learner=attempt.learner, now=timezone.now())
    return time.monotonic() - began


def graded():
    return Grade.objects.count()


def let_time_pass():
    """The leases of dead workers have run out and every row is due to be rung for, as after some minutes."""
    past = timezone.now() - SECOND
    GradingRun.objects.filter(state=GradingRun.State.TAKEN).update(lease_until=past)
    GradingRun.objects.exclude(state=GradingRun.State.DONE).update(ring_after=past)


def test_killed_workers_and_a_stopped_broker_lose_no_grade_and_double_none(broker, worker):
    attempts = answered(ATTEMPTS)
    half, waits = ATTEMPTS // 2, []
    # A worker may be as fast as who hands in: each death has attempts of its own.
    for lot in (attempts[: half // 2], attempts[half // 2 : half]):
        before = graded()
        waits += [hand_in(attempt) for attempt in lot]
        eventually(lambda least=before: graded() >= least + 5, what="five more grades")
        worker.kill()
        assert graded() < ATTEMPTS
        worker.start()

    broker.stop()
    waits += [hand_in(attempt) for attempt in attempts[half:]]
    worker.kill()
    broker.start()
    worker.start()

    while waiting := Attempt.objects.ungraded().count():
        let_time_pass()
        services.ring_again(timezone.now())
        eventually(lambda least=waiting: Attempt.objects.ungraded().count() < least, what="fewer attempts wait")
    worker.kill()

    per_attempt = Attempt.objects.annotate(n=Count("grades")).values_list("n", "state")
    assert list(per_attempt) == [(1, Attempt.State.GRADED)] * ATTEMPTS
    vouched = RecordEntry.objects.filter(kind="quizzes.grade.given").values_list("subject", flat=True)
    assert sorted(vouched) == sorted(Grade.objects.values_list("uuid", flat=True))
    for grade in Grade.objects.select_related("attempt"):
        place = attempts.index(grade.attempt)
        chosen = [RATINGS[(place >> (2 * n)) % 4] for n in range(8)]
        assert grade.bright_line == (Rating.BREACH in chosen)
        assert grade.points == chosen.count(Rating.BEST) + chosen.count(Rating.ACCEPTABLE) / 2
    assert max(waits) < 1


def test_a_dead_broker_neither_slows_nor_fails_a_submission(broker):
    attempts = answered(6)
    hand_in(attempts[0])  # the connection is there
    broker.stop()
    assert max(hand_in(attempt) for attempt in attempts[1:]) < 1
    assert Attempt.objects.filter(state=Attempt.State.SUBMITTED).count() == 6
    broker.start()
    assert hand_in(answered(1)[0]) < 1


def test_a_worker_that_comes_back_rings_for_what_was_lost_before_its_turn(broker, worker):
    """Twice lost, a row's turn is two minutes off; four times, ten."""
    worker.kill()
    attempts = answered(3)
    for attempt in attempts:
        hand_in(attempt)
    broker.empty()
    GradingRun.objects.update(ring_after=timezone.now() + datetime.timedelta(minutes=10), rings=4)
    worker.start()
    eventually(lambda: graded() == len(attempts), what="all are graded")


@pytest.mark.parametrize("connected", [True, False])
def test_a_broker_that_accepts_and_never_answers_slows_no_submission(broker, connected):
    """A machine that swaps, a disk that is full: worse than a broker that is gone."""
    first, *others = answered(4)
    if connected:
        hand_in(first)
    with broker.frozen():
        assert max(hand_in(attempt) for attempt in others) < 1
    assert not Attempt.objects.filter(pk__in=[each.pk for each in others]).exclude(state="submitted").exists()
