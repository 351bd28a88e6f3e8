"""Drafts of items: what an author writes, or a file brings, before it is reviewed and published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from people.models import User
from quizzes import permissions
from quizzes.drafts.content import digest
from quizzes.errors import ChangedByAnother
from quizzes.exchange import check_version
from quizzes.models import Item, ItemBank, ItemEvent, ItemText, ItemVersion, WordsSetAside

# What all languages of a version share.
SHARED = ("kind", "difficulty", "tags", "rad_factors", "structure")
_WRITTEN = (*SHARED, "digest")
_ROWS_AT_ONCE = 100


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
    says = {part: getattr(draft, part) for part in _WRITTEN}
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
        if item is None:
            _begin(bank, key)
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


def _begin(bank: ItemBank, key: str) -> None:
    """The row of a new item, unless another author has begun one of this key in the same moment."""
    try:
        with transaction.atomic():
            Item.objects.create(bank=bank, key=key)
    except IntegrityError as problem:
        raise ChangedByAnother from problem


def write_drafts(
    bank: ItemBank,
    drafts: Mapping[str, Draft],
    aside: Mapping[str, Mapping[str, dict]],
    *,
    actor: User | None,
    now: datetime,
) -> None:
    """Many drafts of one bank by their keys, each as `write_draft` writes one; as many queries for few as for many.

    `aside` are words that do not fit their item any more, by key and language: they wait beside it, as do those that
    are set aside already in languages which the draft does not speak. `actor` is who wrote them, None for whoever runs
    the machine's commands. Call it in a transaction, with drafts that `check_version` has let through: that takes its
    time, and the items are locked here.
    """
    items = {
        item.key: item
        for item in Item.objects.select_for_update(no_key=True).filter(bank=bank, key__in=drafts).order_by("pk")
    }
    made = Item.objects.bulk_create(Item(bank=bank, key=key) for key in drafts if key not in items)
    items |= {item.key: item for item in made}
    last, standing = _standing(items.values())
    overtaken = [version.pk for version in standing.values() if version.number < last[version.item_id]]
    ItemText.objects.filter(version__in=[version.pk for version in standing.values()]).delete()
    ItemVersion.objects.filter(pk__in=overtaken).delete()
    rewritten, begun = [], []
    for key, draft in drafts.items():
        item = items[key]
        version = standing.get(item.pk)
        if version is None or version.pk in overtaken:
            version = ItemVersion(item=item, number=last.get(item.pk, 0) + 1)
            begun.append(version)
        else:
            rewritten.append(version)
        for part in _WRITTEN:
            setattr(version, part, getattr(draft, part))
    ItemVersion.objects.bulk_update(rewritten, _WRITTEN, batch_size=_ROWS_AT_ONCE)
    ItemVersion.objects.bulk_create(begun)
    versions = {version.item_id: version for version in (*rewritten, *begun)}
    ItemText.objects.bulk_create(
        ItemText(version=versions[items[key].pk], language=language, content=words)
        for key, draft in drafts.items()
        for language, words in sorted(draft.texts.items())
    )
    _set_aside(items, drafts, aside)
    if actor is not None:
        ItemEvent.objects.bulk_create(
            ItemEvent(item=version.item, deed=ItemEvent.Deed.WRITE, digest=version.digest, actor=actor, at=now)
            for version in versions.values()
        )


def _standing(items: Iterable[Item]) -> tuple[dict[int, int], dict[int, ItemVersion]]:
    """By item the number of the last version, and the open draft where there is one."""
    last: dict[int, int] = {}
    drafts: dict[int, ItemVersion] = {}
    versions = ItemVersion.objects.filter(item__in=[item.pk for item in items]).select_related("item")
    for version in versions.order_by("number"):
        last[version.item_id] = version.number
        if version.published_at is None:
            drafts[version.item_id] = version
    return last, drafts


def _set_aside(
    items: Mapping[str, Item], drafts: Mapping[str, Draft], aside: Mapping[str, Mapping[str, dict]]
) -> None:
    spoken = {(items[key].pk, language) for key, draft in drafts.items() for language in draft.texts}
    waiting = {(items[key].pk, language): words for key, held in aside.items() for language, words in held.items()}
    there = WordsSetAside.objects.filter(item__in=[item.pk for item in items.values()])
    gone = [row.pk for row in there if (row.item_id, row.language) in spoken | waiting.keys()]
    WordsSetAside.objects.filter(pk__in=gone).delete()
    WordsSetAside.objects.bulk_create(
        WordsSetAside(item_id=item, language=language, content=words) for (item, language), words in waiting.items()
    )
