import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from quizzes.analysis.choices import MOST_OPTIONS, UNANSWERED, chosen
from quizzes.analysis.gathering import AttemptRow, Gathering
from tests.quizzes.analysis.making import responses_of, row_of, table_of

TABLES = arrays.arrays(
    float,
    st.tuples(st.integers(1, 12), st.integers(1, 6)),
    elements=st.sampled_from([np.nan, -0.25, 0.0, 0.25, 0.5, 1.0]),
)


def same(first, second):
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in vars(first))


@given(TABLES)
def test_what_was_added_comes_back_and_what_was_not_served_has_no_entry(table):
    found = responses_of(table)

    served = ~np.isnan(table).all(axis=0)
    assert found.items.tolist() == (np.flatnonzero(served) + 1).tolist()
    np.testing.assert_array_equal(table_of(found), table[:, served])
    assert len(found.fraction) == np.count_nonzero(~np.isnan(table))


@given(TABLES, st.data())
def test_chunks_and_the_order_within_an_attempt_make_no_difference(table, data):
    languages = data.draw(st.lists(st.sampled_from(["fr", "ar", "en"]), min_size=len(table), max_size=len(table)))
    cut = data.draw(st.integers(0, len(table)))
    rows = [row_of(table, attempt, languages) for attempt in range(len(table))]
    turned = [AttemptRow(row.language, *(list(reversed(column)) for column in row[1:])) for row in rows]
    gathering = Gathering()
    gathering.add(turned[:cut])
    gathering.add(turned[cut:])

    assert same(gathering.responses(), responses_of(table, languages))


@given(TABLES, st.data())
def test_the_attempts_in_some_languages_are_those_that_would_have_been_added_alone(table, data):
    languages = data.draw(st.lists(st.sampled_from(["fr", "ar", "en"]), min_size=len(table), max_size=len(table)))
    every = responses_of(table, languages)
    some = every.of(languages[0])

    wanted = [place for place, code in enumerate(languages) if code == languages[0]]
    served = ~np.isnan(table).all(axis=0)
    np.testing.assert_array_equal(table_of(some), table[wanted][:, served])
    assert [some.languages[code] for code in some.language] == [languages[0]] * len(wanted)


def test_languages_stand_in_the_order_of_the_alphabet_whichever_came_first():
    found = responses_of([[1], [1], [1]], ["fr", "ar", "fr"])

    assert found.languages == ("ar", "fr")
    assert found.language.tolist() == [1, 0, 1]


def test_an_item_version_may_have_any_id_the_database_gives():
    gathering = Gathering()
    gathering.add([AttemptRow("en", [2**62, 5], [1, 0], [0, UNANSWERED])])

    assert gathering.responses().items.tolist() == [5, 2**62]
    assert gathering.responses().chosen.tolist() == [UNANSWERED, 0]


def test_nothing_added_is_no_attempts():
    found = Gathering().responses()

    assert (found.attempts, found.languages, len(found.items)) == (0, (), 0)


def test_a_choice_is_a_set_of_places():
    assert chosen([]) == 0
    assert chosen([0]) == 1
    assert chosen([3, 1, 3]) == 0b1010
    assert chosen(range(MOST_OPTIONS)) == UNANSWERED - 1
    for place in (-1, MOST_OPTIONS):
        with pytest.raises(ValueError, match="not among"):
            chosen([place])


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (AttemptRow("en", [1, 2], [1], [0, 0]), "one length"),
        (AttemptRow("en", [1, 1], [1, 0], [0, 0]), "served twice"),
        (AttemptRow("en", [1], [1.5], [0]), "beyond"),
        (AttemptRow("en", [1], [-1.5], [0]), "beyond"),
        (AttemptRow("en", [1], [float("nan")], [0]), "beyond"),
    ],
)
def test_a_row_that_cannot_be_is_refused(row, complaint):
    gathering = Gathering()
    with pytest.raises(ValueError, match=complaint):
        gathering.add([row])
        gathering.responses()


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=12))
def test_an_item_served_twice_is_seen_wherever_it_stands(pairs):
    gathering = Gathering()
    gathering.add(AttemptRow("en", list(pair), [1, 0], [0, 0]) for pair in pairs)

    if any(first == second for first, second in pairs):
        with pytest.raises(ValueError, match="served twice"):
            gathering.responses()
    else:
        assert gathering.responses().attempts == len(pairs)
