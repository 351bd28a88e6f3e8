"""A supervised sitting from the tutor's desk to the learner's second computer, without and with scripts."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

TUTOR = "2001"
CODE = ".sitting-code"
ATTEMPT = re.compile(r"/quiz/[0-9a-f-]{36}/")


def open_a_sitting(page, cohort, place):
    page.goto(f"/runs/{cohort}/sittings/")
    page.locator("[name=place]").fill(place)
    page.locator(".form-page .button:not(.quiet)").click()
    page.wait_for_url("**/runs/sittings/*/")
    return re.sub(r"\s", "", page.locator(CODE).inner_text())


def enter(page, code):
    page.locator("[name=code]").fill(code)
    page.locator("main form[action$='/start/'] .button:not(.quiet)").click()


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_code_on_the_wall_starts_a_quiz_and_a_tutor_lets_somebody_change_computers(scripted, page_of, clerk, look):
    person = clerk.ask("a_supervised_learner")
    door = f"/en/learn/{person.enrolment}/{person.quiz}/"

    learner = page_of(person.number, java_script_enabled=scripted)
    learner.goto(door)
    expect(learner.locator("[name=code]")).to_have_count(0)
    if scripted:
        look(learner, "sitting-none-yet")

    tutor = page_of(TUTOR, java_script_enabled=scripted)
    code = open_a_sitting(tutor, person.cohort, "Room 4")
    if scripted:
        look(tutor, "sitting")
    tutor.locator(".actions .button").click()
    expect(tutor.locator(CODE)).to_be_visible()
    if scripted:
        look(tutor, "sitting-code")

    learner.reload()
    if scripted:
        look(learner, "sitting-door")
    enter(learner, "YYYYYY" if code != "YYYYYY" else "XXXXXX")
    expect(learner.locator(".error-summary, .field.wrong").first).to_be_visible()
    if scripted:
        look(learner, "sitting-wrong-code")
    enter(learner, f"{code[:3].lower()} {code[3:].lower()}")
    learner.wait_for_url(ATTEMPT)
    attempt = learner.url.partition("#")[0]

    second = page_of(person.number, java_script_enabled=scripted)
    assert second.goto(attempt).status == 409
    if scripted:
        look(second, "sitting-elsewhere")
    second.locator("main .button").click()
    second.wait_for_url("**/learn/**")
    enter(second, code)
    expect(second.locator(".field.wrong")).to_be_visible()

    tutor.go_back()
    tutor.reload()
    tutor.locator("#people ~ tbody a, [aria-labelledby=people] tbody a").first.click()
    tutor.locator("[name=deed][value=release]").click()
    expect(tutor.locator(CODE)).to_be_visible()
    if scripted:
        look(tutor, "sitting-person")
    enter(second, code)
    second.wait_for_url(f"{attempt}**")
    learner.reload()
    expect(learner.locator("main h1")).to_have_text("This attempt goes on at another computer")


def test_in_arabic_on_a_telephone_and_on_a_wall(page_of, clerk, look):
    person = clerk.ask("a_supervised_learner", language="ar")
    tutor = page_of(TUTOR, locale="ar")
    code = open_a_sitting(tutor, person.cohort, "القاعة 4")
    look(tutor, "sitting")
    tutor.locator("[aria-labelledby=people] tbody a").first.click()
    look(tutor, "sitting-person")
    tutor.goto(f"/runs/{person.cohort}/sittings/")
    look(tutor, "run-sittings")
    tutor.locator("[aria-labelledby=sittings] tbody a").first.click()
    tutor.locator(".actions .button").click()
    tutor.set_viewport_size({"width": 1280, "height": 720})
    box = tutor.locator(CODE).bounding_box()
    assert (box["x"] >= 0, box["x"] + box["width"] <= 1280, box["height"] > 120) == (True, True, True)
    look(tutor, "sitting-code")
    learner = page_of(person.number, locale="ar")
    learner.goto(f"/ar/learn/{person.enrolment}/{person.quiz}/")
    look(learner, "sitting-door")
    enter(learner, code.translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩")))
    learner.wait_for_url(ATTEMPT)
