"""What holds of every kind of item, whatever the item and whatever is answered."""

import copy
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.contract import FOR_A_MARKER, UNANSWERED, MalformedAnswer, Outcome, WrongItem
from tests.quizzes.kinds.examples import EXAMPLES
from tests.quizzes.kinds.samples import LANGUAGES, MARK, SAMPLES, Item, fields

SEEDS = st.integers(0, 2**32)
every_kind = pytest.mark.parametrize("name", sorted(KINDS))
some = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def arranged(item, seed):
    return item.kind.arrange(item.structure, random.Random(seed))


def shown(item, arrangement, answer, language="en"):
    return item.kind.shown(item.structure, arrangement, item.texts[language], answer)


def answered(draw, name, item, arrangement):
    """An answer that a learner may give, or None."""
    form = SAMPLES[name].sent(draw, shown(item, arrangement, None))
    return item.kind.read(item.structure, arrangement, fields(form))


def drawn(data, name):
    return SAMPLES[name].twins(data.draw)[0]


def as_stored(data):
    """Through JSON, as the database keeps it."""
    return json.loads(json.dumps(data))


def test_there_are_samples_of_every_kind():
    assert set(SAMPLES) == set(EXAMPLES) == set(KINDS)


@every_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_no_answer_earns_less_than_nothing_or_more_than_all(name, data, seed):
    item = drawn(data, name)
    item.check()
    judged = item.key.judge(answered(data.draw, name, item, arranged(item, seed)))
    assert 0 <= judged.fraction <= 1
    assert (judged.outcome == Outcome.RIGHT) == (judged.fraction == 1)
    assert item.key.judge(None) == UNANSWERED


@every_kind
def test_who_knows_everything_earns_everything_and_who_does_not_earns_less(name):
    structure, texts, answer, right = EXAMPLES[name]
    key = KINDS[name].key(structure, texts)
    assert key.judge(answer).fraction < 1
    assert right is None or key.judge(right).fraction == 1


@every_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_one_thing_more_that_is_right_never_costs(name, data, seed):
    item = drawn(data, name)
    answer = answered(data.draw, name, item, arranged(item, seed))
    before = item.key.judge(answer)
    for _ in range(6):
        answer = SAMPLES[name].better(data.draw, item, answer)
        after = item.key.judge(answer)
        assert after.fraction >= before.fraction
        before = after


@every_kind
@some
@given(data=st.data(), seed=SEEDS, other=SEEDS)
def test_an_answer_means_the_same_however_it_was_shuffled(name, data, seed, other):
    item = drawn(data, name)
    answer = answered(data.draw, name, item, arranged(item, seed))
    again = arranged(item, other)
    form = SAMPLES[name].standing(shown(item, again, answer, "ar"))
    assert item.kind.read(item.structure, again, fields(form)) == answer


@every_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_in_which_order_a_bank_lists_options_changes_no_grade(name, data, seed):
    item = drawn(data, name)
    answer = answered(data.draw, name, item, arranged(item, seed))
    listed = Item(item.kind, listed_otherwise(data.draw, item.structure), item.texts)
    assert listed.key.judge(listed_otherwise(data.draw, answer)) == item.key.judge(answer)


def listed_otherwise(draw, data):
    """The same with every list in another order, but for those whose order is what they say."""
    if isinstance(data, dict):
        return {
            name: part if name in ("elements", "order", "coords", "point") else listed_otherwise(draw, part)
            for name, part in data.items()
        }
    if isinstance(data, list):
        return draw(st.permutations([listed_otherwise(draw, part) for part in data]))
    return data


@every_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_what_was_saved_stands_on_the_page_and_is_sent_again_as_it_was(name, data, seed):
    item = drawn(data, name)
    arrangement = as_stored(arranged(item, seed))
    answer = as_stored(answered(data.draw, name, item, arrangement))
    for language in LANGUAGES:
        form = SAMPLES[name].standing(shown(item, arrangement, answer, language))
        assert item.kind.read(item.structure, arrangement, fields(form)) == answer


@every_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_two_items_that_differ_in_their_keys_alone_look_the_same_until_the_review(name, data, seed):
    item, twin = SAMPLES[name].twins(data.draw)
    twin.check()
    arrangement = arranged(item, seed)
    assert arranged(twin, seed) == arrangement
    answer = answered(data.draw, name, item, arrangement)
    for given_now in (None, answer):
        for language in LANGUAGES:
            page = json.dumps(shown(item, arrangement, given_now, language))
            assert page == json.dumps(shown(twin, arrangement, given_now, language))
            assert MARK not in page


@every_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_a_review_that_may_not_tell_the_key_says_nothing_of_what_was_not_answered(name, data, seed):
    """For a question left open, the review of two items that differ in their keys alone differs in its rationale."""
    item, twin = SAMPLES[name].twins(data.draw)
    reviews = [
        each.kind.reviewed(each.structure, arranged(each, seed), each.texts["en"], None, key=each.key, tell_key=False)
        for each in (item, twin)
    ]
    for review in reviews:
        review.pop("rationale", None)
    assert reviews[0] == reviews[1]


NASTY = [None, True, -1, 10**30, 0.5, "", "\0", "x", "1e-999999", "x" * 30_000, [], [[]], {}, {"key": []}]


@every_kind
def test_an_item_with_any_of_its_parts_spoilt_is_refused_by_name_or_can_be_sat_to_the_end(name):
    """Every part in turn is taken away, and replaced by everything that it should not be."""
    structure, texts, answer, _ = EXAMPLES[name]
    whole = {"structure": structure, "texts": texts}
    KINDS[name].check(structure, texts)
    for way in places(whole):
        for nasty in (*NASTY, ...):
            spoilt = replaced(whole, way, nasty) if way else {"structure": nasty, "texts": nasty}
            try:
                KINDS[name].check(spoilt.get("structure"), spoilt.get("texts"))
            except WrongItem:
                continue
            sat(Item(KINDS[name], spoilt["structure"], spoilt["texts"]), answer)


def replaced(data, way, part):
    """A copy with what stands at a place replaced, or, by an ellipsis, taken away."""
    first, *rest = way
    copied = copy.copy(data)
    if rest:
        copied[first] = replaced(data[first], rest, part)
    elif part is ...:
        del copied[first]
    else:
        copied[first] = part
    return copied


def sat(item, answer):
    """An item is served in all its languages, answered, judged and reviewed."""
    arrangement = arranged(item, 1)
    try:
        item.key.judge(answer)
    except ValueError:
        answer = None  # the item no longer has the options that were chosen
    for words in item.texts.values():
        item.kind.read(item.structure, arrangement, fields({}))
        page = item.kind.shown(item.structure, arrangement, words, answer)
        review = [
            item.kind.reviewed(item.structure, arrangement, words, answer, key=item.key, tell_key=tell_key)
            for tell_key in (False, True)
        ]
        assert "\\u0000" not in json.dumps([page, review])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [
            "1e-999999",
            "1e999999",
            "NaN",
            "-0",
            "1_0",
            "٣",
            "1\n",
            "\ud800",
            "\0",
            "[[g1]]",
            "*",
            ".",
            "kg",
            10**400,
            "a" * 30_000,
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "shape", "fraction", "text", "en", "a"]) | st.text(), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@every_kind
@some
@given(structure=JSON, texts=JSON)
def test_what_is_no_item_is_refused_by_name(name, structure, texts):
    with pytest.raises(WrongItem):
        KINDS[name].check(structure, texts)


