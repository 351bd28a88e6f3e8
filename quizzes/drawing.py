"""Which items an attempt serves, and in which order: pure, and repeatable from its seed."""

import random
from collections.abc import Collection, Mapping, Sequence

from quizzes.blueprint import Section
from quizzes.kinds.contract import Kind


def draw(
    sections: Sequence[Section], times_seen: Mapping[int, int], seed: int, wordless: Collection[int] = frozenset()
) -> list[int]:
    """Draw each section's items, those the learner has seen least often first, in random order within that.

    Among items seen equally often, those in `wordless`, which have no words in the learner's language, come last. What
    was seen before comes later still: whoever could choose a language with few items would otherwise meet the same
    ones again and again.

    The sections follow one another, and each stands in random order unless it keeps the order of its pool. The same
    seed draws the same items, so that an auditor can repeat the draw. Raises ValueError when a pool is smaller than
    its draw: such a quiz must not have been released.
    """
    source = random.Random(seed)  # noqa: S311 - must be repeatable, and the seed is random
    return [item for section in sections for item in _of(section, times_seen, wordless, source)]


def _of(
    section: Section, times_seen: Mapping[int, int], wordless: Collection[int], source: random.Random
) -> list[int]:
    if section.draw > len(section.pool):
        raise ValueError(f"{section.draw} items to draw from a pool of {len(section.pool)}")
    shuffled = sorted(section.pool)
    source.shuffle(shuffled)
    drawn = sorted(shuffled, key=lambda item: (times_seen.get(item, 0), item in wordless))[: section.draw]
    if section.keeps_order:
        chosen = set(drawn)
        return [item for item in section.pool if item in chosen]
    source.shuffle(drawn)
    return drawn


def arrange(kind: Kind, structure: dict, seed: int, item: int) -> dict:
    """The order in which this attempt shows what an item may shuffle; the keys are the same in all languages."""
    return kind.arrange(structure, random.Random(seed * 1_000_003 + item))  # noqa: S311
