"""The translation board of a course: every text in every language, what is to do, and what may be released."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core import word_changes
from core.languages import is_right_to_left, own_name
from core.wordings import SOURCE_LANGUAGE
from courses.languages import letters, words
from courses.languages.glossary import Glossary, Hit, terms
from courses.languages.models import Kind, SourceWords, TranslatedFrom, TranslationWork
from courses.languages.services import confirmed_of, state_of
from courses.languages.status import Gate, Match, State, gate, match
from courses.languages.texts import (
    CourseTexts,
    glossary_texts,
    passages_of_all,
    standings_of,
    texts_of,
)
from courses.languages.vocabulary import Text
from courses.models import CoursePage, ProgrammePage
from people.models import Administration


@dataclass
class Cell:
    """A text in one language. `matches` lays its source beside the words it was translated from."""

    text: Text
    language: str
    state: State
    matches: list[Match]
    work: TranslationWork | None
    page: int | None
    todo: int
    changed: list["ChangedPassage"] = field(default_factory=list)
    remarks: list[Hit] = field(default_factory=list)


@dataclass(frozen=True)
class ChangedPassage:
    label: str
    changes: list[word_changes.Change]


@dataclass
class Row:
    text: Text
    cells: list[Cell]


@dataclass(frozen=True)
class Column:
    """A language of the board, in sums."""

    code: str
    gate: Gate
    words: int
    todo: int
    counts: dict[State, int]
    missing_pages: int

    @property
    def name(self) -> str:
        return own_name(self.code)

    @property
    def direction(self) -> str:
        return "rtl" if is_right_to_left(self.code) else "ltr"


@dataclass(frozen=True)
class Board:
    course: CoursePage | ProgrammePage
    language: str
    columns: list[Column]
    rows: list[Row]
    words: int


def board_of(course: CoursePage | ProgrammePage, languages: Iterable[str] | None = None) -> Board:
    """The board, by any page of the course; with all other languages unless some are named.

    A constant number of queries, whatever the size of the course.
    """
    found = texts_of(course)
    wanted = [code for code in found.targets if languages is None or code in languages]
    rows = rows_of(found, wanted)
    total = sum(text.words for text in found.texts)
    columns = [_column(code, [(row.text, row.cells[n]) for row in rows], total) for n, code in enumerate(wanted)]
    return Board(found.course, found.language, columns, rows, total)


def rows_of(found: CourseTexts, wanted: list[str]) -> list[Row]:
    """Texts with a cell for each of some languages. Two queries beside those that read the texts."""
    confirmed, work = rows_about(found.texts)
    return [Row(text, [_cell(found, text, code, confirmed, work) for code in wanted]) for text in found.texts]


def glossary_rows(wanted: list[str]) -> list[Row]:
    """The glossary's entries like the texts of a course. A constant number of queries."""
    entries = glossary_texts()
    standings = standings_of(entries, SOURCE_LANGUAGE)
    return rows_of(CourseTexts(None, SOURCE_LANGUAGE, entries, standings), wanted)


def letter_rows(administration: Administration, wanted: list[str]) -> list[Row]:
    """An administration's letters and certificates like the texts of a course, in the source's own language too, for
    what it says there is made from what ships. A constant number of queries."""
    now, ships = letters.texts_of(administration), letters.texts_of(administration, ships=True)
    standings = standings_of(now, SOURCE_LANGUAGE)
    others = rows_of(CourseTexts(None, SOURCE_LANGUAGE, now, standings), wanted)
    if SOURCE_LANGUAGE in wanted:
        place = wanted.index(SOURCE_LANGUAGE)
        own = rows_of(CourseTexts(None, SOURCE_LANGUAGE, ships, standings), [SOURCE_LANGUAGE])
        for row, made_from_shipping in zip(others, own, strict=True):
            row.cells[place] = made_from_shipping.cells[0]
    return others


def rows_about(texts: Iterable[Text]):
    """What is known of these texts' translations, by kind, key and language: two queries."""
    keys = [text.key for text in texts]
    confirmed = {(row.kind, row.key, row.language): row for row in TranslatedFrom.objects.filter(key__in=keys)}
    begun = TranslationWork.objects.filter(key__in=keys).select_related("translator", "returned_by", "approved_by")
    return confirmed, {(row.kind, row.key, row.language): row for row in begun}


