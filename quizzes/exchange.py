"""Quizzes and item banks on their way to another installation and from one.

A bank and a quiz keep their slug and an item its key; those are what another installation knows them by. UUIDs travel
too and are kept where they are free. Only published versions travel: a draft is work in progress. What has been frozen
for learners (`QuizVersion`) is never touched.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.dateparse import parse_datetime

from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from quizzes.models import Item, ItemBank, ItemKind, ItemText, ItemVersion, Mechanism, Quiz, QuizSection, QuizText


def bank_as_data(bank: ItemBank) -> dict:
    """A bank with all published versions of its items, in three queries."""
    versions = (
        ItemVersion.objects.filter(item__bank=bank, published_at__isnull=False)
        .order_by("item__key", "number")
        .select_related("item")
        .prefetch_related("texts")
    )
    items: dict[str, dict] = {}
    for version in versions:
        item = items.setdefault(
            version.item.key,
            {
                "key": version.item.key,
                "uuid": str(version.item.uuid),
                "retired": version.item.retired_at is not None,
                "versions": [],
            },
        )
        item["versions"].append(_version_as_data(version))
    return {"slug": bank.slug, "uuid": str(bank.uuid), "title": bank.title, "items": list(items.values())}


def _version_as_data(version: ItemVersion) -> dict:
    return {
        "uuid": str(version.uuid),
        "number": version.number,
        "kind": version.kind,
        "difficulty": version.difficulty,
        "tags": version.tags,
        "rad_factors": version.rad_factors,
        "structure": version.structure,
        "published_at": version.published_at.isoformat(),
        "texts": {text.language: text.content for text in version.texts.all()},
    }


def quiz_as_data(quiz: Quiz) -> dict:
    return {
        "slug": quiz.slug,
        "uuid": str(quiz.uuid),
        "bank": quiz.bank.slug,
        "draw": quiz.draw,
        "time_limit_minutes": quiz.time_limit_minutes,
        "minutes": quiz.minutes,
        "opens_at": quiz.opens_at and quiz.opens_at.isoformat(),
        "closes_at": quiz.closes_at and quiz.closes_at.isoformat(),
        "grace_seconds": quiz.grace_seconds,
        "review": quiz.review,
        "sections": [
            {
                "draw": section.draw,
                "weight": str(section.weight),
                "tags": sorted(section.tags),
                "rad_factors": sorted(section.rad_factors),
                "difficulties": sorted(section.difficulties),
                "keeps_order": section.keeps_order,
                "titles": section.words["titles"],
            }
            for section in quiz.sections.all()
        ],
        "texts": {
            text.language: {"title": text.title, "introduction": text.introduction} for text in quiz.texts.all()
        },
    }


# What an archive says of a quiz that was written before quizzes could say it.
UNSAID = {
    "opens_at": None,
    "closes_at": None,
    "grace_seconds": 0,
    "review": Quiz.Review.AFTER_PASS.value,
    "sections": [],
}


def check_plan(data: dict) -> None:
    """Check the plan of a quiz's data, whose types are right already. Raises WrongItem."""
    opens_at, closes_at = (data[name] and parse_datetime(data[name]) for name in ("opens_at", "closes_at"))
    if opens_at and closes_at and opens_at >= closes_at:
        raise WrongItem("it closes before it opens")
    if data["review"] == Quiz.Review.AFTER_CLOSE and not closes_at:
        raise WrongItem("it is reviewed after a closing that never comes")
    if data["sections"] and data["draw"] != sum(section["draw"] for section in data["sections"]):
        raise WrongItem("its sections do not draw what the quiz draws")
    for section in data["sections"]:
        try:
            weight = Decimal(section["weight"])
        except InvalidOperation:
            weight = Decimal(0)
        if not (weight.is_finite() and QuizSection.LIGHTEST <= weight <= QuizSection.HEAVIEST):
            raise WrongItem("a section weighs what no section can")
        if weight != weight.quantize(QuizSection.LIGHTEST):
            raise WrongItem("a section's weight has more than two decimals")


def check_version(version: dict) -> None:
    """Check that a version could be served and graded, in every language it has. Raises WrongItem."""
    kind = KINDS.get(version["kind"]) if isinstance(version["kind"], str) else None
    if kind is None:
        raise WrongItem("it is of an unknown kind")
    kind.check(version["structure"], version["texts"])
    if kind.name == ItemKind.SCENARIO:
        mechanisms = {option["mechanism"] for option in version["structure"]["options"]}
        if not mechanisms <= {None, *Mechanism.values}:
            raise WrongItem("an option names an unknown mechanism")


