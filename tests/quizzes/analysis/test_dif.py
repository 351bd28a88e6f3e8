from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pytest import approx

from quizzes.analysis.dif import (
    LEAST_IN_GROUP,
    LEAST_IN_STRATUM,
    LEAST_TOGETHER,
    MantelHaenszel,
    compare,
    mantel_haenszel,
    matched_shares,
    reference_language,
    tabulate,
)
from quizzes.analysis.results import Suspicion, Withheld
from tests.quizzes.analysis import published
from tests.quizzes.analysis.making import responses_of, simulated

TABLES = arrays.arrays(np.int64, st.tuples(st.integers(1, 6), st.just(2), st.just(2)), elements=st.integers(0, 12))
DIFFICULTIES = np.linspace(-2, 2, 20)


def thin_tables(table, group, item):
    """The strata of the textbooks: one for each total."""
    return tabulate(table.sum(axis=1), group, table[:, item] == 1, least=0)


def two_languages(seed, attempts=(1500, 1000), behind=0.0, harder=None, drawn=None, difficulties=DIFFICULTIES):
    """Learners in English, and in French `behind` them in ability; `harder` items are so much harder there."""
    source = np.random.default_rng(seed)
    french = np.r_[np.zeros(attempts[0], bool), np.ones(attempts[1], bool)]
    difficulty = np.tile(difficulties, (len(french), 1))
    for item, extra in (harder or {}).items():
        difficulty[french, item] += extra
    table = simulated(source, source.normal(size=len(french)) - behind * french, difficulty, drawn)
    return responses_of(table, np.where(french, "fr", "en").tolist())


# -- against published examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tables", "figures"), published.MANTEL_HAENSZEL)
def test_stratified_tables_have_the_published_chi_square_odds_ratio_and_interval(tables, figures):
    chi_square, odds_ratio, least, most = figures
    found = mantel_haenszel(np.array(tables))

    assert found.chi_square == approx(chi_square, rel=1e-4)
    assert found.odds_ratio == approx(odds_ratio, rel=1e-4)
    half = 1.959964 * sqrt(found.variance)
    assert (found.odds_ratio * exp(-half), found.odds_ratio * exp(half)) == approx((least, most), rel=1e-4)


@pytest.mark.parametrize("item", range(24))
def test_verbal_aggression_has_the_published_differences_between_women_and_men(item):
    found = mantel_haenszel(thin_tables(published.VERBAL, published.VERBAL_MEN, item))

    assert (
        round(found.chi_square, 4),
        round(log(found.odds_ratio) / sqrt(found.variance), 4),
        round(found.odds_ratio, 4),
        round(found.delta, 4),
    ) == published.VERBAL_FIGURES[item]


def test_the_published_p_values_are_told():
    # of S2WantShout and S2DoCurse, from the same output
    p_values = [mantel_haenszel(thin_tables(published.VERBAL, published.VERBAL_MEN, item)).p_value for item in (5, 15)]

    assert p_values == approx([0.0019, 0.0121], abs=0.00005)


# -- against the formulas, step by step ----------------------------------------------------------------------------


def test_two_strata_by_hand():
    # Low scores: 40 of 100 in the reference group solve it, 15 of 50 in the focal group. High: 90 of 100, 40 of 50.
    found = mantel_haenszel(np.array([[[40, 60], [15, 35]], [[90, 10], [40, 10]]]))

    assert found.odds_ratio == approx((40 * 35 + 90 * 10) / (60 * 15 + 10 * 40))  # 150 in each stratum, 2300 / 1300
    # expected 100·55/150 and 100·130/150; variances 100·50·55·95/(150²·149) and 100·50·130·20/(150²·149)
    difference = (40 - 5500 / 150) + (90 - 13000 / 150)
    variance = 100 * 50 * (55 * 95 + 130 * 20) / (150**2 * 149)
    assert found.chi_square == approx((difference - 0.5) ** 2 / variance)
    assert found.delta == approx(-2.35 * log(23 / 13))


@given(TABLES)
def test_the_variance_is_also_that_of_phillips_and_holland(tables):
    found = mantel_haenszel(tables)
    assume(found)
    kept = tables[(tables.sum(axis=2) > 0).all(axis=1)].astype(float)
    (a, b), (c, d) = kept.transpose(1, 2, 0)
    total, ratio = a + b + c + d, found.odds_ratio
    weight = (a * d / total).sum()

    assert found.variance == approx(
        ((a * d + ratio * b * c) * (a + d + ratio * (b + c)) / total**2).sum() / (2 * weight**2)
    )


@given(TABLES)
def test_groups_exchanged_turn_delta_round_and_change_nothing_else(tables):
    found, turned = mantel_haenszel(tables), mantel_haenszel(tables[:, ::-1])
    assert (found is None) == (turned is None)
    assume(found)

    assert turned.delta == approx(-found.delta, abs=1e-9)
    assert (turned.standard_error, turned.chi_square) == approx((found.standard_error, found.chi_square), abs=1e-9)
    assert turned.category == found.category


