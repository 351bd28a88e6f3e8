"""Texts between files and us: HTML in, plain text and pictures out, and back. Pure.

Questions have plain text (a line break is one, an empty line parts two paragraphs). What files have is HTML of any
quality. Structure that carries meaning is kept as characters: list marks, one line for each row of a table, raised and
lowered characters; what is lost is told, never dropped in silence.

Reading is one pass over the mark-up without a tree, so that depth and size cost nothing but their length.
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote

from markdown_it import MarkdownIt

from quizzes.formats.formulas import Formula
from quizzes.formats.markup import End, Start, pieces

LONGEST_SOURCE = 100_000
LONGEST_MARKDOWN = 20_000
_DEEPEST_LIST = 8
_NBSP = "\u00a0"
_BLANKS = re.compile(r"[ \t\f]+")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_DATA = re.compile(r"(?<=[\"'])data:([a-zA-Z0-9.+/-]{1,60});base64,([A-Za-z0-9+/=\s%]*)")
_TAG = re.compile(r"<[a-zA-Z/!]")
_MLANG = re.compile(r"\{mlang(?:[ \t]+([^{}]{1,60}))?\}")

_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "figure"}
_LINES = {"div", "li", "dt", "dd", "tr", "section", "article", "header", "footer", "main", "caption", "figcaption",
          "center", "address", "form", "fieldset", "legend", "hr"}  # fmt: skip
_FORMATTING = {"b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "font", "mark", "code", "kbd", "samp", "tt",
               "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "big", "small", "ruby", "q", "cite"}  # fmt: skip
_HIDDEN = {"script", "style", "head", "template", "noscript", "iframe", "object", "embed", "applet", "svg",
           "canvas", "select", "textarea", "button"}  # fmt: skip
_NEVER_CLOSED = {"embed", "img", "br", "hr", "input", "source", "track", "wbr", "meta", "link", "area", "base", "col"}
_MEDIA = {"audio", "video"}

_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class TooLong(Exception):
    """A text is longer than any question's."""


@dataclass(frozen=True)
class Reference:
    """A picture, recording or film that a text shows: its address in the file, what it says to who cannot see it."""

    kind: str
    address: str
    alt: str


@dataclass(frozen=True)
class Rendered:
    """`lost` names what the text had and plain text has not: formatting, table, link, script, embedded, file, formula,
    language, place."""

    text: str
    references: tuple[Reference, ...] = ()
    lost: frozenset[str] = field(default_factory=frozenset)


