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


@dataclass(frozen=True)
class Way:
    """One way of looking: a width in pixels and a colour scheme."""

    width: int
    scheme: str


EVERY_WAY = [Way(width, scheme) for width in (DESK, TELEPHONE) for scheme in ("light", "dark")]
# By direction of writing; the narrow dark page and the wide light one differ in all that can differ.
THE_USUAL_WAY = {False: Way(DESK, "light"), True: Way(TELEPHONE, "dark")}


class Look:
    """`look(page, "lesson")`: language and direction are said, nothing hangs out at the side, nobody is shut out."""

    def __init__(self, ways: list[Way] | dict[bool, Way]):
        self._ways = ways

    def __call__(self, page: Page, name: str) -> None:
        language = page.evaluate("document.documentElement.lang")
        right_to_left = languages.is_right_to_left(language)
        direction = page.evaluate("getComputedStyle(document.documentElement).direction")
        assert direction == ("rtl" if right_to_left else "ltr"), f"{name}: {language} runs {direction}"
        size = page.viewport_size
        for width in (DESK, TELEPHONE):
            _look_at(page, width)
            assert page.evaluate(OVERFLOW) <= 0, f"{name} in {language}, {width} px: {page.evaluate(CULPRITS)}"
        faults = []
        ways = self._ways if isinstance(self._ways, list) else [self._ways[right_to_left]]
        if len(ways) > 1:
            for way in ways:
                _look_at(page, way.width, way.scheme)
                page.screenshot(path=SCREENS / f"{language}-{way.width}-{way.scheme}-{name}.png", full_page=True)
        for way in ways:
            _look_at(page, way.width, way.scheme)
            faults += [f"{way.width} {way.scheme}: {fault}" for fault in barriers(page)]
        assert faults == [], f"{name} in {language}"
        page.emulate_media(color_scheme=None)
        if size:
            page.set_viewport_size(size)


def _look_at(page: Page, width: int, scheme: str | None = None) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    if scheme:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
