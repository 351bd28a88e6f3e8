"""The cost of sitting a quiz does not grow with the number of its items."""

import itertools
import uuid

import pytest
import time_machine

from courses import reading
from quizzes import content, services
from quizzes.kinds.choices import Rating
from quizzes.patience import PAUSES
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_release
from tests.factories.people import NOW
from tests.factories.quizzes import a_bank, a_quiz_version, an_attempt, choose, give_grade, raw_form, run_of
from tests.queries import queries_of, queries_of_one

pytestmark = pytest.mark.django_db

FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture(params=[10, 200], ids="{} items".format)
def attempt(request, client):
    """An attempt of an enrolment, with an answer to every question."""
    with time_machine.travel(NOW, tick=False):
        version = a_quiz_version(a_bank(request.param), draw=request.param)
        enrolment = a_place(release=a_release(version))
        [quiz] = steps_of(enrolment, "quiz")
        attempt = an_attempt(enrolment.user, version, registration=enrolment.uuid, activity=quiz.key)
        choose(attempt, Rating.BEST)
        client.force_login(enrolment.user)
        yield attempt


def address(attempt, name):
    return f"/en/quiz/{attempt.uuid}/{name}/"


@pytest.mark.parametrize("name", ["1", "check"])
def test_a_question_and_the_last_look(attempt, client, name):
    """Session with its account, attempt with what says where the quiz stands, and its answers."""
    assert len(queries_of(lambda: client.get(address(attempt, name)))) == 3


def test_saving_the_next_answer(attempt, client):
    """Session with its account, and the new row, which is written only where it is the next."""
    sequences = itertools.count(2)

    def save():
        sequence = next(sequences)
        answer = raw_form(0, "1", sequence=sequence, known=sequence - 1)
        assert client.post(address(attempt, "1"), answer, **FETCH).json()["saved"]

    assert len(queries_of(save)) == 2


def test_saving_an_answer_without_saying_what_is_known(attempt, client):
    """Session with its account, the attempt with its lock, the newest answer to the question, the new row."""
    sequences = itertools.count(2)

    def save():
        answer = raw_form(0, "1", sequence=next(sequences))
        assert client.post(address(attempt, "1"), answer, **FETCH).json()["saved"]

    assert len(queries_of(save)) == 4


def test_handing_in(attempt, client):
    """Session with its account, attempt, the compare-and-set, and the grading run that waits from then on."""
    assert len(queries_of_one(lambda: client.post(address(attempt, "submit")))) == 4


def test_waiting_and_the_result(attempt, client):
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    assert len(queries_of(lambda: client.get(address(attempt, "state")))) == 2
    # The state once more after each pause of its patience.
    assert len(queries_of(lambda: client.get(address(attempt, "result")))) == 2 + len(PAUSES)
    give_grade(attempt, now=NOW)
    # Session with its account, attempt with where it was taken, grade with whether anything was adjusted, reported or
    # appealed, and the answers.
    assert len(queries_of(lambda: client.get(address(attempt, "result")))) == 4


def test_grading(attempt):
    """By a worker that has just begun: all items in two queries, and what the enrolment writes on a pass."""
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    run = run_of(attempt)
    fresh_process()
    queries = queries_of_one(lambda: services.grade(run.pk, now=NOW))
    # Among them PostgreSQL’s lock on the record log, a programme’s terms, the plan of the quiz, the adjustments
    # in force before and while the attempt is held, and whether the step was credited before.
    assert len(queries) <= 34, queries


def test_a_process_that_has_just_begun_reads_all_items_in_one_query(attempt, client):
    """Starting once more, and the result."""
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    give_grade(attempt, now=NOW)
    fresh_process()
    # The four of a process that remembers, the head of the page, the outline in two, the quiz's plan, the items and
    # their words, the calendar in three.
    assert len(queries_of_one(lambda: client.get(address(attempt, "result")))) <= 12
    fresh_process()
    another = {"registration": uuid.uuid4(), "activity": uuid.uuid4()}
    queries = queries_of_one(lambda: an_attempt(attempt.learner, attempt.quiz_version, **another))
    # The attempts before, the quiz's plan, what is granted, the items, the new row.
    assert len(queries) == 5, queries


def fresh_process():
    content.forget()
    reading.outline.cache_clear()


def test_the_quiz_s_own_page(attempt, client):
    """Session with its account, enrolment, its rules, progress, attempts, grades."""
    where = f"/en/learn/{attempt.registration}/{attempt.activity}/"
    assert len(queries_of(lambda: client.get(where))) <= 6
