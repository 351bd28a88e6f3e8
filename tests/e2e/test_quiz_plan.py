"""A quiz from its author's plan to what is granted to one learner."""

import pytest
from django.utils import translation
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

AUTHOR, OFFICER = "5001", "4001"
FOUND = "[data-quiz-found]"
# What the edge of Wagtail's scrolling box cuts in two is no small target.
TO_THE_TOP = "main => main.scrollTo({top: 0, behavior: 'instant'})"


def test_an_author_plans_sections_and_sees_at_once_what_each_finds(page_of, look):
    author = page_of(AUTHOR)
    author.goto("/cms/quizzes/")
    author.locator("main table a[href*='/edit/']").first.click()
    expect(author.locator(f"{FOUND} tbody tr")).to_have_count(1)
    for number, tag in enumerate(("record", "")):
        author.locator("#id_sections-ADD").click()
        author.locator(f"[name=sections-{number}-draw]").fill("3")
        if tag:
            author.locator(f"[name=sections-{number}-tags][value={tag}]").check()
    # The table follows the form, nothing is saved yet.
    expect(author.locator(f"{FOUND} tbody tr")).to_have_count(2)
    author.locator("[name=sections-0-draw]").fill("400")
    expect(author.locator(".quiz-found__few").first).to_be_visible()
    author.locator("main").evaluate(TO_THE_TOP)
    look(author, "quiz-plan-live")
    author.locator("[name=sections-0-draw]").fill("3")
    expect(author.locator(".quiz-found__few")).to_have_count(0)
    author.locator("main").evaluate(TO_THE_TOP)
    look(author, "quiz-plan")
    address = author.url.replace("/edit/", "/sample/")
    author.goto(address)
    expect(author.locator("main table tbody tr").first).to_be_visible()
    look(author, "quiz-sample")


def test_what_an_officer_grants_the_learner_reads(page_of, clerk, look):
    learners = {language: clerk.ask("a_learner", language=language) for language in ("en", "ar")}
    officer = page_of(OFFICER)
    for language, learner in learners.items():
        officer.goto("/assessment/accommodations/")
        officer.locator("[name=who]").fill(learner.number)
        officer.locator("main form[role=search] button").click()
        if language == "en":
            look(officer, "accommodations")
        officer.locator("main a[href*='/accommodations/of/']").first.click()
        officer.locator("[name=time_percent]").select_option("150")
        officer.locator("[name=plain_layout]").check()
        officer.locator("[name=category]").select_option("reading")
        if language == "en":
            look(officer, "accommodate")
        officer.locator("main form button").last.click()
        officer.wait_for_url("**/accommodations/")
        look(officer, "accommodations-granted")

        page = page_of(learner, locale=language)
        page.goto(f"/{language}/quiz/accommodation/")
        expect(page.locator(".card")).to_be_visible()
        look(page, "my-accommodation")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_plain_layout_is_plain_and_a_quiz_says_when_it_closed_or_opens(page_of, clerk, look, language):
    person = clerk.ask("a_learner_with_a_plain_layout", language=language)
    page = page_of(person, locale=language)
    page.goto(f"/{language}/quiz/{person.attempt}/1/")
    expect(page.locator("[data-plain]")).to_be_visible()
    expect(page.locator(".marks")).to_have_count(0)
    look(page, "plain-question")
    for name, kind, title in (
        ("open", None, None),
        ("closed", "care", "This quiz is closed"),
        ("not_yet_open", "info", "Not open yet"),
    ):
        page.goto(f"/{language}/learn/{getattr(person, name)}/")
        if title is None:
            expect(page.locator("main .notice")).to_have_count(0)
            expect(page.locator("#start button")).to_be_visible()
        else:
            with translation.override(language):
                expect(page.locator(f"main .notice.{kind} .notice-title")).to_have_text(translation.gettext(title))
            expect(page.locator("#start button")).to_have_count(0)
        look(page, f"quiz-{name}")
