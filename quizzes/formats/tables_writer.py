"""Tables, written: what quizzes.formats.tables reads, as CSV or as an Excel workbook.

Columns have their English names, which are read whatever the reader's language. What a table has no column for stands
in the last one, `marks` (quizzes.formats.marks), where it has a mark; a question that a table cannot hold is left out.
"""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import choosing, marks, rubrics, units
from quizzes.formats.amounts import rounded
from quizzes.formats.neutral import Message, Question, Writing
from quizzes.formats.tables import COLUMNS, CSV, LONGEST_CELL, MOST_ANSWERS, NUMBERED, XLSX
from quizzes.formats.texts import line, storable
from quizzes.formats.unwritten import CannotBeWritten, written

_TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# What a spreadsheet takes for a formula when it opens a CSV file, unless it is a number; an arrow is none.
_FORMULA = re.compile(r"[=+@\t\r]|-(?!> )")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

Row = dict[tuple[str, int], str]


def write_csv(questions: list[Question], language: str, title: str = "") -> Writing:
    """With a mark of its encoding, by which spreadsheets know that it is UTF-8."""
    header, rows, left = _table(questions, CSV)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_named(column) for column in header])
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return Writing(target.getvalue().encode("utf-8-sig"), "bank.csv", _TYPES[CSV], tuple(left))


def write_xlsx(questions: list[Question], language: str, title: str = "") -> Writing:
    header, rows, left = _table(questions, XLSX)
    from openpyxl import Workbook  # noqa: PLC0415 - it brings NumPy, of which a web server has no use

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, values in enumerate(
        [[_named(column) for column in header], *([row.get(column, "") for column in header] for row in rows)], start=1
    ):
        for place, value in enumerate(values, start=1):
            if value:
                cell = sheet.cell(number, place)
                # A text that begins with “=” is a text.
                cell.value, cell.data_type = storable(value), "s"
    target = io.BytesIO()
    book.save(target)
    return Writing(target.getvalue(), "bank.xlsx", _TYPES[XLSX], tuple(left))


def _named(column: tuple[str, int]) -> str:
    name, place = column
    return f"{name} {place}" if place else name


def _table(questions: list[Question], format: str):
    pieces, left = written((_Writer(question, format) for question in questions), _Writer.row)
    rows = [row for _writer, row in pieces]
    used = {column for row in rows for column, value in row.items() if value} | {("question", 0)}
    order = list(COLUMNS)
    header = sorted(used, key=lambda column: (column[0] in NUMBERED, column[1], order.index(column[0])))
    return header, rows, left


