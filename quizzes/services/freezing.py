"""Freezing a quiz for a release: what learners get never changes under their hands."""

from datetime import datetime

from django.db.models import Max, QuerySet

from quizzes import content
from quizzes.blueprint import Allotted, Blueprint, ItemFacts, allot
from quizzes.models import ItemBank, ItemText, ItemVersion, Quiz, QuizVersion


def freeze_quiz(quiz: Quiz, *, now: datetime) -> QuizVersion:
    """The quiz as it stands today, as a version that never changes: the newest published version of each item.

    Returns the latest version where nothing has changed since. Raises ValueError when a section finds fewer published
    items than it draws. Call it inside the transaction of the release it belongs to.
    """
    allotted = found_by(quiz)
    for number, section in enumerate(allotted, start=1):
        if not section.is_enough:
            raise ValueError(
                f"section {number} of quiz “{quiz.slug}” draws {section.plan.draw} items and finds"
                f" {len(section.items)} published; {section.elsewhere} more go to sections before it"
            )
    blueprint = Blueprint.of(allotted, **quiz.terms())
    latest = quiz.versions.order_by("-number").first()
    if latest and _frozen(latest) == (blueprint, quiz.time_limit_minutes, quiz.minutes):
        return latest
    version = QuizVersion.objects.create(
        quiz=quiz,
        number=(latest.number if latest else 0) + 1,
        draw=blueprint.draw,
        time_limit_minutes=quiz.time_limit_minutes,
        minutes=quiz.minutes,
        blueprint=blueprint.as_data(),
        frozen_at=now,
    )
    version.pool.set(blueprint.pool)
    return version


def _frozen(version: QuizVersion) -> tuple[Blueprint, int, int]:
    """What a quiz must come to, to be the same again."""
    return content.blueprint(version.pk), version.time_limit_minutes, version.minutes


def found_by(quiz: Quiz) -> list[Allotted]:
    """What each section of a quiz would draw from today. Three queries."""
    return allot(quiz.section_plans(), published_items(quiz.bank_id))


def published_items(bank: int) -> list[ItemFacts]:
    """What plans ask of a bank's published items, in the order of their keys. Two queries."""
    rows = ItemVersion.objects.filter(pk__in=_newest(bank)).order_by("item__key")
    languages: dict[int, set[str]] = {}
    for version, language in ItemText.objects.filter(version__in=_newest(bank)).values_list("version", "language"):
        languages.setdefault(version, set()).add(language)
    return [
        ItemFacts(pk, difficulty, frozenset(tags), frozenset(rad_factors), frozenset(languages.get(pk, ())))
        for pk, difficulty, tags, rad_factors in rows.values_list("pk", "difficulty", "tags", "rad_factors")
    ]


def pool_of(quiz: Quiz) -> list[int]:
    """The ids of what a quiz would draw from today."""
    return list(Blueprint.of(found_by(quiz)).pool)


def _newest(bank: ItemBank | int) -> QuerySet:
    """The ids of the newest published version of each item of a bank that is not retired."""
    return (
        ItemVersion.objects.filter(item__bank=bank, item__retired_at=None, published_at__isnull=False)
        .values("item")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )
