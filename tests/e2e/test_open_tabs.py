"""One attempt in two windows: each is told of the other, and no newer answer is overwritten."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import journeys

pytestmark = pytest.mark.e2e

ALSO = "[data-tabs-target=also]"
OVERTAKEN = "[data-tabs-target=overtaken]"


def option(page, place):
    return page.locator("label.option:visible").nth(place)


def key_of(page, place):
    return option(page, place).locator("input").get_attribute("value")


def saved(page):
    expect(page.locator(".action-bar .saved[data-state=saved]:visible")).to_have_text(re.compile(r"\d"))


def in_force(clerk, person):
    return clerk.ask("attempts", number=person.number)[0].saved[0]


@pytest.fixture
def question(page_of, learner):
    """The address of an attempt's first question, on a page of its own."""
    page = page_of(learner)
    journeys.go_to_the_quiz(page)
    page.locator(journeys.ONWARD).click()
    page.wait_for_url(re.compile(r"/quiz/[0-9a-f-]{36}/"))
    return f"/en/quiz/{journeys.attempt_of(page)}/1/", page


@pytest.mark.parametrize("whole", [False, True], ids=["one question", "the paper"])
def test_two_windows_of_one_browser_are_told_at_once(whole, question, learner, clerk, look):
    address, first = question
    address = address.removesuffix("1/") if whole else address
    first.goto(address)
    expect(first.locator(ALSO)).to_be_hidden()
    second = first.context.new_page()
    second.goto(address)
    for page in (first, second):
        expect(page.locator(ALSO)).to_be_visible()
    option(second, 1).click()
    saved(second)
    newer = key_of(second, 1)
    expect(first.locator(OVERTAKEN)).to_be_visible()
    expect(second.locator(OVERTAKEN)).to_be_hidden()
    look(first, "overtaken")

    # Nothing from the older window gets through, neither a choice nor the whole form.
    option(first, 2).click()
    expect(first.locator(".action-bar .saved:visible")).to_have_text(re.compile("newer answer"))
    first.locator(".action-bar .button:not(.quiet):visible").click()
    expect(first.locator(OVERTAKEN)).to_be_visible()
    assert in_force(clerk, learner) == newer

    # Loaded again it shows the newer answer, and goes on.
    first.locator(f"{OVERTAKEN} a").click()
    expect(first.locator(OVERTAKEN)).to_be_hidden()
    expect(first.locator(f"label.option:visible input[value='{newer}']")).to_be_checked()
    option(first, 0).click()
    saved(first)
    assert in_force(clerk, learner) == key_of(first, 0)
    expect(second.locator(OVERTAKEN)).to_be_visible()
    # Whoever closes the other window is alone again.
    second.close()
    expect(first.locator(ALSO)).to_be_hidden()


def test_another_browser_is_told_at_its_next_answer_also_after_it_was_off_the_line(question, page_of, learner, clerk):
    address, first = question
    first.goto(address)
    first.wait_for_load_state("networkidle")
    second = page_of(learner)
    second.goto(address)
    second.wait_for_load_state("networkidle")
    expect(first.locator(ALSO)).to_be_hidden()
    first.context.set_offline(True)
    for place in (0, 2, 0):
        option(first, place).click()
        expect(first.locator(".saved[data-state=waiting]")).to_be_visible()
    option(second, 1).click()
    saved(second)
    newer = key_of(second, 1)
    first.context.set_offline(False)
    expect(first.locator(OVERTAKEN)).to_be_visible()
    expect(first.locator(".action-bar .saved")).to_have_text(re.compile("newer answer"))
    assert in_force(clerk, learner) == newer
    first.locator(f"{OVERTAKEN} a").click()
    expect(first.locator(f"label.option:visible input[value='{newer}']")).to_be_checked()
