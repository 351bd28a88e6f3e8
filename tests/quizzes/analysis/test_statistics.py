import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pytest import approx

from quizzes.analysis.choices import UNANSWERED, chosen
from quizzes.analysis.results import Form, Withheld
from quizzes.analysis.statistics import (
    LEAST_FOR_DISCRIMINATION,
    LEAST_FOR_RELIABILITY,
    LEAST_FOR_SHARES,
    Standing,
    coefficient_alpha,
    correlation,
    describe,
    drawn_reliability,
    efficiency,
    error_of_draws,
    extremes,
    in_fifths,
    option_uses,
    reliability,
)
from tests.quizzes.analysis import published
from tests.quizzes.analysis.making import responses_of, simulated

FRACTIONS = st.sampled_from([0.0, 0.25, 0.5, 1.0])
COMPLETE = arrays.arrays(float, st.tuples(st.integers(3, 15), st.integers(2, 6)), elements=FRACTIONS)
WITH_HOLES = arrays.arrays(
    float, st.tuples(st.integers(3, 15), st.integers(2, 6)), elements=st.one_of(FRACTIONS, st.just(np.nan))
)


def describe_all(table):
    """Tells everything, from however few; a single attempt has no spread."""
    with pytest.MonkeyPatch.context() as patch:
        for least in ("LEAST_FOR_SHARES", "LEAST_FOR_DISCRIMINATION", "LEAST_FOR_RELIABILITY"):
            patch.setattr(f"quizzes.analysis.statistics.{least}", 2)
        return describe(responses_of(table))


def standing_of(table):
    return Standing.of(responses_of(table))


def figures(group):
    """All numbers of a group, by item id."""
    return {
        item.item: [item.facility, item.spread, item.discrimination, item.item_rest, item.efficiency]
        for item in group.items
    }


# -- against published examples ------------------------------------------------------------------------------------


def test_ten_students_have_the_facilities_and_the_kuder_richardson_20_of_the_textbook():
    standing = standing_of(published.WUENSCH)

    assert standing.means == approx(published.WUENSCH_P)
    assert standing.points.var() == approx(published.WUENSCH_VARIANCE)
    assert coefficient_alpha(standing) == approx(
        10 / 9 * (1 - sum(published.WUENSCH_PQ) / published.WUENSCH_VARIANCE), abs=1e-9
    )


def test_the_law_school_admission_test_has_its_published_item_statistics_and_alpha():
    found = describe(responses_of(published.LSAT7))

    assert [item.facility for item in found.items] == approx(published.LSAT7_MEANS, abs=0.0005)
    assert [item.spread for item in found.items] == approx(published.LSAT7_DEVIATIONS, abs=0.0005)
    assert [item.item_rest for item in found.items] == approx(published.LSAT7_ITEM_REST, abs=0.0005)
    assert found.reliability.form is Form.FIXED
    assert found.reliability.alpha == approx(published.LSAT7_ALPHA, abs=0.0005)
    # theirs are points of five
    assert found.reliability.mean * 5 == approx(published.LSAT7_TOTAL_MEAN, abs=0.0005)
    assert found.reliability.deviation * 5 == approx(published.LSAT7_TOTAL_DEVIATION, abs=0.0005)
    assert found.reliability.standard_error * 5 == approx(published.LSAT7_STANDARD_ERROR, abs=0.0005)


def test_targets_rated_by_the_same_judges_and_by_others_have_the_published_reliabilities():
    standing = standing_of(published.SHROUT_FLEISS / 10)

    assert coefficient_alpha(standing) == approx(published.SHROUT_FLEISS_SAME_JUDGES, abs=0.005)
    assert drawn_reliability(standing) == approx(published.SHROUT_FLEISS_OTHER_JUDGES, abs=0.005)


# -- against the formulas, step by step ----------------------------------------------------------------------------


@given(COMPLETE)
def test_alpha_of_a_fixed_form_is_cronbachs(table):
    total = table.sum(axis=1).var(ddof=1)
    assume(total > 0.01)
    items = table.shape[1]

    assert coefficient_alpha(standing_of(table)) == approx(
        items / (items - 1) * (1 - table.var(axis=0, ddof=1).sum() / total), abs=1e-6
    )


