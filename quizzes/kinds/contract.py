"""What every kind of item can do. Pure: plain data in, plain data out; no ORM, no clock, no request.

Four things describe an item, and who may see them differs:

- its *structure*, shared by all languages: options, fractions, ratings, tolerances. Most of it is the key;
- its *words* in each language: the stem, what the options say, and, where an answer is written, the accepted answers;
- the *arrangement* of one attempt: the order in which this learner is shown the options, frozen when it starts;
- the *answer*: what the learner gave, in the item's own keys, so that it means the same in every language.

A browser gets what `shown` returns and nothing else. Its form sends positions within the arrangement, never an
item's own keys: an author who always writes the best option first would otherwise have written the key into the page.
"""

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

NOTHING = Fraction(0)
EVERYTHING = Fraction(1)

# What no database keeps as text: U+0000, and halves of a pair of surrogates.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Of a line that is typed: a word, a name, a number with its unit.
LONGEST_LINE = 1_000
# Arrangements in which a corrected item is compared with what it was.
SHUFFLES = 3


class WrongItem(ValueError):
    """An item, bank or quiz that could not be sat or graded; the message says which and why."""


class MalformedAnswer(Exception):
    """A form that this question cannot have sent. Nothing of it may be saved."""


class Outcome(StrEnum):
    """How an answer fared, for the review. `AWAITED` waits for a marker."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    OPEN = "open"
    AWAITED = "awaited"


@dataclass(frozen=True)
class ItemJudgement:
    """One item's share: a fraction of its points, from 0 to 1 and exact, so that three thirds are one."""

    fraction: Fraction
    outcome: Outcome
    bright_line: bool = False

    @classmethod
    def of(cls, fraction: Fraction, bright_line: bool = False) -> "ItemJudgement":
        """A judgement of the credit as it was added up: less than nothing is nothing, more than all is all."""
        kept = min(max(fraction, NOTHING), EVERYTHING)
        outcome = Outcome.RIGHT if kept == EVERYTHING else Outcome.PARTLY if kept else Outcome.WRONG
        return cls(kept, outcome, bright_line)


UNANSWERED = ItemJudgement(NOTHING, Outcome.OPEN)
FOR_A_MARKER = ItemJudgement(NOTHING, Outcome.AWAITED)


class ItemKey(ABC):
    """What the grader knows of an item version, made once of its structure and of its words in all languages."""

    @abstractmethod
    def judge(self, answer: dict | None) -> ItemJudgement:
        """Judge an answer that `Kind.read` made; None is a question left open, which earns and breaches nothing.

        Raises ValueError on an answer that the item cannot have been given: such a one must not have been saved.
        """


class Fields:
    """The fields of one question in a form that may hold several: `q3`, `q3-1`, … for the third."""

    def __init__(self, lists: Mapping[str, list[str]], name: str):
        self._lists = lists
        self._name = name

    def all(self, part: str = "") -> list[str]:
        """The values of a field that may be sent several times; of the whole question without `part`."""
        values = self._lists.get(f"{self._name}-{part}" if part else self._name) or []
        return [value for value in values if value != ""]

    def one(self, part: str = "") -> str:
        """The only value of a field, or an empty text. Raises MalformedAnswer for several."""
        values = self.all(part)
        if len(values) > 1:
            raise MalformedAnswer("a field was sent more than once")
        return values[0] if values else ""

    def written(self, part: str = "", longest: int = LONGEST_LINE) -> str:
        """What was typed into a field, as it was typed; nothing but white space is an empty text.

        Raises MalformedAnswer for what is longer than the field takes, and for what no database keeps.
        """
        text = self.one(part).replace("\r\n", "\n")
        if len(text) > longest or UNSTORABLE.search(text):
            raise MalformedAnswer("a text that was not typed into this field")
        return text if text.strip() else ""


def place(sent: str, last: int) -> int:
    """A number from 1 to `last` that a form has sent. Raises MalformedAnswer for anything else."""
    if not sent.isascii() or not sent.isdigit() or len(sent) > len(str(last)) or not 1 <= int(sent) <= last:
        raise MalformedAnswer("a position that was not shown")
    return int(sent)


def at(position: str, keys: list[str]) -> str:
    """The key at a position (from 1) that a form has sent. Raises MalformedAnswer for one that was not shown."""
    return keys[place(position, len(keys)) - 1]


