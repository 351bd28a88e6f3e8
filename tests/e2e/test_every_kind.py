"""A quiz that holds an item of each kind: by mouse on a desk, and by keyboard on a telephone in Arabic."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import journeys
from tests.e2e.looking import HEIGHTS, TELEPHONE

pytestmark = pytest.mark.e2e


def saved(page):
    expect(page.locator('.action-bar .saved[data-state="saved"]')).to_have_text(re.compile(r"\d"))


class Mouse:
    """Presses what there is to press, and types only where one writes."""

    def __init__(self, page):
        self._page = page

    def choose(self):
        self._page.locator("label.option").first.click()

    scenario = single_choice = multiple_choice = true_false = choose

    def ordering(self):
        self._page.locator(".placing li").nth(3).locator(".move").first.click()

    def matching(self):
        for select in self._page.locator(".matches select").all():
            select.select_option(index=1)

    def gap_fill(self):
        self._page.locator(".gap select").select_option(index=1)
        for field in self._page.locator(".gap input").all():
            field.click()
            self._page.keyboard.type("50")

    def write(self):
        self._page.locator("fieldset .field :is(input, textarea)").click()
        self._page.keyboard.type("12 kg")

    short_answer = numerical = essay = write

    def hotspot(self):
        picture = self._page.locator(".pointing input")
        box = picture.bounding_box()
        picture.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
        expect(self._page.locator(".pointing .dot")).to_have_attribute("d", re.compile(r"^M2(49|50|51) "))
        assert self._page.locator(".fits").count()

    def document(self):
        self._page.locator(".declaration label").nth(1).click()

    def go_on(self):
        self._page.locator(journeys.ONWARD).click()


class Keyboard:
    """Never touches the mouse; at each step one sees where the keyboard is."""

    def __init__(self, page):
        self._page = page

    def _at(self, wanted):
        journeys.tab_to(self._page, self._page.locator(wanted).first)

    def choose(self):
        self._at("label.option input")
        self._page.keyboard.press("Space")

    scenario = single_choice = multiple_choice = true_false = hotspot = choose

    def ordering(self):
        self._at(".placing li:nth-child(2) .move")
        self._page.keyboard.press("Enter")
        assert self._page.evaluate("document.activeElement.closest('li').previousElementSibling === null")

    def matching(self):
        self._at(".matches select")
        self._page.keyboard.press("ArrowDown")

    def gap_fill(self):
        self._at(".gap input")
        self._page.keyboard.type("رشوة")

    def write(self):
        self._at("fieldset .field :is(input, textarea)")
        self._page.keyboard.type("رشوة")

    short_answer = numerical = essay = write

    def document(self):
        self._at(".declaration input")
        self._page.keyboard.press("Space")

    def go_on(self):
        self._at(journeys.ONWARD)
        self._page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "hand", "wishes"),
    [
        ("en", Mouse, {}),
        ("ar", Keyboard, {"viewport": {"width": TELEPHONE, "height": HEIGHTS[TELEPHONE]}}),
    ],
    ids=["mouse", "keyboard"],
)
def test_every_kind_is_answered_saved_and_looked_back_at(language, hand, wishes, page_of, clerk, look):
    sitting = clerk.ask("a_sitting_of_every_kind", language=language)
    page = page_of(sitting, locale=language, **wishes)
    page.goto(f"/{language}/quiz/{sitting.attempt}/1/")
    for number, kind in enumerate(sitting.kinds, start=1):
        page.wait_for_url(f"**/{number}/")
        expect(page.locator("form[data-controller~=answer] fieldset").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        getattr(hand(page), kind)()
        saved(page)
        look(page, f"every-kind-{kind}")
        hand(page).go_on()
    page.wait_for_url("**/check/")
    expect(page.locator("main .notice.good")).to_be_visible()
    assert None not in clerk.ask("answers_given", attempt=sitting.attempt)
    journeys.hand_in(page)
    # A person reads the essay first.
    clerk.ask("read_and_mark", attempt=sitting.attempt)
    journeys.until(page, page.locator("section.reviewed").first)
    expect(page.locator("section.reviewed")).to_have_count(len(sitting.kinds))
    look(page, "every-kind-review")


def test_what_is_being_written_and_chosen_survives_a_lost_connection(page_of, clerk):
    sitting = clerk.ask("a_sitting_of_every_kind", language="en")
    page = page_of(sitting)
    numbers = {kind: number for number, kind in enumerate(sitting.kinds, start=1)}
    for kind in ("essay", "matching", "ordering", "hotspot", "gap_fill"):
        address = f"/en/quiz/{sitting.attempt}/{numbers[kind]}/"
        page.goto(address, wait_until="networkidle")
        page.route("**/quiz/**", lambda route: route.abort("internetdisconnected"))
        getattr(Mouse(page), kind)()
        expect(page.locator('.action-bar .saved[data-state="waiting"]')).to_be_visible()
        assert clerk.ask("answers_given", attempt=sitting.attempt)[numbers[kind] - 1] is None
        page.unroute("**/quiz/**")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("about:blank")
        page.goto(address)
        saved(page)
        assert clerk.ask("answers_given", attempt=sitting.attempt)[numbers[kind] - 1] is not None
