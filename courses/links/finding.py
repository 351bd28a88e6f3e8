"""The links of pages: in running text, in choosers, in addresses; with their words and their place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField

from courses.exchange.names import kind_of
from courses.inside import Part, Words, parts_of


class Kind(StrEnum):
    PAGE = "page"
    DOCUMENT = "document"
    IMAGE = "image"
    QUIZ = "quiz"
    # A place in the page itself.
    ANCHOR = "anchor"
    # An address of this installation that somebody has typed.
    TYPED = "typed"
    EXTERNAL = "external"


OF_ROWS = (Kind.PAGE, Kind.DOCUMENT, Kind.IMAGE, Kind.QUIZ)


@dataclass
class Link:
    """One link, as often as its block says the same. `target` is a row's number or an address.

    `published` and `drafted` say in which words of the page it stands. `block` is the outer block's label, empty where
    the link stands in a field of the page.
    """

    page: int
    title: str
    language: str
    block: str
    block_id: str
    kind: Kind
    target: str
    words: str
    published: bool = False
    drafted: bool = False
    # Whether the page has a draft at all, so that a link that is only published has been mended in it.
    has_draft: bool = field(default=False, compare=False)

    @property
    def can_be_followed(self) -> bool:
        """Whether a report may offer the address as a link: what cannot be read as one may be anything."""
        return self.kind == Kind.EXTERNAL and self.target.lower().startswith(("http://", "https://"))


def links_of(every: Iterable[Words]) -> list[Link]:
    """All links, each once for a block and a target, in reading order. No query."""
    found: dict[tuple, Link] = {}
    drafted = set()
    for words in every:
        if words.is_draft:
            drafted.add(words.page.pk)
        for part in parts_of(words):
            for kind, target, said in _leads_of(part):
                key = (words.page.pk, part.block_id, kind, target)
                link = found.get(key)
                if link is None:
                    link = found[key] = Link(
                        page=words.page.pk,
                        title=words.page.title,
                        language=words.language,
                        block=str(part.outer.label) if part.outer else "",
                        block_id=part.block_id,
                        kind=kind,
                        target=target,
                        words=said,
                    )
                link.drafted |= words.is_draft
                link.published |= not words.is_draft
    for link in found.values():
        link.has_draft = link.page in drafted
    return list(found.values())


def _leads_of(part: Part) -> Iterator[tuple[Kind, str, str]]:
    """Where a value leads: (kind, target, words)."""
    block, value = part.block, part.value
    if value in (None, "", []):
        return
    if isinstance(block, blocks.RichTextBlock | RichTextField):
        yield from _leads_of_text(value)
    elif isinstance(block, blocks.ChooserBlock | models.ForeignKey):
        model = block.model_class if isinstance(block, blocks.ChooserBlock) else block.related_model
        kind = kind_of(model)
        if kind in OF_ROWS:
            yield Kind(kind), str(value), ""
    elif isinstance(block, blocks.URLBlock | models.URLField):
        yield from lead_of_address(value, "")


def _leads_of_text(html: str) -> Iterator[tuple[Kind, str, str]]:
    reader = _Anchors()
    reader.feed(html)
    reader.close()
    for attributes, words in reader.found:
        kind = attributes.get("embedtype") or attributes.get("linktype")
        if kind:
            if kind in OF_ROWS and attributes.get("id"):
                yield Kind(kind), attributes["id"], words
        else:
            yield from lead_of_address(attributes.get("href") or "", words)


def lead_of_address(address: str, words: str) -> Iterator[tuple[Kind, str, str]]:
    """Where an address leads, as one (kind, target, words); nothing for what is no address of the web."""
    address = address.strip()
    if address.startswith("#"):
        yield Kind.ANCHOR, address[1:], words
        return
    try:
        parts = urlsplit(address)
        is_ours = not parts.netloc or parts.netloc == urlsplit(settings.SITE_URL).netloc
    except ValueError:
        yield Kind.EXTERNAL, address, words
        return
    if parts.scheme in ("http", "https") or (not parts.scheme and address):
        yield (Kind.TYPED if is_ours else Kind.EXTERNAL), address, words


class _Anchors(HTMLParser):
    """The links and embedded pictures of a rich text, each with its words."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[dict, str]] = []
        self._open: list[tuple[dict, list[str]]] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._open.append((dict(attrs), []))
        elif tag == "embed":
            self.found.append((dict(attrs), dict(attrs).get("alt") or ""))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag == "a" and self._open:
            attributes, words = self._open.pop()
            self.found.append((attributes, "".join(words)))

    def handle_data(self, data):
        for _attributes, words in self._open:
            words.append(data)
