"""The letter to somebody who gets a place in a refresher, in their language."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from cohorts.models import RefresherPlace
from core import days, languages, mail, wordings
from core.wordings import LETTER, Part, Wording
from courses.reading import outline

PLACE = Wording(
    key="cohorts.refresher_place",
    kind=LETTER,
    label=_("A place in a refresher"),
    parts=(
        Part("subject", _("Subject"), gettext_noop("What has changed in “%(title)s”"), most=150),
        Part(
            "body",
            _("Body of the letter"),
            gettext_noop(
                "%(name)s,\n\n"
                "“%(title)s”, which you have completed, has changed in a matter that you need for your work:\n\n"
                "%(reason)s\n\n"
                "Please read what is new by %(date)s: %(steps)s, %(length)s.\n"
                "What you have completed stays as it is.\n\n"
                "%(page)s\n\n"
                "%(administration)s\n"
            ),
            most=4000,
        ),
    ),
)


def tell(place: RefresherPlace, *, now: datetime) -> None:
    """Write it, as part of the caller's transaction; to whoever has no address nothing is written.

    The place stands on the person's own page all the same.
    """
    enrolment, refresher = place.enrolment, place.refresher
    person = enrolment.user
    if not person.email:
        return
    wanted = (
        languages.supported(person.language)
        or languages.supported(refresher.administration.language)
        or settings.LANGUAGE_CODE
    )
    said = wordings.spoken(PLACE, refresher.administration_id, wanted)
    # Not through `cohorts.asked`: a process must not remember a delta whose transaction may yet come to nothing.
    steps = outline(enrolment.release_id, said.language).narrowed({each.key for each in enrolment.delta.asked})
    minutes, count = sum(step.minutes for step in steps.activities), len(steps.activities)
    reason, _its_language = refresher.reason_in(said.language)
    with translation.override(wanted):
        page = settings.SITE_URL.rstrip("/") + reverse("learn", args=[enrolment.uuid, steps.course.key])
    with translation.override(said.language):
        body = said.filled(
            "body",
            name=person.full_name,
            title=steps.course.title,
            reason=reason,
            date=days.in_words(refresher.cohort.ends_on, refresher.administration.second_calendar),
            steps=ngettext("%(steps)d step", "%(steps)d steps", count) % {"steps": count},
            length=ngettext("about %(minutes)d minute", "about %(minutes)d minutes", minutes) % {"minutes": minutes},
            page=page,
            administration=refresher.administration.name,
        )
    mail.write(
        person.email, said.language, said.filled("subject", title=steps.course.title), body, now, about=enrolment.uuid
    )
