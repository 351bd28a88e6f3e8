"""Lessons from a Word or Markdown file: what is kept, and what could not be. Knows no database.

A first-level heading begins a lesson and is its title; the paragraph that follows is its lede. Headings, lists, bold,
italic and links become text; pictures become picture blocks; a table of two or three columns becomes a comparison, a
wider one a list with its headings named. Whatever else there is loses its form and keeps its words, and is reported;
so does a link to a place in the file itself or beside it, which leads nowhere here.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import mammoth
import nh3
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

# Words that a reader takes in a minute, slowly, in a second language.
WORDS_A_MINUTE = 120

_TAGS = {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "b", "strong", "i", "em", "a", "br", "img",
    "table", "thead", "tbody", "tr", "td", "th",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_KEPT = {
    "h2": "h2",
    "h3": "h3",
    "p": "p",
    "ul": "ul",
    "ol": "ol",
    "li": "li",
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
}
_LOWER_HEADINGS = {"h4", "h5", "h6"}
_MOST_COLUMNS = 3


@dataclass
class Picture:
    """A picture of the file: its bytes, and in words what it shows, perhaps empty."""

    name: str
    data: bytes
    alternative: str


@dataclass
class Lesson:
    """A lesson to be. `blocks` are (type, value) as a lesson's stream stores them; a picture's value is a Picture."""

    title: str
    lede: str = ""
    blocks: list[tuple] = field(default_factory=list)
    words: int = 0

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))


@dataclass
class Reading:
    """What a file gave: its lessons, and in sentences what could not be kept."""

    lessons: list[Lesson]
    notes: list[str]


def from_markdown(text: str, *, title: str, find: Callable[[str], bytes | None] = lambda source: None) -> Reading:
    """Read CommonMark with tables. HTML in it stays text. `find` gives the bytes of a picture by its address."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return _read(html, title, find)


def from_word(file, *, title: str) -> Reading:
    """Read a Word document; its title is a first-level heading. `title` names the lesson where there is none."""
    pictures: dict[str, bytes] = {}

    def keep(image):
        name = f"picture-{len(pictures) + 1}.{image.content_type.partition('/')[2]}"
        with image.open() as opened:
            pictures[name] = opened.read()
        return {"src": name}

    result = mammoth.convert_to_html(
        file, convert_image=mammoth.images.img_element(keep), style_map="p[style-name='Title'] => h1:fresh"
    )
    reading = _read(result.value, title, pictures.get)
    # One line for each style that Word names and we do not know, however often it is used.
    reading.notes += sorted({_said(message.message) for message in result.messages})
    return reading


# A style that the file itself does not define has no name, only an identifier.
_UNKNOWN_STYLE = re.compile(r"Unrecognised \w+ style: (?:None \(Style ID: (?P<id>.*)\)|(?P<name>.*) \(Style ID: .*\))")
_UNDEFINED_STYLE = re.compile(r".* style with ID (?P<name>.*) was referenced but not defined in the document")
_IGNORED = re.compile(r"An unrecognised element was ignored: (?:.*:)?(?P<name>[^:]+)")


def _said(message: str) -> str:
    """What the reader of Word files complains of, in the language of who brought the file."""
    if found := _UNKNOWN_STYLE.fullmatch(message) or _UNDEFINED_STYLE.fullmatch(message):
        style = next(filter(None, found.groups()), "")[:100]
        return _("The look of the style “%(style)s” was left out; its words stay.") % {"style": style}
    if found := _IGNORED.fullmatch(message):
        return _("What Word calls “%(element)s” was left out.") % {"element": found["name"][:100]}
    return _("The reader of Word files says: %(message)s") % {"message": message[:200]}


def _read(html: str, title: str, find: Callable[[str], bytes | None]) -> Reading:
    attributes = {"a": {"href"}, "img": {"src", "alt"}}
    parser = _Lessons(title, find)
    parser.feed(nh3.clean(html, tags=_TAGS, attributes=attributes, url_schemes=_SCHEMES, link_rel=None))
    parser.close()
    return Reading(parser.finished(), list(dict.fromkeys(parser.notes)))


