"""What is filled into a lesson for this reader: see `core.slots`."""

from cohorts.deferred_media import Media
from cohorts.private_boxes import Boxes
from core import slots
from courses import national
from courses.models import ReleaseBody


def filled(html: str, *, body: ReleaseBody, administration_id: int, boxes: Boxes, media: Media) -> str:
    """The HTML of a lesson's body for this reader. A lesson without a mark costs no query."""
    fillers: dict[str, slots.Filler] = {
        "media": media,
        "national": lambda slot: national.shown(slot, administration_id, body_language=body.language),
        "reflection": boxes.reflection,
        "plan": boxes.plan,
    }
    return slots.fill(html, fillers)