@given(TABLES, st.permutations(range(6)))
def test_the_order_of_strata_makes_no_difference(tables, order):
    found, shuffled = mantel_haenszel(tables), mantel_haenszel(tables[[at for at in order if at < len(tables)]])
    assert (found is None) == (shuffled is None)
    assume(found)

    assert (shuffled.odds_ratio, shuffled.variance) == approx((found.odds_ratio, found.variance))


@given(TABLES)
def test_strata_with_one_group_alone_weigh_nothing(tables):
    alone = np.array([[[7, 3], [0, 0]], [[0, 0], [1, 9]]])
    found, more = mantel_haenszel(tables), mantel_haenszel(np.concatenate([tables, alone]))
    assert (found is None) == (more is None)
    assume(found)

    assert more == found
    assert matched_shares(np.concatenate([tables, alone])) == approx(matched_shares(tables))


@given(TABLES)
def test_a_difference_below_the_correction_is_none(tables):
    found = mantel_haenszel(tables)
    assume(found)

    assert found.chi_square >= 0
    assert 0 <= found.p_value <= 1


@pytest.mark.parametrize(
    ("delta", "standard_error", "p_value", "category"),
    [
        (-3.0, 1.6, 0.06, "A"),  # large, but may be chance
        (-0.99, 0.01, 0.0, "A"),  # certain, but too small to matter
        (-1.01, 0.1, 0.0, "B"),
        (1.49, 0.01, 0.0, "B"),
        (1.51, 0.32, 0.0, "B"),  # large, but perhaps not above 1
        (1.51, 0.30, 0.0, "C"),
        (-1.51, 0.30, 0.0, "C"),
        (-4.0, 1.9, 0.04, "B"),
    ],
)
def test_classes_follow_size_and_certainty(delta, standard_error, p_value, category):
    found = MantelHaenszel(exp(delta / -2.35), (standard_error / 2.35) ** 2, 0.0, p_value)

    assert found.category == category


def test_shares_are_matched_by_what_the_focal_group_holds_of_each_stratum():
    tables = np.array([[[30, 70], [10, 10]], [[90, 10], [40, 40]]])

    focal, reference = matched_shares(tables)
    assert focal == approx(0.5)
    assert reference == approx(0.2 * 0.3 + 0.8 * 0.9)


# -- strata --------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=1, max_size=80))
def test_strata_hold_enough_of_both_groups_and_leave_out_only_those_without_partners(learners):
    score, focal, solved = (np.array(column) for column in zip(*learners, strict=True))
    tables = tabulate(score, focal, solved, least=3)

    assume(focal.any() and not focal.all())
    least = max(score[focal].min(), score[~focal].min())
    most = min(score[focal].max(), score[~focal].max())
    partners = (score >= least) & (score <= most)
    assert tables.sum() == np.count_nonzero(partners)
    assert tables[:, 1].sum() == np.count_nonzero(partners & focal)
    assert tables[:, :, 0].sum() == np.count_nonzero(partners & solved)
    if len(tables) > 1:
        assert tables.sum(axis=2).min() >= 3


def test_learners_of_one_group_alone_have_no_partners():
    assert tabulate(np.arange(3), np.ones(3, bool), np.ones(3, bool), 1).shape == (0, 2, 2)


# -- languages -----------------------------------------------------------------------------------------------------


def test_the_reference_is_the_language_of_most_attempts():
    assert reference_language(responses_of(np.ones((3, 2)), ["en", "fr", "fr"])) == "fr"
    assert reference_language(responses_of(np.ones((2, 2)), ["fr", "en"])) == "en"
    assert reference_language(responses_of(np.ones((0, 2)))) is None


@pytest.mark.parametrize("drawn", [None, 12])
def test_a_mistranslated_item_is_found_though_all_in_that_language_are_weaker(drawn):
    found = compare(two_languages(1, (3000, 2000), behind=0.7, harder={4: 1.2, 15: -1.3}, drawn=drawn), "en", "fr")

    by_item = {each.item: each for each in found}
    assert (by_item[5].category, by_item[5].suspicion) == ("C", Suspicion.HARDER)
    assert by_item[5].solved < by_item[5].expected - 0.1
    assert (by_item[16].category, by_item[16].suspicion) == ("C", Suspicion.EASIER)
    assert by_item[16].solved > by_item[16].expected + 0.1
    assert [each.item for each in found if each.suspicion] == [5, 16]


def test_many_mistranslated_items_do_not_throw_suspicion_on_the_others():
    harder = dict.fromkeys((1, 4, 7, 10, 13), 1.4)
    found = compare(two_languages(2, (3000, 2000), harder=harder), "en", "fr")

    assert [each.item - 1 for each in found if each.suspicion] == sorted(harder)
    # refined, the score tells ability again: without, all fifteen would look easier in French, by a whole unit
    sound = [each.delta for each in found if not each.suspicion]
    assert abs(np.mean(sound)) < 0.15


