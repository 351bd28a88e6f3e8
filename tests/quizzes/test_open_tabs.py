"""One attempt in two windows: a newer answer is never overwritten by who has not seen it."""

import pytest
import time_machine

from quizzes import errors, services
from quizzes.kinds.contract import Fields
from quizzes.models import Response
from tests.factories.people import NOW
from tests.factories.quizzes import an_attempt, answers

pytestmark = pytest.mark.django_db

STEP = Response.WINDOWS
# Two windows, each with an offset of its own.
ONE, OTHER = 7, 500


@pytest.fixture
def attempt():
    return an_attempt()


def save(attempt, place, sequence, known):
    return services.save_response(
        attempt.uuid,
        learner=attempt.learner,
        position=0,
        fields=Fields({"q1": [str(place)]}, "q1"),
        sequence=sequence,
        known=known,
        now=NOW,
    )


def chosen(attempt):
    return [(sequence, answer) for _position, sequence, answer in answers(attempt)]


def test_a_window_that_was_off_the_line_overwrites_nothing_however_far_it_has_counted(attempt):
    newer = save(attempt, 1, ONE, known=0)
    with pytest.raises(errors.ChangedElsewhere):
        save(attempt, 2, OTHER + 9 * STEP, known=0)
    assert chosen(attempt) == [(ONE, newer.answer["choice"])]


def test_who_has_seen_the_newest_answer_changes_it(attempt):
    save(attempt, 1, ONE, known=0)
    assert save(attempt, 2, OTHER + STEP, known=ONE)


def test_a_window_that_never_heard_that_its_own_answer_arrived_goes_on(attempt):
    """Its answer got through and the reply did not: what stands there is its own."""
    save(attempt, 1, ONE, known=0)
    assert save(attempt, 2, ONE + STEP, known=0)
    assert save(attempt, 3, ONE + 2 * STEP, known=0)


def test_the_same_answer_from_both_windows_is_no_conflict(attempt):
    save(attempt, 1, ONE, known=0)
    assert save(attempt, 1, OTHER, known=0)


def test_two_windows_in_turn_where_each_was_loaded_again(attempt):
    first = save(attempt, 1, ONE, known=0)
    second = save(attempt, 2, OTHER + STEP, known=first.sequence)
    with pytest.raises(errors.ChangedElsewhere):
        save(attempt, 3, ONE + 5 * STEP, known=first.sequence)
    assert save(attempt, 3, ONE + 5 * STEP, known=second.sequence)


def test_who_does_not_say_what_is_known_is_held_to_the_sequence_alone(attempt):
    save(attempt, 1, ONE, known=None)
    assert save(attempt, 2, OTHER, known=None)
    with pytest.raises(errors.ChangedElsewhere):
        save(attempt, 3, ONE, known=None)


@pytest.mark.parametrize("address", ["1/", ""], ids=["one question", "the paper"])
def test_the_page_says_which_answer_it_shows_and_the_refusal_says_why(attempt, client, address):
    with time_machine.travel(NOW, tick=False):
        client.force_login(attempt.learner)
        save(attempt, 1, ONE, known=0)
        page = client.get(f"/en/quiz/{attempt.uuid}/{address}").content.decode()
        assert f'name="q1-known" value="{ONE}"' in page
        assert f'name="q1-sequence" value="{ONE + 1}"' in page
        stale = {"q1": "2", "q1-sequence": OTHER, "q1-known": 0}
        refused = client.post(f"/en/quiz/{attempt.uuid}/1/", stale, HTTP_X_REQUESTED_WITH="fetch")
        assert (refused.status_code, refused.json()["reason"]) == (409, "changed_elsewhere")
        whole = client.post(f"/en/quiz/{attempt.uuid}/", stale | {"to": "2"})
        assert whole.status_code == 409
        assert "The newer answer is kept" in whole.content.decode()
    assert [sequence for sequence, _answer in chosen(attempt)] == [ONE]


@pytest.mark.parametrize("known", ["", "x", "-1", "١", "9" * 40])
def test_a_number_that_makes_no_sense_is_as_none(attempt, client, known):
    with time_machine.travel(NOW, tick=False):
        client.force_login(attempt.learner)
        form = {"q1": "2", "q1-sequence": 1, "q1-known": known}
        assert client.post(f"/en/quiz/{attempt.uuid}/1/", form, HTTP_X_REQUESTED_WITH="fetch").json()["saved"]