def media_named(bank: dict) -> set[str]:
    """The digests of what the items of a bank's data show, in all their versions and languages."""
    found = set()
    for version in (version for item in bank["items"] for version in item["versions"]):
        found |= {medium["sha256"] for words in version["texts"].values() for medium in words.get("media", [])}
        if "image" in version["structure"]:
            found.add(version["structure"]["image"])
    return found


def newest(item: dict) -> dict:
    """The version of an item's data that learners would get."""
    return max(item["versions"], key=lambda version: version["number"])


def same_version(one: dict, other: dict) -> bool:
    """Whether two versions say and count the same, whatever they are called."""
    return all(
        one[part] == other[part] for part in ("kind", "difficulty", "tags", "rad_factors", "structure", "texts")
    )


def same_item(one: dict, other: dict) -> bool:
    """Whether learners would get the same from two items."""
    return one["retired"] == other["retired"] and same_version(newest(one), newest(other))


def changed_items(here: dict, there: dict) -> tuple[list[str], list[str]]:
    """The keys of items that another bank's data adds, and of those whose newest version it would change."""
    known = {item["key"]: item for item in here["items"]}
    added = [item["key"] for item in there["items"] if item["key"] not in known]
    changed = [
        item["key"] for item in there["items"] if item["key"] in known and not same_item(known[item["key"]], item)
    ]
    return added, changed


def take_bank(data: dict, *, now: datetime) -> ItemBank:
    """Bring a checked bank in: made with all its versions, or met with new versions of what differs.

    A version that exists is never changed. Call it inside the transaction of the import it belongs to.
    """
    bank = ItemBank.objects.filter(slug=data["slug"]).first()
    if bank is None:
        bank = ItemBank.objects.create(slug=data["slug"], uuid=_free(ItemBank, data["uuid"]), title=data["title"])
    here = {item["key"]: item for item in bank_as_data(bank)["items"]}
    for item in data["items"]:
        if item["key"] not in here:
            # It may be here as a draft: then it has its row, and its numbers begin after the draft's.
            row, _new = Item.objects.get_or_create(
                bank=bank, key=item["key"], defaults={"uuid": _free(Item, item["uuid"])}
            )
            _add_versions(row, item["versions"])
        else:
            row = Item.objects.get(bank=bank, key=item["key"])
        if item["retired"] != (row.retired_at is not None):
            row.retired_at = now if item["retired"] else None
            row.save(update_fields=["retired_at"])
        if item["key"] in here and not same_version(newest(here[item["key"]]), newest(item)):
            _add_versions(row, [newest(item) | {"published_at": now.isoformat()}])
    return bank


def _add_versions(item: Item, versions: Iterable[dict]) -> None:
    last = item.versions.order_by("-number").values_list("number", flat=True).first() or 0
    for data in sorted(versions, key=lambda version: version["number"]):
        last = max(last + 1, data["number"])
        version = ItemVersion.objects.create(
            item=item,
            uuid=_free(ItemVersion, data["uuid"]),
            number=last,
            published_at=parse_datetime(data["published_at"]),
            **{part: data[part] for part in ("kind", "difficulty", "tags", "rad_factors", "structure")},
        )
        ItemText.objects.bulk_create(
            ItemText(version=version, language=language, content=words)
            for language, words in sorted(data["texts"].items())
        )


def take_quiz(data: dict) -> Quiz:
    """Bring a checked quiz in, made or changed. Learners keep what was frozen for them."""
    plan = {part: data[part] for part in ("draw", "time_limit_minutes", "minutes", "grace_seconds", "review")}
    plan |= {name: data[name] and parse_datetime(data[name]) for name in ("opens_at", "closes_at")}
    bank = ItemBank.objects.get(slug=data["bank"])
    quiz, _new = Quiz.objects.update_or_create(
        slug=data["slug"],
        defaults=plan | {"bank": bank},
        create_defaults=plan | {"bank": bank, "uuid": _free(Quiz, data["uuid"])},
    )
    for language, words in sorted(data["texts"].items()):
        QuizText.objects.update_or_create(quiz=quiz, language=language, defaults=words)
    QuizSection.objects.filter(quiz=quiz).delete()
    QuizSection.objects.bulk_create(
        QuizSection(
            quiz=quiz,
            sort_order=number,
            words={"shape": 1, "titles": section["titles"]},
            **{
                part: section[part]
                for part in ("draw", "weight", "tags", "rad_factors", "difficulties", "keeps_order")
            },
        )
        for number, section in enumerate(data["sections"])
    )
    return quiz


def _free(model, wanted: str) -> uuid.UUID:
    """The UUID where no row has it yet, else a new one."""
    taken = model.objects.filter(uuid=wanted).exists()
    return uuid.uuid4() if taken else uuid.UUID(wanted)