@given(WITH_HOLES)
def test_alpha_of_drawn_forms_comes_from_the_covariances_of_all_pairs_that_met(table):
    table = table[~np.isnan(table).all(axis=1)]
    assume(len(table))
    served = ~np.isnan(table)
    means = np.array([column[~np.isnan(column)].mean() if (~np.isnan(column)).any() else 0 for column in table.T])
    products, pairs, squares = 0.0, 0, 0.0
    for row, here in zip(table, served, strict=True):
        for first in np.flatnonzero(here):
            squares += (row[first] - means[first]) ** 2
            for second in np.flatnonzero(here):
                if first != second:
                    products += (row[first] - means[first]) * (row[second] - means[second])
                    pairs += 1
    assume(pairs and served.sum())
    covariance, variance, length = products / pairs, squares / served.sum(), served.sum() / len(table)
    assume(variance + (length - 1) * covariance > 0.01)

    assert coefficient_alpha(standing_of(table)) == approx(
        min(1, length * covariance / (variance + (length - 1) * covariance)), abs=1e-6
    )


@given(COMPLETE)
def test_reliability_of_draws_is_that_of_a_one_way_analysis_of_variance(table):
    length = table.shape[1]
    between = length * table.mean(axis=1).var(ddof=1)
    within = table.var(axis=1, ddof=1).mean()
    assume(between > 0.01)
    standing = standing_of(table)

    assert drawn_reliability(standing) == approx(1 - within / between, abs=1e-6)
    assert error_of_draws(standing) == approx(within / length, abs=1e-6)


def test_a_point_biserial_correlation_is_the_difference_of_means_it_is_defined_by():
    item = np.array([1, 1, 1, 0, 0, 1, 0, 1.0])
    rest = np.array([9, 7, 8, 3, 5, 6, 4, 9.0])
    solved = item.mean()

    by_definition = (rest[item == 1].mean() - rest[item == 0].mean()) / rest.std() * np.sqrt(solved * (1 - solved))
    assert correlation(item, rest) == approx(by_definition)


def test_discrimination_is_what_the_strongest_27_per_cent_have_more_of_than_the_weakest():
    # 100 attempts in the order of their standing on 99 Guttman items, and one item that half of the strongest miss
    guttman = np.tri(100, 99, -1)
    studied = np.r_[np.zeros(27), np.full(46, 0.5), np.tile([1.0, 0.5], 13), 1.0]
    found = describe(responses_of(np.c_[studied, guttman])).items[0]

    assert found.discrimination == approx((14 + 13 * 0.5) / 27, abs=1e-6)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_those_who_stand_equal_at_the_edge_share_the_room_that_is_left(ranks):
    ranks = np.array(ranks, float)
    upper, lower = extremes(ranks)

    room = 0.27 * len(ranks)
    for weights, order in ((upper, -ranks), (lower, ranks)):
        assert weights.sum() == approx(1)
        assert np.all((weights >= 0) & (weights * room <= 1 + 1e-9))
        for rank in np.unique(order):
            equals = weights[order == rank]
            assert equals == approx(equals[0])
            better = np.count_nonzero(order < rank)
            assert equals.sum() * room == approx(min(max(room - better, 0), len(equals)))


