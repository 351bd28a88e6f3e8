"""Which languages' figures may be told beside those of everybody, and how an item's curve is drawn. Pure."""

from collections.abc import Mapping, Sequence

# As many as a share is told from (quizzes.analysis.statistics, which loads NumPy).
LEAST = 30

# The board of a curve: one unit for each per cent upwards, and as wide as its five points need.
WIDE, HIGH = 100, 100


def tellable(sizes: Mapping[str, int], together: int) -> set[str]:
    """The languages of which something may be told, where the figures of all `together` are told too.

    What everybody did less what the told languages did is what the others did. Where those are few, the smallest of
    the told ones is held back with them.
    """
    told = {code for code, size in sizes.items() if size >= LEAST}
    others = together - sum(sizes[code] for code in told)
    if told and 0 < others < LEAST:
        told.remove(min(told, key=lambda code: (sizes[code], code)))
    return told


def curve(fifths: Sequence[float]) -> str:
    """The path of a curve through the means of five fifths, the weakest first."""
    step = WIDE / (len(fifths) - 1)
    points = (f"{place * step:g} {HIGH - HIGH * mean:.1f}" for place, mean in enumerate(fifths))
    return "M" + "L".join(points)
