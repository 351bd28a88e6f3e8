"""What is filled into a lesson for this reader: see `core.slots`."""

from cohorts.models import Enrolment
from core import slots
from courses import national
from courses.models import ReleaseBody
from courses.reading import Step


def filled(body: ReleaseBody, *, step: Step, enrolment: Enrolment) -> str:
    """The lesson's HTML for this reader. A lesson without a mark costs no query."""
    media = body.content.get("media", {})
    fillers: dict[str, slots.Filler] = {
        "media": lambda key: media[key]["html"] if key in media else "",
        "national": lambda slot: national.shown(slot, enrolment.administration_id, body_language=body.language),
    }
    return slots.fill(body.html, fillers)
