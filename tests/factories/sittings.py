"""Small builders of supervised quizzes and their sittings."""

import datetime

from cohorts import services
from cohorts.supervision import invigilating, requiring
from people.models import Role
from tests.factories.cohorts import a_place, steps_of
from tests.factories.people import NOW, an_account


def a_supervised_place(group=None, *, now=NOW, **fields):
    """A place in a run in which the quiz is supervised."""
    place = a_place(group=group, now=now, **fields)
    cohort = place.cohort
    manager = an_account(cohort.administration, Role.TRAINING_MANAGER)
    requiring.require(cohort, quiz_of(place).key, actor=manager, now=now)
    return place


def quiz_of(place):
    [quiz] = steps_of(place, "quiz")
    return quiz


def a_tutor(group, **fields):
    tutor = an_account(group.section.cohort.administration, Role.TUTOR, **fields)
    group.tutors.add(tutor)
    return tutor


def a_sitting(enrolment, *, now=NOW, actor=None, hours=2, **fields):
    """A sitting for the group of a place, open since an hour ago by its tutor."""
    usual = {
        "place": "Room 4",
        "opens_at": now - datetime.timedelta(hours=1),
        "closes_at": now + datetime.timedelta(hours=hours),
        "actor": actor or a_tutor(enrolment.group),
        "now": now,
    }
    return invigilating.open_sitting(
        enrolment.group.section, enrolment.group, quiz_of(enrolment).key, **usual | fields
    )


def start(place, code="", *, start_key, browser=None, now=NOW, learner=None, carried=()):
    """Start the quiz as its page does: each form in a browser of its own, unless another is said."""
    return services.start_quiz(
        place,
        quiz_of(place),
        learner=learner or place.user,
        language="en",
        start_key=start_key,
        browser=browser or start_key,
        now=now,
        code=code,
        carried=carried,
    )
