"""What authors and reviewers do with the draft of an item before two people publish it, and the retiring of items."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from oversight import records
from people.models import User
from quizzes import permissions
from quizzes.drafts import states
from quizzes.drafts.states import DraftState
from quizzes.errors import NotForReview
from quizzes.models import Item, ItemEvent, ItemVersion

Deed = ItemEvent.Deed
MUST_SAY_WHY = frozenset({Deed.RETURN, Deed.REMARK})


def open_draft(item: Item) -> ItemVersion | None:
    """The draft that is open: written after everything that is published."""
    newest = item.versions.order_by("-number").first()
    return newest if newest is not None and newest.published_at is None else None


def draft_state(draft: ItemVersion) -> DraftState:
    """How far the review of a draft has come."""
    return states.state_of(draft.item.events.about(draft.digest).values_list("deed", flat=True))


def writers_of(items: list[Item]) -> set[int]:
    """The ids of the accounts that have written the drafts of these items, or asked for their review, since they were
    last published: none of them decides on them.
    """
    published = {}
    for item, at in ItemVersion.objects.filter(item__in=items, published_at__isnull=False).values_list(
        "item", "published_at"
    ):
        published[item] = max(at, published.get(item, at))
    wrote = ItemEvent.objects.filter(item__in=items, deed__in=(Deed.WRITE, Deed.ASK))
    hands = wrote.values_list("item", "actor", "at")
    return {actor for item, actor, at in hands if item not in published or at >= published[item]}


def review(item: Item, deed: str, *, digest: str, remark: str = "", actor: User, now: datetime) -> ItemEvent:
    """Do a deed of the review (ask, approve, return, remark) about the draft that is known by `digest`.

    An author asks; a subject reviewer who has not written the draft approves it or sends it back, and says why; both
    may say something. Raises PermissionDenied; ValidationError without the words a deed needs; NotForReview where the
    draft is another one by now, or not in a state for it. Atomic: two decisions follow one another.
    """
    remark = remark.strip()
    _may(actor, item, deed)
    if deed in MUST_SAY_WHY and not remark:
        raise ValidationError({"remark": _("Please say what should be different.")}, code="required")
    with transaction.atomic():
        locked = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        draft = open_draft(locked)
        if draft is None or draft.digest != digest:
            raise NotForReview
        try:
            states.after(draft_state(draft), deed)
        except states.NotNow as problem:
            raise NotForReview from problem
        return ItemEvent.objects.create(
            item=locked, deed=deed, digest=draft.digest, remark=remark, actor=actor, at=now
        )


def _may(actor: User, item: Item, deed: str) -> None:
    if deed == Deed.ASK and permissions.may_write_items(actor):
        return
    if deed == Deed.REMARK and permissions.may_read_items(actor):
        return
    if deed in (Deed.APPROVE, Deed.RETURN) and may_decide_on(actor, item):
        return
    raise PermissionDenied


def may_decide_on(user: User, item: Item) -> bool:
    """Whether somebody may approve a draft or send it back: a subject reviewer who has had no hand in it."""
    return permissions.may_review_items(user) and user.pk not in writers_of([item])


def retire(item: Item, *, actor: User, now: datetime) -> None:
    """Let no quiz that is released from now on draw an item. What learners have been given keeps it. Atomic."""
    _retire(item, now, Deed.RETIRE, actor, now)


def restore(item: Item, *, actor: User, now: datetime) -> None:
    """Let quizzes that are released from now on draw an item again. Atomic."""
    _retire(item, None, Deed.RESTORE, actor, now)


def _retire(item: Item, retired_at: datetime | None, deed: str, actor: User, now: datetime) -> None:
    if not permissions.may_write_items(actor):
        raise PermissionDenied
    with transaction.atomic():
        changed = Item.objects.filter(pk=item.pk, retired_at__isnull=retired_at is not None).update(
            retired_at=retired_at
        )
        if not changed:
            return
        ItemEvent.objects.create(item=item, deed=deed, actor=actor, at=now)
        records.append(
            "quizzes.item.retired" if retired_at else "quizzes.item.restored",
            subject=item,
            facts={"bank": item.bank.slug, "key": item.key},
            actor=actor,
            now=now,
        )