@every_kind
@settings(some, max_examples=20)
@given(data=st.data(), seed=SEEDS)
def test_an_item_with_something_wrong_in_it_is_refused_by_name_or_can_be_sat_to_the_end(name, data, seed):
    item = drawn(data, name)
    whole = {"structure": copy.deepcopy(item.structure), "texts": copy.deepcopy(item.texts)}
    for _ in range(data.draw(st.integers(1, 2))):
        spoil(data.draw, whole)
    item = Item(item.kind, whole.get("structure"), whole.get("texts"))
    try:
        item.check()
    except WrongItem:
        return
    arrangement = as_stored(arranged(item, seed))
    for words in item.texts.values():
        page = item.kind.shown(item.structure, arrangement, words, None)
        form = SAMPLES[name].sent(data.draw, page)
        answer = item.kind.read(item.structure, arrangement, fields(form))
        item.kind.shown(item.structure, arrangement, words, answer)
        assert 0 <= item.key.judge(answer).fraction <= 1
        for tell_key in (False, True):
            review = item.kind.reviewed(item.structure, arrangement, words, answer, key=item.key, tell_key=tell_key)
            json.dumps([page, answer, review], ensure_ascii=False).encode()


def places(data, at=()):
    """The way to every part of some JSON."""
    yield at
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, part in parts:
        yield from places(part, (*at, name))


def spoil(draw, whole):
    """Change one thing: replace it by anything or by another part of the item, drop it, double it, or add to it."""
    ways = [way for way in places(whole) if way]
    if not ways:
        return
    *way, last = draw(st.sampled_from(ways))
    holder = whole
    for name in way:
        holder = holder[name]
    change = draw(st.sampled_from(["replace", "take", "drop", "double", "add"]))
    if change == "replace":
        holder[last] = draw(JSON)
    elif change == "take":
        other = whole
        for name in draw(st.sampled_from(ways)):
            other = other[name]
        holder[last] = copy.deepcopy(other)
    elif change == "drop":
        del holder[last]
    elif change == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    elif isinstance(holder, dict):
        holder[draw(st.sampled_from(["key", "shape", "ratio", "feedback"]) | st.text())] = draw(JSON)


PARTS = ["", "1", "2", "3", "x", "y", "press.x", "press.y", "width", "height", "file"]
VALUES = (
    st.sampled_from(["0", "1", "2", "-1", "01", "٣", "1" * 5000, "\0", "\ud800", "x" * 200_000, "10.5"]) | st.text()
)


@every_kind
@some
@given(data=st.data(), seed=SEEDS, form=st.dictionaries(st.sampled_from(PARTS), st.lists(VALUES, max_size=2)))
def test_a_form_that_no_page_sends_is_refused_or_read_as_an_answer(name, data, seed, form):
    item = drawn(data, name)
    arrangement = arranged(item, seed)
    try:
        answer = item.kind.read(item.structure, arrangement, fields(form))
    except MalformedAnswer:
        return
    assert 0 <= item.key.judge(answer).fraction <= 1
    json.dumps(answer, ensure_ascii=False).encode()
    assert "\0" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("single_choice", {"shape": 1, "choice": "x"}),
        ("multiple_choice", {"shape": 1, "choices": ["x"]}),
        ("ordering", {"shape": 1, "order": ["x"]}),
        ("ordering", {"shape": 1, "order": ["Kq0", "Kq0"]}),
        ("matching", {"shape": 1, "pairs": {"x": "Kq0t"}}),
        ("matching", {"shape": 1, "pairs": {"Kq0p": "x"}}),
        ("gap_fill", {"shape": 1, "gaps": {"x": "1"}}),
        ("hotspot", {"shape": 1, "area": "x"}),
        ("hotspot", {"shape": 1, "point": [0, 1001]}),
        ("document", {"shape": 1, "marks": ["x"]}),
    ],
)
@settings(max_examples=3)
@given(data=st.data())
def test_an_answer_that_was_never_served_is_an_error_and_no_grade(name, answer, data):
    with pytest.raises(ValueError, match="served|outside"):
        drawn(data, name).key.judge(answer)


@some
@given(data=st.data(), seed=SEEDS)
def test_an_essay_waits_for_a_marker_and_one_that_was_not_written_does_not(data, seed):
    item = drawn(data, "essay")
    answer = answered(data.draw, "essay", item, arranged(item, seed))
    assert item.key.judge(answer) == (FOR_A_MARKER if answer else UNANSWERED)