class _Lessons(HTMLParser):
    """Puts clean HTML together as lessons."""

    def __init__(self, title: str, find: Callable[[str], bytes | None]):
        super().__init__(convert_charrefs=True)
        self.notes: list[str] = []
        self._find = find
        self._lessons = [Lesson(title)]
        self._prose: list[str] = []
        self._pictures: list[Picture] = []
        self._heading = ""
        self._title: list[str] | None = None
        self._rows: list[list[str]] | None = None
        self._depth = 0
        self._in_link = False

    def finished(self) -> list[Lesson]:
        self._end_prose()
        # The first stands for what comes before any heading.
        for lesson in self._lessons[1:]:
            if not (lesson.blocks or lesson.lede):
                self.notes.append(
                    _("The heading “%(title)s” has nothing below it and was left out.") % {"title": lesson.title[:200]}
                )
        return [lesson for lesson in self._lessons if lesson.blocks or lesson.lede]

    # --- The parser's calls -----------------------------------------------------------------------------------------

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "h1":
            self._end_prose()
            self._title = []
        elif tag == "table":
            self._end_prose()
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append("")
        elif tag == "img":
            self._meet_picture(attributes.get("src") or "", attributes.get("alt") or "")
        elif self._title is not None or self._rows is not None:
            return  # titles and cells hold plain words
        elif tag == "a":
            self._meet_link(attributes.get("href") or "")
        elif tag == "br":
            self._prose.append("<br/>")
        elif kept := self._kept(tag):
            self._depth += tag in ("ul", "ol", "p")
            self._heading = "" if kept in ("h2", "h3") else self._heading
            self._prose.append(f"<{kept}>")

    def handle_endtag(self, tag):
        if tag == "h1" and self._title is not None:
            self._lessons.append(Lesson("".join(self._title).strip() or self._lessons[0].title))
            self._title = None
        elif tag == "table" and self._rows is not None:
            self._end_table()
        elif self._title is not None or self._rows is not None:
            return
        elif tag == "a":
            if self._in_link:
                self._prose.append("</a>")
            self._in_link = False
        elif kept := self._kept(tag):
            self._prose.append(f"</{kept}>")
            self._depth -= tag in ("ul", "ol", "p")
            if self._depth == 0 and tag in ("ul", "ol", "p"):
                self._end_paragraph()

    def handle_data(self, data):
        self._lessons[-1].words += len(data.split())
        if self._title is not None:
            self._title.append(data)
        elif self._rows is not None:
            if self._rows and self._rows[-1]:
                self._rows[-1][-1] += data
        else:
            self._prose.append(escape(data, quote=False))
            if self._depth == 0:
                self._heading += data.strip()

    # --- Putting together -------------------------------------------------------------------------------------------

    def _kept(self, tag: str) -> str | None:
        if tag in _LOWER_HEADINGS:
            self.notes.append(_("Headings below the third level became third-level ones."))
            return "h3"
        return _KEPT.get(tag)

    def _meet_link(self, address: str) -> None:
        """Begin a link, or leave it out where it leads to a place in the file or beside it."""
        self._in_link = urlsplit(address).scheme in _SCHEMES
        if self._in_link:
            self._prose.append(f'<a href="{escape(address)}">')
        elif address:
            self.notes.append(
                _("The link to “%(address)s” leads nowhere here and was left out; its words stay.")
                % {"address": address[:200]}
            )

    def _meet_picture(self, source: str, alternative: str) -> None:
        data = self._find(source)
        if data is None:
            self.notes.append(_("The picture “%(source)s” could not be found.") % {"source": source[:200]})
            return
        if not alternative:
            self.notes.append(
                _("The picture “%(source)s” has no alternative text: write one before you publish.")
                % {"source": source[:200]}
            )
        self._pictures.append(Picture(source.rpartition("/")[2], data, alternative))

    def _end_paragraph(self) -> None:
        lesson = self._lessons[-1]
        if not lesson.lede and not lesson.blocks and not self._pictures:
            whole = "".join(self._prose).strip()
            plain = whole.removeprefix("<p>").removesuffix("</p>")
            if whole.startswith("<p>") and "<" not in plain and plain:
                lesson.lede = _unescaped(plain)
                self._prose = []
        if self._pictures:
            self._end_prose()

    def _end_prose(self) -> None:
        lesson = self._lessons[-1]
        html = "".join(self._prose).replace("<p></p>", "").strip()
        self._prose = []
        if html:
            lesson.blocks.append(("prose", html))
        lesson.blocks += [("picture", picture) for picture in self._pictures]
        self._pictures = []

    def _end_table(self) -> None:
        rows = [[cell.strip() for cell in row] for row in self._rows or [] if any(row)]
        self._rows = None
        if len(rows) < 2:
            self._prose += [f"<p>{escape(' – '.join(row), quote=False)}</p>" for row in rows]
            return
        headings, *body = rows
        if 2 <= len(headings) <= _MOST_COLUMNS and all(len(row) == len(headings) for row in body):
            columns = [
                {"title": heading, "points": [row[place] for row in body if row[place]]}
                for place, heading in enumerate(headings)
            ]
            title = self._heading or self._lessons[-1].title
            self._lessons[-1].blocks.append(("comparison", {"title": title, "columns": columns}))
            return
        self.notes.append(_("A table of %(count)d columns became a list.") % {"count": len(headings)})
        self._prose += ["<ul>", *(f"<li>{_named(headings, row)}</li>" for row in body), "</ul>"]


def _named(headings: list[str], row: list[str]) -> str:
    """A table's row in words, each cell after its heading."""
    named = list(zip(headings, row, strict=False)) + [("", cell) for cell in row[len(headings) :]]
    return "; ".join(
        f"<b>{escape(heading, quote=False)}</b>: {escape(cell, quote=False)}" if heading else escape(cell, quote=False)
        for heading, cell in named
        if cell
    )


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
