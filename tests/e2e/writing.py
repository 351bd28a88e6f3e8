"""The steps of authors in Wagtail, found by its words in English."""

import re

from playwright.sync_api import Page, expect

_LISTING = re.compile(r"/cms/pages/\d+/$")


def write_page(page: Page, kind: str, below: str, blocks: dict[str, str] | None = None, **fields: str) -> str:
    """Write and publish a page of ours (`coursepage`) below another; returns its id.

    `blocks` are those of a lesson, with the words of each: its name in the list of blocks, and one field.
    """
    page.goto(f"/cms/pages/add/courses/{kind}/{below}/")
    for name, words in fields.items():
        page.locator(f"[name={name}]").fill(words)
    for name, words in (blocks or {}).items():
        page.locator("button.c-sf-add-button").last.click()
        page.get_by_role("option", name=name, exact=True).click()
        page.locator("[data-streamfield-stream-container] textarea:visible").last.fill(words)
    _publish(page)
    edit = page.locator(".messages a[href*='/edit/']").last.get_attribute("href")
    return re.search(r"/pages/(\d+)/edit/", edit)[1]


def change_block(page: Page, number: str, old: str, new: str) -> None:
    """Put other words into the block of a lesson that holds these, and publish."""
    page.goto(f"/cms/pages/{number}/edit/")
    field = page.locator("[data-streamfield-stream-container] textarea:visible").first
    expect(field).to_have_value(old)
    field.fill(new)
    _publish(page)


def _publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_url(_LISTING)


def copy_for_translation(page: Page, number: str, language: str) -> None:
    """Have a page and all below it copied for a language, by its name in English."""
    page.goto(f"/cms/localize/submit/page/{number}/")
    page.get_by_label(language, exact=True).check()
    page.get_by_label(re.compile("Include subtree")).check()
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.locator(".messages")).to_contain_text("submitted for translation")


def translate(page: Page, number: str, words: dict[str, str]) -> None:
    """Put the words of one page in another language beside those of its source, each by its source, and publish."""
    page.goto(f"/cms/pages/{number}/edit/")
    for source, translation in words.items():
        segment = page.locator("li, section, div", has=page.get_by_role("button", name="Translate", exact=True))
        segment.filter(has_text=source).last.get_by_role("button", name="Translate", exact=True).click()
        page.locator("main textarea:visible").last.fill(translation)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Publish")).first.click()
    expect(page.locator(".messages")).to_contain_text("Published")


def release(page: Page, number: str) -> None:
    """Release a course as it is published now."""
    page.goto(f"/cms/courses/{number}/release/")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".messages .success")).to_be_visible()
