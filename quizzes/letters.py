"""The letters about results, reports and appeals, as they ship.

They say that there is something to read, and not what it is: a mailbox is not private.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import languages, mail, wordings
from core.wordings import LETTER, Part, Wording
from people.models import User


def _letter(key: str, label, subject: str, body: str) -> Wording:
    return Wording(
        key=key,
        kind=LETTER,
        label=label,
        parts=(
            Part("subject", _("Subject"), subject, most=150),
            Part("greeting", _("Greeting"), gettext_noop("Dear %(name)s,"), most=200),
            Part("body", _("Body of the letter"), body),
            Part("end", _("End of the letter"), gettext_noop("%(administration)s"), most=500),
        ),
    )


RESULT_THERE = _letter(
    "quizzes.result_there",
    _("A result that people had to mark is there"),
    gettext_noop("Your result is there"),
    gettext_noop("the result that you have been waiting for is there. You find it here:\n%(page)s"),
)

RESULT_CHANGED = _letter(
    "quizzes.result_changed",
    _("A result has changed"),
    gettext_noop("Your result has changed"),
    gettext_noop(
        "a result of yours has changed. You find it, and what you can do if you do not agree, here:\n%(page)s"
    ),
)

REPORT_ANSWERED = _letter(
    "quizzes.report_answered",
    _("A reported question was answered"),
    gettext_noop("The question you reported: there is an answer"),
    gettext_noop("somebody has looked at the question that you reported. Their answer is here:\n%(page)s"),
)

APPEAL_DECIDED = _letter(
    "quizzes.appeal_decided",
    _("An appeal was decided"),
    gettext_noop("Your appeal was decided"),
    gettext_noop("your appeal was decided. The decision and its reasons are here:\n%(page)s"),
)

ALL = (RESULT_THERE, RESULT_CHANGED, REPORT_ANSWERED, APPEAL_DECIDED)


def write(wording: Wording, person: User, path, *, now: datetime, about: uuid.UUID | None = None) -> None:
    """Write a letter to a person in their language, as part of the caller's transaction; to whoever has no address
    nothing is written, for the answer stands on their pages all the same.

    `path()` is the address it leads to, asked for in the language of the letter; `about` the row it speaks of.
    """
    if not person.email:
        return
    administration = person.administration
    wanted = (
        languages.supported(person.language) or languages.supported(administration.language) or settings.LANGUAGE_CODE
    )
    said = wordings.spoken(wording, administration.pk, wanted)
    with translation.override(said.language):
        page = settings.SITE_URL.rstrip("/") + path()
    values = {"name": person.full_name, "page": page, "administration": administration.name}
    body = "\n\n".join(said.filled(part, **values) for part in ("greeting", "body", "end")) + "\n"
    mail.write(person.email, said.language, said.filled("subject", **values), body, now, about=about)
