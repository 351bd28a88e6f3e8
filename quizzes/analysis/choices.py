"""What was chosen, as a set of options in 32 bits: bit 0 for the first option of the item's structure, and so on.

The top bit says that the item was served and left unanswered. An answer without options (a number, a text) has none.
"""

from collections.abc import Iterable

MOST_OPTIONS = 31
UNANSWERED = 1 << MOST_OPTIONS


def chosen(options: Iterable[int]) -> int:
    """The set of the chosen options, given as their places from 0 in the order of the item's structure.

    Raises ValueError for a place that the set cannot hold.
    """
    bits = 0
    for place in options:
        if not 0 <= place < MOST_OPTIONS:
            raise ValueError(f"option {place} is not among the first {MOST_OPTIONS}")
        bits |= 1 << place
    return bits
