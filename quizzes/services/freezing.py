"""Freezing a quiz for a release: what learners get never changes under their hands."""

from datetime import datetime

from django.db.models import Max

from quizzes.models import ItemBank, ItemVersion, Quiz, QuizVersion


def freeze_quiz(quiz: Quiz, *, now: datetime) -> QuizVersion:
    """The quiz as it stands today, as a version that never changes: the newest published version of each item.

    Returns the latest version where nothing has changed since. Raises ValueError when the bank holds fewer published
    items than the quiz draws. Call it inside the transaction of the release it belongs to.
    """
    pool = pool_of(quiz)
    if len(pool) < quiz.draw:
        raise ValueError(f"quiz “{quiz.slug}” draws {quiz.draw} items and its bank has {len(pool)} published")
    latest = quiz.versions.order_by("-number").first()
    frozen = (quiz.draw, quiz.time_limit_minutes, quiz.minutes)
    if (
        latest
        and (latest.draw, latest.time_limit_minutes, latest.minutes) == frozen
        and sorted(latest.pool.values_list("id", flat=True)) == pool
    ):
        return latest
    version = QuizVersion.objects.create(
        quiz=quiz,
        number=(latest.number if latest else 0) + 1,
        draw=quiz.draw,
        time_limit_minutes=quiz.time_limit_minutes,
        minutes=quiz.minutes,
        frozen_at=now,
    )
    version.pool.set(pool)
    return version


def pool_of(quiz: Quiz) -> list[int]:
    """The ids of what a quiz would draw from today."""
    return newest_published(quiz.bank)


def newest_published(bank: ItemBank) -> list[int]:
    """The ids of the newest published version of each item of a bank that is not retired."""
    return sorted(
        ItemVersion.objects.filter(item__bank=bank, item__retired_at=None, published_at__isnull=False)
        .values("item")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )
