"""Items whose stem has gaps, each to be filled with a word, an option or a number.

Structure: `{"shape": 2, "gaps": [gap, …]}`, where a gap is one of

- `{"key": "g1", "kind": "text", "points": "1", "case": false, "accents": false, "wildcards": false}`
- `{"key": "g2", "kind": "choice", "points": "1", "options": [{"key": "a", "fraction": "1"}, …]}`
- `{"key": "g3", "kind": "number", "points": "1", "answers": [{"value": "12.5", "tolerance": "0", "fraction": "1"}]}`

Points weigh the gaps of one item against each other. Words: the stem holds `[[g1]]` where each gap stands, once, in
whatever order the language needs, and `"gaps": {"g1": {"accepted": [{"text": …, "fraction": "1", "feedback": …?}]},
"g2": {"options": {"a": {"text": …, "feedback": …?}}}, "g3": {"feedback": [a text for each of the answers]?}}`; a gap
of numbers may be missing there. Answer: `{"shape": 1, "gaps": {"g1": "as typed", "g2": "a"}}`, without the gaps that
were left open.

A gap is as wide as the page makes all gaps: its width may not tell how long the word is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

from quizzes.kinds.contract import (
    LONGEST_LINE,
    NOTHING,
    UNANSWERED,
    Fields,
    ItemJudgement,
    ItemKey,
    Kind,
    Outcome,
    WrongItem,
    at,
)
from quizzes.kinds.figures import AcceptedFigures, check_figures, right_figures
from quizzes.kinds.shapes import (
    asked,
    check_decimal,
    check_earnable,
    check_feedback,
    check_keys,
    check_parts,
    check_said,
    check_text,
    check_texts,
    explained,
)
from quizzes.kinds.written import RULES, AcceptedTexts, check_accepted, check_rules, feedback_on, right_texts

MARK = re.compile(r"\[\[([A-Za-z0-9][A-Za-z0-9_.-]{0,19})\]\]")
PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class AcceptedOptions:
    """The share that each option of a gap earns."""

    shares: Mapping[str, Fraction]

    def credit(self, option: str) -> Fraction:
        if option not in self.shares:
            raise ValueError(f"option “{option}” was not served")
        return self.shares[option]


@dataclass(frozen=True)
class GapFillKey(ItemKey):
    """By gap: its points, and what is accepted in it."""

    gaps: Mapping[str, tuple[Fraction, AcceptedTexts | AcceptedOptions | AcceptedFigures]]

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        unknown = set(answer["gaps"]) - set(self.gaps)
        if unknown:
            raise ValueError(f"gaps {sorted(unknown)} were not served")
        earned = sum((self.gaps[gap][0] * self.credit(gap, given) for gap, given in answer["gaps"].items()), NOTHING)
        return ItemJudgement.of(earned / sum(points for points, _ in self.gaps.values()))

    def credit(self, gap: str, given: str) -> Fraction:
        """The share of one gap's points that its answer earns."""
        return self.gaps[gap][1].credit(given)


class GapFill(Kind):
    name = "gap_fill"
    can_be_emptied = True

    def check(self, structure, texts):
        check_parts(structure, {"shape", "gaps"}, shape=2)
        keys = check_keys(structure["gaps"])
        for gap in structure["gaps"]:
            _check_gap(gap)
        check_texts(texts, {"gaps"})
        needed = {gap["key"] for gap in structure["gaps"] if gap["kind"] != "number"}
        for language, words in texts.items():
            if sorted(MARK.findall(words["stem"])) != sorted(keys):
                raise WrongItem(f"its stem in “{language}” does not hold each gap once")
            said = words.get("gaps", {})
            if not isinstance(said, dict) or not needed <= set(said) <= keys:
                raise WrongItem(f"its words in “{language}” do not fit its gaps")
            for gap in structure["gaps"]:
                if gap["key"] in said:
                    _check_words(language, gap, said[gap["key"]])

    def arrange(self, structure, source):
        arranged = {}
        for gap in sorted(structure["gaps"], key=lambda gap: gap["key"]):
            if gap["kind"] == "choice":
                arranged[gap["key"]] = sorted(option["key"] for option in gap["options"])
                source.shuffle(arranged[gap["key"]])
        return {"gaps": arranged}

    def read(self, structure, arrangement, fields):
        given = {
            gap["key"]: self._read_gap(gap, arrangement, fields, str(number))
            for number, gap in enumerate(structure["gaps"], start=1)
        }
        given = {key: text for key, text in given.items() if text}
        return {"shape": 1, "gaps": given} if given else None

    def _read_gap(self, gap: dict, arrangement: dict, fields: Fields, part: str) -> str:
        if gap["kind"] != "choice":
            return fields.written(part)
        position = fields.one(part)
        return at(position, arrangement["gaps"][gap["key"]]) if position else ""

    def shown(self, structure, arrangement, words, answer):
        """The stem as paragraphs of pieces, each a text or a gap; with its marks it would tell the item's own keys."""
        begun = asked(words)
        given = answer["gaps"] if answer else {}
        gaps = {
            gap["key"]: _shown_gap(gap, str(number), arrangement, words, given.get(gap["key"]))
            for number, gap in enumerate(structure["gaps"], start=1)
        }
        return {"media": begun["media"], "paragraphs": _paragraphs(begun["stem"], gaps)}

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        begun = explained(words, tell_key)
        given = answer["gaps"] if answer else {}
        gaps = {
            gap["key"]: _reviewed_gap(gap, words.get("gaps", {}).get(gap["key"], {}), given.get(gap["key"]), key)
            | {"right": _right(gap, words) if tell_key else []}
            for gap in structure["gaps"]
        }
        return {
            "media": begun["media"],
            "hints": begun["hints"],
            "rationale": begun["rationale"],
            "paragraphs": _paragraphs(begun["stem"], gaps),
        }

    def key(self, structure, texts):
        return GapFillKey({gap["key"]: (Fraction(gap["points"]), _accepted(gap, texts)) for gap in structure["gaps"]})


