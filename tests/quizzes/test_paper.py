"""A quiz on one page: with its whole form, without JavaScript, in two windows, and too late."""

import datetime
import re

import pytest
import time_machine

from quizzes import content, services
from quizzes.errors import ChangedElsewhere, UnknownOption, UnknownQuestion
from quizzes.kinds.contract import Fields
from quizzes.models import Attempt, ItemText, Response
from quizzes.services import sitting
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import (
    a_bank,
    a_bank_of,
    a_bank_of_two_tags,
    a_quiz,
    a_quiz_version,
    an_attempt,
    answers,
    form,
    give_grade,
    raw_form,
    rows,
    send,
    values_of,
    with_sections,
)
from tests.queries import queries_of, queries_of_one
from tests.quizzes import every_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def attempt(clock, client):
    attempt = an_attempt(quiz_version=a_quiz_version(a_bank(10, languages=("en", "fr")), languages=("en", "fr")))
    client.force_login(attempt.learner)
    return attempt


def paper(attempt, language="en"):
    return f"/{language}/quiz/{attempt.uuid}/"


def key(attempt, number, place=0):
    return attempt.served_items[number - 1]["arrangement"]["options"][place]


def whole(attempt, sequence=1, place=0):
    """The form with an answer to each question."""
    sent = {}
    for number in range(1, len(attempt.served_items) + 1):
        sent |= form(attempt, number - 1, key(attempt, number, place), sequence=sequence)
    return sent


def test_the_page_asks_every_question_with_what_is_answered_already(attempt, client):
    client.post(paper(attempt), form(attempt, 2, key(attempt, 3, 1)))
    page = client.get(paper(attempt)).content.decode()
    assert [int(number) for number in re.findall(r'<section [^>]*id="q(\d+)"', page)] == list(range(1, 9))
    [chosen] = values_of(attempt, 2, key(attempt, 3, 1))
    assert re.findall(r'name="(q\d)" value="(\d)" checked', page) == [("q3", chosen)]
    assert [int(n) for n in re.findall(r'name="q\d-sequence" value="(\d+)"', page)] == [1, 1, 2, 1, 1, 1, 1, 1]


def test_any_button_saves_every_answer_and_leads_where_it_says(attempt, client):
    response = client.post(paper(attempt), whole(attempt) | {"to": "5"})
    assert response["Location"] == f"{paper(attempt)}#q5"
    assert answers(attempt) == [(place, 1, key(attempt, place + 1)) for place in range(8)]
    assert client.post(paper(attempt), raw_form(0) | {"to": "check"})["Location"] == f"{paper(attempt)}check/"
    for nowhere in ("", "99", "x", "٣"):
        assert client.post(paper(attempt), raw_form(0) | {"to": nowhere})["Location"] == paper(attempt)


def test_handing_in_saves_what_was_not_saved_before(attempt, client):
    response = client.post(paper(attempt), whole(attempt) | {"to": "hand-in"})
    assert response["Location"] == f"{paper(attempt)}result/"
    attempt.refresh_from_db()
    assert (attempt.state, len(answers(attempt))) == (Attempt.State.SUBMITTED, 8)
    assert give_grade(attempt, now=NOW).maximum == 8


def test_an_answer_that_nobody_touched_is_not_written_again(attempt, client):
    """The page's script numbers the form with its window's next number, and says what it knows of."""
    client.post(paper(attempt), whole(attempt, sequence=7))
    before = rows()
    following = 7 + Response.WINDOWS
    known = {f"q{number}-known": 7 for number in range(1, 9)}
    client.post(paper(attempt), whole(attempt, sequence=following) | known)
    assert rows() == before
    client.post(paper(attempt), whole(attempt, sequence=following, place=1) | known)
    assert answers(attempt)[-1] == (7, following, key(attempt, 8, 1))


