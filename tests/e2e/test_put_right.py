"""What follows a quiz, walked by those who do it: an essay is marked by keyboard, a question reported and an appeal
decided without scripts, a question written and published by two people.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import journeys

pytestmark = pytest.mark.e2e

TUTOR, AUTHOR, REVIEWER, OFFICER = "2001", "5001", "5101", "4001"


def test_a_tutor_marks_an_essay_without_touching_the_mouse(page_of, clerk):
    essay = clerk.ask("an_essay_to_mark")
    page = page_of(TUTOR)
    page.goto("/assessment/marking/")
    journeys.tab_to(page, page.locator("form[action$='/next/'] .button").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/assessment/marking/*-*/")
    journeys.tab_to(page, page.locator("fieldset.criterion input").first)
    page.keyboard.press("2")
    # A digit chooses a level and goes on to the next criterion.
    expect(page.locator("fieldset.criterion").nth(0).locator("input").nth(1)).to_be_checked()
    page.keyboard.press("3")
    expect(page.locator("fieldset.criterion").nth(1).locator("input").nth(2)).to_be_checked()
    # After the last one it stands at the words to the learner.
    expect(page.locator("#comment")).to_be_focused()
    page.keyboard.type("Name the article too.")
    expect(page.locator('.saved[data-state="saved"]')).to_have_text(re.compile(r"\d"))
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda address: essay.place not in address)
    learner = page_of(essay.number)
    learner.goto(f"/en/quiz/{essay.attempt}/result/")
    journeys.until(learner, learner.locator("section.reviewed").first)
    expect(learner.locator("section.reviewed")).to_contain_text("Name the article too.")


def test_a_report_and_an_appeal_go_their_way_without_scripts(page_of, clerk):
    failed = clerk.ask("a_result_that_is_not_enough")

    def browser(number):
        return page_of(number, java_script_enabled=False)

    learner = browser(failed.number)
    learner.goto(f"/en/quiz/{failed.attempt}/result/")
    learner.locator("a[href$='/1/report/']").click()
    send(learner)
    expect(learner.locator(".error-summary li")).to_have_count(2)
    learner.locator("[name=reason][value=wrong_key]").check()
    learner.locator("[name=words]").fill("Two of the ways are right.")
    send(learner)
    expect(learner.locator("#question-1")).to_contain_text("You have reported this question")
    learner.locator("a[href$='/appeal/']").first.click()
    learner.locator("[name=grounds]").fill("The first question has two right answers.")
    send(learner)
    expect(learner.locator("main")).to_contain_text("Waiting for an officer to take it")

    reviewer = browser(REVIEWER)
    reviewer.goto("/assessment/reports/")
    reviewer.locator("[aria-labelledby=cases] tbody a").first.click()
    reviewer.locator("[name=deed][value=take]").click()
    reviewer.locator("[name=outcome][value=not_right]").check()
    reviewer.locator("[name=reply]").fill("Only one of them reports the offer.")
    reviewer.locator("[name=deed][value=answer]").click()
    expect(reviewer.locator("main")).to_contain_text("Only one of them reports the offer.")

    officer = browser(OFFICER)
    officer.goto("/assessment/appeals/")
    officer.locator("[aria-labelledby=appeals] tbody a").first.click()
    officer.locator("[name=deed][value=take]").click()
    officer.locator("a[href$='/answers/']").click()
    expect(officer.locator("section.reviewed").first).to_be_visible()
    officer.go_back()
    officer.locator("[name=decision][value=rejected]").check()
    officer.locator("[name=reply]").fill("The answers were judged as the key says.")
    officer.locator("[name=deed][value=decide]").click()

    learner.goto("/en/quiz/reports-and-appeals/")
    expect(learner.locator("main")).to_contain_text("Only one of them reports the offer.")
    learner.locator("main a[href$='/appeal/']").first.click()
    expect(learner.locator("main")).to_contain_text("The answers were judged as the key says.")


def test_an_author_writes_a_question_and_two_people_publish_it(page_of, clerk):
    author = page_of(AUTHOR)
    author.goto("/cms/item-banks/")
    author.locator("main tbody a").first.click()
    author.locator("main a[href*='/new-item/']").click()
    author.locator("[name=kind][value=single_choice]").check()
    author.locator("main form.editor button").last.click()
    author.locator("form.editor [name=save].button").click()
    # Nothing was said yet: what is missing is told where it is missing.
    expect(author.locator("main .help-critical")).to_be_visible()
    author.locator("[name=key]").fill(key := clerk.ask("a_new_key"))
    author.locator("[name=stem], [name$=-stem]").first.fill("A broker offers you a watch. What do you do?")
    fill = author.locator("fieldset.editor-row:has([name$=fraction]):visible")
    for row, (words, share) in enumerate((("Refuse it and report it", "100"), ("Keep it", "0"))):
        fill.nth(row).locator("textarea").first.fill(words)
        fill.nth(row).locator("[name$=fraction]").fill(share)
    author.locator("form.editor [name=save].button").click()
    author.wait_for_url(f"**/{key}/**")
    author.locator("[name=do][value=ask]").click()
    author.locator("main a[href$='/preview/'], main a[href*='/preview/?']").first.click()
    expect(author.locator("label.option")).to_have_count(2)
    author.go_back()

    reviewer = page_of(REVIEWER)
    reviewer.goto(author.url)
    reviewer.locator("[name=do][value=approve]").click()
    author.reload()
    author.locator(f"main a[href$='?key={key}']").click()
    author.locator("[name=reason]").fill("The course asks for it.")
    author.locator("main form .button[type=submit]").click()
    author.wait_for_url("**/oversight/**")

    reviewer.goto(author.url)
    reviewer.locator("main a[href*='/publications/']").click()
    expect(reviewer.locator("main")).to_contain_text("A broker offers you a watch. What do you do?")
    reviewer.go_back()
    reviewer.locator("[name=reason]").fill("I have read it.")
    reviewer.locator("[name=decision][value=approve]").click()
    author.goto("/cms/item-banks/")
    author.locator("main tbody a").first.click()
    author.goto(f"{author.url}?q={key}")
    expect(author.locator("main tbody tr")).to_contain_text("Published")


def send(page):
    page.locator("main form .actions .button:not(.quiet)").click()