def plain(text: str) -> str:
    """The normal form of a plain text: no control characters, no spaces at its ends and at line ends, one empty
    line at most."""
    text = _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace(_NBSP, " "))
    lines = [line.rstrip() for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def line(text: str) -> str:
    """A text on one line, with single spaces."""
    return " ".join(plain(text).split())


def rendered(source: str, form: str = "html", language: str = "", *, inline: bool = False) -> Rendered:
    """A text of a file as plain text. `form` is html, plain, markdown or auto: HTML in which a line break is one.

    `inline` is for places that have no media of their own: there a picture's alternative text takes its place. Of a
    text in several languages (Moodle's multi-language filters) only `language` is kept. Raises TooLong.
    """
    data: list[tuple[str, str]] = []
    if form != "plain":
        source = _DATA.sub(lambda found: _kept(data, found), source)
    if len(source) > (LONGEST_MARKDOWN if form == "markdown" else LONGEST_SOURCE):
        raise TooLong
    if form == "plain":
        return Rendered(plain(source))
    lost = set()
    chosen = _one_language(source, language)
    if chosen != source:
        source = chosen
        lost.add("language")
    if form == "markdown":
        source = MarkdownIt("commonmark", {"html": True}).enable("table").render(source)
    elif not _TAG.search(source):
        # No mark-up at all: what looks like a new line is meant as one.
        rows = (_BLANKS.sub(" ", row).strip(" ") for row in source.splitlines())
        return Rendered(plain(unescape("\n".join(rows))), (), frozenset(lost | _formulas(source)))
    reader = _Reader(source, language, inline=inline, breaks=form == "auto", data=data)
    return Rendered(reader.text, tuple(reader.references), frozenset(lost | reader.lost | _formulas(reader.text)))


def _kept(data: list[tuple[str, str]], found: re.Match) -> str:
    data.append((found[1], found[2]))
    return f"plumbline-data:{len(data) - 1}"


def _formulas(text: str) -> set[str]:
    return {"formula"} if "\\(" in text or "\\[" in text or "$$" in text else set()


def _one_language(source: str, language: str) -> str:
    """Of `{mlang en}…{mlang}{mlang fr}…{mlang}`, the passages in one language."""
    parts = _MLANG.split(source)
    spoken = [_codes(codes) for codes in parts[1::2] if codes]
    if not spoken:
        return source
    wanted = next((code for codes in spoken for code in codes if _same(code, language)), None)
    if wanted is None:
        wanted = next((code for codes in spoken for code in codes if code == "other"), spoken[0][0])
    kept, inside = [parts[0]], None
    for codes, passage in zip(parts[1::2], parts[2::2], strict=True):
        inside = _codes(codes) if codes else None
        if inside is None or wanted in inside:
            kept.append(passage)
    return "".join(kept)


def _codes(listed: str) -> list[str]:
    return [code.strip().lower().replace("_", "-") for code in listed.split(",") if code.strip()] or ["other"]


def _same(code: str, language: str) -> bool:
    return code == language.lower() or code.split("-")[0] == language.lower().split("-")[0]


def _spoken(source: str) -> list[str]:
    """Which languages the multi-language spans of a text speak."""
    return [
        piece.attributes["lang"].lower()
        for piece in pieces(source)
        if isinstance(piece, Start) and _is_of_a_language(piece)
    ]


def _is_of_a_language(tag: Start) -> bool:
    if not tag.attributes.get("lang"):
        return False
    return tag.name == "lang" or (tag.name == "span" and "multilang" in tag.attributes.get("class", "").split())


class _Reader:
    def __init__(self, source: str, language: str, *, inline: bool, breaks: bool, data: list[tuple[str, str]]):
        self.references: list[Reference] = []
        self.lost: set[str] = set()
        self._inline, self._breaks, self._data = inline, breaks, data
        self._out: list[str] = []
        self._first_shown = 0
        self._mark_of = -1
        self._pending = 0
        self._hidden, self._depth = "", 0
        self._cells = 0
        self._row_begun = False
        self._pre = 0
        self._lists: list[int | None] = []
        self._shifted: list[tuple[str, int]] = []
        self._link: tuple[str, int] | None = None
        self._medium: list[str] | None = None
        self._formula: Formula | None = None
        self._language = self._chosen_language(source, language)
        for piece in pieces(source):
            if self._formula is not None:
                self._reckon(self._formula, piece)
            elif isinstance(piece, Start):
                self._open(piece)
            elif isinstance(piece, End):
                self._close(piece.name)
            else:
                self._say(piece)
        if self._formula is not None:
            self._add(self._formula.text)
        self.text = plain("".join(self._out))
        if self.references and not inline and "".join(self._out[self._first_shown :]).strip():
            self.lost.add("place")

    def _chosen_language(self, source: str, language: str) -> str | None:
        if "lang=" not in source.lower():
            return None
        spoken = _spoken(source)
        if len(set(spoken)) < 2:
            return None
        self.lost.add("language")
        return next((code for code in spoken if _same(code, language)), spoken[0])

    # --- What comes --------------------------------------------------------------------------------------------------

    def _open(self, piece: Start) -> None:
        tag, given = piece.name, piece.attributes
        if self._hidden:
            self._depth += int(tag == self._hidden and not piece.alone)
        elif tag in _HIDDEN:
            self._hide(tag)
        elif tag == "math":
            self.lost.add("formula")
            self._formula = None if piece.alone else Formula(given)
        elif tag == "img":
            self._picture(given)
        elif tag in _MEDIA:
            self._medium = [tag, given.get("src", ""), given.get("title") or given.get("aria-label", "")]
        elif tag == "source":
            if self._medium and not self._medium[1]:
                self._medium[1] = given.get("src", "")
        elif self._medium is None:
            self._mark_up(piece)
        if piece.alone and tag not in _NEVER_CLOSED:
            self._close(tag)

    def _reckon(self, formula: Formula, piece: Start | End | str) -> None:
        if isinstance(piece, End) and piece.name == "math":
            self._add(formula.text)
            self._formula = None
        else:
            formula.take(piece)

    def _hide(self, tag: str) -> None:
        if tag in ("iframe", "object", "embed", "applet", "svg", "canvas"):
            self.lost.add("embedded")
        elif tag == "script":
            self.lost.add("script")
        if tag not in _NEVER_CLOSED:
            self._hidden, self._depth = tag, 1

    def _mark_up(self, piece: Start) -> None:
        tag, given = piece.name, piece.attributes
        if tag in _FORMATTING or (tag == "span" and given.get("style")):
            self.lost.add("formatting")
        if tag == "br":
            if self._cells:
                self._add(" ")
            else:
                self._pending = min(self._pending + 1, 2)
        elif tag in ("td", "th"):
            if self._row_begun:
                self._add(" | ")
            self._row_begun = True
            self._cells += 1
        elif tag in ("sup", "sub"):
            self._flush()
            self._shifted.append((tag, len(self._out)))
        elif tag == "a":
            self._flush()
            self._link = (given.get("href", "").strip(), len(self._out))
        elif tag in ("span", "lang"):
            if self._language and _is_of_a_language(piece) and given["lang"].lower() != self._language:
                self._hidden, self._depth = tag, 1
        else:
            self._block(tag, opening=True)

    def _close(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden:
                self._depth -= 1
                if self._depth <= 0:
                    self._hidden = ""
            return
        if tag in _MEDIA:
            if self._medium:
                kind, address, alt = self._medium
                self._refer(kind, address, alt)
            self._medium = None
        elif self._medium is not None:
            return
        elif tag in ("td", "th"):
            self._cells = max(self._cells - 1, 0)
        elif tag in ("sup", "sub"):
            self._shift(tag)
        elif tag == "a":
            self._close_link()
        else:
            self._block(tag, opening=False)

    def _say(self, data: str) -> None:
        if self._hidden:
            return
        if self._medium is not None:
            # What stands inside is for browsers that know no films; it serves as the words for the film.
            self._medium[2] = self._medium[2] or line(data)
            return
        if self._pre or (self._breaks and not self._cells):
            for number, passage in enumerate(data.split("\n")):
                if number:
                    self._pending = min(self._pending + 1, 2)
                if passage.strip() or self._pre:
                    self._add(passage.replace(" ", _NBSP) if self._pre else _SPACES.sub(" ", passage))
        else:
            self._add(_SPACES.sub(" ", data))

    # --- What becomes of it ------------------------------------------------------------------------------------------

    def _block(self, tag: str, *, opening: bool) -> None:
        if tag == "pre":
            self._pre = max(self._pre + (1 if opening else -1), 0)
        if tag == "table" and opening:
            self.lost.add("table")
        if tag in ("ul", "ol"):
            if opening:
                self._lists.append(0 if tag == "ol" else None)
            elif self._lists:
                self._lists.pop()
        if tag in ("ul", "ol"):
            self._break(1 if len(self._lists) > opening else 2)
        elif tag in _PARAGRAPHS:
            # Inside a list an item's own paragraph is a line.
            self._break(1 if self._lists and tag == "p" else 2)
        elif tag in _LINES:
            self._break(1)
        if tag == "tr":
            self._row_begun = False
        if tag == "li" and opening:
            self._item()

    def _item(self) -> None:
        mark = "• "
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}. "
        self._add((_NBSP * 2) * min(max(len(self._lists) - 1, 0), _DEEPEST_LIST) + mark.replace(" ", _NBSP))
        self._mark_of = len(self._out)

    def _break(self, lines: int) -> None:
        if self._cells:
            self._add(" ")
        elif self._mark_of != len(self._out):  # an item's first paragraph stays beside its mark
            self._pending = max(self._pending, lines)

    def _flush(self) -> None:
        if self._pending:
            if self._out:
                self._out.append("\n" * self._pending)
            self._pending = 0

    def _add(self, words: str) -> None:
        if self._pending or not self._out or self._out[-1].endswith((" ", "\n", _NBSP)):
            words = words.lstrip(" ")
        if words:
            self._flush()
            self._out.append(words)

    def _shift(self, tag: str) -> None:
        if not self._shifted or self._shifted[-1][0] != tag:
            return
        _tag, begins = self._shifted.pop()
        words = "".join(self._out[begins:])
        table = _RAISED if tag == "sup" else _LOWERED
        if not words.strip():
            return
        if all(ord(character) in table for character in words):
            self._out[begins:] = [words.translate(table)]
        else:
            self._out[begins:] = [f"{'^' if tag == 'sup' else '_'}({words})"]

    def _close_link(self) -> None:
        if self._link is None:
            return
        (address, begins), self._link = self._link, None
        words = line("".join(self._out[begins:]))
        if not address or address.startswith("#"):
            return
        kind = _kind_by_name(address)
        if "@@PLUGINFILE@@" in address and kind:
            del self._out[begins:]
            self._refer(kind, address, words)
        elif address.startswith(("http://", "https://")):
            self.lost.add("link")
            if words != address:
                self._add(f" ({address})")
        else:
            self.lost.add("file")

    def _picture(self, given: dict) -> None:
        self._refer("image", given.get("src", ""), line(given.get("alt", "")))

    def _refer(self, kind: str, address: str, alt: str) -> None:
        if address.startswith("plumbline-data:"):
            number = int(address.partition(":")[2]) if address[15:].isdecimal() else -1
            if not 0 <= number < len(self._data):
                return
            address = "data:{};base64,{}".format(*self._data[number])
        if not self.references:
            self._first_shown = len(self._out)
        reference = Reference(kind, address.strip(), alt)
        self.references.append(reference)
        if self._inline:
            self._add(f" {alt} ")


_BY_NAME = {"mp3": "audio", "m4a": "audio", "ogg": "audio", "oga": "audio", "wav": "audio", "mp4": "video",
            "webm": "video", "m4v": "video", "mov": "video"}  # fmt: skip


def _kind_by_name(address: str) -> str | None:
    return _BY_NAME.get(address.partition("?")[0].rpartition(".")[2].lower())


def html(text: str) -> str:
    """A plain text as HTML that reads back as the same."""
    if not text:
        return ""
    return "".join(f"<p>{_lines(paragraph)}</p>" for paragraph in text.split("\n\n"))


def inline_html(text: str) -> str:
    """A plain text as HTML without paragraphs: a short one stands as it is, a longer one with its line breaks."""
    return _lines(text)


def _lines(text: str) -> str:
    return "<br>".join(_spaced(escape(row, quote=False)) for row in text.split("\n"))


def _spaced(row: str) -> str:
    row = re.sub(r"^ ", "&nbsp;", row)
    return row.replace("  ", " &nbsp;") if "  " in row else row


def shown_medium(kind: str, address: str, alt: str) -> str:
    """HTML that shows a medium, and reads back as it."""
    source, words = escape(quoted(address)), escape(alt)
    if kind == "image":
        return f'<p><img src="{source}" alt="{words}"></p>'
    return f'<p><{kind} controls src="{source}" title="{words}"></{kind}></p>'


def storable(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _NO_TEXT.sub("", text)


def quoted(address: str) -> str:
    """The name of a file as part of an address."""
    return quote(address, safe="/@:,;+.-_~")
