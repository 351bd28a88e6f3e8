"""Items that are answered with a number, perhaps with its unit.

Structure: `{"shape": 2, "answers": [{"value": "12.5", "tolerance": "0.1", "fraction": "1"}], "units": [{"unit": "kg",
"factor": "1"}, {"unit": "g", "factor": "0.001"}], "unit": "none" | "optional" | "required"}`. The answers' values are
in the unit of factor 1, and so is what is given without a unit where that is optional.

Words: `{"shape": 2, "stem": …, "feedback": [a text for each of the answers]?}`. Answer: `{"shape": 1, "text":
"12,5 kg"}`. How numbers are read stands in quizzes.kinds.figures.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from quizzes.kinds.contract import LONGEST_LINE, NOTHING, UNANSWERED, ItemJudgement, ItemKey, Kind, WrongItem
from quizzes.kinds.figures import (
    AcceptedFigures,
    Units,
    check_figures,
    check_unit,
    right_figures,
)
from quizzes.kinds.shapes import (
    MOST_PARTS,
    asked,
    check_decimal,
    check_feedback,
    check_parts,
    check_texts,
    explained,
)

DEMANDS = ("none", "optional", "required")


@dataclass(frozen=True)
class NumericalKey(ItemKey):
    """The accepted numbers, with their units."""

    accepted: AcceptedFigures

    def judge(self, answer):
        return UNANSWERED if answer is None else ItemJudgement.of(self.accepted.credit(answer["text"]))


class Numerical(Kind):
    name = "numerical"
    can_be_emptied = True

    def check(self, structure, texts):
        check_parts(structure, {"shape", "answers", "units", "unit"}, shape=2)
        check_figures(structure["answers"])
        if structure["unit"] not in DEMANDS:
            raise WrongItem("whether a unit is asked for is not said")
        check_units(structure["units"], asked_for=structure["unit"] != "none")
        check_texts(texts, {"feedback"})
        for language, words in texts.items():
            if "feedback" in words:
                check_feedback(language, words["feedback"], len(structure["answers"]))

    def arrange(self, structure, source):
        return {}

    def read(self, structure, arrangement, fields):
        text = fields.written()
        return {"shape": 1, "text": text} if text else None

    def shown(self, structure, arrangement, words, answer):
        """Whether a unit is asked for is told, and which units are known is not: choosing it is part of the answer."""
        return {
            **asked(words),
            "unit": structure["unit"],
            "text": answer["text"] if answer else "",
            "longest": LONGEST_LINE,
        }

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        best = key.accepted.best(answer["text"]) if answer else None
        return {
            **explained(words, tell_key),
            "text": answer["text"] if answer else "",
            "credited": key.judge(answer).fraction > NOTHING,
            "feedback": words["feedback"][best] if best is not None and "feedback" in words else "",
            "right": right_figures(structure["answers"]) if tell_key else [],
            "right_unit": _own_unit(structure) if tell_key else "",
        }

    def key(self, structure, texts):
        units = Units.of(structure["units"], bare=structure["unit"] != "required")
        return NumericalKey(AcceptedFigures.of(structure["answers"], units))


def _own_unit(structure: dict) -> str:
    return next((each["unit"] for each in structure["units"] if Fraction(each["factor"]) == 1), "")


def check_units(units: Any, *, asked_for: bool) -> None:
    if not isinstance(units, list) or len(units) > MOST_PARTS:
        raise WrongItem("its units are no list")
    for each in units:
        check_parts(each, {"unit", "factor"})
        check_unit(each["unit"])
        if not check_decimal(each["factor"], 0):
            raise WrongItem(f"a “{each['unit']}” is nothing")
    if len({each["unit"] for each in units}) != len(units):
        raise WrongItem("it has a unit twice")
    if bool(units) != asked_for:
        raise WrongItem("it has units that it does not ask for, or asks for one and has none")
    if units and 1 not in [Fraction(each["factor"]) for each in units]:
        raise WrongItem("no unit is the one of its answers: it has no factor of 1")
