"""What is published must not let anybody work out a figure of fewer than five people."""

from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.suppression import MINIMUM, hidden

sizes_of_runs = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda run: {s: {s * 10 + g: people for g, people in enumerate(groups)} for s, groups in enumerate(run)}
)


def published(sizes, result):
    """The groups that each published figure counts. Where nobody was graded everyone can see that."""
    inhabited = {group for cells in sizes.values() for group, people in cells.items() if people}
    for cells in sizes.values():
        yield from ({group} for group in cells if group in inhabited - result.groups)
    yield from (inhabited.intersection(cells) for section, cells in sizes.items() if section not in result.sections)
    if not result.whole:
        yield inhabited


def can_be_worked_out(wanted, figures, groups):
    """Whether a sum over groups is a combination of published sums: by elimination, exactly."""
    rows = [[Fraction(group in figure) for group in groups] for figure in figures]
    target = [Fraction(group in wanted) for group in groups]
    for column in range(len(groups)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        target = [a - target[column] * b for a, b in zip(target, pivot, strict=True)]
    return not any(target)


@settings(max_examples=250, deadline=None)
@given(sizes_of_runs)
def test_no_figure_of_fewer_than_five_can_be_worked_out(sizes):
    people = {group: count for cells in sizes.values() for group, count in cells.items() if count}
    groups = sorted(people)
    figures = list(published(sizes, hidden(sizes)))
    for few in chain.from_iterable(combinations(groups, length) for length in range(1, len(groups) + 1)):
        if sum(people[group] for group in few) < MINIMUM:
            assert not can_be_worked_out(set(few), figures, groups)


@given(sizes_of_runs)
def test_where_enough_people_are_everywhere_nothing_is_hidden(sizes):
    sizes = {section: {group: people + MINIMUM for group, people in cells.items()} for section, cells in sizes.items()}
    result = hidden(sizes)
    assert not result.groups
    assert not result.sections
    assert not result.whole


def test_a_small_group_hides_its_smallest_neighbour_too():
    result = hidden({1: {11: 3, 12: 20, 13: 8}, 2: {21: 9}})
    assert result.groups == {11, 13}
    assert not result.sections
    assert not result.whole


def test_two_small_groups_that_are_enough_together_hide_nobody_else():
    assert hidden({1: {11: 3, 12: 4, 13: 8}}).groups == {11, 12}


def test_a_small_section_hides_the_total_of_another_and_one_of_its_groups():
    result = hidden({1: {11: 3}, 2: {21: 9, 22: 7}, 3: {31: 30}})
    assert result.sections == {1, 2}
    assert result.groups == {11, 22}
    assert not result.whole


@pytest.mark.parametrize("people", [1, MINIMUM - 1])
def test_a_run_of_fewer_than_five_shows_nothing(people):
    result = hidden({1: {11: people}, 2: {21: 0}})
    assert result.whole
    assert result.sections == {1, 2}


def test_a_group_in_which_nobody_was_graded_is_not_hidden():
    result = hidden({1: {11: 0, 12: 9}})
    assert not result.groups
