"""Where the lines of the completions plot run. Pure geometry on a field of 1,000 by 100, zero at the bottom.

The field is stretched to the page, so that texts stand outside it, at percentages of its width and height. From right
to left, time runs from right to left too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 100


@dataclass(frozen=True)
class Field:
    """A field for so many weeks and values up to a top, drawn in the direction of the reader's writing."""

    weeks: int
    top: int
    right_to_left: bool

    def across(self, week: float) -> float:
        """The share of the width, from the left, at which a number of weeks has gone by."""
        share = week / self.weeks
        return 1 - share if self.right_to_left else share

    def down(self, value: float) -> float:
        """The share of the height, from the top, of a value."""
        return 1 - value / self.top

    def line(self, values: Sequence[int]) -> str:
        """A path from nothing at the start through each week's value."""
        return "M" + " L".join(self._point(week, value) for week, value in enumerate([0, *values]))

    def steps(self, values: Sequence[int]) -> str:
        """A path that holds its height through the week and rises at its end."""
        path = ["M" + self._point(0, 0)]
        before = 0
        for week, value in enumerate(values, start=1):
            path.append(self._point(week, before))
            if value != before:
                path.append(self._point(week, value))
            before = value
        return " L".join(path)

    def _point(self, week: int, value: int) -> str:
        return f"{self.across(week) * WIDTH:.1f} {self.down(value) * HEIGHT:.2f}"


def round_steps(top: int, at_most: int = 3) -> list[int]:
    """Round values above zero and up to the top for the lines of a grid: 500 and 1,000 for 1,210."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            if top // step <= at_most:
                return list(range(step, top + 1, step))
        size *= 10


def spread(weeks: int, at_most: int = 3) -> list[int]:
    """Weeks to name on the axis, the first and the last among them, evenly spread."""
    parts = min(weeks, at_most)
    return [round(weeks * part / parts) for part in range(parts + 1)]
