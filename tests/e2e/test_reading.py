"""Reading a lesson: by keyboard, in another language half-way, on a poor line, and with one's own words beside it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import journeys, poor_line
from tests.e2e.journeys import ONWARD
from tests.e2e.poor_line import Line

pytestmark = pytest.mark.e2e

NOTE = "#own-note textarea"
NOTE_STATE = "#own-note .saved"
# The heading that stands above the middle of the window, as the reader's eye has it.
HEADING = """
() => [...document.querySelectorAll("h2[id^='h-']")]
  .filter((each) => each.getBoundingClientRect().top < innerHeight / 2).at(-1)?.id
"""


def to_the_lesson(page, language="en"):
    """From my learning to the lesson to go on with."""
    page.goto(f"/{language}/learn/")
    page.locator("main .tiles .button").click()
    expect(page.locator('form.action-bar[action$="/done/"]')).to_be_visible()


def settled(page):
    """Until scripts and typefaces are there too, which a page that counts as loaded may still lack."""
    page.wait_for_load_state("networkidle")


def open_note(page):
    page.locator(".own-note > summary").click()
    expect(page.locator(NOTE)).to_be_visible()


def change_language(page, code):
    page.locator(".menu summary").first.click()
    page.locator(f'.menu a[hreflang="{code}"]').click()
    page.wait_for_url(f"**/{code}/**")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_lesson_its_notes_and_the_pocket_card_are_open_to_all(language, page_of, clerk, look):
    page = page_of(clerk.ask("a_learner", language=language), locale=language)
    to_the_lesson(page, language)
    page.locator(".contents > summary").click()
    open_note(page)
    page.locator(NOTE).fill("Ask Leila about the register. اسأل ليلى")
    expect(page.locator(NOTE_STATE)).to_have_attribute("data-state", "saved")
    page.locator('form[action$="/bookmark/"] button').click()
    expect(page.locator('[aria-pressed="true"]').first).to_be_visible()
    look(page, "lesson-with-a-note")
    page.locator('.lesson-tools a[href$="/mine/"]').click()
    expect(page.locator(".own-text")).to_contain_text("Ask Leila")
    look(page, "mine")
    page.goto(f"/{language}/learn/mine/card/")
    page.locator("[name=condition]").fill("Somebody lays a note between the papers")
    page.locator("[name=response]").fill("I push it back and say my sentence")
    page.locator("main form .button").click()
    expect(page.locator(".pocket-card")).to_contain_text("I push it back")
    look(page, "pocket-card")


def test_arrow_keys_turn_the_steps_the_way_the_reader_reads_and_never_from_a_field(page_of, clerk):
    page = page_of(clerk.ask("a_learner", language="ar"), locale="ar")
    for language, forward, back in (("en", "ArrowRight", "ArrowLeft"), ("ar", "ArrowLeft", "ArrowRight")):
        to_the_lesson(page, language)
        first = page.url
        following = page.locator('a[rel="next"]').get_attribute("href")
        open_note(page)
        page.locator(NOTE).press(forward)
        page.locator(".own-note > summary").click()
        page.keyboard.press(f"Shift+{forward}")
        expect(page).to_have_url(first)
        page.keyboard.press(forward)
        page.wait_for_url(f"**{following}")
        page.wait_for_load_state("networkidle")  # the controller comes after the page
        page.keyboard.press(back)
        page.wait_for_url(first)


def test_a_note_outlives_a_dead_line_and_a_closed_page_and_is_saved_once_the_line_is_back(page_of, learner):
    page = page_of(learner)
    to_the_lesson(page)
    lesson = page.url
    open_note(page)
    page.context.set_offline(True)
    page.locator(NOTE).fill("Written at the border, without a line")
    expect(page.locator(NOTE_STATE)).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    expect(page.locator(NOTE_STATE)).to_have_attribute("data-state", "saved")
    page.goto(lesson)
    expect(page.locator(NOTE)).to_have_value("Written at the border, without a line")

    # Words that nobody saved before the next page are on their way all the same.
    page.locator(NOTE).fill("And one sentence more")
    page.locator('a[rel="next"]').click()
    page.wait_for_url(lambda address: address != lesson)
    page.goto(lesson)
    expect(page.locator(NOTE)).to_have_value("And one sentence more")


def test_a_change_of_language_keeps_the_heading_and_the_note_that_is_being_written(page_of, learner):
    page = page_of(learner)
    to_the_lesson(page)
    open_note(page)
    page.locator(NOTE).fill("Half a sentence")
    settled(page)
    page.locator("h2[id^='h-']").nth(1).evaluate(
        "heading => scrollTo(0, heading.getBoundingClientRect().top + scrollY)"
    )
    heading = page.evaluate(HEADING)
    for code in ("ar", "fr"):
        # The menu stands at the top of the page; a keyboard reaches it without scrolling.
        page.locator(f'.menu a[hreflang="{code}"]').evaluate("link => link.click()")
        page.wait_for_url(f"**/{code}/learn/**#{heading}")
        settled(page)
        assert page.evaluate(HEADING) == heading
        expect(page.locator(NOTE)).to_have_value("Half a sentence")


def test_a_choice_made_before_the_scripts_are_there_is_saved_once_they_are(page_of, learner):
    page = page_of(learner)
    journeys.go_to_the_quiz(page)
    held = []
    page.route("**/*.js", lambda route: held.append(route))
    page.locator(journeys.ONWARD).click()
    page.wait_for_url("**/quiz/*/", wait_until="commit")
    option = page.locator("#q1 label.option").last
    option.click()
    expect(option.locator("input")).to_be_checked()
    for route in held:
        route.continue_()
    page.unroute("**/*.js")
    expect(page.locator(journeys.SAVED)).to_be_visible()
    page.reload()
    expect(option.locator("input")).to_be_checked()


def test_a_change_of_language_in_a_quiz_keeps_the_question_and_the_choice_that_was_not_saved_yet(
    page_of, learner, clerk
):
    page = page_of(learner)
    journeys.go_to_the_quiz(page)
    attempt = journeys.start_the_quiz(page)
    key = [each.best for each in clerk.ask("answers", attempt=attempt)]
    # Nothing that this page sends arrives: the answer comes over in the browser's memory.
    page.route("**/en/quiz/**", lambda route: route.fallback() if route.request.method == "GET" else None)
    journeys.option(page, key[0]).click()
    page.locator(".menu summary").first.click()
    page.locator('.menu a[hreflang="ar"]').click()
    page.wait_for_url(f"**/ar/quiz/{attempt}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(journeys.option(page, key[0]).locator("input")).to_be_checked()
    expect(page.locator(journeys.SAVED)).to_be_visible()

    journeys.answer(page, key)
    journeys.hand_in(page)
    expect(page.locator("section.reviewed")).to_have_count(journeys.QUESTIONS, timeout=30_000)
    change_language(page, "fr")
    page.wait_for_url(f"**/fr/quiz/{attempt}/result/")
    expect(page.locator("section.reviewed")).to_have_count(journeys.QUESTIONS)


def test_scenario_8_a_russian_reads_english_words_and_finds_portuguese_and_arabic(page_of, clerk, look):
    learner = clerk.ask("a_reader_of_other_languages")
    page = page_of(learner, locale="ru")
    to_the_lesson(page, "ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    notice = page.locator("main .notice", has_text="На вашем языке этой страницы пока нет.")
    expect(notice).to_be_visible()
    links = notice.locator("a.language-name")
    assert [link.get_attribute("lang") for link in links.all()] == ["ar", "pt"]
    body = page.locator("main .flow[lang]").first
    expect(body).to_have_attribute("lang", "en")
    expect(body).to_have_attribute("dir", "ltr")
    look(page, "scenario-8")

    links.first.click()
    page.wait_for_url("**/ar/learn/**")
    expect(page.locator("main .flow[lang]").first).to_have_attribute("lang", "ar")
    expect(page.locator("main .flow[lang]").first).to_have_css("direction", "rtl")
    look(page, "scenario-8")
    # The look puts Latin letters in the place of Arabic ones.
    page.reload()
    lesson = page.url
    page.locator(ONWARD).click()
    page.wait_for_url(lambda address: address != lesson)
    credited = clerk.ask("enrolment", number=learner.number).credited_minutes
    assert credited > 0
    # In the third language it is done already: what counts there, counted once.
    page.goto(lesson.replace("/ar/", "/pt/"))
    expect(page.locator("main .flow[lang]").first).to_have_attribute("lang", "pt")
    page.locator(ONWARD).click()
    page.wait_for_url(lambda address: address != lesson.replace("/ar/", "/pt/"))
    assert clerk.ask("enrolment", number=learner.number).credited_minutes == credited


def test_without_java_script_a_note_is_saved_by_its_button_and_the_lesson_is_found_again(page_of, learner):
    page = page_of(learner, java_script_enabled=False)
    to_the_lesson(page)
    page.locator('a[rel="next"]').click()
    second = page.url
    open_note(page)
    page.locator(NOTE).fill("With the button")
    page.locator("#own-note .button").click()
    page.wait_for_url("**#own-note")
    expect(page.locator(NOTE)).to_have_value("With the button")
    page.locator(".contents > summary").click()
    page.locator(".contents a").nth(1).click()
    page.wait_for_url("**#h-*")
    change_language(page, "fr")
    expect(page.locator(NOTE)).to_have_value("With the button")
    # She goes on with the lesson that she opened last, not with the first that is undone.
    page.goto("/en/learn/")
    page.locator("main .tiles .button").click()
    expect(page).to_have_url(second)


def test_a_spared_line_fetches_no_font(page_of, learner):
    page = page_of(learner, extra_http_headers={"Save-Data": "on"})
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    to_the_lesson(page)
    page.wait_for_load_state("networkidle")
    assert not [address for address in fetched if address.endswith(".woff2")]
    page.locator('.lesson-tools form[action$="/line/full/"] button').click()
    expect(page.locator("html:not([data-line])")).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert [address for address in fetched if address.endswith(".woff2")]


# A satellite link at a border post.
SATELLITE = Line(speed=50_000, latency=1, loss=0.05)


@pytest.mark.long
def test_a_lesson_and_its_quiz_are_finished_over_a_poor_line_on_a_telephone(page_of, learner, clerk, live_system):
    telephone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    with poor_line.over(SATELLITE, live_system.url) as address:
        page = page_of(learner, base_url=address, **telephone)
        page.set_default_timeout(90_000)
        key = _read_and_sit(page, clerk)
    [sat] = clerk.ask("attempts", number=learner.number)
    assert (sat.saved, sat.grades, sat.passed) == (key, 1, True)


def _read_and_sit(page, clerk):
    """A lesson and the quiz; in its middle the line is cut, and she answers all the same. Returns her answers."""
    to_the_lesson(page)
    page.locator(ONWARD).click()
    page.wait_for_url(lambda address: "/done/" not in address)
    journeys.go_to_the_quiz(page)
    attempt = journeys.start_the_quiz(page)
    key = [each.best for each in clerk.ask("answers", attempt=attempt)]
    for number, option in enumerate(key, start=1):
        expect(page.locator(f"#q{number}")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.context.set_offline(number == 4)
        journeys.option(page, option, number).click()
        if number == 4:
            expect(page.locator(journeys.STATE)).to_have_attribute("data-state", "waiting", timeout=30_000)
            page.context.set_offline(False)
            expect(page.locator(journeys.SAVED)).to_have_text(re.compile(r"\d"), timeout=60_000)
        page.locator(ONWARD).click()
    page.wait_for_url("**/quiz/*/#look-over")
    journeys.hand_in(page)
    expect(page.locator("section.reviewed")).to_have_count(journeys.QUESTIONS, timeout=90_000)
    return key
