"""When a translation is missing, stale, in review or translated: the rule, without a database."""

import pytest

from courses.languages.status import Gate, State, gate, match, state

SOURCE = [("title", "t1"), ("body.x.1", "p1"), ("body.x.2", "p2")]
FINE = {"published": True, "confirmed": SOURCE, "untouched": True}


def test_what_was_confirmed_and_has_not_changed_is_translated():
    assert state(SOURCE, **FINE) == State.TRANSLATED


def test_what_readers_cannot_get_is_missing():
    assert state(SOURCE, published=False, confirmed=None, untouched=False) == State.MISSING


def test_words_that_nobody_confirmed_are_in_review():
    assert state(SOURCE, published=True, confirmed=None, untouched=False) == State.IN_REVIEW


def test_words_changed_past_the_translators_desk_are_in_review():
    assert state(SOURCE, **FINE | {"untouched": False}) == State.IN_REVIEW


@pytest.mark.parametrize(
    "now",
    [
        [("title", "t2"), *SOURCE[1:]],
        [*SOURCE, ("body.x.3", "p3")],
        SOURCE[:-1],
    ],
    ids=["a passage has other words", "a passage is new", "a passage is gone"],
)
def test_a_changed_source_makes_it_stale(now):
    assert state(now, **FINE) == State.STALE


def test_what_is_handed_in_is_in_review_until_the_source_changes_again():
    changed = [("title", "t2"), *SOURCE[1:]]
    assert state(changed, **FINE, handed_in={"title": "t2"}) == State.IN_REVIEW
    assert state([("title", "t3"), *SOURCE[1:]], **FINE, handed_in={"title": "t2"}) == State.STALE
    nothing = {"published": False, "confirmed": None, "untouched": False}
    assert state(SOURCE, **nothing, handed_in=dict(SOURCE)) == State.IN_REVIEW
    assert state(SOURCE, **nothing, handed_in={"title": "t1"}) == State.MISSING


def test_a_paragraph_that_only_moved_is_not_translated_again():
    now = [("title", "t1"), ("body.x.1", "new"), ("body.x.2", "p1"), ("body.x.3", "p2")]
    found = {item.path: (item.was, item.changed) for item in match(now, SOURCE)}
    assert found == {
        "title": ("title", False),
        "body.x.1": ("", True),
        "body.x.2": ("body.x.1", False),
        "body.x.3": ("body.x.2", False),
    }


def test_a_reworded_paragraph_keeps_its_older_words_beside_it():
    [changed] = [item for item in match([("title", "t2"), *SOURCE[1:]], SOURCE) if item.changed]
    assert (changed.path, changed.was, changed.was_digest) == ("title", "title", "t1")


def test_the_gate_closes_for_a_missing_page_and_only_for_that():
    assert gate([State.TRANSLATED], [State.TRANSLATED]) == Gate.OPEN
    assert gate([State.STALE, State.TRANSLATED], []) == Gate.WITH_REMARKS
    assert gate([State.TRANSLATED], [State.MISSING]) == Gate.WITH_REMARKS
    assert gate([State.TRANSLATED, State.MISSING], [State.TRANSLATED]) == Gate.CLOSED
