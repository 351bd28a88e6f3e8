"""The letter to somebody who is given a place in a run, in their language."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cohorts import asked, letters
from cohorts.models import Enrolment
from core import days, languages, mail, wordings


def tell(place: Enrolment, *, now: datetime) -> None:
    """Write it, as part of the caller's transaction; to whoever has no address nothing is written.

    The place stands on the person's own page all the same.
    """
    person, section, administration = place.user, place.group.section, place.administration
    if not person.email:
        return
    wanted = (
        languages.supported(person.language) or languages.supported(administration.language) or settings.LANGUAGE_CODE
    )
    said = wordings.spoken(letters.PLACE_GIVEN, administration.pk, wanted)
    course = asked.outline_of(place, said.language).course
    with translation.override(said.language):
        values = {
            "name": person.full_name,
            "title": course.title,
            "first": days.in_full(section.starts_on, administration.second_calendar),
            "last": days.in_full(section.ends_on, administration.second_calendar),
            "page": settings.SITE_URL.rstrip("/") + reverse("learn", args=[place.uuid, course.key]),
            "administration": administration.name,
        }
    body = "\n\n".join(said.filled(part, **values) for part in ("greeting", "body", "end")) + "\n"
    mail.write(person.email, said.language, said.filled("subject", **values), body, now)
