"""Places in a lesson's frozen HTML that are filled when it is read: what differs by reader or by administration.

A release keeps a lesson's HTML once for each language. What a learner has written into it, or what their
administration prescribes, is not part of the release: its block leaves a mark, and the reader's page fills it.

- `national`, by the slot's value: what the reader's administration says (`core.blocks.national.NationalSlot`).
- `reflection`, by the block's id: a box for words that nobody else reads; the question stands above it.
- `plan`, by the block's id: the same for an if-then plan of one's own.
- `media`, by the block's id: `content["media"][id]["html"]`, frozen with the lesson, or an offer to fetch its `bytes`
  (`core.blocks.component.Deferrable`, `components/lesson/media_offer.html`).
"""

import re
from collections.abc import Callable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# A comment: authors' rich text cannot hold one, and a page that fills nothing shows nothing.
_MARK = re.compile(r"<!--slot ([a-z_]+) ([A-Za-z0-9_-]+)-->")

Filler = Callable[[str], str]


def mark(kind: str, key: str) -> SafeString:
    """The mark that a block's template leaves: what kind of thing belongs here, and which one."""
    return format_html("<!--slot {} {}-->", kind, key)


def keys_of(html: str, kind: str) -> list[str]:
    """The keys of one kind's marks, in the order of the page."""
    return [key for found, key in _MARK.findall(html) if found == kind]


def fill(html: str, fillers: Mapping[str, Filler]) -> SafeString:
    """The HTML with each mark replaced by what its kind's filler returns for its key; a mark of no known kind goes.

    A filler returns safe HTML. It is called once for each mark, so what needs a query reads all keys first.
    """
    if "<!--slot " not in html:
        return mark_safe(html)  # noqa: S308 - rendered by templates when the release was made
    filled = _MARK.sub(lambda found: fillers.get(found[1], _nothing)(found[2]), html)
    return mark_safe(filled)  # noqa: S308 - and so is what fillers return


def _nothing(_key: str) -> str:
    return ""
