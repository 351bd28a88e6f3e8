"""A new officer's whole way: from the front page to a certificate that anyone can check."""

import io
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from core import languages
from people.demonstration import PASSWORD
from tests.e2e import journeys
from tests.e2e.journeys import QUESTIONS
from tests.system import eventually

pytestmark = pytest.mark.e2e

NAMES = {"ar": "أمينة حدّاد", "ru": "Амина Хаддад"}


@pytest.mark.parametrize(
    "language", ["en", "ar", *(pytest.param(code, marks=pytest.mark.long) for code in ("fr", "es", "pt", "ru"))]
)
def test_a_new_officer_goes_from_the_front_page_to_a_certificate(language, new_page, clerk, look):
    person = clerk.ask(
        "a_learner",
        name=NAMES.get(language, "Amina Haddad-Quiñones"),
        latin_name="Amina Haddad",
        language=language,
        password=PASSWORD,
    )
    page = new_page(locale=language)

    # She finds the course, and signs in with her number.
    page.goto("/")
    expect(page).to_have_url(re.compile(f"/{language}/$"))
    look(page, "home")
    page.locator(".hero .button").last.click()
    page.wait_for_url("**/catalogue/")
    look(page, "catalogue")
    page.locator("main .card-title a").first.click()
    look(page, "course-before-signing-in")
    page.goto(f"/{language}/learn/")
    page.wait_for_url("**/accounts/login/**")
    look(page, "sign-in")
    journeys.sign_in(page, person.number)
    page.wait_for_url(f"**/{language}/learn/")
    look(page, "my-learning")

    # She reads what there is to read.
    page.locator("main .card-title a").click()
    look(page, "course")
    page.locator("main .card-title a").first.click()
    look(page, "module")
    page.goto(f"/{language}/learn/")
    assert journeys.read_the_lessons(page, look) == 3
    look(page, "quiz")

    # Each answer is safe the moment it is given.
    attempt = journeys.start_the_quiz(page)
    look(page, "question")
    key = [each.best for each in clerk.ask("answers", attempt=attempt)]
    assert len(key) == QUESTIONS
    journeys.option(page, key[0]).click()
    expect(page.locator(journeys.SAVED)).to_have_text(re.compile(r"\d"))
    assert clerk.ask("attempts", number=person.number)[0].saved == [key[0], *[None] * 7]
    journeys.answer(page, key)
    assert clerk.ask("attempts", number=person.number)[0].saved == key
    look(page, "before-handing-in")

    # The result comes by itself.
    journeys.hand_in(page)
    expect(page.locator("section.reviewed")).to_have_count(QUESTIONS, timeout=30_000)
    [sat] = clerk.ask("attempts", number=person.number)
    assert (sat.grades, sat.passed, sat.score) == (1, True, 100)
    look(page, "passed")
    page.locator(journeys.ONWARD).click()
    expect(page.locator("main .notice.good")).to_be_visible()
    look(page, "course-completed")
    assert clerk.ask("enrolment", number=person.number).state == "completed"

    # So does the certificate.
    page.locator("main a.button").click()
    page.wait_for_url("**/certificates/")
    journeys.until(page, page.locator("main .certificate"))
    look(page, "my-certificates")
    page.locator("main .certificate-title a").click()
    expect(page.locator("main .certificate .holder").first).to_contain_text(person.name)
    look(page, "certificate")
    pdf = the_document(page)
    assert pdf.root_object["/Lang"] == language
    public_address = page.locator("#public-address").input_value()
    assert public_address == clerk.ask("certificate", number=person.number).address
    # The paper carries the address, in letters as in the QR code, which is made from them.
    assert urlsplit(public_address).path.strip("/").split("/")[-1] in re.sub(r"\s", "", pdf.pages[0].extract_text())

    # Whoever holds the paper sees that it is valid, without an account.
    stranger = new_page(locale=language)
    stranger.goto(public_address)
    expect(stranger.locator("main .notice.good")).to_be_visible()
    expect(stranger.locator("main .certificate .holder").first).to_contain_text(person.name)
    assert stranger.locator("html").get_attribute("lang") == language
    look(stranger, "public-page")
    stranger.goto(public_address.replace(urlsplit(public_address).path, "/verify/0000-0000-0000-0000-0000-0000-0000/"))
    expect(stranger.locator("main .notice.bad")).to_be_visible()
    look(stranger, "unknown-code")