def test_the_same_answer_is_written_where_a_request_of_its_window_may_still_be_on_its_way(attempt):
    same = Fields({"q1": values_of(attempt, 0, key(attempt, 1))}, "q1")
    send(attempt, 0, *values_of(attempt, 0, key(attempt, 1)), sequence=7)
    after_another = services.Filled(0, same, 7 + 2 * Response.WINDOWS, 7)
    services.save_responses(attempt.uuid, [after_another], learner=attempt.learner, now=NOW)
    assert [number for _place, number, _key in answers(attempt)] == [7, 7 + 2 * Response.WINDOWS]


def test_a_form_without_scripts_that_is_sent_again_after_a_stop_writes_what_it_says(attempt):
    """Its number is the same as that of the one that was stopped, and which may come later with another answer."""
    first, second = key(attempt, 1), key(attempt, 1, 1)
    send(attempt, 0, *values_of(attempt, 0, first), sequence=1)
    again = services.Filled(0, Fields({"q1": values_of(attempt, 0, first)}, "q1"), 2, 1)
    services.save_responses(attempt.uuid, [again], learner=attempt.learner, now=NOW)
    with pytest.raises(ChangedElsewhere):
        send(attempt, 0, *values_of(attempt, 0, second), sequence=2)


def test_the_same_answer_is_written_where_another_may_still_be_on_its_way(attempt):
    """First A; then B, held up on the line; then A again with the whole form. B must not come to count."""
    first, second = key(attempt, 1), key(attempt, 1, 1)
    send(attempt, 0, *values_of(attempt, 0, first), sequence=1)
    again = services.Filled(0, Fields({"q1": values_of(attempt, 0, first)}, "q1"), 3)
    services.save_responses(attempt.uuid, [again], learner=attempt.learner, now=NOW)
    with pytest.raises(ChangedElsewhere):
        send(attempt, 0, *values_of(attempt, 0, second), sequence=2)
    assert answers(attempt)[-1] == (0, 3, first)


def test_one_answer_that_is_refused_holds_up_no_other(attempt, client):
    send(attempt, 0, *values_of(attempt, 0, key(attempt, 1, 1)), sequence=4)
    response = client.post(paper(attempt), whole(attempt) | {"q2": "77", "to": "hand-in"})
    assert response.status_code == 409
    page = response.content.decode()
    assert page.count("in another window since") == 1
    assert page.count("no such answer") == 1
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.IN_PROGRESS
    # The newer answer stands, and the six that were right are kept.
    assert answers(attempt)[0] == (0, 4, key(attempt, 1, 1))
    assert [place for place, _sequence, _key in answers(attempt)] == [0, 2, 3, 4, 5, 6, 7]


def test_the_last_answers_and_the_submission_are_kept_together_or_not_at_all(attempt, client, monkeypatch):
    def breaks(*_given, **_named):
        raise RuntimeError("the machine stopped here")

    with monkeypatch.context() as broken:
        broken.setattr(sitting, "queue", breaks)
        with pytest.raises(RuntimeError):
            client.post(paper(attempt), whole(attempt) | {"to": "hand-in"})
    attempt.refresh_from_db()
    assert (attempt.state, answers(attempt)) == (Attempt.State.IN_PROGRESS, [])
    client.post(paper(attempt), whole(attempt) | {"to": "hand-in"})
    attempt.refresh_from_db()
    assert (attempt.state, len(answers(attempt))) == (Attempt.State.SUBMITTED, 8)


def test_each_question_is_told_what_became_of_its_answer(attempt):
    send(attempt, 0, *values_of(attempt, 0, key(attempt, 1, 1)), sequence=4)
    filled = [
        services.Filled(place, Fields({name: [value]} if value else {}, name), 1)
        for place, name, value in ((0, "q1", "1"), (1, "q2", "9"), (2, "q3", ""), (3, "q4", "1"), (99, "q100", "1"))
    ]
    told = services.save_responses(attempt.uuid, filled, learner=attempt.learner, now=NOW)
    assert [type(each) for each in told[:3]] == [ChangedElsewhere, UnknownOption, type(None)]
    assert told[3].position == 3
    assert isinstance(told[4], UnknownQuestion)


