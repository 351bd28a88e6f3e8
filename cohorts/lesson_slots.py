"""What is filled into a lesson for this reader: see `core.slots`."""

from cohorts.models import Enrolment
from core import slots
from courses.models import ReleaseBody
from courses.reading import Step


def filled(body: ReleaseBody, *, step: Step, enrolment: Enrolment) -> str:
    """The lesson's HTML for this reader. A lesson without a mark costs no query."""
    fillers: dict[str, slots.Filler] = {}
    return slots.fill(body.html, fillers)
