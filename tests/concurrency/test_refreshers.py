"""A refresher is opened, filled and done by several at once: one refresher, one place, one letter, one credit each."""

import contextlib
import datetime

import pytest
from django.db.models import Sum
from django.utils import timezone

from cohorts import refreshers, services
from cohorts.models import Enrolment, Refresher, RefresherPlace
from core.models import OutgoingMail
from oversight.evidence import verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from quizzes import services as quiz_services
from quizzes.kinds.choices import Rating
from tests.factories.cohorts import a_group, hand_in_quiz, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.people import an_account
from tests.factories.quizzes import a_quiz_version, give_grade
from tests.factories.refreshers import REASON, a_completed_place, a_material_change, asked_of, mark
from tests.many_hands import at_once

pytestmark = pytest.mark.committing

PEOPLE = 5


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(refreshers, "ring", lambda refresher_id: None)
    monkeypatch.setattr(refreshers, "PEOPLE_A_CHUNK", 2)
    monkeypatch.setattr(quiz_services, "ring", lambda attempt_id: True)


@pytest.fixture
def places():
    group = a_group(release=a_release(a_quiz_version(), lessons=3))
    return [
        a_completed_place(
            group=group, user=an_account(group.section.cohort.administration, email=f"{number}@example.org")
        )
        for number in range(PEOPLE)
    ]


def changed(places):
    """A newer release whose first two lessons and quiz are marked."""
    keys = [step.key for step in steps_of(places[0], "lesson")[:2]]
    newer = a_newer_release(places[0].release, reworded=keys, quiz_version=a_quiz_version())
    mark(newer, [*keys, steps_of(places[0], "quiz")[0].key])
    return newer


def open_one(cohort):
    now = timezone.now()
    due_on = (now + datetime.timedelta(days=30)).date()
    try:
        return refreshers.open_refresher(cohort, audience="run", due_on=due_on, reason=REASON, actor=None, now=now).pk
    except refreshers.NobodyConcerned:
        return None


def open_and_fill(cohort):
    opened = open_one(cohort)
    if opened is not None:
        refreshers.fill(opened, now=timezone.now())


def nothing_is_missing():
    findings = Findings()
    verify_rows(findings)
    assert findings.kept == []


def test_opened_and_filled_by_four_at_once_it_is_one_with_one_place_and_letter_each(places):
    changed(places)
    at_once(*[lambda: open_and_fill(places[0].cohort) for _number in range(4)])
    assert Refresher.objects.get().filled_at is not None
    own = Enrolment.objects.exclude(delta=None)
    assert sorted(own.values_list("user", flat=True)) == sorted(place.user_id for place in places)
    assert RefresherPlace.objects.count() == OutgoingMail.objects.count() == PEOPLE
    assert RecordEntry.objects.filter(kind="cohorts.refresher.opened").count() == 1
    nothing_is_missing()


def test_finished_twice_at_once_it_is_completed_and_credited_once(places):
    changed(places)
    open_and_fill(places[0].cohort)
    own = list(Enrolment.objects.exclude(delta=None).order_by("pk"))
    attempts = [hand_in_quiz(place, Rating.BEST, now=timezone.now()) for place in own]

    def read(place):
        stale = Enrolment.objects.get(pk=place.pk)
        for step in asked_of(place):
            if step.kind == "lesson":
                services.complete_lesson(stale, step, learner=place.user, now=timezone.now())

    def grade():
        for attempt in attempts:
            give_grade(attempt, now=timezone.now())

    at_once(grade, grade, *[lambda place=place: read(place) for place in own[:2] for _twice in range(2)])

    for place in own[:2]:
        place.refresh_from_db()
        assert place.state == Enrolment.State.COMPLETED
        assert place.credited_minutes == 2 * 30 + 15
        assert place.credits.aggregate(n=Sum("minutes"))["n"] == place.credited_minutes
        assert RecordEntry.objects.about(place).filter(kind="cohorts.enrolment.completed").count() == 1
    nothing_is_missing()


def test_a_newer_one_that_overtakes_while_its_learner_reads_asks_for_nothing_that_was_done_before(places):
    newer = changed(places)
    open_and_fill(places[0].cohort)
    older = list(Enrolment.objects.exclude(delta=None).order_by("pk"))
    a_material_change(newer, [steps_of(places[0], "lesson")[2].key])

    def read(place):
        first = asked_of(place)[0]
        with contextlib.suppress(services.NotOpen):
            services.complete_lesson(Enrolment.objects.get(pk=place.pk), first, learner=place.user, now=timezone.now())

    at_once(lambda: open_and_fill(places[0].cohort), *[lambda place=place: read(place) for place in older])

    for place in older:
        place.refresh_from_db()
        assert place.state == Enrolment.State.LAPSED
        successor = Enrolment.objects.exclude(delta=None).exclude(pk=place.pk).get(user=place.user)
        before, after = (set(each.progress.values_list("node__key", flat=True)) for each in (place, successor))
        asked = {step.key for step in asked_of(successor)}
        # Done before the newer one took over, it is not asked; done meanwhile, it is done there: never both.
        assert len(asked) == 4 - len(before)
        assert not before & asked
        assert after <= asked
    nothing_is_missing()
