"""Tells `quizzes` where attempts were taken (quizzes.places, quizzes.runs) and whom a person teaches (taught)."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from cohorts import asked
from cohorts.models import Enrolment
from cohorts.services import step_ever_held
from core.addresses import address
from quizzes.places import Place
from quizzes.runs import Run

# What the place of an attempt is known by: the release and the delta of its enrolment, null where it has none.
KNOWN_BY = Subquery(
    Enrolment.objects.filter(uuid=OuterRef("registration")).values(
        asks=JSONObject(release="release_id", delta="delta_id")
    )[:1]
)


def find(attempt, language: str) -> Place | None:
    """The quiz's title and the pages around it, for an attempt that belongs to an enrolment.

    Without a query where the enrolment still asks for the quiz.
    """
    known_by = attempt.place_known_by
    if known_by is None:
        return None
    outline = asked.outline(known_by["release"], known_by["delta"], language)
    step = outline.find(attempt.activity)
    if step is None:
        step = step_ever_held(Enrolment.objects.get(uuid=attempt.registration), attempt.activity, language)
    if step is None:
        return None
    # After a quiz that a newer release has no longer comes the course.
    follows = outline.after(step)
    return Place(
        title=step.title,
        language=step.language,
        back_url=address("learn", attempt.registration, step.key),
        next_url=address("learn", attempt.registration, (follows or outline.course).key),
        next_label=follows.title if follows else gettext("Back to the course"),
    )


def taught_by(user):
    """A query for the registrations of the learners in the groups that a person looks after."""
    return Enrolment.objects.visible_to(user).filter(group__tutors=user).values("uuid")


def runs_of(registrations):
    """The run of each of these registrations. One query."""
    found = Enrolment.objects.filter(uuid__in=registrations).values_list("uuid", "cohort__uuid", "cohort__name")
    return {registration: Run(key, name) for registration, key, name in found}
