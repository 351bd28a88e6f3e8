"""How an attempt is judged: a pure function of the frozen items and the answers. No ORM, no clock.

Rule 2 of the domain: 80 per cent passes unless the rules say otherwise, and choosing a bright-line breach fails the
attempt whatever the score. How much of its point an answer earns is its item's kind's to say (quizzes.kinds); nothing
is ever subtracted from a whole item, so that a score cannot fall below zero. What a point of an item counts is its
section's weight (quizzes.blueprint).

An item that turned out to be wrong may be treated apart (docs/decisions/0029-regrading.md): dropped, it counts for
nothing at all, neither its point nor a bright line in it; credited, it earns its whole point whatever was answered,
and a bright line in it stays crossed, for points have never bought one back.

What no program reads is worth what people have marked (quizzes.marking); until they have, it is awaited.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from quizzes.kinds.contract import EVERYTHING, NOTHING, ItemJudgement, ItemKey, Outcome

# Stored with every grade. Raise it whenever the same answers could be judged differently.
GRADING_VERSION = 2

HUNDREDTH = Decimal("0.01")
TENTH = Decimal("0.1")


class Treatment(StrEnum):
    """What is done about an item whatever was answered."""

    DROPPED = "dropped"
    CREDITED = "credited"


@dataclass(frozen=True)
class Judgement:
    """A whole attempt; `items` are all that were served, the dropped ones too.

    `points` and `maximum` have two decimals; `score` is a percentage with one, never rounded up across the pass mark.
    `awaited` are the positions that people have yet to mark; while there are any, the sums are no result.
    """

    items: tuple[ItemJudgement, ...]
    points: Decimal
    maximum: Decimal
    score: Decimal
    bright_line: bool
    passed: bool
    awaited: tuple[int, ...] = ()


def judge(
    items: Sequence[ItemKey],
    answers: Mapping[int, dict | None],
    pass_mark: Decimal,
    treatments: Mapping[int, Treatment] | None = None,
    weights: Sequence[Fraction] | None = None,
    marked: Mapping[int, Fraction] | None = None,
) -> Judgement:
    """Judge an attempt: `answers` maps an item's position (from 0) to what was answered there, and `treatments` the
    positions of items that are treated apart. `weights` are above nothing, one for each item; without them all count
    alike. `marked` are the positions that people have marked, and the share of its point that each earned.

    Where nothing is left that counts, nothing was shown, and the attempt is not passed. Whether the mark is reached is
    decided on the exact points; the rounded score is for reading only. Raises ValueError on an answer that was never
    served, which must not have been saved, and where there are not as many weights as items.
    """
    unknown = set(answers) - set(range(len(items)))
    if unknown:
        raise ValueError(f"answers at positions that were not served: {sorted(unknown)}")
    treatments, marked = treatments or {}, marked or {}
    weights = weights or [EVERYTHING] * len(items)
    judged = tuple(
        _treated(as_marked(item.judge(answers.get(position)), marked.get(position)), treatments.get(position))
        for position, item in enumerate(items)
    )
    counting = [
        (item, weight)
        for position, (item, weight) in enumerate(zip(judged, weights, strict=True))
        if treatments.get(position) is not Treatment.DROPPED
    ]
    points = _exact_sum((item.fraction, weight) for item, weight in counting)
    maximum = _exact_sum((EVERYTHING, weight) for _item, weight in counting)
    exact = points * 100 / maximum if counting else NOTHING
    bright_line = any(item.bright_line for item, _weight in counting)
    reached = exact >= Fraction(pass_mark)
    return Judgement(
        items=judged,
        points=_decimal(points, HUNDREDTH),
        maximum=_decimal(maximum, HUNDREDTH),
        score=_readable(exact, pass_mark, reached),
        bright_line=bright_line,
        passed=reached and not bright_line and bool(counting),
        awaited=tuple(
            position
            for position, item in enumerate(judged)
            if item.outcome is Outcome.AWAITED and treatments.get(position) is not Treatment.DROPPED
        ),
    )


def _exact_sum(products: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """The sum of some products, over one denominator: `Fraction` itself looks for the smallest after each step."""
    parts = [(a.numerator * b.numerator, a.denominator * b.denominator) for a, b in products]
    whole = lcm(*(below for _above, below in parts))
    return Fraction(sum(above * (whole // below) for above, below in parts), whole)


def as_marked(judged: ItemJudgement, share: Fraction | None) -> ItemJudgement:
    """An item's judgement with what people have marked, where it waited for them and they have."""
    return judged if share is None or judged.outcome is not Outcome.AWAITED else ItemJudgement.of(share)


def _treated(judged: ItemJudgement, treatment: Treatment | None) -> ItemJudgement:
    if treatment is Treatment.CREDITED:
        return ItemJudgement(EVERYTHING, Outcome.RIGHT, judged.bright_line)
    return judged


def _readable(exact: Fraction, pass_mark: Decimal, reached: bool) -> Decimal:
    """One decimal, and never a figure at the mark for an attempt that missed it by a hair."""
    rounded = _decimal(exact, TENTH)
    if not reached and rounded >= pass_mark:
        return pass_mark - TENTH
    return rounded


def _decimal(exact: Fraction, step: Decimal) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(step, rounding=ROUND_HALF_UP)
