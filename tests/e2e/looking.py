"""What must hold of every page, whoever looks at it and on what."""

from dataclasses import dataclass

from playwright.sync_api import Page

from core import languages
from elearning.places import BUILD_DIR
from tests.e2e.barriers import barriers

SCREENS = BUILD_DIR / "screens"
DESK, TELEPHONE = 1280, 360
HEIGHTS = {DESK: 900, TELEPHONE: 740}

OVERFLOW = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# What sticks out of the page, for the message: the innermost elements that are wider than the window.
CULPRITS = """
() => [...document.querySelectorAll("body *")]
  .filter((each) => { const box = each.getBoundingClientRect(); return box.left < -1 || box.right > innerWidth + 1; })
  .filter((each) => !each.closest(".table-box, .sheet-scroll, .nav, .unseen"))
  .map((each) => each.tagName.toLowerCase() + "." + each.className).slice(-3).join(", ")
"""

# Wagtail's menu is drawn anew after the window has changed, and slides into its place; a look at it on the way finds
# faults that nobody sees.
AT_REST = """
() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => Promise.allSettled(
  document.getAnimations()
    .filter((each) => each.playState === "running" && each.effect?.getComputedTiming().endTime !== Infinity)
    .map((each) => each.finished)
))
"""


@dataclass(frozen=True)
class Way:
    """One way of looking: a width in pixels and a colour scheme."""

    width: int
    scheme: str


EVERY_WAY = [Way(width, scheme) for width in (TELEPHONE, DESK) for scheme in ("light", "dark")]
# By direction of writing; the narrow dark page and the wide light one differ in all that can differ.
THE_USUAL_WAY = {False: Way(DESK, "light"), True: Way(TELEPHONE, "dark")}


class Look:
    """`look(page, "lesson")`: language and direction are said, nothing hangs out at the side, nobody is shut out."""

    def __init__(self, ways: list[Way] | dict[bool, Way]):
        self._ways = ways

    def __call__(self, page: Page, name: str) -> None:
        page.wait_for_load_state()
        language = page.locator("html").get_attribute("lang")
        right_to_left = languages.is_right_to_left(language)
        direction = page.evaluate("getComputedStyle(document.documentElement).direction")
        assert direction == ("rtl" if right_to_left else "ltr"), f"{name}: {language} runs {direction}"
        before = page.viewport_size
        self._measure(page, f"{name} in {language}")
        if isinstance(self._ways, list):
            for way in self._ways:
                _look_at(page, way)
                page.screenshot(path=SCREENS / f"{language}-{way.width}-{way.scheme}-{name}.png", full_page=True)
        faults = []
        for way in self._ways if isinstance(self._ways, list) else [self._ways[right_to_left]]:
            _look_at(page, way)
            faults += [f"{way.width} px, {way.scheme}: {fault}" for fault in barriers(page)]
        assert not faults, "\n".join([f"{name} in {language} shuts people out:", *faults])
        page.emulate_media(color_scheme=None)
        _be_wide(page, before["width"], before["height"])

    def _measure(self, page: Page, name: str) -> None:
        """First at the width that the page does not have, so that it is made wide or narrow once."""
        for width in sorted((DESK, TELEPHONE), key=lambda width: width == page.viewport_size["width"]):
            _be_wide(page, width)
            assert page.evaluate(OVERFLOW) <= 0, f"{name}, {width} px, is too wide: {page.evaluate(CULPRITS)}"


def _look_at(page: Page, way: Way) -> None:
    _be_wide(page, way.width)
    page.emulate_media(color_scheme=way.scheme)
    page.evaluate(AT_REST)


def _be_wide(page: Page, width: int, height: int | None = None) -> None:
    wanted = {"width": width, "height": height or HEIGHTS[width]}
    if page.viewport_size != wanted:
        page.set_viewport_size(wanted)
