"""How a scenario quiz is judged: pure functions of the frozen items and the answers. No ORM, no clock.

Rule 2 of the domain: 80 per cent passes unless the rules say otherwise, and choosing a bright-line breach fails the
attempt whatever the score. The points of each rating are our default (docs/decisions/0006-scenario-scoring.md): a
defensible answer that leaves something undone earns half; what puts an officer in danger earns nothing, and nothing
is ever subtracted, so that a score cannot fall below zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

# Stored with every grade. Raise it whenever the same answers could be judged differently.
GRADING_VERSION = 1


class Rating(StrEnum):
    """What an option is worth as conduct."""

    BEST = "best"
    ACCEPTABLE = "acceptable"
    RISKY = "risky"
    BREACH = "breach"


POINTS = {
    Rating.BEST: Decimal("1"),
    Rating.ACCEPTABLE: Decimal("0.5"),
    Rating.RISKY: Decimal("0"),
    Rating.BREACH: Decimal("0"),
}
POINTS_PER_ITEM = POINTS[Rating.BEST]


@dataclass(frozen=True)
class OptionKey:
    """What the server knows of an option and no browser does before the review."""

    key: str
    rating: Rating
    bright_line: bool = False


@dataclass(frozen=True)
class ItemKey:
    """The options of one served item, by their key."""

    options: Mapping[str, OptionKey]


@dataclass(frozen=True)
class ItemJudgement:
    """One item's share. `choice` is None where nothing was answered; it then earns nothing and breaches nothing."""

    choice: str | None
    rating: Rating | None
    points: Decimal
    bright_line: bool


@dataclass(frozen=True)
class Judgement:
    """A whole attempt. `score` is a percentage with one decimal, never rounded up across the pass mark."""

    items: tuple[ItemJudgement, ...]
    points: Decimal
    maximum: Decimal
    score: Decimal
    bright_line: bool
    passed: bool


def judge(items: Sequence[ItemKey], choices: Mapping[int, str], pass_mark: Decimal) -> Judgement:
    """Judge an attempt: `choices` maps an item's position (from 0) to the key of the option chosen.

    Whether the mark is reached is decided on the exact points; the rounded score is for reading only.
    Raises ValueError on a choice that was never served: such an answer must not have been saved.
    """
    unknown = set(choices) - set(range(len(items)))
    if unknown:
        raise ValueError(f"answers at positions that were not served: {sorted(unknown)}")
    judged = tuple(_judge_item(item, choices.get(position)) for position, item in enumerate(items))
    points = sum((item.points for item in judged), Decimal(0))
    maximum = POINTS_PER_ITEM * len(items)
    exact = points * 100 / maximum if maximum else Decimal(0)
    bright_line = any(item.bright_line for item in judged)
    reached = exact >= pass_mark
    return Judgement(
        items=judged,
        points=points,
        maximum=maximum,
        score=_readable(exact, pass_mark, reached),
        bright_line=bright_line,
        passed=reached and not bright_line and bool(items),
    )


def _judge_item(item: ItemKey, choice: str | None) -> ItemJudgement:
    if choice is None:
        return ItemJudgement(None, None, Decimal(0), False)
    if choice not in item.options:
        raise ValueError(f"option “{choice}” was not served")
    option = item.options[choice]
    return ItemJudgement(choice, option.rating, POINTS[option.rating], option.bright_line)


def _readable(exact: Decimal, pass_mark: Decimal, reached: bool) -> Decimal:
    """One decimal, and never a figure at the mark for an attempt that missed it by a hair."""
    rounded = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if not reached and rounded >= pass_mark:
        return pass_mark - Decimal("0.1")
    return rounded
