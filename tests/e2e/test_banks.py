"""A bank from another system: brought by its author, looked at row by row, taken in, and taken out again."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.media import picture_bytes
from tests.quizzes.formats.test_moodle_xml import TWO, bank, packed, question

pytestmark = pytest.mark.e2e

AUTHOR = "5001"
SHOWN = '<p>What does the seal say? <img src="@@PLUGINFILE@@/seal.png" alt="A broken seal"></p>'
# A category, a picture, a question that cannot be asked here, and one whose points do not add up.
FOREIGN = bank(
    '<question type="category"><category><text>$course$/top/Seals</text></category></question>',
    question("multichoice", TWO, name="Hamper"),
    question(
        "multichoice",
        f"<idnumber>seal</idnumber>{TWO}",
        SHOWN,
        f'<file name="seal.png" path="/" encoding="base64">{packed(picture_bytes(60, 40, "PNG"))}</file>',
        name="Seal",
    ),
    question("calculated", name="Duty"),
    question("multichoice", f"<single>false</single>{TWO.replace('100', '60')}", name="Points"),
)


def bring(page, name, data):
    page.goto("/cms/questions/import/")
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/xml", "buffer": data})
    page.locator("main form[enctype] button[type=submit]").click()
    page.wait_for_url("**/questions/import/*-*/")


def test_a_foreign_bank_is_shown_row_by_row_and_taken_in_without_what_is_refused(page_of):
    page = page_of(AUTHOR, java_script_enabled=False)
    bring(page, "moodle.xml", FOREIGN)
    # The page loads itself again until the worker has looked at the file.
    taking = page.locator("form.questions-deeds button").first
    expect(taking).to_have_text("Import 2 questions as drafts", timeout=60_000)
    rows = page.locator("#questions-of-file + thead + tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("hamper")
    expect(rows.nth(1)).to_contain_text("new")
    expect(rows.nth(2)).to_contain_text("Duty")
    expect(rows.nth(2)).to_contain_text("Make a question with fixed numbers of it.")
    expect(rows.nth(3)).to_contain_text("Its right answers earn 60 %")
    page.locator(".questions-results a", has_text="refused").click()
    expect(rows).to_have_count(2)

    taking.click()
    expect(page.locator(".help-info")).to_contain_text("It is imported.", timeout=60_000)
    page.locator(".help-info a").click()
    expect(page.locator("main")).to_contain_text("What does the seal say?")
    expect(page.locator("main")).not_to_contain_text("Duty")

    # What goes out is known when it comes in again.
    page.locator("a[href*='/questions/export/']").first.click()
    page.locator("[name=format]").select_option("moodle_xml")
    with page.expect_download() as download:
        page.locator("main form button[type=submit]:not([name=look])").click()
    with open(download.value.path(), "rb") as file:
        bring(page, "again.xml", file.read())
    expect(page.locator("main")).to_contain_text("There is nothing to import", timeout=60_000)
    expect(page.locator(".questions-results a", has_text=re.compile("the same"))).to_contain_text("2")


def test_a_hostile_file_is_refused_with_its_reason_and_leaves_nothing(page_of):
    page = page_of(AUTHOR)
    bring(page, "bomb.xml", b'<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>')
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Nothing was imported.", timeout=60_000)
    expect(refused).to_contain_text("document type or entities")
