"""The places within a page that a link can lead to: its headings, which stand in running text alone.

The reader's page names them by their number in the lesson: h-1, h-2 …
"""

import re
from collections.abc import Iterable

from wagtail.blocks import RichTextBlock

from courses.inside import Words, parts_of

_HEADING = re.compile(r"<h[23][\s>]")


def places_in(pages: set[int], every: Iterable[Words]) -> dict[int, set[str]]:
    """The names in each of these pages, of its published words and its draft. No query."""
    found: dict[int, set[str]] = {page: set() for page in pages}
    for words in every:
        if words.page.pk in found:
            texts = (part.value for part in parts_of(words) if isinstance(part.block, RichTextBlock))
            headings = sum(len(_HEADING.findall(text or "")) for text in texts)
            found[words.page.pk] |= {f"h-{number}" for number in range(1, headings + 1)}
    return found
