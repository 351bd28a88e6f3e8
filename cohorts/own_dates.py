"""A learner's own dates: when courses open, when their time is over, and the address at which a calendar reads them.

Certificates' days of expiry are not among them: whoever hosts a person's calendar could tell a high-risk post from
the length of a validity.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from cohorts import asked
from cohorts.models import CalendarFeed, Enrolment
from cohorts.prerequisites import opening_days
from core import calendar_file, languages
from courses.reading import Step
from people import kept_calendars
from people.models import User
from people.working_days import RestDay

OPENS, ENDS = "opens", "ends"


@dataclass(frozen=True)
class OwnDate:
    """A day that matters to a learner. `kind` is OPENS or ENDS, `language` the one the title is in."""

    kind: str
    day: date
    title: str
    language: str
    enrolment: uuid.UUID
    step: uuid.UUID
    rest: RestDay | None
    is_past: bool

    @property
    def path(self) -> str:
        return reverse("learn", args=[self.enrolment, self.step])


def own_dates(user: User, language: str, now: datetime) -> list[OwnDate]:
    """The dates of the person's open places, in order; openings only as long as they are to come.

    The number of queries does not grow with places or courses.
    """
    return dates_of(Enrolment.objects.of(user).open().select_related("group__section"), user, language, now)


def dates_of(enrolments: Iterable[Enrolment], user: User, language: str, now: datetime) -> list[OwnDate]:
    """The same of places that are at hand with their sections. No query but those of a minute (`kept_calendars`)."""
    enrolments = list(enrolments)
    if not enrolments:
        return []
    calendar = kept_calendars.of_administration(user.administration_id)
    today = calendar.today(now)
    found = []
    for enrolment in enrolments:
        for kind, day, step in _days(enrolment, language):
            if kind == OPENS and day <= today:
                continue
            rest = calendar.rest_on(day, language) if kind == ENDS else None
            found.append(
                OwnDate(kind, day, step.title, step.language, enrolment.uuid, step.key, rest, is_past=day < today)
            )
    return sorted(found, key=lambda each: (each.day, each.kind, each.title))


def _days(enrolment: Enrolment, language: str) -> Iterator[tuple[str, date, Step]]:
    outline = asked.outline_of(enrolment, language)
    section = enrolment.group.section
    for step, day in opening_days(outline, section.starts_on):
        yield OPENS, day, step
    yield ENDS, section.ends_on, outline.course


# --- The feed -------------------------------------------------------------------------------------------------------


def open_feed(user: User, *, now: datetime) -> CalendarFeed:
    """Make an address at which a calendar reads the person's dates; the one that there is, if there is one."""
    feed, _made = CalendarFeed.objects.get_or_create(user=user, defaults={"opened_at": now})
    return feed


def close_feed(user: User) -> None:
    """Make the address lead nowhere, for ever: a new one is another."""
    CalendarFeed.objects.filter(user=user).delete()


def address_of(feed: CalendarFeed) -> str:
    """The whole address. It is signed, so that a copy of the database alone gives nobody's dates away."""
    return settings.SITE_URL.rstrip("/") + reverse("calendar_feed", args=[token_of(feed)])


def token_of(feed: CalendarFeed) -> str:
    """What stands for the feed in its address."""
    return _signer().sign(str(feed.uuid))


def feed_at(token: str) -> CalendarFeed | None:
    """The feed with this address; None where it was closed, never was, or is of somebody who may not sign in."""
    try:
        name = uuid.UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    feeds = CalendarFeed.objects.select_related("user__administration")
    return feeds.filter(uuid=name, user__is_active=True).first()


def as_calendar_file(user: User, *, now: datetime) -> str:
    """The person's dates in their language, as a calendar reads them."""
    language = languages.supported(user.language) or settings.LANGUAGE_CODE
    with translation.override(language):
        entries = [
            calendar_file.WholeDay(
                uid=f"{each.kind}-{each.enrolment}-{each.step}",
                day=each.day,
                title=_title(each),
                text=_rest_in_words(each.rest),
                url=settings.SITE_URL.rstrip("/") + each.path,
            )
            for each in own_dates(user, language, now)
        ]
        return calendar_file.write(entries, name=user.administration.name, now=now)


def _title(each: OwnDate) -> str:
    if each.kind == OPENS:
        return gettext("Opens: %(course)s") % {"course": each.title}
    return gettext("Last day: %(course)s") % {"course": each.title}


def _rest_in_words(rest: RestDay | None) -> str:
    if rest is None:
        return ""
    before = date_format(rest.before, "DATE_FORMAT")
    return gettext("This is a day of rest. The last working day before it is %(date)s.") % {"date": before}


def _signer() -> Signer:
    return Signer(salt="cohorts.calendar_feed")