class _Writer:
    def __init__(self, question: Question, format: str):
        self.question = question
        self.words, self.structure = question.words, question.structure
        self.marks: dict[str, str] = {}
        self.lost: dict[Message, None] = {}
        self._format = format
        self._row: Row = {}

    def row(self) -> Row:
        """Raises CannotBeWritten."""
        question = self.question
        kinds: dict[str, Callable[[], None]] = {
            "single_choice": self._choice,
            "multiple_choice": self._choice,
            "document": self._choice,
            "true_false": self._true_false,
            "short_answer": self._short_answer,
            "numerical": self._numerical,
            "ordering": self._ordering,
            "matching": self._matching,
            "scenario": self._scenario,
            "essay": self._essay,
        }
        if question.kind not in kinds:
            raise CannotBeWritten(_("A table has no question of this kind."))
        if question.media:
            raise CannotBeWritten(_("It shows a picture or a recording, for which a table has no place."))
        hints = self.words.get("hints", [])
        if len(hints) > 1:
            self.marks["hints"] = marks.listed(hints[1:])
        if any("," in tag for tag in question.tags):
            self.marks["tags"] = marks.listed(question.tags)
        self._put("key", question.key)
        self._put("name", question.name)
        self._put("kind", "multiple choice" if question.kind == "document" else question.kind.replace("_", " "))
        self._put("tags", ", ".join(question.tags))
        self._put("difficulty", str(question.difficulty or ""))
        self._put("factors", ", ".join(map(str, question.rad_factors)))
        self._put("question", self.words["stem"])
        self._put("rationale", self.words.get("rationale", ""))
        self._put("hint", hints[0] if hints else "")
        kinds[question.kind]()
        self._put("marks", " ".join(marks.tags(self.marks)))
        return self._row

    def _put(self, name: str, value: str, place: int = 0) -> None:
        if place > MOST_ANSWERS:
            raise CannotBeWritten(_("It has more answers than a table has columns for."))
        if len(value) > LONGEST_CELL:
            raise CannotBeWritten(_("A text of it is longer than a cell may be."))
        if self._format == CSV and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
            raise CannotBeWritten(
                _("A text of it begins with “%(sign)s”, which a spreadsheet takes for a formula. Take Excel instead."),
                sign=value[0],
            )
        self._row[name, place] = value

    def _choice(self) -> None:
        choices = choosing.options(self.question)
        self.marks |= choices.marks
        if not choices.shuffle and self.question.kind != "document":
            self.marks["shuffle"] = "0"
        fractions = [option.fraction for _key, option in choices.options]
        if choices.several:
            right = [place for place, fraction in enumerate(fractions, start=1) if fraction > 0]
        else:
            right = [fractions.index(Decimal(1)) + 1]
        share = rounded(Decimal(1) / max(len(right), 1))
        wrong = -share if choices.several else Decimal(0)
        if fractions != [share if place in right else wrong for place in range(1, len(fractions) + 1)]:
            marks.mark_shares(self.marks, fractions)
            self.lost[Message.of(_("Elsewhere its answers earn other points."))] = None
        self._put("right", ", ".join(map(str, right)))
        self._put("question", choices.stem)
        for place, (_key, option) in enumerate(choices.options, start=1):
            self._put("answer", option.text, place)
            self._put("feedback", option.feedback, place)

    def _true_false(self) -> None:
        self._put("right", "true" if self.structure["correct"] else "false")
        for place, key in enumerate(("true", "false"), start=1):
            self._put("feedback", self.words.get("options", {}).get(key, {}).get("feedback", ""), place)

    def _short_answer(self) -> None:
        if compared := [name for name in ("case", "accents", "wildcards") if self.structure[name]]:
            self.marks["compare"] = ",".join(compared)
        self._shares(self.words["accepted"])
        for place, entry in enumerate(self.words["accepted"], start=1):
            self._put("answer", entry["text"], place)
            self._put("feedback", entry.get("feedback", ""), place)

    def _shares(self, answers: list[dict]) -> None:
        """Where answers that are given in words or numbers earn other than all points."""
        shares = [Decimal(answer["fraction"]) for answer in answers]
        if any(share != 1 for share in shares):
            marks.mark_shares(self.marks, shares)

    def _numerical(self) -> None:
        answers = self.structure["answers"]
        self._shares(answers)
        if len({answer["tolerance"] for answer in answers}) > 1:
            self.marks["tolerances"] = ",".join(answer["tolerance"] for answer in answers)
        units.mark(self.structure, self.marks, {})
        self._put("tolerance", answers[0]["tolerance"])
        feedback = self.words.get("feedback") or [""] * len(answers)
        for place, (answer, told) in enumerate(zip(answers, feedback, strict=True), start=1):
            self._put("answer", answer["value"], place)
            self._put("feedback", told, place)

    def _ordering(self) -> None:
        if self.structure["credit"] == "whole":
            self.marks["credit"] = "whole"
        if told := self.words.get("feedback"):
            self.marks["whole"] = "1"
            for place, key in enumerate(("right", "partly", "wrong"), start=1):
                self._put("feedback", told.get(key, ""), place)
        keys = self.structure["elements"]
        marks.mark_keys(self.marks, "keys", keys, marks.numbered("e", len(keys)))
        for place, key in enumerate(keys, start=1):
            self._put("answer", self.words["elements"][key], place)

    def _matching(self) -> None:
        pairs, prompts, targets = self.structure["pairs"], self.structure["prompts"], self.structure["targets"]
        said = self.words["targets"]
        if len(set(said.values())) < len(said) or any("->" in self.words["prompts"][key] for key in prompts):
            raise CannotBeWritten(_("Two of its targets are the same, or a part of it has “->”."))
        self.marks |= marks.of_pairs(prompts, targets, pairs)
        if not self.structure["shuffle"]:
            self.marks["shuffle"] = "0"
        rows = [(self.words["prompts"][key], said[pairs[key]]) for key in prompts]
        rows += [("", said[key]) for key in targets if key not in pairs.values()]
        for place, (prompt, target) in enumerate(rows, start=1):
            self._put("answer", f"{prompt} -> {line(target)}".strip(), place)

    def _scenario(self) -> None:
        keys = [option["key"] for option in self.structure["options"]]
        marks.mark_keys(self.marks, "keys", keys, marks.letters(len(keys)))
        for place, option in enumerate(self.structure["options"], start=1):
            said = self.words["options"][option["key"]]
            self._put("answer", said["text"], place)
            self._put("feedback", said["consequence"], place)
            self._put("rating", option["rating"] + ("!" if option["bright_line"] else ""), place)
            self._put("mechanism", (option["mechanism"] or "").replace("_", " "), place)
            self._put("rationalisation", said.get("rationalisation", ""), place)

    def _essay(self) -> None:
        if not rubrics.mark_all(self.structure, self.words, self.marks):
            raise CannotBeWritten(_("Its rubric is too long for a cell."))
