"""The words of a text as a translator meets them: split into passages, with markup that survives the journey. Pure.

A passage is what is translated in one go: a plain text, or one paragraph, heading or list item of a rich text. Markup
inside a passage is written for people and tools alike: `<b>`, `<i>` and the like, and `<link1>` for the first link,
whose address stays at home. So a translator can move a link and cannot change where it leads.
"""

import hashlib
import html
import re
from collections import Counter
from dataclasses import dataclass

# What holds other elements or is no place for words, and what holds a passage.
_BLOCKS = re.compile(
    r"(<!--.*?-->|</?(?:p|h[1-6]|ul|ol|li|blockquote|div|hr|embed|table|caption|thead|tbody|tfoot|tr|th|td)\b[^>]*>)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)\b([^>]*?)(/?)>")
_NAMES = {"strong": "b", "em": "i"}
_PAIRED = frozenset({"b", "i", "sup", "sub", "code", "del", "mark", "small"})
_LINK = re.compile(r"link([1-9]\d*)")
_WORD = re.compile(r"\w+(?:['’\-\u2010\u2011]\w+)*")
# A link to a page of this installation, around the page's number.
PAGE_LINK = re.compile(r"""(<a\b(?=[^>]*\blinktype=["']page["'])[^>]*?\bid=["'])(\d+)(["'])""")


class BadMarkup(ValueError):
    """A translation's markup would not stand: the reason is the argument, one of the first three problems."""


UNBALANCED, NOT_ALLOWED, LINKS_DIFFER = "unbalanced", "not_allowed", "links_differ"
# Of what a letter or a certificate says.
PLACES_DIFFER, TOO_LONG, NOT_WRITABLE = "places_differ", "too_long", "not_writable"
PROBLEMS = (UNBALANCED, NOT_ALLOWED, LINKS_DIFFER, PLACES_DIFFER, TOO_LONG, NOT_WRITABLE)


def digest(text: str) -> str:
    """The name of a passage's words: the same words have the same name, whatever is around them."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def count(text: str) -> int:
    """How many words a passage has, its markup left out."""
    return len(_WORD.findall(_TAG.sub(" ", text)))


def plain(text: str) -> str:
    """A passage without its markup, to be named by."""
    return characters(_TAG.sub("", text))


# --- Rich text ------------------------------------------------------------------------------------------------------


def split(source: str) -> list[str]:
    """A rich text as a list in which every second part, from the second on, is a passage; `"".join` gives it back."""
    parts = [""]
    for index, piece in enumerate(_BLOCKS.split(source)):
        words = piece.strip()
        if index % 2 or not words:
            parts[-1] += piece
            continue
        before, _words, after = piece.partition(words)
        parts[-1] += before
        parts += [words, after]
    return parts


@dataclass(frozen=True)
class Marked:
    """A passage of rich text: its words with markup for people, and the opening tags of its links in their order."""

    text: str
    links: tuple[str, ...] = ()


def marked(source: str) -> Marked:
    """The passage of a rich text as translators see it. Markup that nobody may translate is left out."""
    links: list[str] = []
    open_links: list[str] = []
    written: list[str] = []
    place = 0
    for tag in _TAG.finditer(source):
        written.append(shown(html.unescape(source[place : tag.start()])))
        place = tag.end()
        name = _NAMES.get(tag[2].lower(), tag[2].lower())
        if name == "br":
            written.append("<br/>")
        elif name == "a":
            if tag[1]:
                written.append(f"</{open_links.pop()}>" if open_links else "")
            else:
                links.append(tag[0])
                open_links.append(f"link{len(links)}")
                written.append(f"<{open_links[-1]}>")
        elif name in _PAIRED:
            written.append(f"<{tag[1]}{name}>")
    written.append(shown(html.unescape(source[place:])))
    return Marked("".join(written), tuple(links))


def unmarked(text: str, links: tuple[str, ...] = ()) -> str:
    """Back from what a translator wrote to HTML. Raises BadMarkup where it would not be balanced, allowed or whole."""
    check(text, len(links))
    written: list[str] = []
    place = 0
    for tag in _TAG.finditer(text):
        written.append(html.escape(characters(text[place : tag.start()]), quote=False))
        place = tag.end()
        found = _LINK.fullmatch(tag[2])
        if found:
            written.append("</a>" if tag[1] else links[int(found[1]) - 1])
        else:
            written.append(tag[0] if tag[2] != "br" else "<br/>")
    written.append(html.escape(characters(text[place:]), quote=False))
    return "".join(written)


def check(text: str, links: int) -> None:
    """Raises BadMarkup unless the markup is from the allow-list, balanced, and has each of the links once."""
    open_tags: list[str] = []
    seen: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        closing, name, attributes, alone = tag.groups()
        if name == "br" and not closing and not attributes.strip():
            continue
        if attributes.strip() or alone or not (name in _PAIRED or _LINK.fullmatch(name)):
            raise BadMarkup(NOT_ALLOWED)
        if not closing:
            if name in open_tags:
                raise BadMarkup(UNBALANCED)
            open_tags.append(name)
            seen[name] += 1
        elif not open_tags or open_tags.pop() != name:
            raise BadMarkup(UNBALANCED)
    if open_tags:
        raise BadMarkup(UNBALANCED)
    if "<" in _TAG.sub("", text):
        raise BadMarkup(NOT_ALLOWED)
    used = {name: times for name, times in seen.items() if _LINK.fullmatch(name)}
    if used != {f"link{number}": 1 for number in range(1, links + 1)}:
        raise BadMarkup(LINKS_DIFFER)


def shown(text: str) -> str:
    """Characters as people write them; only a `<` that is no markup, and what would be read as one, are escaped."""
    return re.sub(r"&(?=(?:lt|amp);)", "&amp;", text).replace("<", "&lt;")


def characters(text: str) -> str:
    """Back from what is shown to the characters."""
    return re.sub(r"&(lt|amp);", lambda found: "<" if found[1] == "lt" else "&", text)
