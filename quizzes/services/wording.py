"""Giving quizzes and items their words in a language."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from quizzes.models import Item, ItemText, ItemVersion, Quiz, QuizText


@transaction.atomic
def word_quiz(quiz: uuid.UUID, language: str, title: str, introduction: str) -> QuizText:
    """Give a quiz its title and introduction in a language. Whoever calls it has checked the right to."""
    text, _made = QuizText.objects.update_or_create(
        quiz=Quiz.objects.get(uuid=quiz), language=language, defaults={"title": title, "introduction": introduction}
    )
    return text


@transaction.atomic
def word_item(item: uuid.UUID, language: str, words: dict, *, now: datetime) -> ItemText:
    """Give an item its words in a language: a new version with the others' words as they are, for versions never
    change. Words that it has already make none. Whoever calls it has checked the right to.

    Raises WrongItem for words that do not fit the item.
    """
    locked = Item.objects.select_for_update().get(uuid=item)
    newest = locked.versions.filter(published_at__isnull=False).order_by("-number").first()
    if newest is None:
        raise WrongItem(f"item {item} is not published")
    texts = {text.language: text for text in newest.texts.all()}
    if language in texts and texts[language].content == words:
        return texts[language]
    contents = {code: text.content for code, text in texts.items()} | {language: words}
    KINDS[newest.kind].check(newest.structure, contents)
    last = locked.versions.aggregate(n=Max("number"))["n"]
    version = ItemVersion.objects.create(
        item=locked,
        number=last + 1,
        kind=newest.kind,
        difficulty=newest.difficulty,
        tags=newest.tags,
        rad_factors=newest.rad_factors,
        structure=newest.structure,
        published_at=now,
    )
    made = ItemText.objects.bulk_create(
        ItemText(version=version, language=code, content=content) for code, content in contents.items()
    )
    return next(text for text in made if text.language == language)
