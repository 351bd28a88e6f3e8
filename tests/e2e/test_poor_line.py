"""What a bad line, an impatient hand and a forgotten session do to a quiz: nothing."""

import re

import pytest
from playwright.sync_api import expect

from people.demonstration import PASSWORD
from tests.e2e import journeys
from tests.e2e.journeys import ASKED, ONWARD, SAVED, STATE

pytestmark = pytest.mark.e2e


@pytest.fixture
def quiz(page_of, learner):
    """The learner's page, on the quiz's own page."""
    page = page_of(learner)
    journeys.go_to_the_quiz(page)
    return page


def saved(clerk, learner):
    return clerk.ask("attempts", number=learner.number)[0].saved


def choose(page, place):
    """Choose the option at a place; returns its key."""
    card = page.locator(f"{ASKED} label.option").nth(place)
    card.click()
    return card.locator("input").get_attribute("value")


def test_an_answer_waits_while_the_line_is_down_and_is_saved_when_it_is_back(quiz, learner, clerk):
    journeys.start_the_quiz(quiz)
    choose(quiz, 0)
    expect(quiz.locator(SAVED)).to_be_visible()
    quiz.context.set_offline(True)
    choose(quiz, 1)
    expect(quiz.locator(STATE)).to_have_text("Not saved yet. We keep trying.")
    last = choose(quiz, 2)
    expect(quiz.locator(STATE)).to_have_attribute("data-state", "waiting")
    assert saved(clerk, learner)[0] != last
    quiz.context.set_offline(False)
    expect(quiz.locator(SAVED)).to_have_text(re.compile(r"Saved .*\d"))
    assert saved(clerk, learner)[0] == last
    quiz.reload()
    expect(journeys.option(quiz, last).locator("input")).to_be_checked()
    expect(quiz.locator(STATE)).to_have_text(re.compile(r"Saved .*\d"))


def test_an_answer_is_tried_again_when_the_browser_never_noticed_that_the_line_was_down(quiz, learner, clerk):
    """No event tells of a line that is up again; the clock alone does."""
    journeys.start_the_quiz(quiz)
    quiz.route("**/quiz/**", lambda route: route.abort("internetdisconnected"))
    chosen = choose(quiz, 1)
    expect(quiz.locator(STATE)).to_have_attribute("data-state", "waiting")
    assert saved(clerk, learner)[0] is None
    quiz.unroute("**/quiz/**")
    expect(quiz.locator(SAVED)).to_have_text(re.compile(r"Saved .*\d"))
    assert saved(clerk, learner)[0] == chosen


def test_one_goes_on_while_the_line_is_down_and_all_answers_are_saved_when_it_is_back(quiz, learner, clerk):
    journeys.start_the_quiz(quiz)
    quiz.wait_for_load_state("networkidle")  # the controllers come after the page
    quiz.context.set_offline(True)
    chosen = []
    for number in (1, 2, 3):
        expect(quiz.locator(f"#q{number}")).to_be_visible()
        chosen.append(choose(quiz, number - 1))  # a question has three options at least
        expect(quiz.locator(STATE)).to_have_attribute("data-state", "waiting")
        quiz.locator(ONWARD).click()
    assert saved(clerk, learner) == [None] * journeys.QUESTIONS
    quiz.context.set_offline(False)
    for number in (3, 2, 1):
        quiz.locator(f'.marks a[href$="#q{number}"]').click()
        expect(quiz.locator(SAVED)).to_be_visible()
    assert saved(clerk, learner)[:3] == chosen


def test_handing_in_brings_what_could_not_be_saved_before(quiz, learner, clerk):
    journeys.start_the_quiz(quiz)
    quiz.route("**/quiz/*/*/", lambda route: route.abort("internetdisconnected"))
    chosen = choose(quiz, 1)
    expect(quiz.locator(STATE)).to_have_attribute("data-state", "waiting")
    quiz.goto(f"{quiz.url}#look-over")
    expect(quiz.locator("#look-over .notice.care")).to_be_visible()
    assert saved(clerk, learner)[0] is None
    quiz.locator(ONWARD).click()
    quiz.wait_for_url("**/result/", wait_until="commit")
    assert saved(clerk, learner)[0] == chosen


