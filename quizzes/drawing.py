"""Which items an attempt serves, and in which order: pure, and repeatable from its seed."""

import random
from collections.abc import Mapping, Sequence

from quizzes.kinds.contract import Kind


def draw(pool: Sequence[int], times_seen: Mapping[int, int], count: int, seed: int) -> list[int]:
    """Draw `count` items of the pool, those the learner has seen least often first, in random order within that.

    The same seed draws the same items, so that an auditor can repeat the draw. Raises ValueError when the pool is
    smaller than the draw: such a quiz must not have been released.
    """
    if count > len(pool):
        raise ValueError(f"{count} items to draw from a pool of {len(pool)}")
    source = random.Random(seed)  # noqa: S311 - must be repeatable, and the seed is random
    shuffled = sorted(pool)
    source.shuffle(shuffled)
    drawn = sorted(shuffled, key=lambda item: times_seen.get(item, 0))[:count]
    source.shuffle(drawn)
    return drawn


def arrange(kind: Kind, structure: dict, seed: int, item: int) -> dict:
    """The order in which this attempt shows what an item may shuffle; the keys are the same in all languages."""
    return kind.arrange(structure, random.Random(seed * 1_000_003 + item))  # noqa: S311
