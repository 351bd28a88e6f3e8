"""Many hands at one sitting, with real transactions: each starts once, and nobody behind a closing."""

import datetime
import uuid

import pytest
from django.utils import timezone

from cohorts.models import Candidate, Enrolment, Sitting, SupervisedAttempt
from cohorts.supervision import invigilating, rules
from cohorts.supervision.admission import NotAdmitted, Reason
from oversight.models import RecordEntry
from quizzes.models import Attempt
from tests.factories.cohorts import a_place
from tests.factories.sittings import a_sitting, a_supervised_place, start
from tests.many_hands import at_once

pytestmark = pytest.mark.committing

HANDS = 4
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def place():
    return a_supervised_place(now=timezone.now())


@pytest.fixture
def sitting(place):
    return a_sitting(place, now=timezone.now())


def starting(place, code, key=None):
    def begin():
        fresh = Enrolment.objects.get(pk=place.pk)
        return start(fresh, code, start_key=key or uuid.uuid4(), now=timezone.now())

    return begin


def test_many_people_start_at_once_with_one_code(place, sitting):
    places = [place, *(a_place(group=place.group, now=timezone.now()) for _ in range(HANDS - 1))]
    begun = at_once(*[starting(each, sitting.code) for each in places])
    assert len({attempt.pk for attempt in begun}) == HANDS
    assert SupervisedAttempt.objects.filter(sitting=sitting).count() == HANDS


def test_one_person_at_two_computers_at_once_begins_at_one_of_them(place, sitting):
    came_to = at_once(*[starting(place, sitting.code)] * HANDS, refusals=(NotAdmitted,))
    begun = [each for each in came_to if isinstance(each, Attempt)]
    assert len(begun) == 1
    assert {each.reason for each in came_to if each not in begun} == {Reason.NOT_RELEASED}
    assert Attempt.objects.get().browser == begun[0].start_key


def test_a_double_click_begins_one_attempt_for_its_browser(place, sitting):
    begun = at_once(*[starting(place, sitting.code, uuid.UUID(int=5))] * HANDS)
    assert len({attempt.pk for attempt in begun}) == 1
    assert Attempt.objects.get().browser == uuid.UUID(int=5)
    assert SupervisedAttempt.objects.count() == 1


def test_a_double_click_of_who_is_let_go_on_moves_once(place, sitting):
    attempt = starting(place, sitting.code)()
    invigilating.release(sitting, place, actor=sitting.opened_by, now=timezone.now())
    moved = at_once(*[starting(place, sitting.code, uuid.UUID(int=5))] * HANDS)
    assert {(each.pk, each.browser) for each in moved} == {(attempt.pk, uuid.UUID(int=5))}
    assert RecordEntry.objects.filter(kind="cohorts.sitting.went_on_elsewhere").count() == 1


def test_nobody_starts_behind_a_closing(place):
    tutor = a_sitting(place, now=timezone.now()).opened_by
    Sitting.objects.all().delete()
    for _round in range(6):
        sitting = a_sitting(place, actor=tutor, now=timezone.now())
        places = [a_place(group=place.group, now=timezone.now()) for _ in range(HANDS)]

        def shut(sitting=sitting):
            invigilating.close(sitting, actor=tutor, now=timezone.now())

        came_to = at_once(*[starting(each, sitting.code) for each in places], shut, refusals=(NotAdmitted,))
        begun = [each for each in came_to if isinstance(each, Attempt)]
        assert {each.reason for each in came_to[:-1] if each not in begun} <= {Reason.NONE_OPEN}
        entry = closing_of(sitting)
        assert entry == len(begun) == SupervisedAttempt.objects.filter(sitting=sitting).count()


def closing_of(sitting):
    """How many attempts there were when it was closed, as the log has it."""

    return RecordEntry.objects.get(kind="cohorts.sitting.closed", subject=sitting.uuid).detail.facts["attempts"]


def test_wrong_codes_at_once_are_counted_one_by_one(place, sitting):
    wrong = ("Y" if sitting.code[0] != "Y" else "X") + sitting.code[1:]
    came_to = at_once(*[starting(place, wrong)] * (rules.TRIES - 1), refusals=(NotAdmitted,))
    assert sorted(each.left for each in came_to) == [1, 2, 3, 4]
    sitting.refresh_from_db()
    assert (Candidate.objects.get().wrong_codes, sitting.wrong_codes) == (4, 4)