def test_an_answer_given_after_the_session_ran_out_is_there_after_signing_in_again(page_of, clerk):
    learner = clerk.ask("a_learner", password=PASSWORD)
    page = page_of(learner)
    journeys.go_to_the_quiz(page)
    journeys.start_the_quiz(page)
    question = page.url
    choose(page, 0)
    expect(page.locator(SAVED)).to_be_visible()

    page.context.clear_cookies(name="sessionid")
    chosen = choose(page, 2)
    expect(page.locator(STATE)).to_contain_text("Not saved, because you have been signed out.")
    page.locator(ONWARD).click()
    page.wait_for_url("**/accounts/login/**")
    journeys.sign_in(page, learner.number)
    expect(page).to_have_url(question)
    expect(page.locator(SAVED)).to_be_visible()
    expect(journeys.option(page, chosen).locator("input")).to_be_checked()
    assert saved(clerk, learner)[0] == chosen


def test_an_answer_from_before_yields_to_a_newer_one_from_another_window(page_of, learner, clerk, live_system):
    page = page_of(learner)
    journeys.go_to_the_quiz(page)
    journeys.start_the_quiz(page)
    session = clerk.ask("session", number=learner.number)
    page.context.clear_cookies(name="sessionid")
    choose(page, 0)
    expect(page.locator(STATE)).to_have_attribute("data-state", "failed")
    page.context.add_cookies([vars(session) | {"url": live_system.url}])
    other = page.context.new_page()
    other.goto(page.url)
    newer = choose(other, 1)
    expect(other.locator(SAVED)).to_be_visible()
    page.reload()
    expect(journeys.option(page, newer).locator("input")).to_be_checked()
    assert saved(clerk, learner)[0] == newer


@pytest.mark.parametrize(
    "deed", ["hand in", *(pytest.param(deed, marks=pytest.mark.long) for deed in ("start", "done"))]
)
def test_who_was_signed_out_before_pressing_finds_the_button_again(deed, page_of, clerk):
    learner = clerk.ask("a_learner", password=PASSWORD)
    page = page_of(learner)
    page.goto("/en/learn/")
    if deed == "done":
        page.locator("main .tiles .button").click()
    else:
        journeys.go_to_the_quiz(page)
    if deed == "hand in":
        journeys.start_the_quiz(page)
        page.goto(f"{page.url}check/")
    button = page.locator(ONWARD)
    expect(button).to_be_visible()
    here = page.url
    page.context.clear_cookies(name="sessionid")
    button.click()
    page.wait_for_url("**/accounts/login/**")
    journeys.sign_in(page, learner.number)
    expect(page).to_have_url(here)
    expect(button).to_be_visible()


def test_a_double_click_starts_one_attempt_and_hands_in_once(quiz, learner, clerk):
    quiz.locator(ONWARD).dblclick()
    quiz.wait_for_url("**/quiz/*/")
    assert len(clerk.ask("attempts", number=learner.number)) == 1
    choose(quiz, 0)
    expect(quiz.locator(SAVED)).to_be_visible()
    quiz.goto(f"{quiz.url}#look-over")
    quiz.locator(ONWARD).dblclick()
    expect(quiz.locator("section.reviewed")).to_have_count(8, timeout=30_000)
    [sat] = clerk.ask("attempts", number=learner.number)
    assert (sat.state, sat.grades) == ("graded", 1)


@pytest.mark.long
def test_two_windows_share_one_attempt(quiz, page_of, learner, clerk):
    other = page_of(learner)
    journeys.go_to_the_quiz(other)
    attempt = journeys.start_the_quiz(quiz)
    assert journeys.start_the_quiz(other) == attempt
    assert len(clerk.ask("attempts", number=learner.number)) == 1
