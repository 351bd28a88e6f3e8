"""Which items an attempt serves."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.drawing import arrange, draw
from quizzes.kinds.choices import SingleChoice

pools = st.lists(st.integers(1, 500), min_size=1, max_size=60, unique=True)
seeds = st.integers(0, 2**128 - 1)


@given(pools, st.data(), seeds)
def test_a_draw_has_the_right_number_of_different_items_of_the_pool(pool, data, seed):
    count = data.draw(st.integers(0, len(pool)))
    drawn = draw(pool, {}, count, seed)
    assert len(drawn) == len(set(drawn)) == count
    assert set(drawn) <= set(pool)


@given(pools, st.data(), seeds)
def test_nothing_is_drawn_while_something_seen_less_often_is_left_out(pool, data, seed):
    count = data.draw(st.integers(0, len(pool)))
    seen = data.draw(st.dictionaries(st.sampled_from(pool), st.integers(1, 4)))
    drawn = draw(pool, seen, count, seed)
    left = set(pool) - set(drawn)
    if drawn and left:
        assert max(seen.get(item, 0) for item in drawn) <= min(seen.get(item, 0) for item in left)


@given(pools, st.data(), seeds, st.randoms())
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_pool(pool, data, seed, source):
    count = data.draw(st.integers(0, len(pool)))
    seen = data.draw(st.dictionaries(st.sampled_from(pool), st.integers(1, 4)))
    mixed = list(pool)
    source.shuffle(mixed)
    assert draw(pool, seen, count, seed) == draw(mixed, seen, count, seed)


def test_different_seeds_draw_differently_and_every_item_gets_its_turn():
    drawn = Counter(item for seed in range(400) for item in draw(range(16), {}, 8, seed))
    assert len({tuple(draw(range(16), {}, 8, seed)) for seed in range(50)}) == 50
    assert set(drawn) == set(range(16))
    assert min(drawn.values()) > 140  # 200 expected


def test_items_seen_before_do_not_always_stand_at_the_end():
    """The place must not tell which questions are old."""
    places = {draw(range(4), {0: 1}, 4, seed).index(0) for seed in range(60)}
    assert places == {0, 1, 2, 3}


def test_a_pool_smaller_than_the_draw_is_an_error():
    with pytest.raises(ValueError, match="8 items to draw from a pool of 3"):
        draw([1, 2, 3], {}, 8, 1)


def arranged(keys, seed, item, **structure):
    options = [{"key": key, "fraction": "1"} for key in keys]
    return arrange(SingleChoice(), {"shape": 2, "options": options} | structure, seed, item)["options"]


@given(st.sets(st.text(min_size=1, max_size=3), min_size=1), seeds, st.integers(1, 10_000))
def test_the_options_are_shown_in_an_order_of_their_own_and_none_is_lost(keys, seed, item):
    shown = arranged(list(keys), seed, item)
    assert sorted(shown) == sorted(keys)
    assert shown == arranged(sorted(keys, reverse=True), seed, item)


def test_every_option_stands_first_equally_often():
    first = Counter(arranged("abcd", seed, 7)[0] for seed in range(2000))
    assert set(first) == set("abcd")
    assert min(first.values()) > 400  # 500 expected


@given(seeds, st.integers(1, 10_000))
def test_options_that_are_not_to_be_shuffled_stand_as_they_were_written(seed, item):
    assert arranged("dacb", seed, item, shuffle=False) == ["d", "a", "c", "b"]


def test_the_same_options_of_two_items_of_an_attempt_stand_in_orders_of_their_own():
    same = sum(arranged("abcd", seed, 1) == arranged("abcd", seed, 2) for seed in range(480))
    assert same < 45  # 20 expected