def _paragraphs(stem: str, gaps: dict[str, dict]) -> list[list[dict]]:
    numbers = count(1)
    return [_pieces(paragraph, gaps, numbers) for paragraph in PARAGRAPHS.split(stem.strip())]


def _pieces(paragraph: str, gaps: dict[str, dict], numbers: Iterator[int]) -> list[dict]:
    """A paragraph as texts and gaps in turn, as `split` gives them; gaps are numbered as they are read."""
    pieces = MARK.split(paragraph)
    return [
        {"gap": gaps[piece], "number": next(numbers)} if place % 2 else {"text": piece}
        for place, piece in enumerate(pieces)
        if piece != ""
    ]


def _shown_gap(gap: dict, part: str, arrangement: dict, words: dict, given: str | None) -> dict:
    if gap["kind"] != "choice":
        return {"part": part, "kind": gap["kind"], "text": given or "", "longest": LONGEST_LINE}
    said = words["gaps"][gap["key"]]["options"]
    return {
        "part": part,
        "kind": "choice",
        "options": [
            {"value": str(number), "text": said[option]["text"], "chosen": option == given}
            for number, option in enumerate(arrangement["gaps"][gap["key"]], start=1)
        ],
    }


def _reviewed_gap(gap: dict, said: dict, given: str | None, key: GapFillKey) -> dict:
    if given is None:
        return {"kind": gap["kind"], "text": "", "outcome": Outcome.OPEN, "feedback": ""}
    text, feedback = given, ""
    if gap["kind"] == "text":
        feedback = feedback_on(gap, said["accepted"], given)
    elif gap["kind"] == "choice":
        text, feedback = said["options"][given]["text"], said["options"][given].get("feedback", "")
    elif said.get("feedback"):
        best = AcceptedFigures.of(gap["answers"]).best(given)
        feedback = said["feedback"][best] if best is not None else ""
    outcome = ItemJudgement.of(key.credit(gap["key"], given)).outcome
    return {"kind": gap["kind"], "text": text, "outcome": outcome, "feedback": feedback}


def _right(gap: dict, words: dict) -> list:
    """What earns all of a gap's points: texts, or numbers with their tolerance."""
    if gap["kind"] == "number":
        return right_figures(gap["answers"])
    said = words["gaps"][gap["key"]]
    if gap["kind"] == "text":
        return right_texts(gap, said["accepted"])
    return [said["options"][each["key"]]["text"] for each in gap["options"] if Fraction(each["fraction"]) == 1]


def _accepted(gap: dict, texts: Mapping[str, dict]) -> AcceptedTexts | AcceptedOptions | AcceptedFigures:
    if gap["kind"] == "number":
        return AcceptedFigures.of(gap["answers"])
    if gap["kind"] == "choice":
        return AcceptedOptions({option["key"]: Fraction(option["fraction"]) for option in gap["options"]})
    return AcceptedTexts.of(gap, [each for words in texts.values() for each in words["gaps"][gap["key"]]["accepted"]])


def _check_gap(gap: dict) -> None:
    if gap.get("kind") == "text":
        check_parts(gap, {"key", "kind", "points", *RULES})
        check_rules(gap)
    elif gap.get("kind") == "choice":
        check_parts(gap, {"key", "kind", "points", "options"})
        check_keys(gap["options"], least=2)
        for option in gap["options"]:
            check_parts(option, {"key", "fraction"})
        check_earnable([option["fraction"] for option in gap["options"]])
    elif gap.get("kind") == "number":
        check_parts(gap, {"key", "kind", "points", "answers"})
        check_figures(gap["answers"])
    else:
        raise WrongItem("a gap is of no kind")
    if not check_decimal(gap["points"], 0, 1000):
        raise WrongItem("a gap earns nothing")


def _check_words(language: str, gap: dict, said: Any) -> None:
    if gap["kind"] == "text":
        check_parts(said, {"accepted"})
        check_accepted(language, gap, said["accepted"])
    elif gap["kind"] == "number":
        check_parts(said, set(), {"feedback"})
        if "feedback" in said:
            check_feedback(language, said["feedback"], len(gap["answers"]))
    else:
        check_parts(said, {"options"})
        options = said["options"]
        if not isinstance(options, dict):
            raise WrongItem(f"its options in “{language}” are not told apart")
        for option in options.values():
            check_parts(option, {"text"}, {"feedback"})
            check_text(language, option.get("feedback", ""))
        check_said(
            language,
            {key: option["text"] for key, option in options.items()},
            {option["key"] for option in gap["options"]},
            apart=True,
        )
