"""What may be done with a draft when, and how its states follow from what was done with exactly its content."""

import itertools

import pytest

from quizzes.drafts.states import MOVES, PUBLISHABLE, DraftState, ItemState, NotNow, after, item_state, state_of

LEGAL = {
    ("draft", "ask", "in_review"),
    ("returned", "ask", "in_review"),
    ("in_review", "approve", "approved"),
    ("in_review", "return", "returned"),
    ("approved", "return", "returned"),
    *((state, "remark", state) for state in ("draft", "in_review", "returned", "approved")),
}


def test_the_moves_are_those_that_are_drawn_and_no_others():
    assert {(str(a), deed, str(b)) for deed, moves in MOVES.items() for a, b in moves.items()} == LEGAL


@pytest.mark.parametrize(("state", "deed"), list(itertools.product(DraftState, [*MOVES, "publish"])))
def test_a_deed_leads_where_it_may_or_is_refused(state, deed):
    targets = [b for a, d, b in LEGAL if (a, d) == (state, deed)]
    if targets:
        assert after(state, deed) == targets[0]
    else:
        with pytest.raises(NotNow):
            after(state, deed)


@pytest.mark.parametrize(
    ("deeds", "state"),
    [
        ([], "draft"),
        (["write", "write"], "draft"),
        (["write", "ask"], "in_review"),
        (["ask", "approve"], "approved"),
        (["ask", "approve", "write"], "approved"),
        (["ask", "return", "ask"], "in_review"),
        (["ask", "approve", "return"], "returned"),
        (["approve"], "draft"),
        (["ask", "return", "approve"], "returned"),
        (["ask", "remark", "approve", "remark"], "approved"),
    ],
)
def test_the_state_follows_from_the_deeds_and_late_ones_count_for_nothing(deeds, state):
    assert state_of(deeds) == state


def test_what_was_sent_back_is_not_published_as_it_is():
    assert set(DraftState) - PUBLISHABLE == {DraftState.RETURNED}


@pytest.mark.parametrize(
    ("draft", "published", "waiting", "retired", "state"),
    [
        (None, True, False, False, ItemState.PUBLISHED),
        (DraftState.DRAFT, False, False, False, ItemState.DRAFT),
        (DraftState.DRAFT, True, False, False, ItemState.CHANGED),
        (DraftState.APPROVED, True, False, False, ItemState.APPROVED),
        (DraftState.APPROVED, True, True, False, ItemState.WAITING),
        (DraftState.IN_REVIEW, False, False, False, ItemState.IN_REVIEW),
        (DraftState.RETURNED, False, False, False, ItemState.RETURNED),
        (None, True, False, True, ItemState.RETIRED),
    ],
)
def test_an_item_s_state_is_what_matters_most_of_it(draft, published, waiting, retired, state):
    assert item_state(draft, published=published, waiting=waiting, retired=retired) == state
