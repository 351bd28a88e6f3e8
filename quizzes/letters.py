"""The letters about results, reports and appeals, to learners and to those who answer them, as they ship.

They say that there is something to read, and not what it is: a mailbox is not private.
"""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import days, languages, mail, wordings
from core.wordings import LETTER, Part, Wording
from people.models import User


def _letter(key: str, label, subject: str, body: str | None = None, **bodies: str) -> Wording:
    """A letter with one body, or with one for a reported question (`case`) and one for an `appeal`."""
    named = {"case": _("Body, about a reported question"), "appeal": _("Body, about an appeal")}
    said = [Part("body", _("Body of the letter"), body)] if body else [Part(n, named[n], t) for n, t in bodies.items()]
    return Wording(
        key=key,
        kind=LETTER,
        label=label,
        parts=(
            Part("subject", _("Subject"), subject, most=150),
            Part("greeting", _("Greeting"), gettext_noop("Dear %(name)s,"), most=200),
            *said,
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

DEADLINE_NEAR = _letter(
    "quizzes.deadline_near",
    _("A learner is to be answered soon"),
    gettext_noop("An answer is due by %(date)s"),
    case=gettext_noop("a reported question is to be answered by %(date)s. You find it here:\n%(page)s"),
    appeal=gettext_noop("an appeal of a result is to be decided by %(date)s. You find it here:\n%(page)s"),
)

DEADLINE_OVER = _letter(
    "quizzes.deadline_over",
    _("The day by which a learner was to be answered is over"),
    gettext_noop("An answer is overdue"),
    case=gettext_noop("a reported question was to be answered by %(date)s and still waits. Here it is:\n%(page)s"),
    appeal=gettext_noop("an appeal of a result was to be decided by %(date)s and still waits. Here it is:\n%(page)s"),
)

DEADLINE_OVER_ABOVE = _letter(
    "quizzes.deadline_over_above",
    _("A learner was not answered in time, to the training managers"),
    gettext_noop("In your administration an answer is overdue"),
    case=gettext_noop(
        "a reported question was to be answered by %(date)s and still waits. With whom, you see here, and what else"
        " is overdue:\n%(page)s"
    ),
    appeal=gettext_noop(
        "an appeal of a result was to be decided by %(date)s and still waits. With whom, you see here, and what else"
        " is overdue:\n%(page)s"
    ),
)

ALL = (
    RESULT_THERE,
    RESULT_CHANGED,
    REPORT_ANSWERED,
    APPEAL_DECIDED,
    DEADLINE_NEAR,
    DEADLINE_OVER,
    DEADLINE_OVER_ABOVE,
)


def write(
    wording: Wording,
    person: User,
    path,
    *,
    now: datetime,
    about: uuid.UUID | None = None,
    body: str = "body",
    day: date | None = None,
) -> None:
    """Write a letter to a person in their language, as part of the caller's transaction; to whoever has no address
    nothing is written, for the answer stands on their pages all the same.

    `path()` is the address it leads to, asked for in the language of the letter; `about` the row it speaks of, `body`
    the part that says what there is to say, `day` the one that it names.
    """
    if not person.email:
        return
    administration = person.administration
    wanted = (
        languages.supported(person.language) or languages.supported(administration.language) or settings.LANGUAGE_CODE
    )
    said = wordings.spoken(wording, administration.pk, wanted)
    with translation.override(said.language):
        values = {
            "name": person.full_name,
            "page": settings.SITE_URL.rstrip("/") + path(),
            "date": days.in_words(day, administration.second_calendar),
            "administration": administration.name,
        }
    text = "\n\n".join(said.filled(part, **values) for part in ("greeting", body, "end")) + "\n"
    mail.write(person.email, said.language, said.filled("subject", **values), text, now, about=about)
