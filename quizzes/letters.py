"""The letters about reports and appeals, as they ship. They say that there is an answer, and not what it is."""

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


def write(wording: Wording, person: User, path, *, now: datetime) -> None:
    """Write a letter to a person in their language, as part of the caller's transaction; to whoever has no address
    nothing is written, for the answer stands on their pages all the same.

    `path()` is the address it leads to, asked for in the language of the letter.
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
    mail.write(person.email, said.language, said.filled("subject", **values), body, now)
