"""XML from strangers as a small tree that knows its lines. Pure.

A document type, an entity, anything to be fetched, more depth or more parts than a bank can have: refused while the
parser reads, before anything is built of it. Prefixes of names are dropped: which vocabulary a file speaks is seen by
its root element.
"""

import codecs
import io
import re
from collections.abc import Iterator
from html import escape
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from django.utils.translation import gettext_lazy as _

from quizzes.formats.neutral import Refused

DEEPEST = 100
MOST_NODES = 2_000_000
MOST_ATTRIBUTES = 100
# Older versions of expat begin anew with an unfinished tag at each piece: a few large pieces cost nothing.
_HEAD = 1000
_BARE_TYPE = re.compile(rb"\A((?:<\?xml[^<>]{0,200}\?>)?\s{0,20})<!DOCTYPE\s{1,20}[A-Za-z_:.-]{1,60}\s{0,20}>")
_AT_ONCE = 16 * 1024 * 1024
_EMPTY = {"br", "hr", "img", "source", "track", "col"}


class Node:
    """An element: its name without prefix, its attributes, and what it holds in order: texts and elements."""

    __slots__ = ("attributes", "content", "line", "name")

    def __init__(self, name: str, attributes: dict[str, str], line: int):
        self.name = name
        self.attributes = attributes
        self.line = line
        self.content: list[str | Node] = []

    def get(self, attribute: str, otherwise: str = "") -> str:
        return self.attributes.get(attribute, otherwise)

    @property
    def children(self) -> list["Node"]:
        return [part for part in self.content if isinstance(part, Node)]

    def all(self, *names: str) -> list["Node"]:
        """The children of these names."""
        return [part for part in self.children if part.name in names]

    def first(self, *names: str) -> "Node | None":
        return next((part for part in self.children if part.name in names), None)

    def inside(self, *names: str) -> Iterator["Node"]:
        """The elements of these names at any depth, in their order."""
        for part in self.children:
            if part.name in names:
                yield part
            yield from part.inside(*names)

    def words(self, *path: str) -> str:
        """The text under a path of children; "" where there is none."""
        node: Node | None = self
        for name in path:
            node = node.first(name) if node else None
        return node.text if node else ""

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.content)

    @property
    def source(self) -> str:
        """What it holds, as mark-up: for HTML that stands in XML as elements."""
        return "".join(escape(part, quote=False) if isinstance(part, str) else part.mark_up for part in self.content)

    @property
    def mark_up(self) -> str:
        given = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        return f"<{self.name}{given}>" if self.name in _EMPTY else f"<{self.name}{given}>{self.source}</{self.name}>"


def parsed(data: bytes) -> Node:
    """The root of a document. Raises Refused."""
    builder = _Builder()
    _parse(data, builder)
    return builder.root


def root_name(data: bytes) -> str:
    """The name of the root without its prefix, for a look at what a file is. Raises Refused."""
    try:
        _parse(data, _Root())
    except _RootFound as found:
        return str(found)
    return ""


def check(data: bytes) -> None:
    """That a document for another parser is harmless: no document type, no entities, not too deep. Raises Refused."""
    _parse(data, _Counter())


def _without_bare_type(data: bytes) -> bytes:
    """Some programs name the first element as the document's type, `<!DOCTYPE assessmentItem>`, and declare nothing
    with it. Any other document type stays, and is refused."""
    return _BARE_TYPE.sub(rb"\1", data[:_HEAD], count=1) + data[_HEAD:]


def _parse(data: bytes, handler: ContentHandler) -> None:
    parser = DefusedExpatParser(bufsize=_AT_ONCE, forbid_dtd=True)
    parser.setContentHandler(handler)
    source = InputSource()
    # Some programs write an empty line before the declaration, which XML forbids.
    source.setByteStream(io.BytesIO(_without_bare_type(data.removeprefix(codecs.BOM_UTF8).lstrip())))
    try:
        parser.parse(source)
    except DefusedXmlException as hostile:
        raise Refused(
            _(
                "The XML has a document type or entities, which are never needed and not read. Take what begins with"
                " “<!DOCTYPE” out of it."
            )
        ) from hostile
    except SAXParseException as problem:
        raise Refused(
            _("The XML is broken at line %(line)d. Save the file anew from its program."),
            line=problem.getLineNumber() or 1,
        ) from problem
    except (SAXException, ValueError, LookupError) as problem:
        raise Refused(_("This is no XML that can be read. Save the file anew from its program.")) from problem


class _RootFound(Exception):
    """Stops the parser at the first element; the argument is its name."""


class _Root(ContentHandler):
    def startElement(self, name, attrs):
        raise _RootFound(name.rpartition(":")[2])


class _Counter(ContentHandler):
    def __init__(self):
        super().__init__()
        self._count = self._depth = 0

    def startElement(self, name, attrs):
        self._count += 1
        self._depth += 1
        _check_size(self._count, self._depth, len(attrs))

    def endElement(self, name):
        self._depth -= 1


def _check_size(count: int, depth: int, attributes: int) -> None:
    if count > MOST_NODES or attributes > MOST_ATTRIBUTES:
        raise Refused(_("The XML has more parts than a bank of questions can have."))
    if depth > DEEPEST:
        raise Refused(_("The XML is nested more than %(most)d levels deep."), most=DEEPEST)


class _Builder(ContentHandler):
    def __init__(self):
        super().__init__()
        self._open: list[Node] = []
        self._count = 0
        self._where = None
        self.root: Node

    def setDocumentLocator(self, locator):
        self._where = locator

    def startElement(self, name, attrs):
        self._count += 1
        _check_size(self._count, len(self._open) + 1, len(attrs))
        attributes = {key if key.startswith("xml:") else key.rpartition(":")[2]: value for key, value in attrs.items()}
        node = Node(name.rpartition(":")[2], attributes, self._where.getLineNumber() if self._where else 0)
        if self._open:
            self._open[-1].content.append(node)
        else:
            self.root = node
        self._open.append(node)

    def endElement(self, name):
        node = self._open.pop()
        if len(node.content) > 1:
            node.content = list(_joined(node.content))

    def characters(self, content):
        self._open[-1].content.append(content)


def _joined(content: list[str | Node]) -> Iterator[str | Node]:
    """The parser hands out long texts in pieces."""
    pieces: list[str] = []
    for part in content:
        if isinstance(part, str):
            pieces.append(part)
            continue
        if pieces:
            yield "".join(pieces)
            pieces = []
        yield part
    if pieces:
        yield "".join(pieces)
