"""Drafts of items: what an author writes, or a file brings, before it is reviewed and published."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from quizzes.exchange import check_version
from quizzes.models import Item, ItemBank, ItemText, ItemVersion


@dataclass(frozen=True)
class Draft:
    """All that a version of an item says and counts; `texts` are its words by language."""

    kind: str
    difficulty: int
    structure: dict
    texts: dict[str, dict]
    tags: list[str] = field(default_factory=list)
    rad_factors: list[int] = field(default_factory=list)


def write_draft(bank: ItemBank, key: str, draft: Draft) -> ItemVersion:
    """The item's draft as it is now: its open draft is written over, or a new version begun after the published one.

    What is published never changes. Raises WrongItem, before anything is written, where the draft could not be served
    and graded in every language it has. Atomic; two authors of one draft follow one another.
    """
    check_version(vars(draft))
    says = {part: getattr(draft, part) for part in ("kind", "difficulty", "tags", "rad_factors", "structure")}
    with transaction.atomic():
        item, _new = Item.objects.get_or_create(bank=bank, key=key)
        item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        version = item.versions.filter(published_at=None).order_by("-number").first()
        if version is None:
            last = item.versions.aggregate(last=Max("number"))["last"] or 0
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
