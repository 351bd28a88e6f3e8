"""The headings of a lesson, for its table of contents, and so that a change of language lands on the same one.

A heading's name is its number in the lesson: translations have the same headings in the same order.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

_HEADING = re.compile(r"<h([23])((?:\s[^>]*)?)>(.*?)</h\1>", re.DOTALL)
_NAME = re.compile(r"h-[1-9][0-9]{0,2}")
# Fewer need no table: the next one is in sight.
WORTH_A_TABLE = 3


@dataclass(frozen=True)
class Heading:
    name: str
    text: SafeString
    level: int


@dataclass(frozen=True)
class Marked:
    """A lesson's HTML whose headings can be led to, and those headings."""

    html: str
    headings: tuple[Heading, ...]

    @property
    def table(self) -> tuple[Heading, ...]:
        """The main headings, where there are enough of them to choose from."""
        main = tuple(each for each in self.headings if each.level == 2)
        return main if len(main) >= WORTH_A_TABLE else ()


@lru_cache(maxsize=1024)
def marked(html: str) -> Marked:
    """The HTML of a lesson with a name on each heading that has none yet. Remembered, for it never changes."""
    found: list[Heading] = []

    def name(match):
        level, attributes, inside = match.groups()
        if " id=" in attributes:
            return match[0]
        heading = Heading(f"h-{len(found) + 1}", mark_safe(strip_tags(inside).strip()), int(level))  # noqa: S308
        found.append(heading)
        return f'<h{level}{attributes} id="{heading.name}">{inside}</h{level}>'

    return Marked(_HEADING.sub(name, html), tuple(found))


def is_heading(name: str) -> bool:
    """Whether this can be the name of a heading."""
    return _NAME.fullmatch(name) is not None
