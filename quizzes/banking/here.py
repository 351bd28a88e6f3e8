"""What a bank holds already of the questions that a file brings."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizzes.models import Item, ItemBank, ItemVersion


@dataclass(frozen=True)
class Here:
    """An item as an author finds it: its open draft, or, where there is none, its newest published version.

    `version` is None for an item that has none yet. Equal as long as nobody has changed anything.
    """

    key: str
    is_retired: bool
    version: int | None = None
    is_draft: bool = False
    kind: str = ""
    difficulty: int = 0
    tags: tuple[str, ...] = ()
    rad_factors: tuple[int, ...] = ()
    structure: dict | None = None
    texts: dict[str, dict] | None = None


def standing(bank: ItemBank | None, keys: Iterable[str]) -> dict[str, Here]:
    """The items of these keys, by key. Three queries, however many there are."""
    if bank is None:
        return {}
    wanted = set(keys)
    items = {item.pk: item for item in Item.objects.filter(bank=bank).only("key", "retired_at") if item.key in wanted}
    newest = newest_versions(bank)
    versions = ItemVersion.objects.filter(pk__in=[newest[pk] for pk in items if pk in newest])
    by_item = {version.item_id: version for version in versions.prefetch_related("texts")}
    return {item.key: _here(item, by_item.get(pk)) for pk, item in items.items()}


def newest_versions(bank: ItemBank) -> dict[int, int]:
    """By item the version that an author finds: the open draft before what is published. One query."""
    found = ItemVersion.objects.filter(item__bank=bank).values_list("item", "pk", "published_at", "number")
    ordered = sorted(found, key=lambda row: (row[2] is None, row[3]))
    return {item: version for item, version, _published_at, _number in ordered}


def _here(item: Item, version: ItemVersion | None) -> Here:
    if version is None:
        return Here(item.key, item.retired_at is not None)
    return Here(
        item.key,
        item.retired_at is not None,
        version.pk,
        version.published_at is None,
        version.kind,
        version.difficulty,
        tuple(version.tags),
        tuple(version.rad_factors),
        version.structure,
        {text.language: text.content for text in version.texts.all()},
    )
