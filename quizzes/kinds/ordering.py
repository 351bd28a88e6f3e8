"""Items that are answered by putting things in order.

Structure: `{"shape": 2, "elements": ["e1", "e2", …], "credit": "pairs" | "whole"}`, the elements in the right order.
With `pairs`, each pair that stands in the right order earns its share and each that stands the wrong way round costs
it (Kendall's tau, never below nothing); a pair of which one is not placed does neither. With `whole` it is all or
nothing.

Words: `{"shape": 2, "stem": …, "elements": {"e1": …}, "feedback": {"right": …, "partly": …, "wrong": …}?}`. Answer:
`{"shape": 1, "order": ["e2", "e1"]}`. Elements to which the learner gave no place are missing from it.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from quizzes.kinds.contract import (
    EVERYTHING,
    NOTHING,
    UNANSWERED,
    ItemJudgement,
    ItemKey,
    Kind,
    Outcome,
    WrongItem,
    place,
)
from quizzes.kinds.shapes import asked, check_key_list, check_parts, check_said, check_text, check_texts, explained

FEEDBACK = {Outcome.RIGHT, Outcome.PARTLY, Outcome.WRONG}


@dataclass(frozen=True)
class OrderingKey(ItemKey):
    """The right order, and whether only the whole of it earns."""

    order: tuple[str, ...]
    whole: bool

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        given = answer["order"]
        if len(set(given)) != len(given) or not set(given) <= set(self.order):
            raise ValueError("elements in the order were not served")
        if self.whole:
            return ItemJudgement.of(EVERYTHING if tuple(given) == self.order else NOTHING)
        right = {element: number for number, element in enumerate(self.order)}
        surplus = sum(1 if right[first] < right[second] else -1 for first, second in combinations(given, 2))
        pairs = len(self.order) * (len(self.order) - 1) // 2
        return ItemJudgement.of(Fraction(surplus, pairs))


class Ordering(Kind):
    name = "ordering"
    can_be_emptied = True

    def check(self, structure, texts):
        check_parts(structure, {"shape", "elements", "credit"}, shape=2)
        if structure["credit"] not in ("pairs", "whole"):
            raise WrongItem("how its order earns is not said")
        keys = check_key_list(structure["elements"], least=2)
        check_texts(texts, {"elements", "feedback"})
        for language, words in texts.items():
            check_said(language, words.get("elements"), keys, apart=True)
            feedback = words.get("feedback", {})
            check_parts(feedback, set(), FEEDBACK)
            for text in feedback.values():
                check_text(language, text)

    def arrange(self, structure, source):
        """Shuffled from the order of the keys; it may come out right by chance, or not being right would tell."""
        keys = sorted(structure["elements"])
        source.shuffle(keys)
        return {"elements": keys}

    def read(self, structure, arrangement, fields):
        """Each element's field says its place. Two in one place stand as they were shown."""
        served = arrangement["elements"]
        places = {}
        for number, element in enumerate(served, start=1):
            if sent := fields.one(str(number)):
                places[element] = place(sent, len(served))
        return {"shape": 1, "order": sorted(places, key=places.__getitem__)} if places else None

    def shown(self, structure, arrangement, words, answer):
        """The elements in the learner's order, those without a place after them."""
        served, given = arrangement["elements"], answer["order"] if answer else []
        return {
            **asked(words),
            "elements": [
                {
                    "part": str(served.index(element) + 1),
                    "text": words["elements"][element],
                    "place": given.index(element) + 1 if element in given else None,
                }
                for element in [*given, *(each for each in served if each not in given)]
            ],
        }

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        said = words["elements"]
        return {
            **explained(words, tell_key),
            "order": [said[element] for element in answer["order"]] if answer else [],
            "right": [said[element] for element in structure["elements"]] if tell_key else [],
            "feedback": words.get("feedback", {}).get(key.judge(answer).outcome, ""),
        }

    def key(self, structure, texts):
        return OrderingKey(tuple(structure["elements"]), structure["credit"] == "whole")
