"""Every page of the platform, in English and in Arabic: open to all, by keyboard, without scripts, in its language."""

import re

import pytest

from tests.e2e import journeys, tour
from tests.elearning.test_rights import ROWS

pytestmark = [pytest.mark.e2e, pytest.mark.long]

STOPS_OF_THE_KEYBOARD = 40
# Words in Latin letters in what the page itself says to an Arabic reader. Names, codes and what somebody wrote stand
# in elements of their own that say so.
ENGLISH_LEFT = r"""
() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.parentElement;
    if (!at.closest("[lang]").lang.startsWith("ar") || at.closest("script, style, bdi, code, textarea, pre")) continue;
    const words = node.data.match(/[A-Za-z]{3,}/g);
    if (words) found.push(at.tagName.toLowerCase() + ": " + node.data.trim().replace(/\s+/g, " ").slice(0, 80));
  }
  return found;
}
"""
NOT_TRANSLATED = re.compile(r"Plumbline|PDF|CSV|XLIFF|PO\b|UTF-8|GIFT|UNCAC|WCO|https?://|[\w.]+@[\w.]+")
# A button that does nothing without a script, on a page that has none.
BUTTONS_WITHOUT_A_FORM = "main button:not([type=submit]):visible"


@pytest.fixture(params=["en", "ar"])
def language(request):
    return request.param


@pytest.fixture
def stops(clerk, language):
    learner, finisher = (clerk.ask("a_learner", language=language).number for _each in range(2))
    return clerk.ask("tour", learner=learner, finisher=finisher, language=language)


@pytest.fixture
def seen(page_of, new_page, language):
    """The browser of each person, made when the first page of theirs is seen."""
    pages = {}

    def page_for(number, **wishes):
        key = (number, *wishes.items())
        if key not in pages:
            pages[key] = page_of(number, locale=language, **wishes) if number else new_page(locale=language, **wishes)
        return pages[key]

    return page_for


def test_every_page_shuts_nobody_out(stops, seen, look, language):
    faults = []
    for stop in stops:
        page = seen(stop.number)
        answer = page.goto(stop.address)
        if answer.status != 200:
            faults.append(f"{stop.name} {stop.address}: {answer.status}")
            continue
        if language == "ar":
            left = [
                each
                for each in page.evaluate(ENGLISH_LEFT)
                if re.search("[A-Za-z]{3}", NOT_TRANSLATED.sub("", each.split(": ", 1)[1]))
            ]
            faults += [f"{stop.name} {stop.address}: left in Latin letters: {each}" for each in left]
        try:
            look(page, stop.name)
        except AssertionError as error:
            faults.append(f"{stop.address}: {error}")
    assert not faults, "\n".join(faults)


def test_every_page_works_by_keyboard_and_without_scripts(stops, seen):
    """Wagtail's pages need scripts, and so do ours among them."""
    faults = []
    for stop in stops:
        if stop.address.startswith("/cms/"):
            continue
        page = seen(stop.number, java_script_enabled=False)
        page.goto(stop.address)
        where = f"{stop.name} {stop.address}"
        if not page.locator("main h1").first.is_visible():
            faults.append(f"{where}: no heading")
        faults += [
            f"{where}: {each.inner_text()!r} does nothing" for each in page.locator(BUTTONS_WITHOUT_A_FORM).all()
        ]
        for form in page.locator("main form").all():
            if not form.locator("[type=submit], button:not([type])").count():
                faults.append(f"{where}: a form nobody can send")
        faults += [f"{where}: {each}" for each in _by_keyboard(page)]
    assert not faults, "\n".join(faults)


def _by_keyboard(page):
    """From the top of the page on, stop by stop, as far as one would go to see what there is."""
    for stop in range(STOPS_OF_THE_KEYBOARD):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        if at.startswith("<body"):
            if stop < 2:
                yield "the keyboard reaches nothing"
            return
        if not journeys.focus_is_visible(page):
            yield f"nobody sees that the keyboard is at {at}"


def test_the_tour_leaves_no_page_out(stops):
    """Of the addresses under which anybody gets a page."""
    of_somebody = {name for method, name, expected in ROWS if method == "GET" and "yes" in expected}
    assert of_somebody - {stop.name for stop in stops} == tour.NO_PAGES | tour.ON_THE_WAY
