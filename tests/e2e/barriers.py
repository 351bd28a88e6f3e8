"""What axe finds on a page that would shut someone out."""

from functools import cache

from playwright.sync_api import Page

from elearning.places import BASE_DIR

# WCAG 2.2 has to be asked for by name: its one rule is off by default.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# axe passes over the contrast of Arabic without a word, because it cannot tell such letters from an icon font. With
# Latin letters in their place, and no change in size, weight or colour, it measures them.
LATIN_FOR_ARABIC = r"""
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(/[\u0600-\u06FF\u0750-\u077F\uFB50-\uFEFF]/g, "n");
  }
}
"""


def barriers(page: Page) -> list[str]:
    """One line for each fault and place, none for a page that is open to all. Arabic text is replaced on the way."""
    arabic = page.evaluate("document.documentElement.lang").startswith("ar")
    first = {"rules": {"color-contrast": {"enabled": False}}} if arabic else {}
    found = _axe(page, {"runOnly": {"type": "tag", "values": RULES}} | first)
    if arabic:
        page.evaluate(LATIN_FOR_ARABIC)
        found += _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    return sorted(set(found))


def _axe(page: Page, wishes: dict) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_source())
    told = page.evaluate("wishes => axe.run(document, wishes)", wishes | {"resultTypes": ["violations"]})
    return [
        f"{fault['id']}: {' '.join(place['target'][-1].split())} ({fault['help']})"
        for fault in told["violations"]
        for place in fault["nodes"]
    ]


@cache
def _source() -> str:
    return (BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()
