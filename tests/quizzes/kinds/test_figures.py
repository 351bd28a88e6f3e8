"""How typed numbers are read, with and without units."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds.contract import WrongItem
from quizzes.kinds.figures import AcceptedFigures, Units, check_unit, readings

KILOGRAMS = [{"unit": "kg", "factor": "1"}, {"unit": "g", "factor": "0.001"}, {"unit": "t", "factor": "1000"}]


def read(text):
    return {Decimal(value.numerator) / Decimal(value.denominator) for value in readings(text)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", "12.5"),  # German, French
        ("12.5", "12.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),  # as French typography parts thousands
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1'234.5", "1234.5"),  # Swiss
        ("1’234.5", "1234.5"),
        ("12,34,567", "1234567"),  # Indian
        ("1.234.567", "1234567"),
        ("١٢٫٥", "12.5"),
        ("۱۲٫۵", "12.5"),
        ("١٬٢٣٤٫٥", "1234.5"),
        ("١٢،٥", "12.5"),
        ("\u200f-١٢٫٥", "-12.5"),  # with a mark of direction before it
        ("१२.५", "12.5"),
        ("1e3", "1000"),
        ("1,5E-2", "0.015"),
        ("1.2 × 10³", "1200"),
        ("1,2*10^3", "1200"),
        ("−5", "-5"),
        ("– 5", "-5"),
        ("+5", "5"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("5.", "5"),
        ("0,125", "0.125"),  # no group of thousands begins with nothing
        ("1,2345", "1.2345"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_in_every_notation(text, value):
    assert read(text) == {Decimal(value)}


@pytest.mark.parametrize(("text", "values"), [("1,234", ["1.234", "1234"]), ("12.500", ["12.5", "12500"])])
def test_what_can_be_read_in_two_ways_is(text, values):
    assert read(text) == set(map(Decimal, values))


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "e3", "12 5", "1,23,4", "1.2.3", "12 kg", "twelve", "1/2", "--5", "NaN", "1e999", "½", "1" * 1001],
)
def test_what_is_no_number_is_read_as_none(text):
    assert read(text) == set()


@given(
    st.decimals(-(10**9), 10**9, places=3),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ",")]),
)
def test_a_number_written_in_any_country_is_among_its_readings(value, marks):
    group, decimal = marks
    text = f"{value:,}".replace(",", "G").replace(".", "D").replace("G", group).replace("D", decimal)
    assert Fraction(value) in readings(text)


@given(st.text())
def test_any_text_is_read_without_an_error_and_in_two_ways_at_most(text):
    assert len(readings(text)) <= 2


def quantities(text, units=KILOGRAMS, *, bare=True):
    return Units.of(units, bare).readings(text)


@pytest.mark.parametrize(
    "text", ["2,5 kg", "2.5kg", "2500 g", "2 500 g", "0,0025 t", "kg 2.5", "2,5 KG", "٢٫٥ kg", "2.5 kg.", "2,5"]
)
def test_a_unit_stands_before_or_after_its_number(text):
    assert Fraction("2.5") in quantities(text)


@pytest.mark.parametrize("text", ["2.5 lb", "kg", "2.5 k g", "2.5 kg kg", "kg 2.5 kg"])
def test_an_unknown_unit_is_none(text):
    assert quantities(text) == set()


def test_a_number_without_its_unit_counts_where_the_unit_is_optional():
    assert quantities("2.5", bare=True) == {Fraction("2.5")}
    assert quantities("2.5", bare=False) == set()


def test_case_counts_where_it_tells_units_apart():
    watts = [{"unit": "mW", "factor": "0.001"}, {"unit": "MW", "factor": "1000000"}, {"unit": "W", "factor": "1"}]
    assert quantities("5 mW", watts) == {Fraction("0.005")}
    assert quantities("5 MW", watts) == {Fraction(5_000_000)}
    assert quantities("5 w", watts) == {Fraction(5)}


@pytest.mark.parametrize(
    ("unit", "text"),
    [("m²", "12 m2"), ("m2", "12 m²"), ("m²", "12 m^2"), ("€", "€12"), ("€", "€ 12"), ("%", "12٪"), ("كغ", "١٢ كغ")],
)
def test_units_have_more_than_one_spelling(unit, text):
    assert quantities(text, [{"unit": unit, "factor": "1"}]) == {Fraction(12)}


@pytest.mark.parametrize("text", ["-€5", "€-5", "- 5 €", "−5€"])
def test_a_sign_stands_before_the_number_or_its_unit(text):
    assert quantities(text, [{"unit": "€", "factor": "1"}]) == {Fraction(-5)}


def test_there_is_one_sign_at_most():
    assert quantities("-€-5", [{"unit": "€", "factor": "1"}]) == set()


@pytest.mark.parametrize("unit", ["", " ", "5", "3kg", "-", ".", "'", "\u200b", 5, None, "x" * 21])
def test_what_could_be_part_of_a_number_is_no_unit(unit):
    with pytest.raises(WrongItem):
        check_unit(unit)


def accepted(*answers):
    return AcceptedFigures.of(
        [dict(zip(("value", "tolerance", "fraction"), answer, strict=True)) for answer in answers]
    )


@pytest.mark.parametrize(
    ("text", "fraction"), [("0.3", 1), ("0.2", 1), ("0.4", 1), ("0.19999999999999999", 0), ("0.40000000000000001", 0)]
)
def test_who_is_at_the_edge_of_the_tolerance_is_within_it(text, fraction):
    """In binary, 0.3 + 0.1 is another number than 0.4."""
    assert accepted(("0.3", "0.1", "1")).credit(text) == fraction


def test_the_reading_that_is_right_counts():
    assert accepted(("1234", "0", "1")).credit("1,234") == 1
    assert accepted(("1.234", "0", "1")).credit("1,234") == 1
    assert accepted(("1234", "0", "-1"), ("7", "0", "1")).credit("1,234") == 0


def test_the_best_answer_that_is_near_enough_counts():
    figures = accepted(("10", "5", "0.5"), ("10", "1", "1"), ("12", "0", "-1"))
    assert [figures.credit(text) for text in ("10", "13", "12", "20")] == [1, Fraction(1, 2), Fraction(1, 2), 0]
    assert [figures.best(text) for text in ("10", "13", "20")] == [1, 0, None]
