"""The short way of saving is no other rule: it writes what the long way would write, or nothing."""

import datetime
import uuid

import pytest

from quizzes import errors, services
from quizzes.models import Attempt, Response
from quizzes.services import answering, next_answer
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_quiz_version, an_attempt, send
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db

STEP = Response.WINDOWS
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def version():
    return a_quiz_version()


def started(version, **fields):
    return an_attempt(an_account(), version, registration=uuid.uuid4(), **fields)


def handed_in(attempt):
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)


def bound(attempt):
    services.bind(attempt, uuid.uuid4())


def with_a_first_answer(attempt):
    send(attempt, 0, "1", sequence=7)


def as_it_began(attempt):
    """Nothing has happened."""


# What was before, and how it is saved then.
CASES = [
    pytest.param(as_it_began, {"known": 0}, id="the first answer"),
    pytest.param(as_it_began, {"known": 3, "sequence": 9}, id="an answer is known that never was"),
    pytest.param(as_it_began, {"known": 0, "sequence": 0}, id="no number"),
    pytest.param(as_it_began, {"known": 0, "sequence": Response.LAST_SEQUENCE + 1}, id="a number beyond the last"),
    pytest.param(as_it_began, {"known": 0, "values": ("77",)}, id="an option that is not there"),
    pytest.param(as_it_began, {"known": 0, "values": ()}, id="nothing chosen"),
    pytest.param(as_it_began, {"known": 0, "position": 99}, id="a question that is not there"),
    pytest.param(as_it_began, {"known": 0, "late": 20 * MINUTE}, id="in time to the second"),
    pytest.param(as_it_began, {"known": 0, "late": 24 * 60 * MINUTE}, id="too late"),
    pytest.param(as_it_began, {"known": 0, "stranger": True}, id="somebody else's attempt"),
    pytest.param(bound, {"known": 0}, id="from another browser"),
    pytest.param(handed_in, {"known": 0}, id="handed in"),
    pytest.param(with_a_first_answer, {"known": 7, "sequence": 8}, id="the next answer"),
    pytest.param(with_a_first_answer, {"known": 7, "sequence": 8, "values": ("1",)}, id="the same once more"),
    pytest.param(with_a_first_answer, {"known": 0, "sequence": 7 + STEP}, id="its own answer never heard of"),
    pytest.param(with_a_first_answer, {"known": 0, "sequence": 8 + STEP}, id="another window that saw nothing"),
    pytest.param(with_a_first_answer, {"known": 0, "sequence": 7, "values": ("1",)}, id="the same request again"),
    pytest.param(with_a_first_answer, {"known": 7, "sequence": 5}, id="an older number"),
    pytest.param(with_a_first_answer, {"known": 8, "sequence": 9}, id="more is known than there is"),
    pytest.param(with_a_first_answer, {"known": 0, "position": 1}, id="another question"),
]


def outcome_of(attempt, values=("2",), position=0, sequence=1, late=None, stranger=False, **how):
    """What a save answers with, and all that is saved then."""
    try:
        response = send(
            attempt,
            position,
            *values,
            sequence=sequence,
            learner=an_account() if stranger else None,
            now=NOW + late if late else NOW,
            language="en",
            **how,
        )
        told = response and {name: getattr(response, name) for name in KEPT}
        of_it = response is None or response.attempt == attempt
    except (errors.QuizError, Attempt.DoesNotExist) as problem:
        told, of_it = type(problem), True
    return told, of_it, list(attempt.responses.values(*KEPT))


KEPT = ["position", "sequence", "answer", "language", "saved_at"]


@pytest.mark.parametrize(("before", "how"), CASES)
def test_both_ways_come_to_the_same(before, how, version, monkeypatch):
    one, other = started(version), started(version)
    # The same questions in the same order, so that the same place names the same option.
    Attempt.objects.filter(pk=other.pk).update(served=one.served)
    other.served = one.served
    before(one)
    before(other)
    short = outcome_of(one, **how)
    monkeypatch.setattr(answering, "_write_next", lambda *_arguments: None)
    assert short == outcome_of(other, **how)
    assert short[1]


def test_the_next_answer_is_one_statement(version):
    attempt = started(version)
    next_answer.served_items(attempt.uuid)
    assert len(queries_of_one(lambda: send(attempt, 0, "2", known=0))) == 1
    assert attempt.responses.count() == 1


def test_the_grace_counts_and_the_moment_it_ends(version):
    attempt = started(version)
    until = attempt.deadline + MINUTE
    Attempt.objects.filter(pk=attempt.pk).update(grace_until=until)
    assert send(attempt, 0, "2", known=0, now=until)
    with pytest.raises(errors.TimeIsUp):
        send(attempt, 0, "3", known=1, sequence=2, now=until + datetime.timedelta(microseconds=1))
