"""Sections: which items each takes, and what is frozen of them."""

import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quizzes.blueprint import Blueprint, ItemFacts, Section, SectionPlan, allot

LANGUAGES = ["en", "fr", "ar"]
TAGS = ["refuse", "record", "notify"]

sets = {
    "tags": st.frozensets(st.sampled_from(TAGS)),
    "rad_factors": st.frozensets(st.integers(1, 10), max_size=3),
}
items = st.lists(
    st.builds(
        ItemFacts,
        version=st.integers(1, 10_000),
        difficulty=st.integers(1, 3),
        languages=st.frozensets(st.sampled_from(LANGUAGES)),
        **sets,
    ),
    max_size=30,
    unique_by=lambda item: item.version,
)
plans = st.lists(
    st.builds(
        SectionPlan,
        draw=st.integers(1, 9),
        difficulties=st.frozensets(st.integers(1, 3)),
        weight=st.decimals("0.01", "10", places=2),
        keeps_order=st.booleans(),
        titles=st.dictionaries(st.sampled_from(LANGUAGES), st.text(min_size=1)),
        **sets,
    ),
    min_size=1,
    max_size=5,
)


def an_item(version, **facts):
    return ItemFacts(version, **{name: frozenset(v) if name != "difficulty" else v for name, v in facts.items()})


@given(plans, items)
def test_an_item_belongs_to_the_first_section_that_takes_it_and_to_no_other(plans, items):
    allotted = allot(plans, items)
    for item in items:
        takers = [number for number, plan in enumerate(plans) if plan.takes(item)]
        holders = [number for number, each in enumerate(allotted) if item in each.items]
        assert holders == takers[:1]
    for each, plan in zip(allotted, plans, strict=True):
        assert len(each.items) + each.elsewhere == sum(plan.takes(item) for item in items)


@given(plans, items)
def test_what_is_frozen_comes_back_from_the_database_as_it_was(plans, items):
    frozen = Blueprint.of(allot(plans, items))
    assert Blueprint.of_data(json.loads(json.dumps(frozen.as_data()))) == frozen
    assert sorted({v for section in frozen.sections for v in section.pool}) == list(frozen.pool)


@given(plans, items)
def test_every_item_is_told_apart_by_whether_it_has_words_in_a_language(plans, items):
    frozen = Blueprint.of(allot(plans, items))
    facts = {item.version: item for item in items}
    for language in LANGUAGES:
        wordless = frozen.without_words(language)
        assert wordless == {version for version in frozen.pool if language not in facts[version].languages}


def test_what_a_section_leaves_empty_it_does_not_ask_for():
    item = an_item(1, difficulty=2, tags=["refuse"], rad_factors=[7])
    assert SectionPlan(1).takes(item)
    assert SectionPlan(1, tags=frozenset(["refuse", "record"]), rad_factors=frozenset([1, 7])).takes(item)
    assert not SectionPlan(1, tags=frozenset(["refuse"]), rad_factors=frozenset([1])).takes(item)
    assert not SectionPlan(1, difficulties=frozenset([1, 3])).takes(item)


def test_the_rest_is_a_last_section_of_everything():
    pool = [an_item(1, tags=["refuse"]), an_item(2), an_item(3, tags=["refuse"])]
    first, rest = allot([SectionPlan(2, tags=frozenset(["refuse"])), SectionPlan(2)], pool)
    assert [item.version for item in first.items] == [1, 3]
    assert [item.version for item in rest.items] == [2]
    assert (first.is_enough, rest.is_enough, rest.elsewhere) == (True, False, 2)


def test_a_position_tells_its_section_and_its_weight():
    frozen = Blueprint((Section((1, 2, 3), 2), Section((4, 5), 1, Fraction(3, 2), titles={"en": "A case"})))
    assert frozen.weights == (1, 1, Fraction(3, 2))
    assert [frozen.section_at(position).title_in("ar") for position in range(3)] == [
        ("", ""),
        ("", ""),
        ("A case", "en"),
    ]
    assert Blueprint((Section((1, 2), 2),)).weights is None


def test_a_weight_is_exact():
    [section] = Blueprint.of(allot([SectionPlan(1, weight=Decimal("0.10"))], [])).sections
    assert section.weight == Fraction(1, 10)
