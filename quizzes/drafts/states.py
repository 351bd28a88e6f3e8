"""What becomes of an item's draft, and what may be done with it when.

    draft ──ask──▶ in review ──approve──▶ approved
      ▲ ▲              │  │
      │ └────write─────┘  └──return──▶ returned
      └──────────────write───────────────┘

Whoever writes begins anew: a state belongs to a content, known by its digest, and the events about another content say
nothing of this one. Only what was sent back cannot be asked to be published as it is; publication itself takes two
people and is the business of oversight.four_eyes.
"""

from collections.abc import Iterable
from enum import StrEnum


class DraftState(StrEnum):
    """How far the review of a draft has come."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"


class ItemState(StrEnum):
    """An item in a list, by what matters most of it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    WAITING = "waiting"
    CHANGED = "changed"
    PUBLISHED = "published"
    RETIRED = "retired"


MOVES: dict[str, dict[DraftState, DraftState]] = {
    "ask": {DraftState.DRAFT: DraftState.IN_REVIEW, DraftState.RETURNED: DraftState.IN_REVIEW},
    "approve": {DraftState.IN_REVIEW: DraftState.APPROVED},
    "return": {DraftState.IN_REVIEW: DraftState.RETURNED, DraftState.APPROVED: DraftState.RETURNED},
    "remark": {state: state for state in DraftState},
}
# Not what was sent back: its author says first, by asking again, why it should stand.
PUBLISHABLE = frozenset({DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.APPROVED})


class NotNow(Exception):
    """A deed that a draft in this state does not take. Nothing was changed."""


def after(state: DraftState, deed: str) -> DraftState:
    """The state that a deed leads to. Raises NotNow."""
    try:
        return MOVES[deed][state]
    except KeyError as problem:
        raise NotNow(deed, state) from problem


def state_of(deeds: Iterable[str]) -> DraftState:
    """The state of a draft after what was done with exactly its content, oldest first.

    To write the same words again takes nothing back: who saves without a change has not changed what was approved.
    Deeds that came too late, side by side with another, count for nothing.
    """
    state = DraftState.DRAFT
    for deed in deeds:
        state = MOVES.get(deed, {}).get(state, state)
    return state


def item_state(draft: DraftState | None, *, published: bool, waiting: bool, retired: bool) -> ItemState:
    """The state of an item: `draft` is its open draft's, None where there is none; `waiting`: to be published."""
    if retired:
        return ItemState.RETIRED
    if draft is None:
        return ItemState.PUBLISHED if published else ItemState.DRAFT
    if waiting:
        return ItemState.WAITING
    if draft == DraftState.DRAFT and published:
        return ItemState.CHANGED
    return ItemState(draft)
