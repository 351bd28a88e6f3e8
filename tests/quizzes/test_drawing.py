"""Which items an attempt serves."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.blueprint import Section
from quizzes.drawing import arrange, draw
from quizzes.kinds.choices import SingleChoice

pools = st.lists(st.integers(1, 500), min_size=1, max_size=60, unique=True)
seeds = st.integers(0, 2**128 - 1)


def one(pool, count, **how):
    return [Section(tuple(pool), count, **how)]


@st.composite
def planned(draw_):
    """Sections with pools of their own, as they are allotted."""
    pool = draw_(st.permutations(draw_(pools)))
    cuts = sorted(draw_(st.lists(st.integers(0, len(pool)), max_size=3)))
    parts = [pool[start:end] for start, end in zip([0, *cuts], [*cuts, len(pool)], strict=True)]
    return [Section(tuple(part), draw_(st.integers(0, len(part))), keeps_order=draw_(st.booleans())) for part in parts]


@st.composite
def seen_of(draw_, sections):
    pool = [item for section in sections for item in section.pool]
    return draw_(st.dictionaries(st.sampled_from(pool), st.integers(1, 4)))


def in_sections(sections, drawn):
    """What was drawn, section by section."""
    rest = iter(drawn)
    return [(section, [next(rest) for _each in range(section.draw)]) for section in sections]


@given(planned(), st.data(), seeds)
def test_each_section_draws_as_many_different_items_of_its_own_as_it_says(sections, data, seed):
    drawn = draw(sections, data.draw(seen_of(sections)), seed)
    assert len(drawn) == len(set(drawn)) == sum(section.draw for section in sections)
    for section, items in in_sections(sections, drawn):
        assert set(items) <= set(section.pool)


@given(planned(), st.data(), seeds)
def test_nothing_is_drawn_while_something_of_the_section_that_was_seen_less_often_is_left_out(sections, data, seed):
    seen = data.draw(seen_of(sections))
    for section, items in in_sections(sections, draw(sections, seen, seed)):
        left = set(section.pool) - set(items)
        if items and left:
            assert max(seen.get(item, 0) for item in items) <= min(seen.get(item, 0) for item in left)


@given(planned(), st.data(), seeds)
def test_what_has_words_in_the_language_comes_before_what_has_none_and_was_seen_as_often(sections, data, seed):
    seen = data.draw(seen_of(sections))
    wordless = data.draw(st.sets(st.sampled_from([item for section in sections for item in section.pool])))
    for section, items in in_sections(sections, draw(sections, seen, seed, wordless)):
        for item in set(items) & wordless:
            left = set(section.pool) - set(items) - wordless
            assert all(seen.get(other, 0) > seen.get(item, 0) for other in left)


@given(pools, st.data(), seeds)
def test_with_enough_items_in_the_language_a_first_attempt_has_no_others(pool, data, seed):
    wordless = data.draw(st.sets(st.sampled_from(pool)))
    count = data.draw(st.integers(0, len(pool) - len(wordless)))
    assert not set(draw(one(pool, count), {}, seed, wordless)) & wordless


@given(pools, st.data(), seeds, st.randoms())
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_pool(pool, data, seed, source):
    count = data.draw(st.integers(0, len(pool)))
    seen = data.draw(st.dictionaries(st.sampled_from(pool), st.integers(1, 4)))
    mixed = list(pool)
    source.shuffle(mixed)
    assert draw(one(pool, count), seen, seed) == draw(one(mixed, count), seen, seed)


@given(pools, st.data(), seeds)
def test_a_section_that_keeps_its_order_does_so_whatever_is_drawn(pool, data, seed):
    count = data.draw(st.integers(0, len(pool)))
    seen = data.draw(st.dictionaries(st.sampled_from(pool), st.integers(1, 4)))
    drawn = draw(one(pool, count, keeps_order=True), seen, seed)
    assert drawn == [item for item in pool if item in drawn]
    assert set(drawn) == set(draw(one(pool, count), seen, seed))


def test_different_seeds_draw_differently_and_every_item_gets_its_turn():
    drawn = Counter(item for seed in range(400) for item in draw(one(range(16), 8), {}, seed))
    assert len({tuple(draw(one(range(16), 8), {}, seed)) for seed in range(50)}) == 50
    assert set(drawn) == set(range(16))
    assert min(drawn.values()) > 140  # 200 expected


def test_items_seen_before_do_not_always_stand_at_the_end():
    """The place must not tell which questions are old."""
    places = {draw(one(range(4), 4), {0: 1}, seed).index(0) for seed in range(60)}
    assert places == {0, 1, 2, 3}


def test_a_pool_smaller_than_the_draw_is_an_error():
    with pytest.raises(ValueError, match="8 items to draw from a pool of 3"):
        draw(one([1, 2, 3], 8), {}, 1)


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
