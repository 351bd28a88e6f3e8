"""Many markers at once, with real transactions: no answer in two hands, and one run for the grade."""

from functools import partial

import pytest
from django.utils import timezone

from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from quizzes import errors, services
from quizzes.models import Grade, GradingRun, Mark, Marking
from quizzes.services import grading as worker
from quizzes.services import marking
from quizzes.services.marking import Given
from quizzes.services.naming_markers import ALL, NOBODYS, name_markers
from tests.factories.markings import a_quiz_with_essays, an_attempt_to_mark, assessors, levels
from tests.factories.people import an_account, an_administration
from tests.many_hands import at_once

pytestmark = pytest.mark.committing

HANDS = 4


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    """Nobody hears: the workers here are the threads."""
    monkeypatch.setattr(worker, "ring", lambda run_id: True)


@pytest.fixture
def here():
    return an_administration()


def give(place, marker, chosen=None):
    return marking.give_mark(place.uuid, Given(chosen or levels()), marker=marker, now=timezone.now())


def test_markers_who_reach_for_the_next_at_once_each_get_another_answer(here):
    quiz = a_quiz_with_essays()
    for _ in range(HANDS):
        an_attempt_to_mark(an_account(here), quiz)
    people = assessors(here, HANDS)
    taken = at_once(*[lambda each=each: marking.take_next(each, now=timezone.now()) for each in people])
    assert len({place.pk for place in taken}) == HANDS
    assert sorted(Marking.objects.values_list("marker", flat=True)) == sorted(each.pk for each in people)


def test_one_marker_in_several_windows_never_sits_twice_at_an_answer():
    for _round in range(4):
        here = an_administration()  # where no other answer waits
        attempt = an_attempt_to_mark(an_account(here), markers=2)
        [person] = assessors(here, 1)
        at_once(*[lambda person=person: marking.take_next(person, now=timezone.now())] * HANDS)
        assert attempt.markings.filter(marker=person).count() == 1


def test_two_who_finish_at_once_lead_to_one_run_and_one_grade(here):
    for _round in range(6):
        attempt = an_attempt_to_mark(an_account(here), markers=2)
        first, second = an_account(here, Role.ASSESSOR), an_account(here, Role.ASSESSOR)
        places = [
            marking._take(place, who, timezone.now()) and (place, who)
            for place, who in zip(attempt.markings.order_by("seat"), (first, second), strict=True)
        ]
        at_once(*[lambda place=place, who=who: give(place, who) for place, who in places])
        run = GradingRun.objects.get(attempt=attempt, cause="marking")
        given = at_once(*[lambda run=run: services.grade(run.pk, now=timezone.now())] * HANDS)
        assert sum(each is not None for each in given) == 1
    assert Grade.objects.count() == 6
    assert RecordEntry.objects.filter(kind="quizzes.mark.given").count() == 12


def test_two_who_differ_at_once_call_for_one_moderator(here):
    for _round in range(6):
        attempt = an_attempt_to_mark(an_account(here), markers=2, tolerance="0")
        deeds = []
        for place, chosen in zip(attempt.markings.order_by("seat"), (levels(0, 0), levels(2, 1)), strict=True):
            who = an_account(here, Role.ASSESSOR)
            assert marking._take(place, who, timezone.now())
            deeds.append(lambda place=place, who=who, chosen=chosen: give(place, who, chosen))
        at_once(*deeds)
        assert attempt.markings.filter(seat=3, state="waiting").count() == 1
        assert not attempt.grading_runs.filter(cause="marking").exists()


def test_a_mark_that_is_sent_twice_at_once_is_given_once(here):
    an_attempt_to_mark(an_account(here))
    [person] = assessors(here, 1)
    place = marking.take_next(person, now=timezone.now())
    refusals = (errors.GradedMeanwhile, errors.ReasonMissing)
    at_once(*[lambda: give(place, person)] * HANDS, refusals=refusals)
    assert Mark.objects.count() == 1
    assert GradingRun.objects.filter(cause="marking").count() == 1


def test_two_who_name_markers_while_others_take_leave_nobody_two_places_at_an_answer(here):
    quiz = a_quiz_with_essays(markers=2)
    people = [an_account(here) for _ in range(3)]
    for person in people:
        grant_role(person, Role.ASSESSOR, actor=None, now=timezone.now())
        person.refresh_from_db()
    managers = [an_account(here, Role.TRAINING_MANAGER) for _ in range(2)]
    for _ in range(4):
        an_attempt_to_mark(an_account(here), quiz)

    def name(manager, of):
        chosen = [(quiz.quiz, None)]
        return name_markers(chosen, of=of, assessors=people, actor=manager, now=timezone.now())

    for of in (NOBODYS, ALL, str(people[0].uuid), NOBODYS):
        at_once(
            *[partial(name, manager, of) for manager in managers],
            *[partial(marking.take_next, person, now=timezone.now()) for person in people],
        )
    places = Marking.objects.values_list("attempt", "position", "marker", "assigned_to")
    seated = [(attempt, position, marker or named) for attempt, position, marker, named in places if marker or named]
    assert len(set(seated)) == len(seated) == 8
    for place in Marking.objects.filter(marker=None):
        assert Marking.objects.for_marker(place.assigned_to).filter(pk=place.pk).exists()
