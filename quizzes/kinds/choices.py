"""Items that are answered by choosing among options: one, several, true or false, and the scenario.

Structures, shape 2:

- single and multiple choice: `{"shape": 2, "options": [{"key": "a", "fraction": "1"}, …], "shuffle": true}`. A
  fraction is a share of the item's points as a decimal text, from -1 to 1, as Moodle's banks have it; what is chosen
  is added up, and a sum below nothing is nothing. Single choice has at least one option of fraction 1; the positive
  fractions of multiple choice add up to 1 (to a thousandth, for thirds are written `0.33333`).
- true or false: `{"shape": 2, "correct": true}`. Its options are called `true` and `false`.
- scenario, shape 1: `{"shape": 1, "options": [{"key": "a", "rating": "best", "mechanism": null,
  "bright_line": false}]}`

Words, shape 2: `{"shape": 2, "stem": …, "options": {"a": {"text": …, "feedback": …}}}` and what all kinds may have
(quizzes.kinds.shapes); of a scenario, shape 1: `{"shape": 1, "stem": …, "options": {"a": {"text": …,
"consequence": …, "rationalisation": …?}}}`.

Answers: `{"shape": 1, "choice": "a"}`, or `{"shape": 1, "choices": ["a", "c"]}`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from quizzes.kinds.contract import (
    EVERYTHING,
    NOTHING,
    UNANSWERED,
    Fields,
    ItemJudgement,
    ItemKey,
    Kind,
    WrongItem,
    at,
)
from quizzes.kinds.shapes import (
    asked,
    check_earnable,
    check_flags,
    check_fraction,
    check_keys,
    check_parts,
    check_text,
    check_texts,
    explained,
)

# Thirds and sevenths are written with a few decimals; so near to a whole is meant to be the whole.
NEARLY = Fraction(1, 1000)


class Rating(StrEnum):
    """What an option of a scenario is worth as conduct."""

    BEST = "best"
    ACCEPTABLE = "acceptable"
    RISKY = "risky"
    BREACH = "breach"


# Our default (docs/decisions/0006-scenario-scoring.md): a defensible answer that leaves something undone earns half;
# what puts an officer in danger earns nothing, and nothing is ever subtracted.
CREDIT = {
    Rating.BEST: EVERYTHING,
    Rating.ACCEPTABLE: Fraction(1, 2),
    Rating.RISKY: NOTHING,
    Rating.BREACH: NOTHING,
}


# How good people talk themselves into it; models.Mechanism has their names for readers.
MECHANISMS = (
    "moral_justification",
    "euphemistic_labelling",
    "advantageous_comparison",
    "displacement_of_responsibility",
    "diffusion_of_responsibility",
    "minimising_consequences",
    "dehumanisation",
    "attribution_of_blame",
)


@dataclass(frozen=True)
class OneKey(ItemKey):
    """Credit by option, one of which may be chosen; and the options that cross a bright line."""

    credit: Mapping[str, Fraction]
    bright_lines: frozenset[str] = frozenset()

    @cached_property
    def _judged(self) -> dict[str, ItemJudgement]:
        return {key: ItemJudgement.of(credit, key in self.bright_lines) for key, credit in self.credit.items()}

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        choice = answer["choice"]
        if choice not in self._judged:
            raise ValueError(f"option “{choice}” was not served")
        return self._judged[choice]


@dataclass(frozen=True)
class SeveralKey(ItemKey):
    """Credit by option, any number of which may be chosen; what is chosen is added up."""

    credit: Mapping[str, Fraction]

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        unknown = set(answer["choices"]) - set(self.credit)
        if unknown:
            raise ValueError(f"options {sorted(unknown)} were not served")
        earned = sum((self.credit[choice] for choice in set(answer["choices"])), NOTHING)
        return ItemJudgement.of(EVERYTHING if abs(earned - EVERYTHING) <= NEARLY else earned)


class _Options(Kind):
    """What all kinds of choosing share."""

    several = False

    def option_keys(self, structure: dict) -> list[str]:
        return [option["key"] for option in structure["options"]]

    def arrange(self, structure, source):
        keys = self.option_keys(structure)
        if structure.get("shuffle", True):
            keys = sorted(keys)
            source.shuffle(keys)
        return {"options": keys}

    def _read_choices(self, arrangement: dict, fields: Fields) -> list[str]:
        return sorted({at(position, arrangement["options"]) for position in fields.all()})

    def read(self, structure, arrangement, fields):
        position = fields.one()
        return {"shape": 1, "choice": at(position, arrangement["options"])} if position else None

    def chosen(self, answer: dict | None) -> set[str]:
        if answer is None:
            return set()
        return set(answer["choices"]) if self.several else {answer["choice"]}

    def text_of(self, words: dict, key: str) -> str:
        return words["options"][key]["text"]

    def shown(self, structure, arrangement, words, answer):
        chosen = self.chosen(answer)
        return {
            **asked(words),
            "several": self.several,
            "options": [
                {"value": str(number), "text": self.text_of(words, key), "chosen": key in chosen}
                for number, key in enumerate(arrangement["options"], start=1)
            ],
        }

    def best(self, structure: dict) -> set[str]:
        """The options that earn everything together."""
        raise NotImplementedError

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        chosen, best = self.chosen(answer), self.best(structure) if tell_key else set()
        return {
            **explained(words, tell_key),
            "options": [
                {
                    "text": self.text_of(words, option),
                    "chosen": option in chosen,
                    "best": option in best,
                    # What an option that was not chosen would have brought is part of the key.
                    "feedback": self._feedback(words, option) if option in chosen else "",
                    "credited": option in chosen and key.credit[option] > NOTHING,
                }
                for option in arrangement["options"]
            ],
        }

    def _feedback(self, words: dict, key: str) -> str:
        return words["options"].get(key, {}).get("feedback", "")


class SingleChoice(_Options):
    name = "single_choice"

    def check(self, structure, texts):
        _check_weighed(structure, texts)
        check_earnable([option["fraction"] for option in structure["options"]])

    def best(self, structure):
        return {key for key, fraction in _credit(structure).items() if fraction == EVERYTHING}

    def key(self, structure, texts):
        return OneKey(_credit(structure))


class MultipleChoice(_Options):
    name = "multiple_choice"
    several = True
    can_be_emptied = True

    def check(self, structure, texts):
        _check_weighed(structure, texts)
        earned = sum((fraction for fraction in _credit(structure).values() if fraction > 0), NOTHING)
        if abs(earned - EVERYTHING) > NEARLY:
            raise WrongItem("its right options do not add up to all of its points")

    def read(self, structure, arrangement, fields):
        choices = self._read_choices(arrangement, fields)
        return {"shape": 1, "choices": choices} if choices else None

    def best(self, structure):
        return {key for key, fraction in _credit(structure).items() if fraction > 0}

    def key(self, structure, texts):
        return SeveralKey(_credit(structure))


class TrueFalse(_Options):
    """The two options have no words of their own: the page says “True” and “False” in the reader's language."""

    name = "true_false"

    def check(self, structure, texts):
        check_parts(structure, {"shape", "correct"}, shape=2)
        check_flags(structure, "correct")
        check_texts(texts, {"options"})
        for language, words in texts.items():
            _check_options(language, words.get("options", {}), {"feedback"})
            if not set(words.get("options", {})) <= {"true", "false"}:
                raise WrongItem(f"in “{language}” it has other options than true and false")

    def option_keys(self, structure):
        return ["true", "false"]

    def arrange(self, structure, source):
        return {"options": ["true", "false"]}

    def text_of(self, words, key):
        return key

    def _feedback(self, words, key):
        return words.get("options", {}).get(key, {}).get("feedback", "")

    def best(self, structure):
        return {"true" if structure["correct"] else "false"}

    def key(self, structure, texts):
        right = self.best(structure)
        return OneKey({key: EVERYTHING if key in right else NOTHING for key in ("true", "false")})