@pytest.mark.parametrize("late", [False, True])
def test_answers_after_the_end_are_refused_and_say_so(attempt, client, clock, late):
    if late:
        clock.move_to(attempt.deadline + datetime.timedelta(seconds=1))
    else:
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    response = client.post(paper(attempt), whole(attempt))
    assert response.status_code == 409
    assert answers(attempt) == []
    assert client.get(paper(attempt))["Location"] == f"{paper(attempt)}result/"


def test_a_malformed_form_is_no_error_of_ours(attempt, client):
    before = rows()
    for form_sent in (
        {"q99999999999999999999-sequence": "1"},
        {"qx-sequence": "1"},
        {"-sequence": "1"},
        {"q1-sequence": "٣", "q1": "1"},
        {"q1-sequence": "9" * 5000, "q1": "1"},
    ):
        assert client.post(paper(attempt), form_sent).status_code in (302, 400, 404)
    assert client.post(paper(attempt), {"q9-sequence": "1"}).status_code == 404
    assert rows() == before


def test_nobody_else_s_paper_exists(attempt, client):
    client.force_login(an_account())
    before = rows()
    assert client.get(paper(attempt)).status_code == 404
    assert client.post(paper(attempt), whole(attempt)).status_code == 404
    assert rows() == before


def test_questions_of_every_kind_are_asked_and_saved_together(clock, client):
    items = list(every_kind.items())
    attempt = an_attempt(quiz_version=a_quiz_version(a_bank_of(*items), draw=len(items)))
    client.force_login(attempt.learner)
    sent = {}
    kinds = [content.item_version(item["version"]).kind for item in attempt.served_items]
    for number, kind in enumerate(kinds, start=1):
        sent |= every_kind.form(number, kind)
    page = client.get(paper(attempt)).content.decode()
    assert len(re.findall(r'<section [^>]*id="q\d', page)) == len(items)
    assert client.post(paper(attempt), sent | {"to": "check"}).status_code == 302
    assert sorted(attempt.responses.values_list("position", flat=True)) == list(range(len(items)))


@pytest.mark.parametrize("size", [3, 30])
def test_few_questions_and_many_cost_the_same(clock, client, size):
    attempt = an_attempt(quiz_version=a_quiz_version(a_bank(size), draw=size))
    client.force_login(attempt.learner)
    client.get(paper(attempt))
    # Session with its account, attempt with where it was taken, and its answers.
    assert len(queries_of(lambda: client.get(paper(attempt)))) == 3
    # Session with its account, attempt, answers in force, and all new ones at once.
    taken = queries_of_one(lambda: client.post(paper(attempt), whole(attempt)))
    assert (len(taken), len(answers(attempt))) == (4, size), taken


def test_no_text_of_a_question_is_taken_for_the_place_of_another(clock, client):
    """A page that is rendered once has marks where readers differ (frontend.furniture)."""
    bank = a_bank(1)
    for text in ItemText.objects.filter(version__item__bank=bank):
        text.content["stem"] = "What does \ue010 mean, and \ue011 or \ue015?"
        text.save()
    attempt = an_attempt(quiz_version=a_quiz_version(bank, draw=1))
    client.force_login(attempt.learner)
    for address in (paper(attempt), paper(attempt) + "1/"):
        assert "What does \ue010 mean, and \ue011 or \ue015?" in client.get(address).content.decode()


def test_each_question_stands_under_the_title_of_its_section(clock, client):
    titled = {"draw": 2, "tags": ["gifts"], "words": {"shape": 1, "titles": {"en": "At the counter"}}}
    quiz = with_sections(a_quiz(a_bank_of_two_tags(3)), titled, {"draw": 1})
    attempt = an_attempt(quiz_version=services.freeze_quiz(quiz, now=NOW))
    client.force_login(attempt.learner)
    for language in ("en", "ar"):
        page = client.get(paper(attempt, language)).content.decode()
        assert page.count('<p class="eyebrow" lang="en" dir="auto">At the counter</p>') == 2
    assert "At the counter" in client.get(f"{paper(attempt)}2/").content.decode()
    assert "At the counter" not in client.get(f"{paper(attempt)}3/").content.decode()
