"""A letter a week before the last day of a place. It waits for a working day, and for the hour when offices open."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation

from cohorts import asked, letters
from cohorts.models import Enrolment, LastDayReminder
from core import days, languages, mail, wordings
from people import kept_calendars
from people.middleware import zone_of
from people.working_days import when_worked

AHEAD = timedelta(days=7)
# Some 20 ms of writing on SQLite: others who wait for the write lock do not notice.
LETTERS_A_CHUNK = 50


def remind(*, now: datetime) -> int:
    """Write the letters that are due; returns how many. Called again and again, it writes each of them once.

    Day and hour are those of the learner's office, whose zone their account has. Whoever has no address is told on
    their page alone.
    """
    due = [enrolment for enrolment in _near_their_end(now) if _is_time(enrolment, now)]
    return sum(_tell_some(due[start : start + LETTERS_A_CHUNK], now) for start in range(0, len(due), LETTERS_A_CHUNK))


def _near_their_end(now: datetime) -> Iterable[Enrolment]:
    """Open places with an address that end within a week or so and were not told of it. One query.

    A day more at either end: what day it is depends on the zone.
    """
    today = now.date()
    told = LastDayReminder.objects.filter(enrolment=OuterRef("pk"), last_day=OuterRef("group__section__ends_on"))
    return (
        Enrolment.objects.open()
        .filter(
            group__section__ends_on__range=(today - timedelta(days=1), today + AHEAD + timedelta(days=1)),
            user__is_active=True,
        )
        .exclude(user__email=None)
        .exclude(Exists(told))
        .select_related("user", "group__section", "release", "administration")
        .order_by("pk")
    )


def _is_time(enrolment: Enrolment, now: datetime) -> bool:
    kept = kept_calendars.of_administration(enrolment.administration_id)
    zone = zone_of(enrolment.user) or kept.zone
    last_day = _last_day(enrolment)
    is_near = last_day - AHEAD <= now.astimezone(zone).date() <= last_day
    return is_near and when_worked(kept.calendar, now, zone) == now


def _tell_some(enrolments: list[Enrolment], now: datetime) -> int:
    """The letters of a few people and the rows that say so, in one transaction. Of two at once, one writes each."""
    with transaction.atomic():
        # Held, so that the second finds what the first has written. No join beside a lock.
        held = Enrolment.objects.select_for_update(no_key=True).open()
        pks = set(held.filter(pk__in=[each.pk for each in enrolments]).values_list("pk", flat=True))
        told = set(LastDayReminder.objects.filter(enrolment__in=pks).values_list("enrolment", "last_day"))
        left = [each for each in enrolments if each.pk in pks and (each.pk, _last_day(each)) not in told]
        LastDayReminder.objects.bulk_create(
            LastDayReminder(enrolment=each, last_day=_last_day(each), told_at=now) for each in left
        )
        for enrolment in left:
            _write(enrolment, now)
    return len(left)


def _last_day(enrolment: Enrolment) -> date:
    return enrolment.group.section.ends_on


def _write(enrolment: Enrolment, now: datetime) -> None:
    person, last_day = enrolment.user, _last_day(enrolment)
    language = (
        languages.supported(person.language)
        or languages.supported(enrolment.administration.language)
        or settings.LANGUAGE_CODE
    )
    said = wordings.spoken(letters.LAST_DAY_NEAR, enrolment.administration_id, language)
    course = asked.outline_of(enrolment, said.language).course
    rest = kept_calendars.of_administration(enrolment.administration_id).rest_on(last_day, said.language)
    calendar = enrolment.administration.second_calendar
    with translation.override(said.language):
        values = {
            "name": person.full_name,
            "title": course.title,
            "date": days.in_full(last_day, calendar),
            "working_day": days.in_full(rest.before, calendar) if rest else "",
            "page": settings.SITE_URL.rstrip("/") + reverse("learn", args=[enrolment.uuid, course.key]),
            "administration": enrolment.administration.name,
        }
    parts = ("greeting", "body", "rest_day" if rest else None, "end")
    body = "\n\n".join(said.filled(part, **values) for part in parts if part) + "\n"
    mail.write(person.email, said.language, said.filled("subject", **values), body, now, about=enrolment.uuid)
