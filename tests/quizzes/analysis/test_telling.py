"""Which languages' figures may be told, and how a curve is drawn."""

import pytest

from quizzes.analysis import statistics
from quizzes.analysis.telling import LEAST, curve, tellable


def test_the_least_number_is_that_of_shares():
    assert LEAST == statistics.LEAST_FOR_SHARES


@pytest.mark.parametrize(
    ("sizes", "together", "told"),
    [
        ({"en": 100, "fr": 50}, 150, {"en", "fr"}),
        ({"en": 100, "fr": 29}, 129, set()),
        ({"en": 100, "fr": 50, "ar": 2}, 152, {"en"}),
        ({"en": 100, "fr": 50, "ar": 20, "es": 10}, 180, {"en", "fr"}),
        # Whoever changed the language counts among all and in none.
        ({"en": 100, "fr": 50}, 151, {"en"}),
        ({"en": 100, "fr": 50}, 180, {"en", "fr"}),
        ({}, 0, set()),
        ({"en": 10}, 10, set()),
    ],
)
def test_nothing_of_a_few_can_be_told_from_the_difference(sizes, together, told):
    assert tellable(sizes, together) == told


def test_a_curve_rises_from_the_weakest_to_the_strongest():
    assert curve((0, 0.25, 0.5, 0.755, 1)) == "M0 100.0L25 75.0L50 50.0L75 24.5L100 0.0"
