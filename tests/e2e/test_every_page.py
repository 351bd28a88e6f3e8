"""Every page of the platform, in English and in Arabic: open to all, by keyboard, without scripts, in its language."""

import re
from collections import Counter

import pytest

from tests.e2e import journeys, tour
from tests.elearning.test_rights import ROWS

pytestmark = [pytest.mark.e2e, pytest.mark.long]

STOPS_OF_THE_KEYBOARD = 40
# Each piece of text that the page gives out as Arabic and that holds a word in Latin letters.
LATIN = r"""
top => {
  const found = [], skipped = "script, style, noscript, template, dialog, bdi, code, kbd, textarea, pre, " +
    "[data-side-panel-toggle-counter]";
  const walker = document.createTreeWalker(document.querySelector(top), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.parentElement;
    if (!at.closest("[lang]").lang.startsWith("ar") || at.closest(skipped)) continue;
    if (/[A-Za-z]{3}/.test(node.data)) found.push(node.data.trim().replace(/\s+/g, " "));
  }
  return found;
}
"""
# Words that Arabic keeps: names of things, kinds of files, examples of what to type, steps that tests call so.
KEPT = re.compile(
    r"Plumbline|Ctrl|Enter|Moodle|Aiken|Excel|WebP|pdf, docx|Word|Markdown|iCalendar|gettext|locale/|lessons\.md|"
    r"gifts\.gift|new \d in ar|manage\.py verify_records|XLIFF|UTF-8|\b[0-9a-f]{12}\b|[A-Z]{3,}(-[\d-]+)?|"
    r"https?://\S+|[\w.]+@[\w.]+|\.\w{2,5}\b"
)
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


def test_every_page_shuts_nobody_out_and_speaks_its_language(stops, seen, look, language, clerk):
    faults = []
    people, titles = clerk.ask("written_by_people"), clerk.ask("titles")
    looked_at = Counter()
    for stop in stops:
        page = seen(stop.number)
        answer = page.goto(stop.address)
        if answer.status != 200:
            faults.append(f"{stop.name} {stop.address}: {answer.status}")
            continue
        if language == "ar":
            faults += [
                f"{stop.name} {stop.address}: not in Arabic: {text}"
                for text in _not_arabic(page, stop, people, titles)
            ]
        try:
            looked_at[stop.name] += 1
            look(page, f"{stop.name.replace(':', '-')}-{looked_at[stop.name]}")
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


def _not_arabic(page, stop, people, titles):
    """Texts with a word in them that nobody wrote as it stands there. Among Wagtail's own words ours are looked at."""
    authoring = stop.address.startswith("/cms/")
    of_items = stop.address.startswith(("/cms/", "/assessment/", "/oversight/"))
    for text in page.evaluate(LATIN, "main" if authoring else "body"):
        # What Arabic keeps goes first: a short tag may stand within it.
        left = KEPT.sub("", text)
        for written in sorted([*people, *(titles if of_items else [])], key=len, reverse=True):
            left = left.replace(KEPT.sub("", written), "")
        if re.search("[A-Za-z]{3}", left):
            yield text


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
