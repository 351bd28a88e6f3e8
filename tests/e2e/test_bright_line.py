"""Taking the money fails an attempt whatever the score; the learner sees why, and may try again a day later."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import formats, translation
from playwright.sync_api import expect

from elearning.demonstration.organisation import TIME_ZONE
from tests.e2e import journeys

pytestmark = pytest.mark.e2e

# Words of the key that no page may hold before the grade, beside every consequence and every rationalisation.
OF_THE_KEY = ("bright_line", "breach", '"rating', "mechanism", "consequence")


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.long)])
def test_accepting_fails_the_attempt_and_the_next_one_waits_a_day(language, page_of, clerk, look):
    learner = clerk.ask("a_learner", language=language)
    page = page_of(learner, locale=language)
    journeys.go_to_the_quiz(page, language)
    attempt = journeys.start_the_quiz(page)
    questions = clerk.ask("answers", attempt=attempt)
    place = next(place for place, question in enumerate(questions) if question.bright_line)
    choices = [question.best for question in questions]
    choices[place] = questions[place].bright_line

    # Up to handing in, nothing that the browser is sent tells how an answer is rated or what comes of it.
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        journeys.option(page, choices[0]).click()
    sent = [answered.value.text()]
    journeys.answer(page, choices)
    paper = page.url.partition("#")[0]
    pages = ["", "check/", *(f"{number}/" for number in range(1, 9))]
    sent = "\n".join([*sent, *(page.request.get(f"{paper}{each}").text() for each in pages)])
    assert sent.count("<fieldset") == 16
    assert [word for word in OF_THE_KEY if word in sent] == []
    assert [secret for secret in clerk.ask("secrets_of", attempt=attempt) if secret in sent] == []

    journeys.hand_in(page)
    expect(page.locator("section.reviewed")).to_have_count(8, timeout=30_000)
    [sat] = clerk.ask("attempts", number=learner.number)
    assert (sat.score, sat.bright_line, sat.passed, sat.grades) == (87.5, True, False, 1)
    expect(page.locator("main .notice.bad")).to_have_count(1)
    told = clerk.ask("review", attempt=attempt, position=place, option=choices[place], language=language)
    chosen = page.locator("section.reviewed").nth(place)
    expect(chosen.locator(".consequence.bad")).to_contain_text(told.consequence)
    expect(chosen.locator(".thought-name")).to_have_text(told.mechanism)
    # The better answers stay untold as long as the same bank is drawn from.
    expect(page.locator(".better")).to_have_count(0)
    look(page, "failed-by-a-bright-line")

    # The next attempt opens a day later, and the page says when.
    page.locator(journeys.ONWARD).click()
    expect(page.locator('form.action-bar button[type="submit"]')).to_have_count(0)
    opens = datetime.fromisoformat(sat.submitted_at).astimezone(ZoneInfo(TIME_ZONE)) + timedelta(hours=24)
    with translation.override(language):
        day, time = formats.date_format(opens, "DATE_FORMAT"), formats.time_format(opens, "TIME_FORMAT")
    expect(page.locator("main .notice.info")).to_contain_text(day)
    expect(page.locator("main .notice.info")).to_contain_text(time)
    look(page, "quiz-in-the-pause")
    # Not even by sending the form without its button.
    page.locator("form.action-bar").evaluate("form => form.submit()")
    expect(page.locator("main .notice.info")).to_contain_text(time)
    assert len(clerk.ask("attempts", number=learner.number)) == 1

    clerk.ask("let_time_pass", attempt=attempt, hours=24)
    page.reload()
    following = journeys.start_the_quiz(page)
    assert following != attempt
    seen = {question.item for question in questions}
    assert seen.isdisjoint(question.item for question in clerk.ask("answers", attempt=following))
