"""Many hands on one attempt, with real transactions: one grade, no answer lost, none that slips in afterwards."""

import datetime
import threading
import uuid

import pytest
from django.db import connections
from django.utils import timezone

from cohorts.models import CreditedHours, Enrolment, NodeProgress
from oversight.models import RecordEntry
from quizzes import errors, services
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, GradingRun, Response
from quizzes.services import grading as worker
from quizzes.services.grading import FIRST_RING_AGAIN, LEASE
from tests.factories.cohorts import a_group, a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.people import an_account
from tests.factories.quizzes import (
    a_quiz_version,
    a_submitted_attempt,
    an_attempt,
    choice,
    give_grade,
    option_of,
    save,
    send,
)
from tests.many_hands import at_once

pytestmark = pytest.mark.committing

HANDS = 4


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    """Nobody hears: the workers here are the threads."""
    monkeypatch.setattr(worker, "ring", lambda run_id: True)


def grading_of(attempt):
    return lambda: give_grade(attempt, now=timezone.now())


def test_many_workers_on_one_attempt_give_one_grade():
    attempt = a_submitted_attempt(Rating.BEST)
    given = at_once(*[grading_of(attempt)] * HANDS)
    assert len([each for each in given if each]) == 1
    assert Grade.objects.count() == 1
    assert RecordEntry.objects.filter(kind="quizzes.grade.given").count() == 1


def test_many_workers_over_many_attempts_give_each_one_grade():
    version = a_quiz_version()
    learner = an_account()
    attempts = [a_submitted_attempt(Rating.BEST, learner=learner, quiz_version=version) for _ in range(25)]

    def work(order):
        return lambda: sum(grading_of(attempt)() is not None for attempt in order)

    given = at_once(work(attempts), work(attempts[::-1]), work(attempts[10:] + attempts[:10]), work(attempts))
    assert sum(given) == 25
    assert Grade.objects.count() == 25
    assert not Attempt.objects.exclude(state=Attempt.State.GRADED).exists()
    assert RecordEntry.objects.filter(kind="quizzes.grade.given").count() == 25


def test_a_lease_that_ran_out_is_taken_over_once_and_the_slow_worker_writes_nothing(monkeypatch):
    attempt = a_submitted_attempt(Rating.BEST)
    claim, slow_has_it, go_on = worker.claim, threading.Event(), threading.Event()

    def slowly(run_id, *, now):
        lease = claim(run_id, now=now)
        if threading.current_thread().name == "slow":
            slow_has_it.set()
            go_on.wait(10)
        return lease

    monkeypatch.setattr(worker, "claim", slowly)
    came_to = []

    def slow_worker():
        came_to.append(give_grade(attempt, now=timezone.now()))
        connections.close_all()

    slow = threading.Thread(target=slow_worker, name="slow")
    slow.start()
    assert slow_has_it.wait(10)
    later = timezone.now() + LEASE + datetime.timedelta(seconds=1)
    given = at_once(*[lambda: give_grade(attempt, now=later)] * 3)
    go_on.set()
    slow.join(10)
    assert len([each for each in given if each]) == 1
    assert came_to == [None]
    assert Grade.objects.count() == 1


# As pages without scripts send it, and as those that say which answer they have seen.
SAID = pytest.mark.parametrize("known", [None, 0])


@SAID
def test_an_answer_saved_while_another_window_hands_in_is_graded_or_refused(known):
    """Never saved and left out, never graded and refused."""
    version = a_quiz_version()
    learner = an_account()
    for _round in range(12):
        attempt = an_attempt(learner, version, now=timezone.now())
        item = attempt.served_items[0]

        def answer(attempt=attempt, item=item):
            return save(attempt, 0, option_of(item, Rating.BEST), known=known, now=timezone.now())

        def hand_in_and_grade(attempt=attempt):
            services.submit_attempt(attempt, learner=learner, now=timezone.now())
            return give_grade(attempt, now=timezone.now())

        saved, given = at_once(answer, hand_in_and_grade, refusals=(errors.AlreadySubmitted,))
        if isinstance(saved, Response):
            assert given.points == 1
        else:
            assert given.points == 0
        assert attempt.responses.count() == given.points


