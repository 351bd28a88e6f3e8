"""Translation files: XLIFF 1.2 and gettext's PO, written and read. Pure: no rows, no clock.

XLIFF 1.2 and not 2.0, because translation agencies' and free tools (OmegaT, Trados, memoQ, Weblate) all read and write
it; PO for those who have a text editor and no such tool. A file holds units; a unit is a passage with the mark-up that
`words` describes, which XLIFF writes as numbered `<g>` and `<x>`, so that a tool protects it.

Both kinds of file come from strangers. XML with a document type or entities is refused; nothing is fetched.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import polib
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from core import wordings
from courses.languages import words

XLIFF = "urn:oasis:names:tc:xliff:document:1.2"
MOST_BYTES = 10 * 1024 * 1024
MOST_UNITS = 100_000

_KINDS = {"b": "bold", "i": "italic"}
_TAG = re.compile(r"<(/?)([a-z]+\d*)\s*(/?)>")
_ID = re.compile(r"(?P<kind>[a-z]+):(?P<key>[0-9a-f-]{36}):(?P<path>.+)", re.DOTALL)


class BadFile(Exception):
    """The file as a whole cannot be read; the argument is one of the reasons below."""


NOT_READABLE, TOO_LARGE, HOSTILE = "not_readable", "too_large", "hostile"


@dataclass(frozen=True)
class Unit:
    """A passage on its way. `target` is "" where nothing is translated; `before` is the source as it was when the
    translation that stands was made, "" where it has not changed. `damaged` says that its mark-up cannot be read."""

    kind: str
    key: str
    path: str
    source: str
    target: str
    label: str = ""
    before: str = ""
    rich: bool = True
    damaged: bool = False


@dataclass(frozen=True)
class File:
    source_language: str
    target_language: str
    units: tuple[Unit, ...]
    # XLIFF has no other way to tell a `<` from mark-up, also where a text has none: `words.characters` gives it back.
    escaped: bool = False


def read(data: bytes, name: str) -> File:
    """A file by its ending, `.po` or XLIFF. Raises BadFile."""
    if len(data) > MOST_BYTES:
        raise BadFile(TOO_LARGE)
    found = read_po(data) if name.lower().endswith(".po") else read_xliff(data)
    if len(found.units) > MOST_UNITS:
        raise BadFile(TOO_LARGE)
    return found


# --- XLIFF ----------------------------------------------------------------------------------------------------------


def write_xliff(file: File) -> bytes:
    """One `<file>` for each text; a target whose source has changed says that it needs translation."""
    root = Element("xliff", {"version": "1.2", "xmlns": XLIFF})
    languages = {"source-language": file.source_language, "target-language": file.target_language}
    original, body = "", None
    for unit in file.units:
        if original != f"{unit.kind}:{unit.key}":
            original = f"{unit.kind}:{unit.key}"
            part = SubElement(root, "file", {"original": original, "datatype": "html", **languages})
            body = SubElement(part, "body")
        entry = SubElement(body, "trans-unit", {"id": unit.path, "xml:space": "preserve"})
        tags = _tags(unit.source) if unit.rich else []
        _write_inline(SubElement(entry, "source"), unit.source, tags, unit.rich)
        if unit.target:
            state = "needs-translation" if unit.before else "translated"
            _write_inline(SubElement(entry, "target", {"state": state}), unit.target, tags, unit.rich)
        if unit.label:
            SubElement(entry, "note", {"from": "author"}).text = unit.label
        if unit.before:
            SubElement(entry, "note", {"from": "before"}).text = unit.before
    if not file.units:
        # Nothing to translate is a file too, and says between which languages.
        SubElement(SubElement(root, "file", {"original": "none", "datatype": "html", **languages}), "body")
    _indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _indent(root: Element) -> None:
    """Lines for people, without touching the white space inside a passage."""
    inline = [
        (element, element.text, [child.tail for child in element]) for element in root.iter() if _is_words(element)
    ]
    indent(root, space=" ")
    for element, text, tails in inline:
        element.text = text
        for child, tail in zip(element, tails, strict=True):
            child.tail = tail


def _is_words(element: Element) -> bool:
    return element.tag in ("source", "target", "g", "x", "note")


def _tags(text: str) -> list[str]:
    """The names of the source's marks in their order: the first is number 1."""
    return [name for closing, name, _alone in _TAG.findall(text) if not closing]


def _write_inline(element: Element, text: str, tags: list[str], rich: bool) -> None:
    if not rich:
        element.text = text
        return
    left = list(enumerate(tags, start=1))
    stack = [element]
    last: Element | None = None
    place = 0

    def add(piece: str) -> None:
        piece = words.characters(piece)  # XML has its own way to write a `<`
        if last is None:
            stack[-1].text = (stack[-1].text or "") + piece
        else:
            last.tail = (last.tail or "") + piece

    for tag in _TAG.finditer(text):
        add(text[place : tag.start()])
        place = tag.end()
        closing, name, alone = tag.groups()
        if closing:
            last = stack.pop()
            continue
        # A translation may have a mark more often than its source; it then goes by its name.
        number = next((number for number, other in left if other == name), None)
        if number is not None:
            left.remove((number, name))
        identity = str(number) if number is not None else f"x-{name}"
        kind = "lb" if name == "br" else _KINDS.get(name) or ("link" if name.startswith("link") else f"x-{name}")
        made = SubElement(stack[-1], "x" if alone else "g", {"id": identity, "ctype": kind})
        if alone:
            last = made
        else:
            stack.append(made)
            last = None
    add(text[place:])


