"""Questions that are answered by choosing, on their pages: asked, emptied again, and looked back at."""

import re
from html import unescape

import pytest
import time_machine

from quizzes import services
from quizzes.models import Attempt
from tests.factories.people import NOW
from tests.factories.quizzes import (
    a_bank_of,
    a_quiz_version,
    an_attempt,
    form,
    give_grade,
    raw_form,
    save,
    true_or_false,
    weighed,
)

pytestmark = pytest.mark.django_db

FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
ENGLISH_AND_FRENCH = ("en", "fr")
ONE = weighed("single_choice", ENGLISH_AND_FRENCH, a="1", b="0.5", c="-0.25", d="0")
SEVERAL = weighed("multiple_choice", ENGLISH_AND_FRENCH, a="0.5", b="0.5", c="-0.5", d="0")
SO_OR_NOT = true_or_false(True, ENGLISH_AND_FRENCH)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sitting(client):
    """Start an attempt at a quiz of these items, signed in."""

    def start(*items):
        attempt = an_attempt(quiz_version=a_quiz_version(a_bank_of(*items), draw=len(items)))
        client.force_login(attempt.learner)
        return attempt

    return start


@pytest.fixture
def shown(client):
    def get(attempt, name=1, language="en"):
        answer = client.get(f"/{language}/quiz/{attempt.uuid}/{name}/")
        assert answer.status_code == 200
        return answer.content.decode()

    return get


@pytest.fixture
def review(shown):
    """Hand in, grade, and look at the result."""

    def get(attempt, language="en"):
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        give_grade(attempt, now=NOW)
        page = shown(attempt, "result", language)
        [section] = re.findall(r'<section class="reviewed flow" id="question-.*', page, re.S)
        return section

    return get


def inputs(text):
    """Kind, name and value of each field for an answer, and whether it is chosen."""
    found = re.findall(r'<label class="option"><input type="(\w+)" name="([^"]+)" value="([^"]+)"( checked)?>', text)
    return [(kind, name, value, bool(chosen)) for kind, name, value, chosen in found]


def labels(text):
    return [unescape(label) for label in re.findall(r'<span class="face">([^<]+)</span>', text)]


def chosen(text):
    """What the review says was chosen, and what it calls right."""

    def after(part):
        found = re.findall(rf'<p class="{part}"><b>[^<]+</b> (?:<span[^>]*>)?([^<]+)', text)
        return [each.strip() for each in found]

    return after("chosen"), after("better")


def words_of(attempt, language="en"):
    return [f"answer {key} in {language}" for key in attempt.served_items[0]["arrangement"]["options"]]


class TestAsked:
    def test_one_is_chosen_by_radio_buttons_and_several_by_boxes(self, sitting, shown):
        for item, kind in ((ONE, "radio"), (SEVERAL, "checkbox")):
            attempt = sitting(item)
            text = shown(attempt)
            assert inputs(text) == [(kind, "q1", str(place), False) for place in range(1, 5)]
            assert labels(text) == words_of(attempt)

    def test_the_words_are_the_reader_s_or_marked_as_the_source_s(self, sitting, shown):
        attempt = sitting(SEVERAL)
        assert labels(shown(attempt, language="fr")) == words_of(attempt, "fr")
        assert '<fieldset lang="fr" dir="ltr">' in shown(attempt, language="fr")
        arabic = shown(attempt, language="ar")
        assert labels(arabic) == words_of(attempt)
        assert '<fieldset lang="en" dir="ltr">' in arabic

    def test_true_and_false_speak_the_reader_s_language_beside_a_stem_that_may_not(self, sitting, shown):
        attempt = sitting(SO_OR_NOT)
        text = shown(attempt)
        assert inputs(text) == [("radio", "q1", "1", False), ("radio", "q1", "2", False)]
        assert labels(text) == ["True", "False"]
        arabic = shown(attempt, language="ar")
        assert '<legend class="question" lang="en" dir="ltr">Is it so, in en?</legend>' in arabic
        assert "<fieldset>" in arabic

    def test_what_was_chosen_stays_chosen(self, sitting, shown, client):
        attempt = sitting(SEVERAL)
        client.post(f"/en/quiz/{attempt.uuid}/1/", form(attempt, 0, "a", "d"))
        ticked = [value for _kind, _name, value, chosen in inputs(shown(attempt)) if chosen]
        assert ticked == sorted(form(attempt, 0, "a", "d")["q1"])


