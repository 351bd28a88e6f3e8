"""Tells `quizzes` where attempts were taken (quizzes.places, quizzes.runs) and whom a person teaches (taught)."""

from django.utils.translation import gettext

from cohorts import asked
from cohorts.models import Enrolment
from cohorts.services import step_ever_held
from core.addresses import address
from core.prepared import Prepared
from quizzes.places import Place
from quizzes.runs import Run

_ENROLMENT = Prepared(
    lambda slot: Enrolment.objects.filter(uuid=slot.registration).only("uuid", "release_id", "delta_id")
)


def find(attempt, language: str) -> Place | None:
    """The quiz's title and the pages around it, for an attempt that belongs to an enrolment."""
    enrolment = _ENROLMENT.first(registration=attempt.registration)
    if enrolment is None:
        return None
    step = step_ever_held(enrolment, attempt.activity, language)
    if step is None:
        return None
    outline = asked.outline_of(enrolment, language)
    # After a quiz that a newer release has no longer comes the course.
    follows = outline.after(step)
    return Place(
        title=step.title,
        language=step.language,
        back_url=address("learn", enrolment.uuid, step.key),
        next_url=address("learn", enrolment.uuid, (follows or outline.course).key),
        next_label=follows.title if follows else gettext("Back to the course"),
    )


def taught_by(user):
    """A query for the registrations of the learners in the groups that a person looks after."""
    return Enrolment.objects.visible_to(user).filter(group__tutors=user).values("uuid")


def runs_of(registrations):
    """The run of each of these registrations. One query."""
    found = Enrolment.objects.filter(uuid__in=registrations).values_list("uuid", "cohort__uuid", "cohort__name")
    return {registration: Run(key, name) for registration, key, name in found}
