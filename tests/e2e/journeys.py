"""The steps that scenarios share. They find their way by what a page is made of, not by its words, in any language."""

import re
from collections.abc import Callable, Iterable

from playwright.sync_api import Locator, Page, expect

from people.demonstration import PASSWORD

ONWARD = "main :not([hidden]) > .action-bar .button:not(.quiet)"
# The question that a quiz shows; without JavaScript it shows all.
ASKED = "section.asked:not([hidden])"
STATE = f"{ASKED} .saved"
SAVED = f'{STATE}[data-state="saved"]'
QUESTIONS = 8

Looker = Callable[[Page, str], None]


def nothing_looked_at(_page: Page, _name: str) -> None:
    """For scenarios in which the pages themselves are not the matter."""


def sign_in(page: Page, number: str, password: str = PASSWORD) -> None:
    """On the sign-in page, to whatever page was wanted."""
    page.locator("[name=login]").fill(number)
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def show_second_factor(page: Page, code: str) -> None:
    page.locator("[name=code]").fill(code)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/accounts/2fa/" not in address)


def read_the_lessons(page: Page, look: Looker = nothing_looked_at) -> int:
    """From my learning through every lesson to the quiz's own page. Returns how many lessons there were."""
    page.locator("main .tiles .button").click()
    page.wait_for_url("**/learn/*/*/")
    lessons = 0
    while page.locator('form.action-bar[action$="/done/"]').count():
        lessons += 1
        if lessons == 1:
            look(page, "lesson")
        before = page.url
        page.locator(ONWARD).click()
        page.wait_for_url(lambda address, before=before: address != before)
    expect(page.locator('form.action-bar[action$="/start/"]')).to_be_visible()
    return lessons


def start_the_quiz(page: Page) -> str:
    """From the quiz's page to its first question. Returns the attempt."""
    page.locator(ONWARD).click()
    page.wait_for_url("**/quiz/*/")
    return attempt_of(page)


def attempt_of(page: Page) -> str:
    found = re.search(r"/quiz/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return found[1]


def option(page: Page, key: str, number: int = 1) -> Locator:
    return page.locator(f'#q{number} label.option:has(input[value="{key}"])')


def answer(page: Page, keys: Iterable[str], scripted: bool = True) -> None:
    """Answer from the question that is open, one after the other, to the page before handing in."""
    for number, key in enumerate(keys, start=1):
        asked = page.locator(f"#q{number}")
        expect(asked).to_be_visible()
        option(page, key, number).click()
        if scripted:
            # By the page, or by the server before the page: an answer that was given before is not sent again.
            expect(asked.locator(".saved")).to_have_text(re.compile(r"\d"))
        asked.locator(".action-bar .button:not(.quiet)").click()
    page.wait_for_url("**/quiz/*/#look-over" if scripted else "**/check/")


def hand_in(page: Page) -> None:
    page.locator(ONWARD).click()
    page.wait_for_url("**/result/")


def go_to_the_quiz(page: Page, language: str = "en") -> None:
    """From anywhere to the quiz's page, the lessons read or not."""
    page.goto(f"/{language}/learn/")
    page.locator("main .card-title a").first.click()
    page.locator(".path li:last-child a").first.click()
    expect(page.locator('form.action-bar[action$="/start/"]')).to_be_visible()


def until(page: Page, wanted: Locator, within: int = 20) -> None:
    """Load the page again until it shows what a worker has to make first."""
    for _attempt in range(within * 2):
        try:
            expect(wanted).to_be_visible(timeout=500)
            return
        except AssertionError:
            page.reload()
    raise AssertionError(f"Not within {within} s: {wanted}")


def focus_is_visible(page: Page) -> bool:
    """Whether one sees where the keyboard is: a line around the element, or around the card it belongs to."""
    return page.evaluate(
        """() => {
          const at = document.activeElement;
          const lined = (each) => {
            const style = getComputedStyle(each);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
          };
          return at !== document.body && (lined(at) || (at.nextElementSibling && lined(at.nextElementSibling)));
        }"""
    )


def tab_to(page: Page, wanted: Locator, at_most: int = 60) -> None:
    """Press Tab until this element has the focus; at each step one must see where the focus is."""
    handle = wanted.element_handle()
    for _press in range(at_most):
        page.keyboard.press("Tab")
        assert focus_is_visible(page), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("wanted => wanted === document.activeElement", handle):
            return
    raise AssertionError(f"The keyboard does not reach {wanted}")
