"""The boxes of a lesson in which its reader writes for themselves."""

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext, pgettext

from cohorts import private
from cohorts.models import Enrolment
from courses.reading import Step
from people import page_heads


class Boxes:
    """The boxes of one lesson for one reader, with what they wrote in them. Asks for nothing."""

    def __init__(self, request, *, enrolment: Enrolment, step: Step, writing: list[private.Writing]):
        self._request = request
        self._step = step
        self._action = reverse("learn_write", args=[enrolment.uuid, step.key])
        self._written = {(each.kind, each.place): each for each in writing}

    def reflection(self, block: str) -> str:
        label = gettext("Your thoughts")
        return self._box(private.Kind.REFLECTION, block, [("text", label)], gettext("Save what I wrote"))

    def plan(self, block: str) -> str:
        labels = [
            ("condition", pgettext("if-then plan", "If")),
            ("response", pgettext("if-then plan", "then")),
        ]
        return self._box(private.Kind.PLAN, block, labels, gettext("Save my plan"))

    def note(self) -> str:
        label = gettext("My note on this lesson")
        return self._box(private.Kind.NOTE, "", [("text", label)], gettext("Save my note"))

    def has_note(self) -> bool:
        note = self._written.get((private.Kind.NOTE, ""))
        return note is not None and not note.is_empty

    def bookmark(self) -> private.Writing | None:
        return self._written.get((private.Kind.BOOKMARK, ""))

    def _box(self, kind, place, labels, button):
        written = self._written.get((kind, place))
        head = page_heads.of_administration(self._request.user.administration_id)
        return render_to_string(
            "cohorts/private_box.html",
            {
                "action": self._action,
                "anchor": anchor(kind, place),
                "kind": str(kind),
                "place": place,
                "fields": [
                    {"name": name, "label": label, "text": written.words[name] if written else ""}
                    for name, label in labels
                ],
                "button": button,
                "sequence": (written.sequence if written else 0) + 1,
                "saved_at": written.saved_at if written else None,
                "longest": private.LONGEST,
                "language": get_language(),
                "right_to_left": get_language_bidi(),
                "reporting": head.reporting if head else None,
                "token": get_token(self._request),
            },
        )


def anchor(kind: private.Kind, place: str) -> str:
    """Where on its lesson's page a box stands."""
    return f"own-{kind}-{place}" if place else f"own-{kind}"
