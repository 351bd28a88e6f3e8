"""The pages beside the great ways: accounts, empty lists, refusals. Each is open to all, in both directions."""

import pytest

pytestmark = pytest.mark.e2e


@pytest.fixture(params=["ar", pytest.param("en", marks=pytest.mark.long)])
def language(request):
    return request.param


def test_pages_for_everyone(language, new_page, look):
    page = new_page(locale=language)
    for name, address in {
        "forgotten-password": "/accounts/password/reset/",
        "enter-a-code": "/verify/",
        "enter-a-code-wrong": "/verify/?code=DEMO-2026-000001",
        "letters": "/demo/mail/",
        "not-found": f"/{language}/nowhere/",
    }.items():
        page.goto(address)
        look(page, name)


def test_pages_of_somebody_without_a_course(language, clerk, page_of, look):
    page = page_of(clerk.ask("a_newcomer", language=language), locale=language)
    for name, address in {
        "home-signed-in": f"/{language}/",
        "my-learning-empty": f"/{language}/learn/",
        "my-certificates-empty": f"/{language}/certificates/",
        "change-password": "/accounts/password/change/",
        "second-factors": "/accounts/2fa/",
    }.items():
        page.goto(address)
        look(page, name)
        if address.startswith("/accounts/2fa"):
            assert page.locator("main h1").is_visible()


def test_pages_of_staff(language, page_of, look):
    for number, pages in {
        "3001": {"officer-import": "/people/import/", "requests-of-mine": "/oversight/?show=mine"},
        "6001": {"requests-decided": "/oversight/?show=decided", "certificates-not-found": "/certificates/?q=Nobody"},
    }.items():
        page = page_of(number, locale=language)
        for name, address in pages.items():
            page.goto(address)
            look(page, name)


def test_the_menus_open_within_the_page(language, page_of, learner, look):
    page = page_of(learner, locale=language, viewport={"width": 360, "height": 740})
    page.goto(f"/{language}/learn/")
    for menu in page.locator(".menu summary").all():
        menu.click()
        panel = page.locator(".menu[open] ul")
        box = panel.bounding_box()
        assert box["x"] >= 0, box
        assert box["x"] + box["width"] <= 360, box
        look(page, "open-menu")
        page.keyboard.press("Escape")


def test_a_name_as_long_as_names_can_be_breaks_no_page(language, clerk, page_of, look):
    name = "Maximiliana-Esperanza de los Ángeles Villavicencio-Montealegre y Fernández de Córdoba-Santisteban"
    page = page_of(clerk.ask("a_learner", name=name, language=language), locale=language)
    page.goto(f"/{language}/learn/")
    look(page, "long-name")