def _cell(found: CourseTexts, text: Text, code: str, confirmed, work) -> Cell:
    standing = found.standings.get(text.name, {}).get(code)
    row, own = confirmed.get((*text.name, code)), work.get((*text.name, code))
    state = state_of(text, standing, row, own)
    passages = confirmed_of(text, row, standing) if standing and standing.published else None
    matches = match(text.source, passages or [])
    todo = _todo(text, state, matches)
    return Cell(text, code, state, matches, own, standing.page if standing else None, todo)


def _todo(text: Text, state: State, matches: list[Match]) -> int:
    """The words of the source that wait for a translator."""
    if state == State.MISSING:
        return text.words
    if state != State.STALE:
        return 0
    waiting = {item.path for item in matches if item.changed}
    return sum(words.count(passage.text) for passage in text.passages if passage.path in waiting)


def _column(code: str, cells: list[tuple[Text, Cell]], total: int) -> Column:
    pages = [cell.state for text, cell in cells if text.kind == Kind.PAGE]
    rest = [cell.state for text, cell in cells if text.kind != Kind.PAGE]
    counts = Counter(pages + rest)
    return Column(
        code,
        gate(pages, rest),
        total,
        sum(cell.todo for _text, cell in cells),
        {state: counts[state] for state in State},
        pages.count(State.MISSING),
    )


# --- What a page of the board shows beside the states ---------------------------------------------------------------


def show_changes(rows: Iterable[Row]) -> None:
    """Lay the older words beside the new ones wherever a translation is stale. One query."""
    stale = [(cell.text, cell) for row in rows for cell in row.cells if cell.state == State.STALE]
    older = older_words(item for _text, cell in stale for item in cell.matches)
    for text, cell in stale:
        passages = {passage.path: passage for passage in text.passages}
        cell.changed = [
            ChangedPassage(
                passages[item.path].label,
                word_changes.changes(older.get(item.was_digest, ""), passages[item.path].text),
            )
            for item in cell.matches
            if item.changed
        ]


def older_words(matches: Iterable[Match]) -> dict[str, str]:
    """The words that changed passages had when they were translated, by digest."""
    wanted = {item.was_digest for item in matches if item.changed and item.was}
    return dict(SourceWords.objects.filter(digest__in=wanted).values_list("digest", "text")) if wanted else {}


def show_glossary(board: Board, rows: list[Row], language: str) -> None:
    """Hold what stands in one language against the glossary. As many queries as there are kinds of text."""
    glossary = Glossary(terms(), board.language, language)
    standing = passages_of_all([row.text for row in rows], language)
    for row in rows:
        for cell in row.cells:
            if cell.language == language:
                there = standing.get(row.text.name, {})
                cell.remarks = list(_remarks(row.text, cell, there, glossary))


def _remarks(text: Text, cell: Cell, there: dict[str, str], glossary: Glossary):
    """The terms that are broken in passages which are up to date, each once."""
    source = {passage.path: passage.text for passage in text.passages}
    seen = set()
    for item in cell.matches:
        if item.changed:
            continue
        for hit in glossary.broken(source[item.path], there.get(item.was, "")):
            if hit.key not in seen:
                seen.add(hit.key)
                yield hit


@dataclass
class TermUse:
    """How a term is translated in a course: passages that use the agreed word, and texts where one does not."""

    hit: Hit
    kept: int = 0
    broken: list[tuple[Text, str, str]] = field(default_factory=list)

    @property
    def in_two_ways(self) -> bool:
        return bool(self.kept and self.broken)


def term_uses(course: CoursePage | ProgrammePage, language: str) -> list[TermUse]:
    """The terms that a course does not translate as agreed, or not everywhere, with the passages. Constant queries."""
    board = board_of(course, [language])
    glossary = Glossary(terms(), board.language, language)
    standing = passages_of_all([row.text for row in board.rows], language)
    uses: dict[str, TermUse] = {}
    for row in board.rows:
        source = {passage.path: passage.text for passage in row.text.passages}
        there = standing.get(row.text.name, {})
        for item in row.cells[0].matches:
            translation = "" if item.changed else there.get(item.was, "")
            for hit in glossary.hits(source[item.path], translation) if translation else ():
                if not hit.agreed:
                    continue
                use = uses.setdefault(hit.key, TermUse(hit))
                if hit.kept:
                    use.kept += 1
                else:
                    use.broken.append((row.text, source[item.path], words.marked(translation).text))
    return sorted((use for use in uses.values() if use.broken), key=lambda use: (-len(use.broken), use.hit.key))
