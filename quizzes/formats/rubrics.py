"""The rubric of an essay, in the notes for markers: there as a table that people read, back as what it was.

Other formats have a free text for who marks an essay and no rubric. Ours travels there as a table whose rows and cells
say which criterion and level they are. An essay that comes without one gets the simplest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core.file_kinds import KINDS, PICTURES, of_family
from quizzes.formats import texts
from quizzes.formats.amounts import number, written
from quizzes.formats.drafts import Draft, Made
from quizzes.formats.marks import LONGEST as LONGEST_MARK
from quizzes.formats.markup import End, Start, pieces
from quizzes.kinds.essay import MOST_FILES, MOST_MARKERS

MOST_WORDS = 2_000
# Where another system has no limit.
USUAL_FILES = 3
MOST_CRITERIA = 100
_TABLE = '<table class="plumbline-rubric">'
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,20}")
_GROUPS = {
    "document": [*of_family("document")],
    "image": [*PICTURES],
    "web_image": [*PICTURES],
    "audio": [*of_family("audio")],
    "web_audio": [*of_family("audio")],
    "video": [*of_family("video")],
    "web_video": [*of_family("video")],
    "presentation": ["pptx"],
    "spreadsheet": ["csv", "xlsx"],
}


@dataclass(frozen=True)
class Rubric:
    structure: list[dict]
    words: dict[str, dict]
    for_markers: str


def read(draft: Draft, source: str, form: str = "html") -> Rubric:
    """The rubric and the other words for markers that a text holds; a simple rubric where it holds none."""
    before, table, after = source.partition(_TABLE)
    for_markers = draft.text(before, form)
    found = _Table(after) if table else None
    if found and found.rows and len(found.rows) <= MOST_CRITERIA and all(row.levels for row in found.rows):
        structure = [
            {"key": row.key, "levels": [{"key": key, "points": points} for key, points, _source in row.levels]}
            for row in found.rows
        ]
        words = {
            row.key: {
                "text": draft.text(row.source),
                "levels": {key: draft.text(said) for key, _points, said in row.levels},
            }
            for row in found.rows
        }
        return Rubric(structure, words, for_markers)
    draft.changed(
        _("It came without a rubric; a simple one stands in. Look at it before the first answers are marked.")
    )
    return _simple(draft.language, for_markers)


def _simple(language: str, for_markers: str) -> Rubric:
    with override(language):
        said = {
            "text": gettext("The answer as a whole"),
            "levels": {
                "l0": gettext("Does not meet what was asked"),
                "l1": gettext("Meets a part of what was asked"),
                "l2": gettext("Meets what was asked"),
            },
        }
    levels = [{"key": f"l{points}", "points": str(points)} for points in range(3)]
    return Rubric([{"key": "c1", "levels": levels}], {"c1": said}, for_markers)


def simple_essay(draft: Draft, words: dict) -> Made:
    """The essay of a format that says nothing of marking: the simplest rubric, no files; or, where it went out from
    here, what its marks tell."""
    rubric = read(draft, unquote(draft.marks.get("rubric", "")))
    least, most, files, kinds = marked_limits(draft)
    structure = {
        "shape": 2,
        "rubric": rubric.structure,
        "least_words": least,
        "most_words": most or MOST_WORDS,
        "files": files,
        "file_kinds": file_kinds(draft, kinds, bool(files)),
    } | marking(draft.marks)
    more = {"for_markers": rubric.for_markers} if rubric.for_markers else {}
    return Made("essay", structure, words | {"rubric": rubric.words} | more)


def mark_all(structure: dict, words: dict, given: dict[str, str]) -> bool:
    """A whole essay as marks, for formats that have a question and nothing else; whether they can carry it."""
    mark(structure, given)
    given["rubric"] = quote(html(structure, words), safe="")
    return len(given["rubric"]) <= LONGEST_MARK


def mark(structure: dict, given: dict[str, str], *, limits: bool = True) -> None:
    """What no other format says of an essay, as marks: who marks it and, where the format has no limits of its own,
    how many words and files."""
    if "marking" in structure:
        given["marking"] = f"{structure['marking']['markers']}:{structure['marking']['tolerance']}"
    if limits:
        given["words"] = f"{structure['least_words']}-{structure['most_words']}"
        if structure["files"] or structure["file_kinds"]:
            given["files"] = f"{structure['files']}:{','.join(structure['file_kinds'])}"


def marking(given: Mapping[str, str]) -> dict:
    """How an essay is marked, by a mark; nothing where it makes no sense."""
    markers, _colon, tolerance = given.get("marking", "").partition(":")
    share = number(tolerance)
    if markers not in [str(count) for count in range(1, MOST_MARKERS + 1)] or share is None or not 0 <= share <= 1:
        return {}
    return {"marking": {"markers": int(markers), "tolerance": written(share)}}


def marked_limits(draft: Draft) -> tuple[int, int, int, str]:
    """The fewest and the most words (0 where nothing is said), how many files, and their kinds, by marks."""
    least, most, *_rest = [*map(_count, draft.marks.get("words", "").split("-")), 0, 0]
    files, _colon, kinds = draft.marks.get("files", "").partition(":")
    return least, most, min(_count(files), MOST_FILES), kinds


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def html(structure: dict, words: dict) -> str:
    """The words for markers and the rubric."""
    rows = []
    for criterion in structure["rubric"]:
        said = words["rubric"][criterion["key"]]
        cells = "".join(
            f'<td data-level="{escape(level["key"])}" data-points="{escape(level["points"])}">'
            f"{texts.inline_html(said['levels'][level['key']])}</td>"
            for level in criterion["levels"]
        )
        head = f"<th>{texts.inline_html(said['text'])}</th>"
        rows.append(f'<tr data-criterion="{escape(criterion["key"])}">{head}{cells}</tr>')
    return f"{texts.html(words.get('for_markers', ''))}{_TABLE}{''.join(rows)}</table>"


def file_kinds(draft: Draft, listed: str, brought: bool) -> list[str]:
    """The kinds of file that may be brought, from Moodle's list of extensions, types and groups."""
    names = [name.strip().lower().lstrip(".") for name in re.split(r"[\s,;]+", listed[:2000]) if name.strip()]
    found: list[str] = []
    for name in names:
        by_type = [extension for extension, kind in KINDS.items() if kind.content_type == name]
        fitting = [name] if name in KINDS else _GROUPS.get(name) or by_type
        if not fitting:
            draft.changed(_("Files of the kind “%(kind)s” are not taken."), kind=name)
        found += fitting
    if brought and not found:
        found = sorted([*of_family("document"), *PICTURES])
    return list(dict.fromkeys(found))


