import statistics as reference
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.statistics import hours, median, rate, tenth

histograms = st.dictionaries(st.integers(0, 1000), st.integers(0, 6), max_size=8)


@given(histograms)
def test_the_median_is_that_of_the_values_written_out(histogram):
    values = [value for value, count in histogram.items() for _ in range(count)]
    expected = Decimal(str(reference.median(values))) if values else None
    assert median(histogram) == expected


def test_the_median_of_two_scores_is_half_way():
    assert median({Decimal("87.5"): 1, Decimal("62.5"): 1}) == 75


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(753, 1210, "62.2"), (457, 1210, "37.8"), (0, 5, "0.0"), (5, 5, "100.0"), (1, 8, "12.5"), (1, 16, "6.3")],
)
def test_a_rate_has_one_decimal_and_rounds_halves_up(part, whole, expected):
    assert str(rate(part, whole)) == expected


def test_of_nobody_there_is_no_rate():
    assert rate(0, 0) is None


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_rate_and_its_complement_make_a_hundred_to_a_tenth(numbers):
    part, whole = numbers
    assert abs(rate(part, whole) + rate(whole - part, whole) - 100) <= Decimal("0.1")


@given(st.integers(0, 100_000))
def test_hours_are_rounded_as_everywhere_else(minutes):
    assert hours(minutes) == str(tenth(Decimal(minutes) / 60))
