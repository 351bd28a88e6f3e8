"""Sitting a quiz in a browser: without JavaScript, with it, in two windows, in two languages, and too late."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.urls import reverse

from quizzes.kinds.choices import Rating
from quizzes.models import Attempt
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import (
    a_bank,
    a_quiz_version,
    an_attempt,
    answers,
    choose,
    form,
    give_grade,
    option_of,
    raw_form,
    rows,
    values_of,
)

pytestmark = pytest.mark.django_db

FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def attempt(clock, client):
    attempt = an_attempt(quiz_version=a_quiz_version(a_bank(10, languages=("en", "fr")), languages=("en", "fr")))
    client.force_login(attempt.learner)
    return attempt


def url(attempt, number=1, language="en"):
    return f"/{language}/quiz/{attempt.uuid}/{number}/"


def page(attempt, name, language="en"):
    return f"/{language}/quiz/{attempt.uuid}/{name}/"


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def options(text, attempt, number=1):
    """The keys of the options in the order shown, and the one that is chosen. The page itself counts from 1."""
    shown = re.findall(rf'<input type="radio" name="q{number}" value="(\d+)"( checked)?>.*?answer (\w) in', text)
    assert [value for value, _chosen, _key in shown] == values_of(attempt, number - 1, *arranged(attempt, number))
    return [key for _value, _chosen, key in shown], next((key for _value, chosen, key in shown if chosen), None)


def arranged(attempt, number=1):
    return attempt.served_items[number - 1]["arrangement"]["options"]


class TestWithoutJavaScript:
    def test_each_answer_is_saved_on_its_own_and_leads_to_the_next_question(self, attempt, client):
        keys = [arranged(attempt, number)[0] for number in range(1, 9)]
        for number, key in enumerate(keys, 1):
            text = html(client.get(url(attempt, number)))
            assert options(text, attempt, number) == (arranged(attempt, number), None)
            sequence = re.search(rf'name="q{number}-sequence" value="(\d+)"', text)[1]
            onward = url(attempt, number + 1) if number < 8 else page(attempt, "check")
            response = client.post(url(attempt, number), form(attempt, number - 1, key, sequence=sequence))
            assert (response.status_code, response["Location"]) == (302, onward)
        assert answers(attempt) == [(place, 1, key) for place, key in enumerate(keys)]
        assert "Every question has an answer" in html(client.get(page(attempt, "check")))

    def test_the_result_waits_and_then_shows(self, attempt, client):
        choose(attempt, Rating.RISKY)
        assert client.post(page(attempt, "submit"))["Location"] == page(attempt, "result")
        waiting = html(client.get(page(attempt, "result")))
        assert '<noscript><meta http-equiv="refresh"' in waiting
        assert "It ends" not in waiting
        assert client.get(page(attempt, "state")).json() == {"ready": False}
        give_grade(attempt, now=NOW)
        assert client.get(page(attempt, "state")).json() == {"ready": True}
        shown = html(client.get(page(attempt, "result")))
        assert "Not yet passed" in shown
        assert shown.count("It ends. (c)") == 8
        assert "http-equiv" not in shown

    def test_a_second_press_on_hand_in_changes_nothing(self, attempt, client):
        client.post(page(attempt, "submit"))
        before = rows()
        assert client.post(page(attempt, "submit"))["Location"] == page(attempt, "result")
        assert rows() == before

    def test_a_question_may_be_left_open(self, attempt, client):
        before = rows()
        assert client.post(url(attempt, 1), raw_form(0))["Location"] == url(attempt, 2)
        assert client.post(url(attempt, 3), raw_form(2) | {"back": "1"})["Location"] == url(attempt, 2)
        assert rows() == before
        assert "8 questions have no answer yet" in html(client.get(page(attempt, "check")))

    def test_an_answer_can_be_changed_until_handing_in(self, attempt, client):
        first, second = arranged(attempt)[:2]
        client.post(url(attempt), form(attempt, 0, first))
        text = html(client.get(url(attempt)))
        assert options(text, attempt)[1] == first
        assert 'name="q1-sequence" value="2"' in text
        client.post(url(attempt), form(attempt, 0, second, sequence=2))
        assert options(html(client.get(url(attempt))), attempt)[1] == second


class TestErrorsChangeNothing:
    @pytest.mark.parametrize(
        ("data", "status", "words"),
        [
            (raw_form(0, "5"), 400, "no such answer"),
            (raw_form(0, "a"), 400, "no such answer"),
            (raw_form(0, "1", "2"), 400, "no such answer"),
            (raw_form(0, "1", sequence="x"), 400, "incomplete"),
            ({"q1": "1"}, 400, "incomplete"),
            (raw_form(0, "1", sequence="-4"), 400, "incomplete"),
            (raw_form(0, "1", sequence="9" * 30), 400, "incomplete"),
            (raw_form(0, "1", sequence="9" * 5000), 400, "incomplete"),
        ],
    )
    def test_a_malformed_answer_says_what_is_wrong(self, attempt, client, data, status, words):
        before = rows()
        assert words in html(client.post(url(attempt), data), status)
        background = client.post(url(attempt), data, **FETCH)
        assert (background.status_code, background.json()["saved"]) == (status, False)
        assert words in background.json()["message"]
        assert rows() == before

    @pytest.mark.parametrize("number", [0, 9, 10**20])
    def test_an_unknown_question_is_404(self, attempt, client, number):
        before = rows()
        assert client.get(url(attempt, number)).status_code == 404
        for data in (raw_form(number - 1, "1"), raw_form(number - 1)):
            assert client.post(url(attempt, number), data).status_code == 404
        background = client.post(url(attempt, number), raw_form(number - 1, "1"), **FETCH)
        assert (background.status_code, background.json()["saved"]) == (404, False)
        assert rows() == before

    def test_a_background_save_without_an_answer_is_an_error(self, attempt, client):
        response = client.post(url(attempt), raw_form(0), **FETCH)
        assert (response.status_code, response.json()["saved"]) == (400, False)

    def test_an_answer_after_the_deadline_is_not_saved_and_says_so(self, attempt, client, clock):
        choose(attempt, Rating.BEST)
        clock.move_to(attempt.deadline + datetime.timedelta(seconds=1))
        before = answers(attempt)
        background = client.post(url(attempt), raw_form(0, "4", sequence=9), **FETCH)
        assert (background.status_code, background.json()["saved"]) == (409, False)
        text = html(client.post(url(attempt), raw_form(0, "4", sequence=9)), 409)
        assert "Time is up" in text
        assert page(attempt, "result") in text
        assert answers(attempt) == before

    @pytest.mark.parametrize("name", ["1", "check", "result"])
    def test_when_time_is_up_every_page_hands_in_and_leads_to_the_result(self, attempt, client, clock, name):
        clock.move_to(attempt.deadline + datetime.timedelta(seconds=1))
        assert "are being graded" in html(client.get(page(attempt, name), follow=True))
        attempt.refresh_from_db()
        assert (attempt.state, attempt.submitted_at) == (Attempt.State.SUBMITTED, attempt.deadline)

    def test_an_answer_after_handing_in_is_not_saved_and_says_so(self, attempt, client):
        client.post(page(attempt, "submit"))
        before = rows()
        assert "handed in" in html(client.post(url(attempt), raw_form(0, "1")), 409)
        background = client.post(url(attempt), raw_form(0, "1"), **FETCH)
        assert (background.status_code, background.json()["saved"]) == (409, False)
        assert client.get(url(attempt))["Location"] == page(attempt, "result")
        assert rows() == before

    def test_a_stale_window_is_shown_the_newer_answer(self, attempt, client):
        newer, stale = arranged(attempt)[:2]
        client.post(url(attempt), form(attempt, 0, newer, sequence=2), **FETCH)
        before = rows()
        text = html(client.post(url(attempt), form(attempt, 0, stale)), 409)
        assert options(text, attempt)[1] == newer
        assert 'name="q1-sequence" value="3"' in text
        assert "in another window" in text
        assert rows() == before

    def test_somebody_else_s_attempt_is_404_on_every_page_and_nothing_changes(self, attempt, client):
        client.force_login(an_account(attempt.learner.administration))
        before = rows()
        for name in ("1", "check", "result", "state"):
            assert client.get(page(attempt, name)).status_code == 404
        assert client.post(page(attempt, "submit")).status_code == 404
        for data in (raw_form(0, "1"), raw_form(0)):
            assert client.post(url(attempt), data).status_code == 404
        theirs = client.post(url(attempt), raw_form(0, "1"), **FETCH)
        nobody_s = client.post(url(an_unknown(attempt)), raw_form(0, "1"), **FETCH)
        assert theirs.status_code == nobody_s.status_code == 404
        assert rows() == before

    def test_a_visitor_is_sent_to_sign_in(self, attempt, client):
        client.logout()
        before = rows()
        for name in ("1", "check", "result", "state"):
            assert client.get(page(attempt, name))["Location"].startswith(reverse("account_login"))
        assert client.post(url(attempt), raw_form(0, "1"), **FETCH).status_code == 302
        assert rows() == before

    def test_looking_at_the_address_for_handing_in_hands_nothing_in(self, attempt, client):
        before = rows()
        assert client.get(page(attempt, "submit"))["Location"] == page(attempt, "check")
        assert rows() == before

    def test_the_result_before_handing_in_leads_back_to_the_questions(self, attempt, client):
        assert client.get(page(attempt, "result"))["Location"] == page(attempt, "check")

    def test_a_voided_attempt_says_so_and_does_not_wait_for_ever(self, attempt, client):
        Attempt.objects.update(state=Attempt.State.VOIDED)
        text = html(client.get(page(attempt, "result")))
        assert "does not count" in text
        assert 'data-controller="result"' not in text

    def test_pages_of_an_attempt_are_never_kept_by_a_browser_or_a_proxy(self, attempt, client):
        for name in ("1", "check"):
            assert "no-store" in client.get(page(attempt, name))["Cache-Control"]
        client.post(page(attempt, "submit"))
        for name in ("result", "state"):
            assert "no-store" in client.get(page(attempt, name))["Cache-Control"]


def an_unknown(attempt):
    return Attempt(uuid=uuid.uuid4(), learner=attempt.learner)


class TestLanguages:
    def test_switching_language_keeps_the_place_the_answer_and_the_order_of_the_options(self, attempt, client):
        key = arranged(attempt, 3)[1]
        client.post(url(attempt, 3), form(attempt, 2, key), **FETCH)
        english = html(client.get(url(attempt, 3)))
        link = re.search(r'href="(/language/fr/\?next=[^"]+)"', english)[1]
        response = client.get(link.replace("&amp;", "&"))
        assert response["Location"] == url(attempt, 3, "fr")
        french = html(client.get(url(attempt, 3, "fr")))
        assert options(french, attempt, 3) == options(english, attempt, 3) == (arranged(attempt, 3), key)
        assert f"answer {key} in fr" in french
        assert "in en<" not in french

    def test_an_attempt_begun_in_one_language_is_finished_in_another(self, attempt, client):
        for number, item in enumerate(attempt.served_items, 1):
            language = "en" if number % 2 else "fr"
            answer = form(attempt, number - 1, option_of(item, Rating.BEST))
            client.post(url(attempt, number, language), answer, **FETCH)
        client.post(page(attempt, "submit", "fr"))
        assert give_grade(attempt, now=NOW).score == 100
        text = html(client.get(page(attempt, "result", "fr")))
        assert text.count("in fr") >= 16
        languages = attempt.responses.order_by("position").values_list("language", flat=True)
        assert list(languages) == ["en", "fr"] * 4  # kept with each answer, for the comparison of languages

    @pytest.mark.parametrize("rating", [Rating.BEST, Rating.BREACH], ids=["passed", "not passed"])
    def test_switching_language_on_the_result_page_keeps_the_place_and_the_result(self, attempt, client, rating):
        keys = [option_of(item, rating) for item in attempt.served_items]
        for number, key in enumerate(keys, 1):
            client.post(url(attempt, number), form(attempt, number - 1, key), **FETCH)
        client.post(page(attempt, "submit"))
        grade = give_grade(attempt, now=NOW)
        english = html(client.get(page(attempt, "result")))
        link = re.search(r'href="(/language/fr/\?next=[^"]+)"', english)[1]
        response = client.get(link.replace("&amp;", "&"))
        assert response["Location"] == page(attempt, "result", "fr")
        french = html(client.get(response["Location"]))
        assert re.search(r'<html[^>]* lang="fr"', french)
        for text, language in ((english, "en"), (french, "fr")):
            assert re.findall(r"answer (\w) in (\w+)</span></p>", text)[: len(keys)] == [
                (key, language) for key in keys
            ]
            assert text.count("consequence good") == (len(keys) if rating == Rating.BEST else 0)
            assert f"{grade.score:f}".rstrip("0").rstrip(".") in re.search(r'class="lede">([^<]+)', text)[1]
        assert attempt.grades.count() == 1

    def test_what_the_page_says_of_an_answer_speaks_the_reader_s_language_beside_words_that_do_not(
        self, attempt, client
    ):
        item = attempt.served_items[0]
        client.post(url(attempt, 1), form(attempt, 0, option_of(item, Rating.BEST)), **FETCH)
        client.post(page(attempt, "submit"))
        give_grade(attempt, now=NOW)
        arabic = html(client.get(page(attempt, "result", "ar")))
        assert '<html lang="ar" dir="rtl"' in arabic
        assert re.search(r'<section class="reviewed flow" id="question-1">\s*<h2>', arabic)
        assert re.search(r'<span lang="en" dir="ltr">item-\d+, answer \w in en</span>', arabic)

    def test_a_question_missing_in_the_reader_s_language_is_marked_with_the_one_it_is_in(self, attempt, client):
        text = html(client.get(url(attempt, 1, "ar")))
        assert '<html lang="ar" dir="rtl"' in text
        assert '<fieldset lang="en" dir="ltr">' in text

    def test_the_deadline_is_shown_in_the_learner_s_own_time(self, attempt, client):
        attempt.learner.time_zone = "America/Bogota"
        attempt.learner.save()
        text = html(client.get(url(attempt)))
        assert "Closes at 05:00" in text
        assert 'data-countdown-deadline-value="2026-03-02T10:00:00+00:00"' in text