class TestEmptied:
    def test_boxes_that_are_let_go_of_leave_the_question_open_and_can_be_ticked_again(self, sitting, shown, client):
        attempt = sitting(SEVERAL)
        url = f"/en/quiz/{attempt.uuid}/1/"
        client.post(url, form(attempt, 0, "a"), **FETCH)
        assert "Every question has an answer" in shown(attempt, "check")
        assert client.post(url, raw_form(0, sequence=2), **FETCH).json()["saved"]
        text = shown(attempt)
        assert not any(ticked for *_field, ticked in inputs(text))
        assert 'name="q1-sequence" value="3"' in text
        assert "1 question has no answer yet" in shown(attempt, "check")
        assert client.post(url, form(attempt, 0, "b", sequence=3), **FETCH).json()["saved"]
        assert "Every question has an answer" in shown(attempt, "check")

    @pytest.mark.parametrize("item", [ONE, SO_OR_NOT], ids=lambda item: item[0])
    def test_a_radio_button_cannot_be_let_go_of(self, sitting, shown, client, item):
        attempt = sitting(item)
        url = f"/en/quiz/{attempt.uuid}/1/"
        client.post(url, raw_form(0, "1"), **FETCH)
        assert client.post(url, raw_form(0, sequence=2), **FETCH).status_code == 400
        assert client.post(url, raw_form(0, sequence=2))["Location"] == f"/en/quiz/{attempt.uuid}/check/"
        assert [ticked for *_field, ticked in inputs(shown(attempt))][0]


class TestLookedBackAt:
    """The key is told once the quiz is passed, and what an option not chosen would have brought never."""

    def test_a_wrong_choice_has_its_feedback_and_the_right_one_stays_untold(self, sitting, review):
        attempt = sitting(ONE)
        save(attempt, 0, "d")
        text = review(attempt)
        assert chosen(text) == (["answer d in en"], [])
        assert "Feedback on d in en." in text
        assert "Feedback on a" not in text
        assert "Not right" in text
        assert "answer a in en" not in text
        assert "The rationale" not in text

    def test_a_right_choice_is_called_right_with_its_rationale(self, sitting, review):
        attempt = sitting(ONE)
        save(attempt, 0, "a")
        text = review(attempt)
        assert chosen(text) == (["answer a in en"], [])
        assert "Feedback on a in en." in text
        assert "Not right" not in text
        assert "The rationale in en." in text

    def test_of_several_what_was_missed_is_told_when_the_quiz_is_passed(self, sitting, review):
        attempt = sitting(*[SEVERAL] * 4, SEVERAL)
        for position in range(4):
            save(attempt, position, "a", "b")
        save(attempt, 4, "a")
        text = review(attempt).rpartition('<section class="reviewed flow" id="question-')[2]
        assert Attempt.objects.get().grades.get().score == 90
        assert chosen(text) == (["answer a in en"], ["answer b in en"])
        assert "Also right:" in text

    def test_of_several_nothing_is_told_of_what_was_missed_while_it_is_not_passed(self, sitting, review):
        attempt = sitting(SEVERAL)
        save(attempt, 0, "a")
        text = review(attempt)
        assert chosen(text) == (["answer a in en"], [])
        assert "Also right:" not in text

    def test_a_question_left_open_says_so_and_names_what_was_right_when_the_quiz_is_passed(self, sitting, review):
        attempt = sitting(*[ONE] * 4, ONE)
        for position in range(4):
            save(attempt, position, "a")
        text = review(attempt).rpartition('<section class="reviewed flow" id="question-')[2]
        assert "You left this question open." in text
        assert chosen(text) == ([], ["answer a in en"])
        assert "Also right:" not in text

    @pytest.mark.parametrize(("key", "said", "verdict"), [("true", "True", "Right"), ("false", "False", "Not right")])
    def test_true_or_false_is_said_in_the_reader_s_words(self, sitting, review, key, said, verdict):
        attempt = sitting(SO_OR_NOT)
        save(attempt, 0, key)
        text = review(attempt)
        assert chosen(text)[0] == [said]
        assert re.search(rf"(>|\s){verdict}<", text)
        assert ("You said so, in en." in text) == (key == "true")

    @pytest.mark.parametrize(("language", "words"), [("fr", "fr"), ("ar", "en")])
    def test_the_words_are_the_reader_s_or_marked_as_the_source_s(self, sitting, review, language, words):
        attempt = sitting(ONE)
        save(attempt, 0, "a")
        text = review(attempt, language)
        assert f'<p lang="{words}" dir="ltr">A single_choice asks in {words}.</p>' in text
        assert f'<span lang="{words}" dir="ltr">answer a in {words}</span>' in text
        assert re.search(rf'<div class="flow" lang="{words}" dir="ltr"><p>Feedback on a in {words}\.</p></div>', text)
        assert re.search(rf'<div class="flow" lang="{words}" dir="ltr"><p>The rationale in {words}\.</p></div>', text)
