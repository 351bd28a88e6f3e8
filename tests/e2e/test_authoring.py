"""A course from its author to its learners, in two languages, and changed while somebody reads it."""

import pytest
from playwright.sync_api import expect

from tests.e2e import journeys, writing

pytestmark = pytest.mark.e2e

AUTHOR = "5001"
AUDITOR = "6001"
ENGLISH_HOME = "3"


def go_to_lesson(page, language, number):
    page.goto(f"/{language}/learn/")
    page.locator("main .card-title a").first.click()
    page.locator(".path li").nth(number - 1).locator("a").click()


def switch_language(page, code):
    page.locator(".menu summary").first.click()
    page.locator(f'.menu a[hreflang="{code}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", code)


def look_back(page, learner, day):
    """As an auditor, to the course that a learner of the run had on a day."""
    page.goto("/oversight/places/")
    page.locator("[name=staff_number]").fill(learner.number)
    page.locator("[name=cohort]").select_option(label=learner.cohort)
    page.locator("[name=day]").fill(day)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/oversight/places/*/*/")


def test_a_learner_switches_language_half_way_and_keeps_their_release(page_of, clerk):
    author = page_of(AUTHOR)
    course = writing.write_page(
        author, "coursepage", ENGLISH_HOME, title="Gifts", summary="What to do when somebody is kind to you."
    )
    module = writing.write_page(
        author, "modulepage", course, title="At the counter", summary="Small gifts, large questions.", position="1"
    )
    lessons = [
        writing.write_page(
            author,
            "lessonpage",
            module,
            {"Key point": words},
            title=title,
            lede=lede,
            minutes="10",
        )
        for title, lede, words in (
            ("The hamper", "It stands on your desk.", "Say no, and write it down."),
            ("The pen", "It lies beside it.", "A pen is a gift too."),
        )
    ]
    writing.copy_for_translation(author, course, "French")
    for title, words in {
        "Gifts": {"Gifts": "Cadeaux", "What to do when": "Que faire quand on se montre aimable ?"},
        "At the counter": {"At the counter": "Au guichet", "Small gifts": "Petits cadeaux, grandes questions."},
        "The hamper": {
            "The hamper": "Le panier",
            "It stands": "Il est sur le bureau.",
            "Say no": "Refusez et notez-le.",
        },
        "The pen": {"The pen": "Le stylo", "It lies": "À côté.", "A pen": "Un stylo est un cadeau."},
    }.items():
        writing.translate(author, clerk.ask("translation_of", title=title, language="fr"), words)
    writing.release(author, course)

    # She reads the first lesson in English, and the second from its middle on in French.
    learner = clerk.ask("a_learner_of", title="Gifts")
    page = page_of(learner)
    go_to_lesson(page, "en", 1)
    expect(page.locator("main article")).to_contain_text("Say no, and write it down.")
    page.locator(journeys.ONWARD).click()
    expect(page.locator("h1")).to_have_text("The pen")
    switch_language(page, "fr")
    expect(page.locator("h1")).to_have_text("Le stylo")
    expect(page.locator("main article")).to_contain_text("Un stylo est un cadeau.")
    expect(page.locator(".path li").first).to_have_class("done")
    page.locator(journeys.ONWARD).click()
    # A lesson in each language: together the whole course.
    expect(page.locator("main .notice.good")).to_be_visible()
    assert clerk.ask("enrolment", number=learner.number).state == "completed"

    # The author changes a lesson and releases it again: who has begun keeps what they began with.
    writing.change_block(author, lessons[0], "Say no, and write it down.", "Say no aloud, and write it down.")
    writing.release(author, course)
    newcomer = clerk.ask("a_learner_of", title="Gifts")
    assert (learner.release, newcomer.release) == (1, 2)
    for person, words in ((learner, "Say no, and write"), (newcomer, "Say no aloud")):
        reading = page_of(person)
        go_to_lesson(reading, "en", 1)
        expect(reading.locator("main article")).to_contain_text(words)
    assert clerk.ask("enrolment", number=learner.number).state == "completed"

    # The auditor sees of each what they held, in either language, and that the record log vouches for it.
    auditor = page_of(AUDITOR)
    today = clerk.ask("today")
    for person, release, words, steps_done in (
        (learner, 1, "Say no, and write it down.", 2),
        (newcomer, 2, "Say no aloud, and write it down.", 0),
    ):
        look_back(auditor, person, today)
        expect(auditor.locator("dl.pairs")).to_contain_text(f"{release}, made on")
        rows = auditor.locator("#steps tbody tr, table tbody tr")
        expect(rows.filter(has_text=":")).to_have_count(steps_done)
        rows.get_by_role("link", name="The hamper").click()
        expect(auditor.locator("main .notice.good")).to_be_visible()
        expect(auditor.locator("main section .card")).to_contain_text(words)
        auditor.get_by_role("link", name="français").click()
        expect(auditor.locator("main section .card")).to_contain_text("Refusez et notez-le.")
