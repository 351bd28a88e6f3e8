"""Tables: one row for each question, as CSV or as an Excel workbook (XLSX).

The first row names the columns, in English or in the language of the reader or of the file; their order does not
matter, and only `question` is needed in every row:

    key, name, kind, tags, difficulty   tags are parted by commas; difficulty is 1 to 3
    factors                             of the Revised Arusha Declaration: `6, 7`
    question, rationale, hint           texts; a line break inside a cell is one
    answer 1, answer 2, …               the answers, up to 12
    feedback 1, feedback 2, …           what is told to who gave that answer; of a scenario, its consequence
    right                               the numbers of the right answers: `2`, or `1, 3`; or `true` or `false`
    tolerance                           of numbers: how far off still counts
    rating 1, mechanism 1, rationalisation 1, …   of a scenario; `breach!` is a bright line
    marks                               what an own export has no column for (quizzes.formats.marks), parted by blanks

The kind may be left out where `right` tells it: one number is a single choice, several a multiple choice, where each
wrong answer costs what a right one earns, `true` or `false` that. Else it is one of short answer (all answers are
accepted), numerical, ordering (answers in the right order), matching (answers such as `watch -> refuse`), scenario and
essay. Formulas of a workbook are never computed: a cell is what it showed when it was saved.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from quizzes.formats import choosing, marks, rubrics, texts, units, xml_tree
from quizzes.formats.amounts import number, rounded, written
from quizzes.formats.choosing import Option
from quizzes.formats.drafts import Collector, Draft, Made, QuestionRefused, Told, silent
from quizzes.formats.neutral import Reading, Refused
from quizzes.formats.packages import Package
from quizzes.formats.pairs import matching
from quizzes.formats.text_files import decoded
from quizzes.kinds.choices import CREDIT, Rating

CSV, XLSX = "csv", "xlsx"
MOST_ROWS = 5_001
MOST_COLUMNS = 100
MOST_ANSWERS = 12
LONGEST_CELL = 20_000

COLUMNS = {
    "key": pgettext_lazy("column of a table", "key"),
    "name": pgettext_lazy("column of a table", "name"),
    "kind": pgettext_lazy("column of a table", "kind"),
    "tags": pgettext_lazy("column of a table", "tags"),
    "difficulty": pgettext_lazy("column of a table", "difficulty"),
    "factors": pgettext_lazy("column of a table", "factors"),
    "question": pgettext_lazy("column of a table", "question"),
    "rationale": pgettext_lazy("column of a table", "rationale"),
    "hint": pgettext_lazy("column of a table", "hint"),
    "answer": pgettext_lazy("column of a table", "answer"),
    "feedback": pgettext_lazy("column of a table", "feedback"),
    "right": pgettext_lazy("column of a table", "right"),
    "tolerance": pgettext_lazy("column of a table", "tolerance"),
    "rating": pgettext_lazy("column of a table", "rating"),
    "mechanism": pgettext_lazy("column of a table", "mechanism"),
    "rationalisation": pgettext_lazy("column of a table", "rationalisation"),
    "marks": pgettext_lazy("column of a table", "marks"),
}
NUMBERED = ("answer", "feedback", "rating", "mechanism", "rationalisation")
KINDS = {
    "single_choice": pgettext_lazy("kind of question", "single choice"),
    "multiple_choice": pgettext_lazy("kind of question", "multiple choice"),
    "true_false": pgettext_lazy("kind of question", "true or false"),
    "short_answer": pgettext_lazy("kind of question", "short answer"),
    "numerical": pgettext_lazy("kind of question", "numerical"),
    "ordering": pgettext_lazy("kind of question", "ordering"),
    "matching": pgettext_lazy("kind of question", "matching"),
    "scenario": pgettext_lazy("kind of question", "scenario"),
    "essay": pgettext_lazy("kind of question", "essay"),
}
RATINGS = {
    "best": pgettext_lazy("rating of conduct", "best"),
    "acceptable": pgettext_lazy("rating of conduct", "acceptable"),
    "risky": pgettext_lazy("rating of conduct", "risky"),
    "breach": pgettext_lazy("rating of conduct", "breach"),
}
_TRUTH = {"true": pgettext_lazy("answer", "true"), "false": pgettext_lazy("answer", "false")}
_NUMBERED = re.compile(r"(.+?)[ _]?([0-9]{1,2})")


def read_csv(data: bytes, language: str, kept: frozenset[str] = frozenset(), told: Told = silent) -> Reading:
    """Raises Refused."""
    return _read(CSV, _csv_rows(data), language, kept, told)


def read_xlsx(data: bytes, language: str, kept: frozenset[str] = frozenset(), told: Told = silent) -> Reading:
    """The first sheet of a workbook. Raises Refused."""
    return _read(XLSX, _xlsx_rows(data), language, kept, told)


def header_known(cells: list[str], language: str) -> bool:
    """Whether a first row is one of ours: it names the question."""
    known = _spoken(COLUMNS, language)
    return any(known.get(_folded(cell)) == "question" for cell in cells)


def first_row(text: str) -> list[str]:
    """The cells of the first row of a text, for a look at what a file is."""
    line = next((line for line in text.split("\n") if line.strip()), "")
    return [cell.strip().strip('"') for cell in line.split(_delimiter(line))]


# --- Rows -----------------------------------------------------------------------------------------------------------


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _csv_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = decoded(data)
    first, _newline, rest = text.lstrip("\n").partition("\n")
    skipped = 0
    if re.fullmatch(r'"?sep=[,;\t|]"?', first.strip(), re.IGNORECASE):
        delimiter, text, skipped = first.strip().strip('"')[4], rest, 1
    else:
        delimiter = _delimiter(first)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            raise Refused(
                _("The quotation marks from line %(line)d on do not match."), line=begins + skipped
            ) from problem
        yield begins + skipped, cells
        begins = rows.line_num + 1


def _xlsx_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    package = Package(data)
    for name in package.names:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            xml_tree.check(package.read(name))
    from openpyxl import load_workbook  # noqa: PLC0415 - it brings NumPy, of which a web server has no use

    try:
        # What a file does not keep of its own format, openpyxl answers with errors of any kind.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        rows = [
            ["" if cell is None else _cell(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        ]
    except Exception as problem:
        raise Refused(_("This is no workbook that can be read. Save it anew from its program.")) from problem
    yield from enumerate(rows, start=1)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    return str(value)


def _read(
    format: str, rows: Iterator[tuple[int, list[str]]], language: str, kept: frozenset[str], told: Told
) -> Reading:
    collector = Collector(format, language, kept, told)
    columns: list[tuple[str, int]] | None = None
    names = _Names(language)
    held = list(islice(rows, MOST_ROWS + 1))
    if len(held) > MOST_ROWS:
        raise Refused(_("It has more than %(most)d rows. Split it."), most=MOST_ROWS)
    collector.expected = sum(1 for _line, cells in held if any(cell.strip() for cell in cells)) - 1
    for line, cells in held:
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells, language)
            continue
        row = _Row(columns, cells, names)
        begins = texts.line(row.one("question")[:2000])
        collector.take(row.read, line=line, name=texts.line(row.one("name")), otherwise=begins)
    return collector.reading()


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()


def _spoken(names: dict, language: str) -> dict[str, str]:
    """Names by what they are called in English, in the reader's language and in the file's."""
    known = {_folded(key): key for key in names}
    known |= {_folded(str(name)): key for key, name in names.items()}
    with override(language):
        known |= {_folded(str(name)): key for key, name in names.items()}
    with override("en"):
        known |= {_folded(str(name)): key for key, name in names.items()}
    return known


def _columns(cells: list[str], language: str) -> list[tuple[str, int]]:
    """What each column is, with its number where it has one. Raises Refused."""
    known = _spoken(COLUMNS, language)
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise Refused(_("It has more than %(most)d columns."), most=MOST_COLUMNS)
    found: list[tuple[str, int]] = []
    for cell in cells:
        folded = _folded(cell)
        told = _NUMBERED.fullmatch(folded)
        name, place = known.get(folded), 0
        if name is None and told:
            name, place = known.get(told[1].strip()), int(told[2])
        if name is None or (name in NUMBERED) != (place > 0) or place > MOST_ANSWERS:
            raise Refused(
                _("The column “%(column)s” is not known. The columns are: %(columns)s."),
                column=cell,
                columns=_Listed(),
            )
        if (name, place) in found:
            raise Refused(_("The column “%(column)s” stands there twice."), column=cell)
        found.append((name, place))
    if ("question", 0) not in found:
        raise Refused(_("It has no column “question”."))
    return found


class _Listed:
    """The names of all columns, in the language of who reads them."""

    def __str__(self) -> str:
        return ", ".join(f"{name} 1" if key in NUMBERED else str(name) for key, name in COLUMNS.items())


# --- One row --------------------------------------------------------------------------------------------------------


class _Names:
    """What cells may say where only some words are possible, in the languages of reader and file."""

    def __init__(self, language: str):
        self.kinds = _spoken(KINDS, language)
        self.ratings = _spoken(RATINGS, language)
        self.truth = _spoken(_TRUTH, language)


class _Row:
    def __init__(self, columns: list[tuple[str, int]], cells: list[str], names: _Names):
        self._cells = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        self._too_many = any(cell.strip() for cell in cells[len(columns) :])
        self._names = names

    def one(self, name: str, place: int = 0) -> str:
        return self._cells.get((name, place), "")

    def read(self, draft: Draft) -> Made:
        """Raises QuestionRefused."""
        if self._too_many:
            raise QuestionRefused(_("The row has more cells than there are columns."))
        if any(len(cell) > LONGEST_CELL for cell in self._cells.values()):
            raise QuestionRefused(_("A text of it is too long."))
        draft.given_key = self.one("key")
        draft.tags = self.one("tags").split(",")
        difficulty = self.one("difficulty")
        if difficulty not in ("", "1", "2", "3"):
            raise QuestionRefused(_("Its difficulty is “%(difficulty)s”, not 1, 2 or 3."), difficulty=difficulty)
        draft.difficulty = int(difficulty) if difficulty else None
        draft.rad_factors = self._factors()
        _others, draft.marks = marks.parted(self.one("marks").split())
        self.draft = draft
        self.stem = draft.stem(self.one("question"), form="plain")
        self.rationale = self._plain("rationale")
        own = marks.unlisted(draft.marks, "tags")
        if own and ", ".join(own) == self.one("tags"):
            draft.tags = own
        self.hints = [
            self._plain("hint"),
            *(draft.text(hint, "plain") for hint in marks.unlisted(draft.marks, "hints")),
        ]
        return self._reader()()

    def _factors(self) -> tuple[int, ...]:
        parts = [part for part in re.split(r"[\s,;]+", self.one("factors")) if part]
        if not all(part in marks.FACTORS for part in parts):
            raise QuestionRefused(
                _("Its factors are “%(factors)s”, not numbers from 1 to 10."), factors=", ".join(parts)
            )
        return tuple(dict.fromkeys(int(part) for part in parts))

    @property
    def _shuffle(self) -> bool:
        return self.draft.marks.get("shuffle") != "0"

    def _reader(self) -> Callable[[], Made]:
        given = self.one("kind")
        kind = self._names.kinds.get(_folded(given))
        if given and kind is None:
            raise QuestionRefused(_("“%(kind)s” is no kind of question that a table can hold."), kind=given)
        if kind is None:
            right = self.one("right")
            if _folded(right) in self._names.truth:
                kind = "true_false"
            elif right:
                kind = "multiple_choice" if len(self._right()) > 1 else "single_choice"
            else:
                raise QuestionRefused(_("Neither its kind nor its right answer is told."))
        return {
            "single_choice": self._choice,
            "multiple_choice": self._several,
            "true_false": self._true_false,
            "short_answer": self._short_answer,
            "numerical": self._numerical,
            "ordering": self._ordering,
            "matching": self._matching,
            "scenario": self._scenario,
            "essay": self._essay,
        }[kind]

    def _plain(self, name: str, place: int = 0) -> str:
        return self.draft.text(self.one(name, place), form="plain")

    def _answers(self) -> list[tuple[int, str]]:
        """The answers with their numbers; a gap between them is none."""
        found = [(place, self._plain("answer", place)) for place in range(1, MOST_ANSWERS + 1)]
        found = [(place, text) for place, text in found if text]
        if not found:
            raise QuestionRefused(_("It has no answers."))
        return found

    def _right(self) -> list[int]:
        parts = [part for part in re.split(r"[\s,;]+", self.one("right")) if part]
        if not parts or not all(re.fullmatch(r"[0-9]{1,2}", part, re.ASCII) for part in parts):
            raise QuestionRefused(_("“right” does not hold the numbers of its right answers."))
        return list(dict.fromkeys(int(part) for part in parts))

    def _options(self, share: Callable[[bool], Decimal], still: Callable[[dict[int, Decimal], list[int]], bool]):
        """The answers with what they earn: by a mark if it is `still` what “right” says, else by `share`."""
        answers, right = self._answers(), self._right()
        places = [place for place, _text in answers]
        if not set(right) <= set(places):
            raise QuestionRefused(_("“right” names an answer that is not there."))
        told = marks.shares(self.draft.marks, len(answers))
        earned = dict(zip(places, told, strict=True)) if told else {}
        if not earned or not still(earned, right):
            earned = {place: share(place in right) for place in places}
        return [Option(text, earned[place], self._plain("feedback", place)) for place, text in answers]

    def _choice(self) -> Made:
        if len(self._right()) != 1:
            raise QuestionRefused(_("A single choice has one right answer."))
        options = self._options(lambda right: Decimal(int(right)), lambda earned, right: earned[right[0]] == 1)
        return self._chosen(options, several=False)

    def _several(self) -> Made:
        each = rounded(Decimal(1) / len(self._right()))
        options = self._options(
            lambda right: each if right else -each,
            lambda earned, right: {place for place, one in earned.items() if one > 0} == set(right),
        )
        return self._chosen(options, several=True)

    def _chosen(self, options: list[Option], *, several: bool) -> Made:
        return choosing.question(
            self.draft,
            self.stem,
            options,
            several=several,
            shuffle=self._shuffle,
            rationale=self.rationale,
            hints=self.hints,
        )

    def _true_false(self) -> Made:
        truth = self._names.truth.get(_folded(self.one("right")))
        if truth is None:
            raise QuestionRefused(_("“right” does not say whether it is true or false."))
        told = {"true": self._plain("feedback", 1), "false": self._plain("feedback", 2)}
        return choosing.true_or_false(self.draft, self.stem, truth == "true", told, self.rationale, self.hints)

    def _words(self, **more: Any) -> dict:
        return self.draft.words(self.stem, self.rationale, self.hints, **more)

    def _shares(self, count: int) -> list[str]:
        """What answers in words or numbers earn: everything, unless a mark says otherwise."""
        told = marks.shares(self.draft.marks, count)
        return [written(share) for share in told] if told and max(told) == 1 else ["1"] * count

    def _short_answer(self) -> Made:
        entries, answers = [], self._answers()
        for (place, text), share in zip(answers, self._shares(len(answers)), strict=True):
            feedback = self._plain("feedback", place)
            entry = {"text": texts.line(text), "fraction": share}
            entries.append(entry | ({"feedback": feedback} if feedback else {}))
        told = self.draft.marks.get("compare", "").split(",")
        structure = {"shape": 2} | {name: name in told for name in ("case", "accents", "wildcards")}
        return Made("short_answer", structure, self._words(accepted=entries))

    def _numerical(self) -> Made:
        tolerance = number(self.one("tolerance") or "0")
        answers = self._answers()
        values = [number(text) for _place, text in answers]
        if tolerance is None or tolerance < 0 or None in values:
            raise QuestionRefused(_("Its answer or its tolerance is no number."))
        feedback = [self._plain("feedback", place) for place, _text in answers]
        several = [number(part) for part in self.draft.marks.get("tolerances", "").split(",")]
        within = [tolerance] * len(answers)
        if len(several) == len(answers) and all(one is not None and one >= 0 for one in several):
            within = several
        structure = {
            "shape": 2,
            "answers": [
                {"value": written(value), "tolerance": written(one), "fraction": share}
                for value, one, share in zip(values, within, self._shares(len(answers)), strict=True)
                if value is not None and one is not None
            ],
        } | units.marked(self.draft.marks)
        return Made("numerical", structure, self._words(**({"feedback": feedback} if any(feedback) else {})))

    def _ordering(self) -> Made:
        elements = [text for _place, text in self._answers()]
        if len(elements) < 2:
            raise QuestionRefused(_("It has fewer than two elements to put in order."))
        keys = marks.keys(self.draft.marks, "keys", marks.numbered("e", len(elements)))
        told = {}
        if self.draft.marks.get("whole") == "1":
            said = {
                key: self._plain("feedback", place) for place, key in enumerate(("right", "partly", "wrong"), start=1)
            }
            told = {"feedback": {key: text for key, text in said.items() if text}}
        words = self._words(elements=dict(zip(keys, elements, strict=True)), **told)
        credit = "whole" if self.draft.marks.get("credit") == "whole" else "pairs"
        return Made("ordering", {"shape": 2, "elements": keys, "credit": credit}, words)

    def _matching(self) -> Made:
        prompts: list[tuple[str, str]] = []
        targets: dict[str, None] = {}
        for _place, text in self._answers():
            prompt, arrow, target = (part.strip() for part in text.partition("->"))
            if not arrow or not target:
                raise QuestionRefused(_("A pair of it has no “->” with an answer."))
            targets[texts.line(target)] = None
            if prompt:
                prompts.append((prompt, texts.line(target)))
        return matching(
            self.draft,
            self.stem,
            prompts,
            list(targets),
            shuffle=self._shuffle,
            rationale=self.rationale,
            hints=self.hints,
        )

    def _scenario(self) -> Made:
        answers = self._answers()
        keys = marks.keys(self.draft.marks, "keys", marks.letters(len(answers)))
        known = self._names.ratings
        options, said = [], {}
        for key, (place, text) in zip(keys, answers, strict=True):
            told = self.one("rating", place)
            rating = known.get(_folded(told.removesuffix("!")))
            if rating is None or rating not in [str(one) for one in CREDIT]:
                raise QuestionRefused(_("“%(rating)s” is no rating of conduct."), rating=told)
            options.append(
                {
                    "key": key,
                    "rating": str(Rating(rating)),
                    "mechanism": _folded(self.one("mechanism", place)).replace(" ", "_") or None,
                    "bright_line": told.endswith("!"),
                }
            )
            said[key] = {"text": text, "consequence": self._plain("feedback", place)}
            if rationalisation := self._plain("rationalisation", place):
                said[key]["rationalisation"] = rationalisation
        if self.rationale or any(self.hints):
            self.draft.changed(_("A scenario has no rationale and no hints: what an option brings says it all."))
        words = {"shape": 1, "stem": self.stem, "options": said}
        return Made("scenario", {"shape": 1, "options": options}, words)

    def _essay(self) -> Made:
        return rubrics.simple_essay(self.draft, self._words())
