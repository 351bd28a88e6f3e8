"""HTML of any quality in pieces: tags and texts in their order, without a tree. Pure.

Time grows with the length alone. Python's own html.parser looks for the end of a broken tag again and again, and a
text of 100,000 characters made for it takes minutes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,60}")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?""",
)
_END = re.compile(r"[\s/]*+>")
# What is inside of these is no mark-up.
_RAW = {"script", "style", "textarea", "title", "iframe", "noscript", "xmp", "noembed", "noframes"}


@dataclass(frozen=True)
class Start:
    """A tag that opens. `source` is how it was written; `alone` says that it ends with `/>`."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    source: str = ""
    alone: bool = False


@dataclass(frozen=True)
class End:
    name: str


def pieces(source: str) -> Iterator[Start | End | str]:
    """The tags and the texts of HTML. Texts have their characters in place of references; comments are left out."""
    place, last_end = 0, source.rfind(">")
    lowered = ""
    while place < len(source):
        begins = source.find("<", place)
        if begins < 0 or begins > last_end:
            yield unescape(source[place:])
            return
        if begins > place:
            yield unescape(source[place:begins])
        if source.startswith("<!--", begins):
            ends = source.find("-->", begins + 4)
            if ends < 0:
                return
            place = ends + 3
        elif source.startswith(("<!", "<?"), begins):
            place = source.find(">", begins) + 1
        elif source.startswith("</", begins):
            name = _NAME.match(source, begins + 2)
            place = source.find(">", begins) + 1
            if name:
                yield End(name[0].lower())
        elif name := _NAME.match(source, begins + 1):
            made, place = _start(source, begins, name)
            if made is None:
                # It never ends: then it is meant as it stands, and so is what follows.
                yield unescape(source[begins:])
                return
            yield made
            if made.name in _RAW and not made.alone:
                lowered = lowered or source.lower()
                ends = lowered.find(f"</{made.name}", place)
                place = len(source) if ends < 0 else ends
        else:
            yield "<"
            place = begins + 1


def _start(source: str, begins: int, name: re.Match) -> tuple[Start | None, int]:
    """The tag that begins there, and where it ends."""
    attributes: dict[str, str] = {}
    place = name.end()
    while not (end := _END.match(source, place)):
        found = _ATTRIBUTE.match(source, place)
        if not found:
            return None, place
        value = next((given for given in found.groups()[1:] if given is not None), "")
        attributes.setdefault(found[1].lower(), unescape(value))
        place = found.end()
    written = source[begins : end.end()]
    return Start(name[0].lower(), attributes, written, written.endswith("/>")), end.end()