class Kind(ABC):
    """One kind of item. `name` is what `ItemVersion.kind` holds."""

    name: str
    # Whether a form without an answer takes back the answer given before. A radio button cannot be let go of, so an
    # empty form of one says nothing.
    can_be_emptied = False
    # Whether answers wait for people, who mark them along the item's rubric.
    is_marked_by_people = False

    @abstractmethod
    def check(self, structure: dict, texts: Mapping[str, dict]) -> None:
        """Check that an item could be served and graded in every language it has. Raises WrongItem.

        Data come from files that strangers wrote: nothing may be taken for granted, not even the types.
        """

    def option_keys(self, structure: dict) -> list[str]:
        """What can be chosen, in the order of the structure; nothing where an answer is no choice among options."""
        return []

    def chosen(self, answer: dict | None) -> set[str]:
        """Which options an answer chose."""
        return set()

    @abstractmethod
    def arrange(self, structure: dict, source: random.Random) -> dict:
        """The order in which one attempt shows what may be shuffled, in the item's keys; `{}` where nothing may be."""

    @abstractmethod
    def read(self, structure: dict, arrangement: dict, fields: Fields) -> dict | None:
        """The answer that a form holds, or None for a question left open. Raises MalformedAnswer."""

    @abstractmethod
    def shown(self, structure: dict, arrangement: dict, words: dict, answer: dict | None) -> dict:
        """What the page of the question needs: texts in the order of the arrangement, with what is answered already.

        It must come out the same for two items that differ only in keys, ratings, consequences or accepted answers.
        A `part` in it is what a field's name has after the question's, and a `value` what the field then says.
        """

    @abstractmethod
    def reviewed(
        self,
        structure: dict,
        arrangement: dict,
        words: dict,
        answer: dict | None,
        *,
        key: ItemKey,
        tell_key: bool,
    ) -> dict:
        """What the review shows after the grade: the answer with its feedback; and only where the policy tells the key
        (`tell_key`), what was right, and the rationale that works it out.

        `key` is the item's own in all its languages: what was typed in another language than that of `words` is as
        right here as it was when it was graded.
        """

    def check_new_key(
        self,
        structure: dict,
        texts: Mapping[str, dict],
        new_structure: dict,
        new_texts: Mapping[str, dict],
    ) -> None:
        """Check that a published item and its corrected self differ in nothing that a learner was asked or could
        answer, in any language: only in what the grader and the review know. Raises WrongItem.

        The proof is what `shown` promises: it gives out nothing of the key. Two items that are shown alike, in
        arrangements that come out alike, and in which every field means the same answer, differ in the key alone.
        """
        self.check(new_structure, new_texts)
        if set(new_texts) != set(texts):
            raise WrongItem("the corrected item has words in other languages")
        for seed in range(SHUFFLES):
            arrangement = self.arrange(structure, random.Random(seed))  # noqa: S311 - nothing secret is drawn
            if self.arrange(new_structure, random.Random(seed)) != arrangement:  # noqa: S311
                raise WrongItem("the corrected item has other parts to choose from")
            for language, words in texts.items():
                before = self.shown(structure, arrangement, words, None)
                if self.shown(new_structure, arrangement, new_texts[language], None) != before:
                    raise WrongItem(f"in “{language}” the corrected item asks something else")
                for form in _forms(before):
                    if self._means(structure, arrangement, form) != self._means(new_structure, arrangement, form):
                        raise WrongItem("the corrected item's parts have other keys")

    def _means(self, structure: dict, arrangement: dict, form: Mapping[str, list[str]]) -> dict | None:
        try:
            return self.read(structure, arrangement, Fields(form, "q"))
        except MalformedAnswer:
            return None

    @abstractmethod
    def key(self, structure: dict, texts: Mapping[str, dict]) -> ItemKey:
        """What the grader needs. An answer written in one language counts in all: accepted answers are joined."""


def _forms(shown: dict) -> list[dict[str, list[str]]]:
    """Forms of a shown question, each with one of its fields filled in one way."""
    values: dict[str, list[str]] = {}
    _gather(shown, "", values)
    return [
        {f"q-{part}" if part else "q": [value]}
        for part, offered in values.items()
        # A field that offers nothing is written into.
        for value in offered or ["1"]
    ]


def _gather(shown: Any, part: str, values: dict[str, list[str]]) -> None:
    if isinstance(shown, dict):
        part = shown.get("part", part)
        if "part" in shown:
            values.setdefault(part, [])
        if "value" in shown:
            values.setdefault(part, []).append(shown["value"])
        for each in shown.values():
            _gather(each, part, values)
    elif isinstance(shown, list):
        for each in shown:
            _gather(each, part, values)