@given(st.lists(st.tuples(st.integers(0, 4), FRACTIONS), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_fifths_are_equal_parts_whatever_the_order_and_together_make_the_mean(attempts, source):
    rank, fraction = (np.array(column, float) for column in zip(*attempts, strict=True))
    order = list(range(len(attempts)))
    source.shuffle(order)
    found = in_fifths(fraction, rank)

    assert in_fifths(fraction[order], rank[order]) == approx(found)
    assert np.mean(found) == approx(fraction.mean())


def test_fifths_run_from_the_weakest_to_the_strongest():
    assert in_fifths(np.repeat([0, 0.25, 0.5, 0.75, 1], 4), np.arange(20.0)) == approx((0, 0.25, 0.5, 0.75, 1))
    # ten are equal, from the fourth place to the thirteenth of fifteen
    rank = np.repeat([1.0, 2.0, 3.0], [3, 10, 2])
    assert in_fifths(np.repeat([0, 0.5, 1], [3, 10, 2]), rank) == approx((0, 0.5, 0.5, 0.5, (0.5 + 2) / 3))


def test_options_are_counted_among_all_and_among_the_strongest_and_the_weakest():
    # the strongest choose 0; the weakest 1, or nothing; one in the middle has marked both
    picks = np.array([UNANSWERED] * 7 + [chosen([1])] * 20 + [chosen([0, 1])] + [chosen([0])] * 72, np.uint32)
    upper, lower = extremes(np.arange(100.0))

    first, second, nothing = option_uses(picks, upper, lower)
    assert (first.option, first.count, first.upper, first.lower) == (0, 73, approx(1), approx(0))
    assert (second.option, second.count, second.upper, second.lower) == (1, 21, approx(0), approx(20 / 27))
    assert (nothing.option, nothing.count, nothing.share, nothing.lower) == (None, 7, 0.07, approx(7 / 27))


# -- what holds of any answers -------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(WITH_HOLES, st.randoms(use_true_random=False))
def test_the_order_of_attempts_and_the_names_of_items_make_no_difference(table, source):
    order = list(range(len(table)))
    source.shuffle(order)
    columns = list(range(table.shape[1]))
    source.shuffle(columns)
    before, after = describe_all(table), describe_all(table[order][:, columns])

    renamed = figures(after)
    for item, numbers in figures(before).items():
        assert renamed[columns.index(item - 1) + 1] == approx(numbers, abs=1e-6)
    assert after.reliability.alpha == approx(before.reliability.alpha, abs=1e-5)


@settings(max_examples=40)
@given(WITH_HOLES)
def test_figures_lie_where_they_can(table):
    found = describe_all(table)

    for item in found.items:
        assert item.facility is None or 0 <= item.facility <= 1
        assert item.discrimination is None or -1 <= item.discrimination <= 1
        assert item.item_rest is None or -1 <= item.item_rest <= 1
        assert item.efficiency is None or item.efficiency <= 1 + 1e-9
    for figure in (found.reliability.alpha, found.reliability.drawn):
        assert figure is None or figure <= 1 + 1e-9


@settings(max_examples=40)
@given(WITH_HOLES)
def test_an_item_made_easier_for_everybody_discriminates_as_before(table):
    easier = table.copy()
    easier[:, 0] = table[:, 0] / 2 + 0.5
    halved = table.copy()
    halved[:, 0] = table[:, 0] / 2
    before, after = describe_all(halved), describe_all(easier)

    for first, second in zip(before.items, after.items, strict=True):
        assert second.item_rest == approx(first.item_rest, abs=1e-6)
        assert second.efficiency == approx(first.efficiency, abs=1e-6)
        assert second.spread == approx(first.spread, abs=1e-6)
        if first.facility is not None:
            assert second.facility == approx(first.facility + (0.5 if first.item == 1 else 0), abs=1e-6)
    assert after.reliability.alpha == approx(before.reliability.alpha, abs=1e-5)


@given(arrays.arrays(float, st.integers(3, 20), elements=FRACTIONS), st.integers(2, 6))
def test_copies_of_one_item_are_wholly_reliable(column, copies):
    assume(np.ptp(column))
    table = np.repeat(column[:, None], copies, axis=1)

    assert coefficient_alpha(standing_of(table)) == approx(1)
    assert drawn_reliability(standing_of(table)) == approx(1)


@given(COMPLETE)
def test_alpha_does_not_change_with_the_scale(table):
    alpha = coefficient_alpha(standing_of(table))

    assert coefficient_alpha(standing_of(table / 4)) == approx(alpha, abs=1e-5)


def test_efficiency_is_whole_where_the_best_have_the_best():
    assert efficiency(np.array([0, 0.5, 0.5, 1]), np.array([1, 2, 2, 7.0])) == approx(1)
    assert efficiency(np.array([1, 0.5, 0.5, 0]), np.array([1, 2, 3, 4.0])) == approx(-1)


def test_a_hard_draw_is_not_taken_for_a_weak_learner():
    # Two learners of equal ability in every pair; one draws the easy half of the pool, one the hard half.
    source = np.random.default_rng(4)
    ability = np.repeat(source.normal(size=400), 2)
    table = simulated(source, ability, np.r_[np.full(20, -2.0), np.full(20, 2.0)])
    table[::2, 20:] = np.nan
    table[1::2, :20] = np.nan
    standing = standing_of(table)

    easy, hard = standing.rank[::2], standing.rank[1::2]
    assert standing.points[::2].mean() - standing.points[1::2].mean() > 10
    assert abs(easy.mean() - hard.mean()) < 1e-6


def test_thirds_that_make_a_whole_stand_with_a_whole():
    rank = standing_of([[1 / 3, 2 / 3], [1, 0], [0.5, 0.5]]).rank

    assert len(set(rank)) == 1


def test_a_short_form_ranks_with_a_long_one_that_did_as_well():
    # everybody gets half of what the items bring, or a quarter more; some on two items, some on four
    table = np.array([[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, np.nan, np.nan], [0.75] * 4, [np.nan, np.nan, 0.75, 0.75]])
    rank = standing_of(np.concatenate([table, table[:, ::-1]])).rank

    assert rank[[0, 2]] == approx(rank[[1, 3]])
    assert rank[2] > rank[0]


def test_drawn_forms_are_less_reliable_than_a_fixed_form_of_the_same_pool():
    source = np.random.default_rng(5)
    table = simulated(source, source.normal(size=2000), np.linspace(-2.5, 2.5, 60), drawn=20)
    found = reliability(standing_of(table))
    whole = simulated(source, source.normal(size=2000), np.linspace(-2.5, 2.5, 20))

    assert found.form is Form.DRAWN
    assert found.length == 20
    # what it says a fixed form of twenty would have, twenty such items do have
    assert found.alpha == approx(coefficient_alpha(standing_of(whole)), abs=0.03)
    assert found.drawn < found.alpha - 0.02
    assert found.standard_error == approx(found.deviation * (1 - found.drawn) ** 0.5)


# -- what is not told ----------------------------------------------------------------------------------------------


SHARES = {"facility", "spread"}
CORRELATIONS = {"discrimination", "item_rest", "efficiency"}


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        (LEAST_FOR_SHARES - 1, set()),
        (LEAST_FOR_SHARES, SHARES),
        (LEAST_FOR_DISCRIMINATION - 1, SHARES),
        (LEAST_FOR_DISCRIMINATION, SHARES | CORRELATIONS),
    ],
)
def test_an_item_tells_what_its_number_of_attempts_bears(attempts, expected):
    source = np.random.default_rng(1)
    table = simulated(source, source.normal(size=attempts), np.zeros(5))
    picks = np.full(table.shape, chosen([0]))
    item = describe(responses_of(table, chosen=picks)).items[0]

    told = {figure for figure in SHARES | CORRELATIONS if getattr(item, figure) is not None}
    assert (item.n, told) == (attempts, expected)
    missing = (SHARES | CORRELATIONS) - expected
    assert len(item.fifths) == (5 if attempts >= LEAST_FOR_DISCRIMINATION else 0)
    missing |= {"fifths"} if not item.fifths else set()
    if attempts < LEAST_FOR_SHARES:
        missing.add("options")
        assert item.options == ()
    else:
        assert (item.options[0].upper is None) == (attempts < LEAST_FOR_DISCRIMINATION)
    assert item.withheld == dict.fromkeys(missing, Withheld.TOO_FEW)


