"""Putting new words in the place of a passage that the law has overtaken, pure: no rows, no clock.

The words of a release never change. A correction is laid over them when they are read: wherever the passage stands in
running text, across spaces and line breaks but not across tags, the new words stand instead, marked as inserted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape

_TAGS = re.compile(r"(<[^>]*>)")
# How templates and rich text may write a character of plain text.
_WRITTEN = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': r'(?:"|&quot;|&#34;)',
    "'": r"(?:'|&\#x27;|&\#39;)",
}
# Of a body's content, what is shown as plain text beside its HTML.
_PLAIN = ("summary", "lede", "introduction")


@dataclass(frozen=True)
class Passage:
    """A passage in one language and what stands in its place. `because` is what readers are told, in that language."""

    old: str
    new: str
    because: str
    source: str
    since: datetime

    @cached_property
    def in_html(self) -> re.Pattern:
        return _pattern(self.old, _WRITTEN, r"(?:\s|&nbsp;|&\#160;)+")

    @cached_property
    def in_plain_text(self) -> re.Pattern:
        return _pattern(self.old, {}, r"\s+")


@dataclass(frozen=True)
class Words:
    """A body's words: as they were released, or with corrections laid over them."""

    html: str
    content: dict


def correct(words: Words, passages: Iterable[Passage]) -> tuple[Words, tuple[Passage, ...]]:
    """The words with every passage replaced that stands in them, and which ones those were, in their order.

    A later correction also meets what an earlier one has put there.
    """
    found = []
    for passage in passages:
        corrected = _corrected(words, passage)
        if corrected != words:
            words = corrected
            found.append(passage)
    return words, tuple(found)


def holds(words: Words, passage: Passage) -> bool:
    """Whether the passage stands in these words."""
    return _corrected(words, passage) != words


def _corrected(words: Words, passage: Passage) -> Words:
    return Words(_in_html(words.html, passage), _in_content(words.content, passage))


def _in_html(html: str, passage: Passage) -> str:
    """Text alone is corrected: what stands in a tag, such as an address, is not for readers."""
    instead = f'<ins class="corrected">{escape(passage.new)}</ins>'
    pieces = _TAGS.split(html)
    pieces[::2] = [passage.in_html.sub(lambda _found: instead, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _in_content(content: dict, passage: Passage) -> dict:
    corrected = dict(content)
    for name in _PLAIN:
        if name in corrected:
            corrected[name] = _in_text(corrected[name], passage)
    if "objectives" in corrected:
        corrected["objectives"] = [
            objective | {"text": _in_text(objective["text"], passage)} for objective in corrected["objectives"]
        ]
    if "media" in corrected:
        corrected["media"] = {
            key: shown | {"html": _in_html(shown["html"], passage)} if "html" in shown else shown
            for key, shown in corrected["media"].items()
        }
    return corrected


def _in_text(text: str, passage: Passage) -> str:
    return passage.in_plain_text.sub(lambda _found: passage.new, text)


def _pattern(old: str, written: dict[str, str], space: str) -> re.Pattern:
    words = ("".join(written.get(character, re.escape(character)) for character in word) for word in old.split())
    return re.compile(space.join(words))