def test_an_item_counts_in_the_score_for_its_own_comparison_so_that_the_weaker_group_is_not_wronged():
    # On the Rasch model delta is known: -2.35 for each unit. Matched without the item, it would be some -3.5.
    responses = two_languages(0, (6000, 4000), behind=1.0, harder={3: 1.2}, difficulties=np.linspace(-1, 1, 8))

    assert compare(responses, "en", "fr")[3].delta == approx(-2.35 * 1.2, abs=0.25)


def test_the_luck_of_the_draw_is_taken_out_of_the_score_that_learners_are_matched_by():
    # By points alone, all items would look harder in French, by 0.4 of a unit.
    responses = two_languages(0, (6000, 4000), behind=1.0, drawn=10, difficulties=np.linspace(-3, 3, 40))

    assert abs(np.mean([each.delta for each in compare(responses, "en", "fr")])) < 0.15


def test_a_difference_of_a_few_in_a_hundred_is_not_suspected_however_large_its_odds():
    difficulties = np.r_[np.linspace(-1, 1, 19), -5.5]
    found = compare(two_languages(0, (6000, 4000), harder={19: 1.5}, difficulties=difficulties), "en", "fr")[19]

    assert found.category == "C"
    assert found.expected - found.solved < 0.05
    assert found.suspicion is None


@pytest.mark.parametrize("drawn", [None, 12])
def test_sound_items_are_left_alone_whoever_is_weaker(drawn):
    categories = [
        each.category
        for seed in range(10)
        for each in compare(two_languages(seed, (900, 600), behind=0.5, drawn=drawn), "en", "fr")
    ]

    assert len(categories) == 200
    assert categories.count("C") == 0
    assert categories.count("B") <= 4


def test_a_difference_is_significant_by_chance_in_five_of_a_hundred_sound_items_at_most():
    p_values = [
        each.p_value for seed in range(20, 35) for each in compare(two_languages(seed, (400, 300)), "en", "fr")
    ]

    # 300 items; the correction errs on the side of caution
    assert 0.01 <= np.mean(np.array(p_values) < 0.05) <= 0.07


def test_the_order_of_attempts_and_the_names_of_languages_make_no_difference():
    source = np.random.default_rng(3)
    table = simulated(source, source.normal(size=700), DIFFICULTIES, drawn=15)
    languages = np.where(source.random(700) < 0.6, "en", "fr")
    order = source.permutation(700)
    before = compare(responses_of(table, languages.tolist()), "en", "fr")
    renamed = np.where(languages == "en", "zz", "aa")
    after = compare(responses_of(table[order], renamed[order].tolist()), "zz", "aa")

    for first, second in zip(before, after, strict=True):
        assert (second.n_reference, second.n_focal, second.strata) == (first.n_reference, first.n_focal, first.strata)
        assert (second.delta, second.standard_error) == approx((first.delta, first.standard_error))


def test_half_the_points_solve_an_item_and_less_does_not():
    source = np.random.default_rng(6)
    table = simulated(source, source.normal(size=1200), DIFFICULTIES)
    languages = ["en"] * 700 + ["fr"] * 500
    partial = table.copy()
    # as many points as before to tell learners apart by, and the same item otherwise
    partial[:, 0] = np.where(table[:, 0] == 1, 0.5, 0)
    quarter = np.where(partial == 0.5, 0.25, partial)

    assert compare(responses_of(partial, languages), "en", "fr")[0].odds_ratio is not None
    assert compare(responses_of(quarter, languages), "en", "fr")[0].withheld is Withheld.NO_SPREAD


@pytest.mark.parametrize(
    ("english", "french", "withheld"),
    [
        (LEAST_TOGETHER, LEAST_IN_GROUP - 1, Withheld.TOO_FEW),
        (LEAST_TOGETHER - LEAST_IN_GROUP - 1, LEAST_IN_GROUP, Withheld.TOO_FEW),
        (LEAST_TOGETHER - LEAST_IN_GROUP, LEAST_IN_GROUP, None),
    ],
)
def test_languages_are_compared_from_enough_attempts_on(english, french, withheld):
    found = compare(two_languages(7, (english, french)), "en", "fr")

    assert {each.withheld for each in found} == {withheld}
    assert {(each.n_reference, each.n_focal) for each in found} == {(english, french)}
    assert all((each.delta is None) == bool(withheld) for each in found)


def test_an_item_that_one_language_was_never_served_is_not_compared():
    table = np.ones((40, 3))
    table[20:, 0] = np.nan
    found = compare(responses_of(table, ["en"] * 20 + ["fr"] * 20), "en", "fr")

    assert [each.item for each in found] == [2, 3]


def test_few_learners_are_matched_in_thick_strata_and_many_in_thin_ones():
    few = compare(two_languages(8, (320, 210)), "en", "fr")[0].strata
    many = compare(two_languages(8, (6000, 4000)), "en", "fr")[0].strata

    assert 5 <= few < many <= 21
    assert LEAST_IN_STRATUM * few <= 210
