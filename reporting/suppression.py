"""Which figures about scores stay hidden, so that nobody's result can be read off or worked out (rule 8). Pure.

A figure is published for groups, for sections and for the whole. Hiding a group of three helps nothing if its section
has one other group: the section's total less that group is the hidden one. What a reader can work out of the published
figures are the sums over the hidden groups of each published section, and over the hidden groups of all hidden
sections. Each of these remainders must therefore be empty or hold at least the minimum of people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# People behind a published figure, at the least.
MINIMUM = 5


@dataclass(frozen=True)
class Hidden:
    """The cells to hide. A cell without anybody in it is not hidden: it says that there is nobody."""

    groups: frozenset[int]
    sections: frozenset[int]
    whole: bool


def hidden(sizes: Mapping[int, Mapping[int, int]], minimum: int = MINIMUM) -> Hidden:
    """What to hide, given the people behind each group's figure, by section and group. The smallest are taken."""
    groups: set[int] = set()
    sections: set[int] = set()
    for section, cells in sizes.items():
        groups |= {group for group, people in cells.items() if 0 < people < minimum}
        if 0 < sum(cells.values()) < minimum:
            sections.add(section)
        else:
            _cover(cells, groups, minimum)
    total = sum(sum(cells.values()) for cells in sizes.values())
    if 0 < total < minimum:
        return Hidden(frozenset(groups), frozenset(sizes), whole=True)
    while 0 < _remainder(sizes, sections, groups) < minimum:
        section = min(
            (number for number in sizes if number not in sections and any(sizes[number].values())),
            key=lambda number: (sum(sizes[number].values()), number),
        )
        sections.add(section)
        if not groups.intersection(_inhabited(sizes[section])):
            groups.add(_smallest(sizes[section], groups))
    return Hidden(frozenset(groups), frozenset(sections), whole=False)


def _cover(cells: Mapping[int, int], groups: set[int], minimum: int) -> None:
    """Hide further groups of a published section until the hidden ones together are enough people."""
    while 0 < sum(people for group, people in cells.items() if group in groups) < minimum:
        groups.add(_smallest(cells, groups))


def _smallest(cells: Mapping[int, int], groups: set[int]) -> int:
    return min((group for group in _inhabited(cells) if group not in groups), key=lambda group: (cells[group], group))


def _inhabited(cells: Mapping[int, int]) -> list[int]:
    return [group for group, people in cells.items() if people]


def _remainder(sizes: Mapping[int, Mapping[int, int]], sections: set[int], groups: set[int]) -> int:
    """The people in hidden groups of hidden sections: the whole less everything published."""
    return sum(people for section in sections for group, people in sizes[section].items() if group in groups)