class _Row:
    def __init__(self, key: str):
        self.key = key
        self.source = ""
        self.levels: list[tuple[str, str, str]] = []


class _Table:
    """The rows of a rubric that `html` has written, perhaps edited since."""

    def __init__(self, source: str):
        self.rows: list[_Row] = []
        self._cell: list[str] | None = None
        self._level = ("", "")
        for piece in pieces(source[: texts.LONGEST_SOURCE]):
            if isinstance(piece, Start):
                self._open(piece)
            elif isinstance(piece, End):
                self._close(piece.name)
            elif self._cell is not None:
                self._cell.append(escape(piece, quote=False))

    def _open(self, piece: Start) -> None:
        if piece.name == "tr":
            key = piece.attributes.get("data-criterion", "")
            if _KEY.fullmatch(key) and len(self.rows) <= MOST_CRITERIA and key not in [row.key for row in self.rows]:
                self.rows.append(_Row(key))
        elif piece.name in ("th", "td"):
            points = number(piece.attributes.get("data-points", ""))
            self._level = (piece.attributes.get("data-level", ""), "" if points is None else written(points))
            self._cell = []
        elif self._cell is not None:
            self._cell.append(piece.source)

    def _close(self, name: str) -> None:
        if name in ("th", "td") and self._cell is not None and self.rows:
            said, row = "".join(self._cell), self.rows[-1]
            if name == "th":
                row.source = said
            elif _KEY.fullmatch(self._level[0]) and self._level[1]:
                row.levels.append((*self._level, said))
            self._cell = None
        elif self._cell is not None:
            self._cell.append(f"</{name}>")