def test_two_windows_that_save_at_once_keep_both_and_the_higher_sequence_counts():
    attempt = an_attempt(now=timezone.now())
    keys = attempt.served_items[0]["arrangement"]["options"]

    def answer(sequence):
        return lambda: save(attempt, 0, keys[sequence], sequence=sequence, now=timezone.now())

    came_to = at_once(answer(1), answer(2), answer(3), refusals=(errors.ChangedElsewhere,))
    newest = attempt.responses.order_by("-sequence").first()
    assert (newest.sequence, newest.answer) == (3, choice(keys[3]))
    refused = [each for each in came_to if not isinstance(each, Response)]
    assert attempt.responses.count() == 3 - len(refused)


def test_of_windows_that_answer_one_question_at_once_all_but_one_are_told():
    """None of them has seen another's answer, so none overwrites it."""
    version, learner = a_quiz_version(), an_account()
    for _round in range(12):
        attempt = an_attempt(learner, version, now=timezone.now())
        keys = attempt.served_items[0]["arrangement"]["options"]

        def answer(window, attempt=attempt, keys=keys):
            return lambda: save(attempt, 0, keys[window], sequence=window + 1, known=0, now=timezone.now())

        came_to = at_once(answer(0), answer(1), answer(2), refusals=(errors.ChangedElsewhere,))
        assert len([each for each in came_to if isinstance(each, Response)]) == attempt.responses.count() == 1
        services.submit_attempt(attempt, learner=learner, now=timezone.now())


@SAID
def test_the_same_request_delivered_many_times_is_one_answer(known):
    attempt = an_attempt(now=timezone.now())
    came_to = at_once(*[lambda: send(attempt, 0, "1", known=known, now=timezone.now())] * HANDS)
    assert len({response.pk for response in came_to}) == 1
    assert attempt.responses.count() == 1


@pytest.mark.parametrize("same_form", [True, False])
def test_starting_many_times_at_once_starts_one_attempt(same_form):
    learner, version = an_account(), a_quiz_version()
    series = {"registration": uuid.uuid4(), "activity": uuid.uuid4()}
    key = uuid.uuid4()

    def start():
        return an_attempt(learner, version, start_key=key if same_form else uuid.uuid4(), now=timezone.now(), **series)

    started = at_once(*[start] * HANDS)
    assert len({attempt.pk for attempt in started}) == 1
    assert Attempt.objects.count() == 1


def test_handing_in_many_times_at_once_with_the_sweeper_hands_in_once():
    attempt = an_attempt(now=timezone.now() - datetime.timedelta(hours=2))

    def hand_in():
        return services.submit_attempt(Attempt.objects.get(pk=attempt.pk), learner=attempt.learner, now=timezone.now())

    came_to = at_once(hand_in, hand_in, lambda: services.submit_out_of_time(timezone.now()), hand_in)
    assert sum(came_to) == 1
    attempt.refresh_from_db()
    assert attempt.submitted_at == attempt.deadline


def test_two_sweepers_ring_for_each_attempt_once(monkeypatch):
    version, learner = a_quiz_version(), an_account()
    for _attempt in range(10):
        a_submitted_attempt(Rating.BEST, learner=learner, quiz_version=version)
    rung = []
    monkeypatch.setattr(worker, "ring", lambda run_id: rung.append(run_id) or True)
    later = timezone.now() + FIRST_RING_AGAIN * 2
    at_once(*[lambda: services.ring_again(later)] * 3)
    assert sorted(rung) == sorted(GradingRun.objects.values_list("pk", flat=True))


def test_the_last_lesson_and_the_grade_at_once_complete_the_enrolment_once():
    group = a_group()
    for _round in range(4):
        enrolment = a_place(group=group)
        [first, *others] = steps_of(enrolment, "lesson")
        attempt = hand_in_quiz(enrolment, Rating.BEST, now=timezone.now())

        def lessons(enrolment=enrolment):
            finish_lessons(enrolment, now=timezone.now())

        at_once(lessons, grading_of(attempt), lessons)
        enrolment.refresh_from_db()
        assert enrolment.state == Enrolment.State.COMPLETED
        assert enrolment.credited_minutes == 105
        assert NodeProgress.objects.filter(enrolment=enrolment).count() == 4
        assert CreditedHours.objects.filter(enrolment=enrolment).count() == 4
        completed = RecordEntry.objects.filter(kind="cohorts.enrolment.completed", subject=enrolment.uuid)
        assert completed.count() == 1
