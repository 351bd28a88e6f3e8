"""The boxes of a lesson in which its reader writes for themselves, and its other tools."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi, gettext, pgettext

from cohorts import private
from cohorts.models import Enrolment
from core.addresses import address
from courses.reading import Step
from frontend.furniture import filled
from people import page_heads

_FIELDS = {
    private.Kind.REFLECTION: lambda: (("text", gettext("Your thoughts")),),
    private.Kind.PLAN: lambda: (
        ("condition", pgettext("if-then plan", "If")),
        ("response", pgettext("if-then plan", "then")),
    ),
    private.Kind.NOTE: lambda: (("text", gettext("My note on this lesson")),),
}
_BUTTONS = {
    private.Kind.REFLECTION: lambda: gettext("Save what I wrote"),
    private.Kind.PLAN: lambda: gettext("Save my plan"),
    private.Kind.NOTE: lambda: gettext("Save my note"),
}


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
        alike = {
            "kind": str(kind),
            "fields": _FIELDS[kind](),
            "button": _BUTTONS[kind](),
            "longest": private.LONGEST,
            "language": get_language(),
            "right_to_left": get_language_bidi(),
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


def anchor(kind: private.Kind, place: str) -> str:
    """Where on its lesson's page a box stands."""
    return f"own-{kind}-{place}" if place else f"own-{kind}"


def _when(moment) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
