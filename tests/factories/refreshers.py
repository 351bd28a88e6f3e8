"""Small builders of material changes, and of people who completed a course before one."""

import datetime

from django.db import transaction

from cohorts import refreshers, services
from courses.models import MaterialChange
from oversight import records
from quizzes.kinds.choices import Rating
from tests.factories.cohorts import a_place, finish_lessons, hand_in_quiz
from tests.factories.courses import a_newer_release
from tests.factories.people import NOW
from tests.factories.quizzes import give_grade

LATER = NOW + datetime.timedelta(days=30)
DUE_ON = datetime.date(2026, 4, 30)
REASON = {"en": "A new law forbids every gift."}


def a_material_change(release, keys, **changes):
    """The next release of a course, in which these lessons have other words; marked by its authors."""
    newer = a_newer_release(release, **{"reworded": keys} | changes)
    mark(newer, keys)
    return newer


def mark(release, keys, reason="A new law."):
    with transaction.atomic():
        change = MaterialChange.objects.create(
            release=release, steps={"shape": 1, "keys": [str(key) for key in keys]}, reason=reason, marked_at=NOW
        )
        facts = change.record_facts()
        records.append("courses.release.materially_changed", subject=change, facts=facts, actor=None, now=NOW)


def complete(place, *, now=NOW):
    """All lessons done and the quiz passed."""
    finish_lessons(place, now=now)
    give_grade(hand_in_quiz(place, Rating.BEST, now=now), now=now)
    place.refresh_from_db()
    return place


def a_completed_place(**fields):
    return complete(a_place(**fields))


def a_refresher(cohort, *, audience="run", actor=None, now=LATER, **fields):
    """Opened and filled, as the worker would."""
    opened = refreshers.open_refresher(
        cohort, audience=audience, actor=actor, now=now, **{"due_on": DUE_ON, "reason": REASON} | fields
    )
    refreshers.fill(opened.pk, now=now)
    opened.refresh_from_db()
    return opened


def do_all(place, *, now=LATER):
    """Everything that a refresher's place asks for: its lessons, then its quiz."""
    for step in asked_of(place):
        if step.kind == "lesson":
            services.complete_lesson(place, step, learner=place.user, now=now)
        else:
            give_grade(hand_in_quiz(place, Rating.BEST, now=now), now=now)
    place.refresh_from_db()


def asked_of(place):
    return services.asked.outline_of(place, "en").activities
