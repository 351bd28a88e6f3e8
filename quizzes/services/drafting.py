"""Drafts of items: what an author writes, or a file brings, before it is reviewed and published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from people.models import User
from quizzes import permissions
from quizzes.drafts.content import digest
from quizzes.errors import ChangedByAnother
from quizzes.exchange import check_version
from quizzes.models import Item, ItemBank, ItemEvent, ItemText, ItemVersion, WordsSetAside

# What all languages of a version share.
SHARED = ("kind", "difficulty", "tags", "rad_factors", "structure")


@dataclass(frozen=True)
class Draft:
    """All that a version of an item says and counts; `texts` are its words by language."""

    kind: str
    difficulty: int
    structure: dict
    texts: dict[str, dict]
    tags: list[str] = field(default_factory=list)
    rad_factors: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, version: ItemVersion) -> "Draft":
        """What a version says, its words read with it."""
        says = {part: getattr(version, part) for part in SHARED}
        return cls(**says, texts={text.language: text.content for text in version.texts.all()})

    @property
    def digest(self) -> str:
        return digest(vars(self))


def write_draft(bank: ItemBank, key: str, draft: Draft) -> ItemVersion:
    """The item's draft as it is now: its open draft is written over, or a new version begun after the published one.

    What is published never changes. A draft that a published version has overtaken (a translation was published
    meanwhile, a bank was brought in) gives way to one that follows it: learners get what came last. Raises WrongItem,
    before anything is written, where the draft could not be served and graded in every language it has. Atomic; two
    authors of one draft follow one another.
    """
    check_version(vars(draft))
    says = {
        part: getattr(draft, part) for part in ("kind", "difficulty", "tags", "rad_factors", "structure", "digest")
    }
    with transaction.atomic():
        item, _new = Item.objects.get_or_create(bank=bank, key=key)
        item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        last = item.versions.aggregate(last=Max("number"))["last"] or 0
        version = item.versions.filter(published_at=None).order_by("-number").first()
        if version is not None and version.number < last:
            version.texts.all().delete()
            version.delete()
            version = None
        if version is None:
            version = ItemVersion.objects.create(item=item, number=last + 1, **says)
        else:
            ItemVersion.objects.filter(pk=version.pk).update(**says)
            version.texts.all().delete()
            version.refresh_from_db()
        ItemText.objects.bulk_create(
            ItemText(version=version, language=language, content=words)
            for language, words in sorted(draft.texts.items())
        )
    return version


def newest_of(item: Item) -> ItemVersion | None:
    """What an author goes on from: the item's draft, also where it was overtaken, or its newest published version."""
    versions = item.versions.order_by("-number").prefetch_related("texts")
    return versions.filter(published_at=None).first() or versions.first()


def seen_of(item: Item | None) -> str:
    """What an author has before them, as a token: another one where somebody has written or published in between."""
    newest = newest_of(item) if item else None
    if newest is None:
        return ""
    last = newest.item.versions.aggregate(last=Max("number"))["last"]
    return f"{last}-{newest.number}-{Draft.of(newest).digest[:16]}"


def save_draft(
    bank: ItemBank,
    key: str,
    draft: Draft,
    aside: Mapping[str, dict],
    *,
    seen: str,
    actor: User,
    now: datetime,
) -> ItemVersion:
    """What an author saves: `write_draft`, with who wrote it, and with the words that do not fit it yet kept `aside`.

    `seen` is the token of what the author had before them. Raises PermissionDenied; ChangedByAnother where somebody
    has written since, and nothing is changed; WrongItem as `write_draft`. Atomic.
    """
    if not permissions.may_write_items(actor):
        raise PermissionDenied
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).filter(bank=bank, key=key).first()
        if seen_of(item) != seen:
            raise ChangedByAnother
        version = write_draft(bank, key, draft)
        WordsSetAside.objects.filter(item=version.item_id).delete()
        WordsSetAside.objects.bulk_create(
            WordsSetAside(item_id=version.item_id, language=language, content=words)
            for language, words in sorted(aside.items())
        )
        ItemEvent.objects.create(
            item_id=version.item_id, deed=ItemEvent.Deed.WRITE, digest=version.digest, actor=actor, at=now
        )
    return version