@pytest.mark.parametrize("drawn", [None, 5])
def test_a_quiz_tells_its_reliability_from_enough_attempts_on(drawn):
    source = np.random.default_rng(2)
    table = simulated(source, source.normal(size=LEAST_FOR_RELIABILITY), np.zeros(10), drawn)

    enough, few = reliability(standing_of(table)), reliability(standing_of(table[1:]))
    assert enough.withheld == {}
    assert enough.standard_error is not None
    assert (few.alpha, few.drawn, few.standard_error) == (None, None, None)
    assert few.mean is not None
    names = {"alpha", "standard_error"} | ({"drawn"} if drawn else set())
    assert few.withheld == dict.fromkeys(names, Withheld.TOO_FEW)


def test_where_all_did_alike_there_is_no_correlation_and_it_says_so():
    found = describe(responses_of(np.ones((200, 4))))

    assert found.items[0].facility == 1
    assert found.items[0].discrimination == 0
    assert found.items[0].withheld == {"item_rest": Withheld.NO_SPREAD, "efficiency": Withheld.NO_SPREAD}
    assert found.reliability.withheld == {"alpha": Withheld.NO_SPREAD, "standard_error": Withheld.NO_SPREAD}


def test_a_quiz_of_one_item_has_no_alpha():
    found = describe(responses_of(np.tile([[0.0], [1.0]], (100, 1))))

    assert found.reliability.withheld["alpha"] is Withheld.NO_SPREAD
    assert found.items[0].withheld["item_rest"] is Withheld.NO_SPREAD


def test_no_attempts_are_described_without_a_word():
    found = describe(responses_of(np.ones((0, 3))))

    assert found.items == ()
    assert (found.reliability.n, found.reliability.length, found.reliability.mean) == (0, 0.0, None)
