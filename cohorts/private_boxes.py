"""The boxes of a lesson in which its reader writes for themselves, and its other tools."""

from functools import cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi, gettext, pgettext

from cohorts import private
from cohorts.models import Enrolment
from core.addresses import address
from courses.reading import Step
from frontend.furniture import filled
from people import page_heads


class Boxes:
    """The boxes of one lesson for one reader, with what they wrote in them. Asks for nothing."""

    def __init__(self, *, enrolment: Enrolment, step: Step, writing: list[private.Writing], token: str):
        self._action = address("learn_write", enrolment.uuid, step.key)
        self._written = {(each.kind, each.place): each for each in writing}
        self._token = token
        head = page_heads.of_administration(enrolment.administration_id)
        self._reporting = head.reporting if head else None

    def reflection(self, block: str) -> str:
        return self._box(private.Kind.REFLECTION, block)

    def plan(self, block: str) -> str:
        return self._box(private.Kind.PLAN, block)

    def note(self) -> str:
        return self._box(private.Kind.NOTE, "")

    def has_note(self) -> bool:
        note = self._written.get((private.Kind.NOTE, ""))
        return note is not None and not note.is_empty

    def is_bookmarked(self) -> bool:
        return (private.Kind.BOOKMARK, "") in self._written

    def _box(self, kind: private.Kind, place: str) -> str:
        written = self._written.get((kind, place))
        words = {name: written.words[name] if written else "" for name in private.FIELDS[kind]}
        alike = _words(kind, get_language()) | {
            "reporting": self._reporting,
            "is_saved": written is not None,
        }
        own = {
            "action": self._action,
            "anchor": anchor(kind, place),
            "place": place,
            "sequence": (written.sequence if written else 0) + 1,
            "saved_at": _when(written.saved_at) if written else "",
            "token": self._token,
        }
        return filled("cohorts/private_box.html", alike, own | words)


@cache
def _words(kind: private.Kind, language: str) -> dict[str, object]:
    """What a kind of box says to everybody who reads in a language."""
    match kind:
        case private.Kind.REFLECTION:
            fields = (("text", gettext("Your thoughts")),)
            button = gettext("Save what I wrote")
        case private.Kind.PLAN:
            fields = (
                ("condition", pgettext("if-then plan", "If")),
                ("response", pgettext("if-then plan", "then")),
            )
            button = gettext("Save my plan")
        case _:
            fields = (("text", gettext("My note on this lesson")),)
            button = gettext("Save my note")
    return {
        "kind": str(kind),
        "fields": fields,
        "button": button,
        "longest": private.LONGEST,
        "language": language,
        "right_to_left": get_language_bidi(),
    }


def anchor(kind: private.Kind, place: str) -> str:
    """Where on its lesson's page a box stands."""
    return f"own-{kind}-{place}" if place else f"own-{kind}"


def _when(moment) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
