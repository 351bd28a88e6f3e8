"""Builders of what item analysis reads, without attempts, as it is when they no longer belong to anybody."""

import random

from django.contrib.auth.models import Permission
from django.utils import timezone

from people.models import Role
from people.services import authors
from quizzes import content, services
from quizzes.models import Analysis, ItemOutcomes
from quizzes.services import analysing
from tests.factories.people import an_account


def an_analyst():
    """An author who may read items and quizzes."""
    author = an_account(None, Role.AUTHOR)
    author.groups.add(authors())
    authors().permissions.add(
        *Permission.objects.filter(
            content_type__app_label="quizzes", codename__in=("view_itembank", "view_quiz", "change_quiz")
        )
    )
    return author


def an_analysis(quiz, actor=None):
    """An analysis that is done, of the attempts there are; there must be enough."""
    now = timezone.now()
    asked = services.ask_for_analysis(quiz, actor=actor or an_account(is_superuser=True), now=now)
    analysing.work_on(asked.pk, clock=lambda: now)
    return Analysis.objects.get(pk=asked.pk)


def outcomes(quiz_version, number, *languages, harder=None, seed=1):
    """So many first attempts at the first items of a quiz, its options a to d from best to worst.

    Several `languages` are those of each attempt. `harder`: the place of an item that is unfairly hard here.
    """
    source = random.Random(seed)
    items = sorted(content.pool(quiz_version.pk))[: quiz_version.draw]
    read = list(languages) or ["en"]
    rows = []
    for _each in range(number):
        able = source.gauss(0, 1)
        places = []
        for place in range(len(items)):
            hard = 2.5 if place == harder else (place - len(items) / 2) / 3
            right = source.random() < 1 / (1 + 2.718 ** (hard - 1.5 * able))
            places.append(0 if right else source.choice([1, 2, 2, 3]))
        rows.append(
            ItemOutcomes(
                quiz_version=quiz_version,
                is_first=True,
                outcomes={
                    "shape": 1,
                    "items": items,
                    "fractions": [(1.0, 0.5, 0.0, 0.0)[place] for place in places],
                    "chosen": [1 << place for place in places],
                    "languages": read,
                    "read": [place % len(read) for place in range(len(items))],
                },
            )
        )
    ItemOutcomes.objects.bulk_create(rows)
