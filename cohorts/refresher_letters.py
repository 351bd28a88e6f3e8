"""The letter to somebody who gets a place in a refresher, in their language."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from cohorts.models import RefresherPlace
from core import languages, mail
from courses.reading import outline


def tell(place: RefresherPlace, *, now: datetime) -> None:
    """Write it, as part of the caller's transaction; to whoever has no address nothing is written.

    The place stands on the person's own page all the same.
    """
    enrolment, refresher = place.enrolment, place.refresher
    person = enrolment.user
    if not person.email:
        return
    language = (
        languages.supported(person.language)
        or languages.supported(refresher.administration.language)
        or settings.LANGUAGE_CODE
    )
    # Not through `cohorts.asked`: a process must not remember a delta whose transaction may yet come to nothing.
    steps = outline(enrolment.release_id, language).narrowed({each.key for each in enrolment.delta.asked})
    minutes = sum(step.minutes for step in steps.activities)
    reason, _its_language = refresher.reason_in(language)
    with translation.override(language):
        page = settings.SITE_URL.rstrip("/") + reverse("learn", args=[enrolment.uuid, steps.course.key])
        count = ngettext("%(steps)d step", "%(steps)d steps", len(steps.activities)) % {"steps": len(steps.activities)}
        length = ngettext("about %(minutes)d minute", "about %(minutes)d minutes", minutes) % {"minutes": minutes}
        mail.write(
            person.email,
            language,
            gettext("What has changed in “%(title)s”") % {"title": steps.course.title},
            gettext(
                "%(name)s,\n\n"
                "“%(title)s”, which you have completed, has changed in a matter that you need for your work:\n\n"
                "%(reason)s\n\n"
                "Please read what is new by %(date)s: %(steps)s, %(length)s.\n"
                "What you have completed stays as it is.\n\n"
                "%(page)s\n\n"
                "%(administration)s\n"
            )
            % {
                "name": person.full_name,
                "title": steps.course.title,
                "reason": reason,
                "date": date_format(refresher.cohort.ends_on, "DATE_FORMAT"),
                "steps": count,
                "length": length,
                "page": page,
                "administration": refresher.administration.name,
            },
            now,
        )
