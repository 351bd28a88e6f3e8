"""A run is moved while its learners learn: with real transactions nothing is lost and nothing counts twice."""

import pytest
from django.db.models import Sum
from django.utils import timezone

from cohorts import moving, services
from cohorts.models import CohortMove, Enrolment, EnrolmentMove
from oversight.evidence import verify_rows
from oversight.verification import Findings
from quizzes import services as quiz_services
from quizzes.kinds.choices import Rating
from tests.factories.cohorts import a_group, a_place, hand_in_quiz, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.quizzes import a_quiz_version, give_grade
from tests.many_hands import at_once

pytestmark = pytest.mark.committing

LEARNERS = 6


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(moving, "ring", lambda move_id: None)
    monkeypatch.setattr(moving, "LEARNERS_A_CHUNK", 2)
    monkeypatch.setattr(quiz_services, "ring", lambda attempt_id: True)


@pytest.fixture
def places():
    group = a_group(release=a_release(a_quiz_version(), lessons=4))
    return [a_place(group=group) for _number in range(LEARNERS)]


def learn(place):
    """What a learner does with pages that were read before the move: all lessons but the last, each sent twice."""
    stale = Enrolment.objects.get(pk=place.pk)
    for step in steps_of(place, "lesson")[:-1]:
        for _twice in range(2):
            services.complete_lesson(stale, step, learner=place.user, now=timezone.now())


def test_lessons_and_quizzes_done_during_two_moves_at_once_count_once_each(places):
    attempts = [hand_in_quiz(place, Rating.BEST, now=timezone.now()) for place in places[:2]]
    first = steps_of(places[0], "lesson")[0]
    newer = a_newer_release(places[0].release, minutes={first.key: 45}, lessons=1)
    cohort = places[0].cohort

    def move():
        order = moving.begin(cohort, newer, reason="New law.", actor=None, now=timezone.now())
        while moving.carry_on(order.pk, now=timezone.now()):
            pass

    def grade():
        for attempt in attempts:
            give_grade(attempt, now=timezone.now())

    at_once(move, move, grade, *[lambda place=place: learn(place) for place in places])

    assert CohortMove.objects.get().finished_at is not None
    assert EnrolmentMove.objects.count() == LEARNERS
    for place in places:
        place.refresh_from_db()
        assert place.release_id == newer.pk
        assert place.progress.filter(node__release=newer, node__kind="lesson").count() == 3
        assert (
            place.credits.filter(source="node").values("node__key").distinct().count()
            == place.credits.filter(source="node").count()
        ), "no step is credited twice, whatever the release"
        quiz = 15 if place in places[:2] else 0
        # Two lessons of 30 minutes, and the first, which is worth 45 now: done before the move, it got 15 more.
        assert place.credited_minutes == 2 * 30 + 45 + quiz
        assert place.credits.aggregate(n=Sum("minutes"))["n"] == place.credited_minutes
    findings = Findings()
    verify_rows(findings)
    assert findings.kept == []


def test_places_given_during_a_move_are_all_in_the_newer_release(places):
    newer = a_newer_release(places[0].release)
    cohort, group = places[0].cohort, places[0].group

    def move():
        order = moving.begin(cohort, newer, reason="New law.", actor=None, now=timezone.now())
        while moving.carry_on(order.pk, now=timezone.now()):
            pass

    at_once(move, *[lambda: a_place(group=group) for _number in range(4)])
    assert set(Enrolment.objects.filter(cohort=cohort).values_list("release", flat=True)) == {newer.pk}
