"""Small builders of a course that has been completed, and of its certificate."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from certificates import services
from cohorts.models import Cohort, Enrolment, Group, RuleSet, Section
from courses.models import Release, ReleaseBody, ReleaseNode
from people.models import Officer, Post, Posting
from tests.factories import people

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
TITLES = {
    "en": "The offer",
    "fr": "L’offre",
    "es": "El ofrecimiento",
    "ar": "العرض",
    "pt": "A oferta",
    "ru": "Предложение",
}

_numbers = itertools.count(1)


def a_release(titles=None, *, course=None, minutes=750):
    """A release with its course node alone: enough for a certificate."""
    titles = titles or TITLES
    release = Release.objects.create(
        course=course or uuid.uuid4(),
        number=next(_numbers),
        languages=sorted(titles),
        source_language="en",
        required_minutes=minutes,
        released_at=NOW - timedelta(days=90),
    )
    node = ReleaseNode.objects.create(
        release=release, key=uuid.uuid4(), kind=ReleaseNode.Kind.COURSE, position=0, minutes=minutes
    )
    for language, title in titles.items():
        ReleaseBody.objects.create(node=node, language=language, title=title, content={"shape": 1}, sha256="0" * 64)
    return release


def a_group(administration, release=None):
    """A group of a cohort of the administration."""
    release = release or a_release()
    rules = RuleSet.objects.create(administration=administration, number=next(_numbers), in_force_from=NOW)
    cohort = Cohort.objects.create(
        administration=administration,
        name=f"Cohort {next(_numbers)}",
        release=release,
        rule_set=rules,
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 6, 1),
    )
    section = Section.objects.create(cohort=cohort, number=1, starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    return Group.objects.create(section=section, number=1)


def an_enrolment(user, group=None, *, state=Enrolment.State.COMPLETED, minutes=750):
    """An enrolment as it stands when the course is completed, or in another state."""
    group = group or a_group(user.administration)
    cohort = group.section.cohort
    return Enrolment.objects.create(
        administration=user.administration,
        user=user,
        cohort=cohort,
        group=group,
        release=cohort.release,
        rule_set=cohort.rule_set,
        state=state,
        credited_minutes=minutes,
        completed_at=NOW if state == Enrolment.State.COMPLETED else None,
    )


def a_certificate(user=None, *, group=None, now=NOW, minutes=750):
    """A certificate issued through the service, with its record."""
    enrolment = an_enrolment(user or people.an_account(), group, minutes=minutes)
    with transaction.atomic():
        return services.write(enrolment, now=now)


def in_a_high_risk_post(user, since=date(2020, 1, 1), until=None):
    """Put the person into a high-risk post for a time."""
    officer = Officer.objects.create(
        administration=user.administration, user=user, category=Officer.Category.CIVIL_SERVANT
    )
    post = people.a_post(people.an_office(user.administration), risk=Post.Risk.HIGH, sensitive_since=since)
    return Posting.objects.create(officer=officer, post=post, since=since, until=until)