class Scenario(_Options):
    """A situation with ways to act in it, rated as conduct. Choosing a bright-line breach fails the attempt."""

    name = "scenario"

    def check(self, structure, texts):
        check_parts(structure, {"shape", "options"}, shape=1)
        keys = check_keys(structure["options"])
        for option in structure["options"]:
            check_parts(option, {"key", "rating", "mechanism", "bright_line"})
            if option["rating"] not in list(Rating):
                raise WrongItem("an option has an unknown rating")
            if option["mechanism"] not in (None, *MECHANISMS):
                raise WrongItem("an option names an unknown mechanism")
            if not isinstance(option["bright_line"], bool):
                raise WrongItem("an option's bright line is neither true nor false")
            if option["bright_line"] and option["rating"] != Rating.BREACH:
                raise WrongItem("a bright line stands on an option that is no breach")
        if [option["rating"] for option in structure["options"]].count(Rating.BEST) != 1:
            raise WrongItem("it needs exactly one best option")
        check_texts(texts, {"options"}, shape=1)
        for language, words in texts.items():
            if not isinstance(words.get("options"), dict) or set(words["options"]) != keys:
                raise WrongItem(f"its words in “{language}” do not fit its options")
            _check_options(language, words["options"], {"text", "consequence"}, {"rationalisation"})

    def best(self, structure):
        return {option["key"] for option in structure["options"] if option["rating"] == Rating.BEST}

    def key(self, structure, texts):
        options = structure["options"]
        return OneKey(
            {option["key"]: CREDIT[Rating(option["rating"])] for option in options},
            frozenset(option["key"] for option in options if option.get("bright_line")),
        )

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        """The chosen way with what came of it; the best one only where the key may be told."""
        choice = answer["choice"] if answer else None
        chosen = next((option for option in structure["options"] if option["key"] == choice), None)
        said = words["options"].get(choice, {})
        best = next(iter(self.best(structure)))
        return {
            **asked(words),
            "answer": said.get("text"),
            "consequence": said.get("consequence", ""),
            "rationalisation": said.get("rationalisation", ""),
            "rating": chosen["rating"] if chosen else None,
            "mechanism": chosen["mechanism"] if chosen else None,
            "bright_line": bool(chosen and chosen["bright_line"]),
            "best_answer": words["options"][best]["text"] if tell_key and best != choice else "",
        }


def _credit(structure: dict) -> dict[str, Fraction]:
    return {option["key"]: Fraction(option["fraction"]) for option in structure["options"]}


def _check_weighed(structure: dict, texts: Mapping[str, dict]) -> None:
    check_parts(structure, {"shape", "options", "shuffle"}, shape=2)
    check_flags(structure, "shuffle")
    keys = check_keys(structure["options"])
    for option in structure["options"]:
        check_parts(option, {"key", "fraction"})
        check_fraction(option["fraction"])
    check_texts(texts, {"options"})
    for language, words in texts.items():
        if not isinstance(words.get("options"), dict) or set(words["options"]) != keys:
            raise WrongItem(f"its words in “{language}” do not fit its options")
        _check_options(language, words["options"], {"text"}, {"feedback"})


def _check_options(language: str, options: Any, needed: set[str], more: Collection[str] = ()) -> None:
    if not isinstance(options, dict):
        raise WrongItem(f"its options in “{language}” are not told apart")
    for option in options.values():
        if not isinstance(option, dict) or not needed <= set(option) <= needed.union(more):
            raise WrongItem(f"an option in “{language}” lacks its words")
        for text in option.values():
            check_text(language, text)
