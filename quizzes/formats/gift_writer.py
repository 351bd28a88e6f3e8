r"""GIFT, written. Its texts are plain; what it has no word for stands as tags in the comment before a question.

GIFT has no pictures, no order and no gaps: a question that needs them is not written, and the report says so. Hints
and rubrics go along in comments, where no other program sees them.
"""

import re

from django.utils.translation import gettext_lazy as _

from quizzes.formats import categories, choosing, marks, rubrics, texts, units
from quizzes.formats.amounts import percent
from quizzes.formats.neutral import Message, Question, Writing
from quizzes.formats.unwritten import CannotBeWritten, written
from quizzes.formats.wildcards import needs_mark, with_wildcards

CONTENT_TYPE = "text/plain; charset=utf-8"
_LONGEST_TAG = 50
_SPECIAL = re.compile(r"([~=#{}:\\])")
_FORM = re.compile(r"\[(?:html|plain|markdown|moodle|auto)\]", re.IGNORECASE)


def write(questions: list[Question], language: str, title: str = "") -> Writing:
    """A file that Moodle imports, with what it leaves out."""
    pieces, left = written(map(_Writer, questions), _Writer.block)
    blocks = [block for _writer, block in pieces]
    if title:
        blocks.insert(0, f"$CATEGORY: {categories.path(texts.line(title))}")
    return Writing(("\n\n".join(blocks) + "\n").encode(), "bank.gift.txt", CONTENT_TYPE, tuple(left))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _said(text: str) -> str:
    """A text in the form of its question; one that begins like a form is told to be plain."""
    return ("[plain]" if _FORM.match(text) else "") + _escaped(text)


def _told(feedback: str) -> str:
    return f"#{_said(feedback)}" if feedback else ""


def _bracketed(text: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", text)


class _Writer:
    def __init__(self, question: Question):
        self.question = question
        self.words, self.structure = question.words, question.structure
        self.marks: dict[str, str] = {}
        self.lost: dict[Message, None] = {}

    def block(self) -> str:
        """Raises CannotBeWritten."""
        question = self.question
        if question.media:
            raise CannotBeWritten(_("It shows a picture or a recording, for which GIFT has no place."))
        if hints := self.words.get("hints"):
            self.marks["hints"] = marks.listed(hints)
            self.lost[Message.of(_("Elsewhere its hints are not seen."))] = None
        self.marks |= marks.of_any_kind(question.difficulty, question.rad_factors)
        stem, answers = self._by_kind()
        rationale = self.words.get("rationale", "")
        told = f"####{_said(rationale)}" if rationale else ""
        said = "".join(f" [tag:{_bracketed(tag)}]" for tag in question.tags)
        # Tags of Moodle are short; what is long stands in a comment alone.
        own = marks.tags(self.marks)
        said += "".join(f" [tag:{_bracketed(tag)}]" for tag in own if len(tag) <= _LONGEST_TAG)
        comments = "".join(f"// {tag}\n" for tag in own if len(tag) > _LONGEST_TAG)
        answered = "\n".join(["{", *(f"\t{answer}" for answer in answers), *([told] if told else []), "}"])
        name = _escaped(question.name)
        return f"// [id:{_bracketed(question.key)}]{said}\n{comments}::{name}::[plain]{_escaped(stem)}{answered}"

    def _by_kind(self) -> tuple[str, list[str]]:
        kind = self.question.kind
        if kind in ("single_choice", "multiple_choice", "scenario", "document"):
            return self._choose()
        known = {
            "true_false": self._true_false,
            "short_answer": self._short_answer,
            "numerical": self._numerical,
            "matching": self._matching,
            "essay": self._essay,
        }
        if kind not in known:
            raise CannotBeWritten(_("GIFT has no question of this kind."))
        return self.words["stem"], known[kind]()

    def _shuffled(self, shuffle: bool) -> None:
        if not shuffle:
            self.marks["shuffle"] = "0"

    def _choose(self) -> tuple[str, list[str]]:
        choices = choosing.options(self.question)
        self.marks |= choices.marks
        if self.question.kind in ("single_choice", "multiple_choice"):
            self._shuffled(choices.shuffle)
        answers, chosen = [], False
        for _key, option in choices.options:
            if option.fraction == 1 and not choices.several and not chosen:
                chosen = True
                weight = "=%100%" if option.text.startswith("%") else "="
            else:
                weight = f"~%{percent(str(option.fraction))}%"
            answers.append(f"{weight}{_said(option.text)}{_told(option.feedback)}")
        return choices.stem, answers

    def _true_false(self) -> list[str]:
        right, wrong = ("true", "false") if self.structure["correct"] else ("false", "true")
        feedback = {key: said.get("feedback", "") for key, said in self.words.get("options", {}).items()}
        told = [feedback.get(wrong, ""), feedback.get(right, "")]
        said = f"#{_said(told[0])}#{_said(told[1])}" if any(told) else ""
        return [f"{right.upper()}{said}"]

    def _short_answer(self) -> list[str]:
        accepted, wildcards = self.words["accepted"], self.structure["wildcards"]
        if any("->" in told for entry in accepted for told in (entry["text"], entry.get("feedback", ""))):
            raise CannotBeWritten(_("An accepted answer has “->”, by which GIFT would take it for a pair."))
        if self.structure["case"]:
            self.marks["case"] = "1"
        if not self.structure["accents"]:
            self.marks["lenient"] = "accents"
        if needs_mark([entry["text"] for entry in accepted], wildcards):
            self.marks["wildcards"] = "1"
        return [
            f"=%{percent(entry['fraction'])}%{_said(with_wildcards(entry['text'], wildcards))}"
            f"{_told(entry.get('feedback', ''))}"
            for entry in accepted
        ]

    def _numerical(self) -> list[str]:
        units.mark(self.structure, self.marks, self.lost)
        feedback = self.words.get("feedback") or [""] * len(self.structure["answers"])
        answers = [
            f"=%{percent(answer['fraction'])}%{answer['value']}:{answer['tolerance']}{_told(told)}"
            for answer, told in zip(self.structure["answers"], feedback, strict=True)
        ]
        return ["#", *answers]

    def _matching(self) -> list[str]:
        structure = self.structure
        pairs, prompts, targets = structure["pairs"], structure["prompts"], structure["targets"]
        said = self.words["targets"]
        if len(set(said.values())) < len(said):
            raise CannotBeWritten(_("Two of its targets have the same text, by which Moodle would take them for one."))
        if any("->" in self.words["prompts"][key] for key in prompts):
            raise CannotBeWritten(_("A part of it has “->”, which GIFT reads as the middle of a pair."))
        self._shuffled(structure["shuffle"])
        self.marks |= marks.of_pairs(prompts, targets, pairs)
        rows = [(self.words["prompts"][key], said[pairs[key]]) for key in prompts]
        rows += [("", said[key]) for key in targets if key not in pairs.values()]
        return [f"={_said(prompt)} -> {_escaped(target)}" for prompt, target in rows]

    def _essay(self) -> list[str]:
        if not rubrics.mark_all(self.structure, self.words, self.marks):
            raise CannotBeWritten(_("Its rubric is too long for a comment, and GIFT has no other place for it."))
        self.lost[Message.of(_("Elsewhere its rubric, its limits and its words for markers are not seen."))] = None
        return []