def read_xliff(data: bytes) -> File:
    """Raises BadFile for what is no XLIFF 1.2, speaks more than one pair of languages, or has a document type."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as refused:
        raise BadFile(HOSTILE) from refused
    except (ParseError, ValueError, LookupError) as problem:
        raise BadFile(NOT_READABLE) from problem
    if root.tag != f"{{{XLIFF}}}xliff":
        raise BadFile(NOT_READABLE)
    units: list[Unit] = []
    languages: set[tuple[str, str]] = set()
    for part in root.iter(f"{{{XLIFF}}}file"):
        languages.add((part.get("source-language", ""), part.get("target-language", "")))
        for entry in part.iter(f"{{{XLIFF}}}trans-unit"):
            units.append(_read_unit(part.get("original", ""), entry))
    if len(languages) != 1:
        raise BadFile(NOT_READABLE)
    [(source, target)] = languages
    return File(source, target, tuple(units), escaped=True)


def _read_unit(original: str, entry: Element) -> Unit:
    kind, _colon, key = original.partition(":")
    source, target = entry.find(f"{{{XLIFF}}}source"), entry.find(f"{{{XLIFF}}}target")
    names: dict[str, str] = {}
    from_source, _damaged = _read_inline(source, names, learning=True)
    waiting = target is None or target.get("state") in ("new", "needs-translation")
    into, damaged = ("", False) if waiting else _read_inline(target, names)
    return Unit(kind, key, entry.get("id", ""), from_source, into, damaged=damaged)


def _read_inline(element: Element | None, names: dict[str, str], learning: bool = False) -> tuple[str, bool]:
    """A passage with its marks by name, and whether it has marks that the source has not."""
    if element is None:
        return "", False
    parts: list[str] = [words.shown(element.text or "")]
    damaged = False
    for child in element:
        kind, identity = child.get("ctype", ""), child.get("id", "")
        if learning:
            names[identity] = _name_of(kind, sum(name.startswith("link") for name in names.values()) + 1)
        name = names.get(identity) or (identity.removeprefix("x-") if identity.startswith("x-") else "")
        tag = child.tag.removeprefix(f"{{{XLIFF}}}")
        if not name or tag not in ("g", "x"):
            damaged = True
            name = ""
        inner, worse = _read_inline(child, names, learning)
        damaged = damaged or worse
        if not name:
            parts.append(inner)
        elif tag == "x":
            parts.append(f"<{name}/>")
        else:
            parts.append(f"<{name}>{inner}</{name}>")
        parts.append(words.shown(child.tail or ""))
    return "".join(parts), damaged


def _name_of(kind: str, link: int) -> str:
    if kind == "link":
        return f"link{link}"
    return {"bold": "b", "italic": "i", "lb": "br"}.get(kind, kind.removeprefix("x-"))


# --- PO -------------------------------------------------------------------------------------------------------------


def write_po(file: File) -> bytes:
    """One entry for each passage, named by its context. A translation of older words is fuzzy, with them beside it."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": file.source_language,
        "Language": file.target_language,
    }
    for unit in file.units:
        entry = polib.POEntry(
            msgctxt=f"{unit.kind}:{unit.key}:{unit.path}", msgid=unit.source, msgstr=unit.target, comment=unit.label
        )
        if wordings.places(unit.source):
            entry.flags.append("python-format")
        if unit.before:
            entry.previous_msgid = unit.before
            if unit.target:
                entry.flags.append("fuzzy")
        catalogue.append(entry)
    return str(catalogue).encode()


def read_po(data: bytes) -> File:
    """Raises BadFile for what is no PO file in UTF-8. Fuzzy entries count as not translated."""
    try:
        # The line before keeps polib from taking what it is given for the name of a file.
        catalogue = polib.pofile("\n" + data.decode("utf-8-sig"))
    except (OSError, ValueError, UnicodeDecodeError) as problem:
        raise BadFile(NOT_READABLE) from problem
    if not catalogue.metadata.get("Language"):
        raise BadFile(NOT_READABLE)
    units = []
    for entry in catalogue:
        if entry.obsolete:
            continue
        named = _ID.fullmatch(entry.msgctxt or "")
        kind, key, path = named.group("kind", "key", "path") if named else ("", "", entry.msgctxt or entry.msgid[:80])
        units.append(Unit(kind, key, path, entry.msgid, "" if entry.fuzzy else entry.msgstr))
    return File(catalogue.metadata.get("X-Source-Language", ""), catalogue.metadata["Language"], tuple(units))


def write(file: File, kind: str) -> bytes:
    """The file as `xliff` or `po`."""
    return write_po(file) if kind == "po" else write_xliff(file)
