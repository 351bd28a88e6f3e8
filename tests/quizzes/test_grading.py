"""How an attempt is judged, whatever the answers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizzes.grading import Treatment, judge
from quizzes.kinds.choices import CREDIT, Rating, Scenario, SeveralKey
from quizzes.kinds.contract import FOR_A_MARKER, ItemKey, Outcome
from tests.factories.quizzes import choice

ORDER = [Rating.BREACH, Rating.RISKY, Rating.ACCEPTABLE, Rating.BEST]
PASS_MARK = Decimal(80)


def item(*ratings, bright_line=False):
    """An item with one option for each rating; `bright_line` makes its breaches cross one."""
    options = [
        {"key": f"o{place}", "rating": rating, "bright_line": bright_line and rating == Rating.BREACH}
        for place, rating in enumerate(ratings)
    ]
    return Scenario().key({"options": options}, {})


FOUR = item(*ORDER, bright_line=True)
CHOICES = st.sampled_from([None, "o0", "o1", "o2", "o3"])
QUIET = item(*ORDER)
pass_marks = st.decimals(min_value=1, max_value=100, places=1)


def judged(keys, choices, pass_mark=PASS_MARK):
    return judge(keys, {place: choice(key) for place, key in enumerate(choices) if key}, pass_mark)


@given(st.lists(CHOICES, max_size=30), pass_marks)
def test_a_score_is_never_below_0_nor_above_100(choices, pass_mark):
    result = judged([FOUR] * len(choices), choices, pass_mark)
    assert 0 <= result.score <= 100
    assert 0 <= result.points <= result.maximum


@given(st.lists(st.tuples(st.sampled_from([FOUR, QUIET, item(Rating.BEST, Rating.BREACH)]), CHOICES)), st.randoms())
def test_the_order_of_the_items_changes_nothing(pairs, source):
    pairs = [(key, choice if choice in key.credit else None) for key, choice in pairs]
    mixed = list(pairs)
    source.shuffle(mixed)
    before = judged([key for key, _ in pairs], [choice for _, choice in pairs])
    after = judged([key for key, _ in mixed], [choice for _, choice in mixed])
    assert (before.score, before.passed, before.bright_line) == (after.score, after.passed, after.bright_line)


@given(st.lists(CHOICES, min_size=1, max_size=20), st.data())
def test_a_better_choice_never_lowers_the_score_nor_turns_a_pass_into_a_fail(choices, data):
    place = data.draw(st.integers(0, len(choices) - 1))
    assume(choices[place] != "o3")
    better = data.draw(st.sampled_from(["o0", "o1", "o2", "o3"]))
    assume(choices[place] is None or better > choices[place])
    before = judged([QUIET] * len(choices), choices)
    after = judged([QUIET] * len(choices), [*choices[:place], better, *choices[place + 1 :]])
    assert after.score >= before.score
    assert after.passed >= before.passed


@given(st.lists(CHOICES, max_size=20), st.integers(0, 20), pass_marks)
def test_a_bright_line_fails_the_attempt_whatever_the_score(choices, place, pass_mark):
    choices = [*choices[:place], "o0", *choices[place:]]
    result = judged([FOUR] * len(choices), choices, pass_mark)
    assert result.bright_line
    assert not result.passed


@given(st.lists(CHOICES, min_size=1, max_size=40), pass_marks)
def test_the_score_that_is_shown_is_on_the_side_of_the_mark_that_was_decided(choices, pass_mark):
    result = judged([QUIET] * len(choices), choices, pass_mark)
    assert (result.score >= pass_mark) == result.passed
    assert result.passed == (result.points * 100 >= pass_mark * result.maximum)
    assert abs(result.score - result.points * 100 / result.maximum) <= Decimal("0.1")


def test_9_of_10_points_with_the_choice_accept_fails():
    """Acceptance scenario 6."""
    accept = judged([FOUR] * 10, ["o3"] * 9 + ["o0"])
    assert (accept.points, accept.score, accept.bright_line, accept.passed) == (9, 90, True, False)
    refuse = judged([FOUR] * 10, ["o3"] * 9 + ["o1"])
    assert (refuse.points, refuse.score, refuse.bright_line, refuse.passed) == (9, 90, False, True)


def test_a_breach_that_is_no_bright_line_only_earns_nothing():
    assert judged([QUIET] * 10, ["o3"] * 9 + ["o0"]).passed


def test_exactly_the_mark_passes_and_a_hair_below_it_does_not():
    assert judged([QUIET] * 5, ["o3"] * 4 + ["o1"]).passed
    missed = judged([QUIET] * 8, ["o3"] * 6 + ["o1"] * 2)
    assert (missed.score, missed.passed) == (75, False)


def test_a_score_that_rounds_up_to_the_mark_is_shown_below_it():
    result = judged([QUIET] * 3, ["o3", "o3", "o1"], pass_mark=Decimal("66.7"))
    assert (result.score, result.passed) == (Decimal("66.6"), False)


def test_an_open_question_earns_nothing_and_breaches_nothing():
    result = judged([FOUR] * 4, [None] * 4)
    assert (result.score, result.bright_line, result.passed) == (0, False, False)
    assert [each.outcome for each in result.items] == [Outcome.OPEN] * 4


def test_an_attempt_without_items_is_not_passed():
    assert not judge([], {}, Decimal(0)).passed


def test_nothing_is_subtracted_and_the_best_is_worth_most():
    assert [CREDIT[rating] for rating in ORDER] == sorted(CREDIT[rating] for rating in ORDER)
    assert min(CREDIT.values()) == 0
    assert CREDIT[Rating.BEST] > CREDIT[Rating.ACCEPTABLE] > CREDIT[Rating.RISKY]


@pytest.mark.parametrize("answers", [{3: choice("o0")}, {-1: choice("o0")}, {0: choice("x")}])
def test_a_choice_that_was_never_served_is_an_error_and_no_grade(answers):
    with pytest.raises(ValueError, match="served"):
        judge([FOUR] * 3, answers, PASS_MARK)


def test_parts_of_points_are_added_up_exactly_and_rounded_once():
    """Three items of a third each are one point, not 0.99."""
    third = SeveralKey({"a": Fraction(1, 3), "b": Fraction(2, 3)})
    result = judge([third] * 3, dict.fromkeys(range(3), {"shape": 1, "choices": ["a"]}), PASS_MARK)
    assert (result.points, result.maximum, result.score) == (1, 3, Decimal("33.3"))
    assert {each.outcome for each in result.items} == {Outcome.PARTLY}


def test_what_a_marker_has_to_read_earns_nothing_yet():
    class Essay(ItemKey):
        def judge(self, answer):
            return FOR_A_MARKER

    result = judge([Essay()], {0: {"shape": 1, "text": "Because."}}, PASS_MARK)
    assert (result.points, result.passed, result.items[0].outcome) == (0, False, Outcome.AWAITED)


weights = st.fractions(Fraction(1, 100), 10)


@given(st.lists(st.tuples(CHOICES, weights), min_size=1, max_size=20), st.randoms())
def test_with_weights_a_score_stays_between_0_and_100_and_the_order_changes_nothing(weighed, source):
    mixed = list(weighed)
    source.shuffle(mixed)
    before, after = (
        judge(
            [QUIET] * len(pairs),
            {place: choice(key) for place, (key, _weight) in enumerate(pairs) if key},
            PASS_MARK,
            weights=[weight for _key, weight in pairs],
        )
        for pairs in (weighed, mixed)
    )
    assert 0 <= before.score <= 100
    assert 0 <= before.points <= before.maximum
    assert (before.score, before.points, before.passed) == (after.score, after.points, after.passed)


@given(st.lists(CHOICES, max_size=20), weights)
def test_items_that_all_weigh_the_same_are_judged_as_if_they_weighed_nothing_in_particular(choices, weight):
    answers = {place: choice(key) for place, key in enumerate(choices) if key}
    plain = judge([QUIET] * len(choices), answers, PASS_MARK)
    weighed = judge([QUIET] * len(choices), answers, PASS_MARK, weights=[weight] * len(choices))
    assert (plain.score, plain.passed) == (weighed.score, weighed.passed)


def test_an_item_of_twice_the_weight_counts_as_two():
    result = judge([QUIET, QUIET], {0: choice("o3"), 1: choice("o0")}, PASS_MARK, weights=[Fraction(2), Fraction(1)])
    assert (result.points, result.maximum, result.score) == (2, 3, Decimal("66.7"))


def test_a_dropped_item_takes_its_weight_along():
    answers = {0: choice("o3"), 1: choice("o0")}
    result = judge([QUIET] * 2, answers, PASS_MARK, {1: Treatment.DROPPED}, [Fraction(1), Fraction(9)])
    assert (result.points, result.maximum, result.passed) == (1, 1, True)


def test_every_item_has_a_weight_or_none_has():
    with pytest.raises(ValueError, match="argument 2"):
        judge([QUIET, QUIET], {}, PASS_MARK, weights=[Fraction(1)])
