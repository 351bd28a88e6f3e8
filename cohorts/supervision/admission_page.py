"""What a learner reads of sittings: on the page of a supervised quiz, and after a code that did not let them in."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Group, Sitting
from cohorts.supervision.admission import NotAdmitted, Reason
from cohorts.supervision.rules import Standing
from core import clock
from courses.reading import Step

# What an invigilator can mend at once: the learner is asked for the code all the same.
_GOING_ON = (Standing.OPEN, Standing.WITHDRAWN, Standing.BLOCKED)


@dataclass(frozen=True)
class Offered:
    """The sittings that a learner may sit in: those that go on now, those to come, and whom to ask beside them."""

    now: list[Sitting]
    to_come: list[Sitting]
    tutors: list[str]


class CodeForm(forms.Form):
    """The code of a sitting, as it is shown in the room."""

    code = forms.CharField(
        label=_("Code of the sitting"),
        help_text=_("Six letters and digits. Small or capital letters and gaps make no difference."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "sitting-code-field",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )


def offered(enrolment: Enrolment, step: Step, now: datetime) -> Offered:
    """Two queries, one more where there is no sitting, and the place's group."""
    sittings = list(
        Sitting.objects.of_place(enrolment, step.key)
        .not_closed()
        .filter(closes_at__gt=now)
        .select_related("opened_by")
        .order_by("opens_at", "pk")
    )
    going_on = [each for each in sittings if each.standing(now) in _GOING_ON and each.opens_at <= now]
    to_come = [each for each in sittings if each not in going_on]
    tutors = (
        []
        if sittings
        else list(
            Group.objects.filter(pk=enrolment.group_id, tutors__is_active=True)
            .order_by("tutors__full_name")
            .values_list("tutors__full_name", flat=True)
        )
    )
    return Offered(going_on, to_come, tutors)


def not_admitted(request, enrolment: Enrolment, step: Step, refused: NotAdmitted, start_key: uuid.UUID, now: datetime):
    """The code once more, with what was wrong with it. Nothing has begun, and no time has run."""
    form = CodeForm(request.POST)
    form.full_clean()
    form.errors.pop("code", None)
    form.add_error("code", _said(refused))
    context = {
        "enrolment": enrolment,
        "step": step,
        "form": form,
        "start_key": start_key,
        "refused": refused,
        "sittings": offered(enrolment, step, now),
    }
    return render(request, "cohorts/enter_code.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _said(refused: NotAdmitted) -> str:
    match refused.reason:
        case Reason.MALFORMED:
            return gettext(
                "This cannot be the code. A code has six letters and digits, and never 0, O, 1, I or L. Compare it "
                "with what is shown in the room."
            )
        case Reason.WRONG:
            text = ngettext(
                "This is not the code of the sitting. You can try %(left)d more time.",
                "This is not the code of the sitting. You can try %(left)d more times.",
                refused.left,
            )
            return text % {"left": refused.left}
        case Reason.BARRED:
            text = gettext(
                "Too many codes were wrong. You can try again at %(time)s, or as soon as the invigilator shows a new "
                "code."
            )
            return text % {"time": clock.of(refused.until)}
        case Reason.NOT_RELEASED:
            return gettext(
                "The invigilator has not let you change computers yet, or some time ago. Ask, and type the code again "
                "afterwards."
            )
    return gettext("No code opens this quiz for you now. Ask the invigilator to show a new one.")