def the_document(page) -> PdfReader:
    """What the learner's button downloads, once it is made."""
    address = page.locator('main a.button[href$="/pdf/"]').get_attribute("href")
    response = eventually(lambda: (found := page.request.get(address)).status == 200 and found, what="the PDF is made")
    assert response.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.body()))


def test_the_whole_quiz_can_be_done_without_java_script(page_of, learner, clerk):
    page = page_of(learner, java_script_enabled=False)
    page.goto("/en/learn/")
    assert journeys.read_the_lessons(page) == 3
    attempt = journeys.start_the_quiz(page)
    key = [each.best for each in clerk.ask("answers", attempt=attempt)]
    journeys.answer(page, key, scripted=False)
    assert clerk.ask("attempts", number=learner.number)[0].saved == key

    # One can go back and read what was chosen.
    page.locator(".answers a").first.click()
    expect(journeys.option(page, key[0]).locator("input")).to_be_checked()
    page.goto(f"{page.url.partition('#')[0]}check/")
    journeys.hand_in(page)
    journeys.until(page, page.locator("section.reviewed").first)
    expect(page.locator("h1")).to_have_text("Passed")


def test_the_whole_quiz_can_be_done_by_keyboard(page_of, learner, clerk):
    page = page_of(learner)
    page.goto("/en/learn/")

    # The first stop leads past the head of the page.
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert journeys.focus_is_visible(page)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    # The menus open with Enter and close with Escape, and the focus stays where one is.
    page.reload()
    menu = page.locator(".menu summary").first
    journeys.tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(page.locator(".menu[open] a").first).to_be_visible()
    journeys.tab_to(page, page.locator(".menu[open] a").nth(1))
    page.keyboard.press("Escape")
    expect(page.locator(".menu[open]")).to_have_count(0)
    expect(menu).to_be_focused()

    journeys.go_to_the_quiz(page)
    journeys.tab_to(page, page.locator(journeys.ONWARD))
    page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/*/")
    page.wait_for_load_state("networkidle")
    for number in range(1, QUESTIONS + 1):
        asked = page.locator(f"#q{number}")
        expect(asked).to_be_visible()
        journeys.tab_to(page, asked.locator(".option input").first)
        page.keyboard.press("Space")
        expect(asked.locator(".option input").first).to_be_checked()
        page.keyboard.press("ArrowDown")
        expect(asked.locator(".option input").nth(1)).to_be_checked()
        assert journeys.focus_is_visible(page)
        expect(page.locator(journeys.SAVED)).to_have_text(re.compile(r"\d"))
        page.keyboard.press("Tab")
        expect(asked.locator(".action-bar .button").first).to_be_focused()
        page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/*/#look-over")
    journeys.tab_to(page, page.locator(journeys.ONWARD))
    page.keyboard.press("Enter")
    expect(page.locator("section.reviewed")).to_have_count(QUESTIONS, timeout=30_000)


@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.long)])
def test_who_must_sign_in_first_is_asked_in_the_language_of_the_page(language, page):
    page.goto(f"/{language}/learn/")
    page.wait_for_url("**/accounts/login/**")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", "rtl" if languages.is_right_to_left(language) else "ltr")
    page.locator("[name=login]").fill("7000")
    page.locator("[name=password]").fill("not the password")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(html).to_have_attribute("lang", language)
    page.goto(f"/{language}/")
    page.locator(".top .tools a.tool").click()
    expect(html).to_have_attribute("lang", language)
    # The menu goes on working there, and takes the page that was wanted along.
    page.locator(".menu summary").click()
    page.locator('.menu a[hreflang="ru"]').click()
    expect(html).to_have_attribute("lang", "ru")
    assert "next=/ru/learn/" in page.url
