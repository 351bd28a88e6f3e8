"""Delta refreshers: opened by a training manager, filled by a worker in small transactions.

A refresher is a cohort of its own whose places ask for the changed steps alone (`cohorts.asked`), so reader, grades,
hours and completion are those of any place. What its people completed before stays as it is, and so do certificates.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from cohorts import permissions, refresher_letters
from cohorts.concerned import Change, Concerned, anybody, change_of, completed_places, concerned, latest_change, pages
from cohorts.models import (
    Cohort,
    Delta,
    Enrolment,
    Group,
    Refresher,
    RefresherPlace,
    RefresherWithdrawal,
    RuleSet,
    Section,
)
from core import bell
from courses.reading import outline
from oversight import records
from people.models import Administration, Posting, User

# As in a move (cohorts.moving): some 20 ms of writing, which nobody notices.
PEOPLE_A_CHUNK = 25


class NothingMarked(Exception):
    """No release of the course is marked as a material change."""


class NobodyConcerned(Exception):
    """Everybody of the audience knows what has changed, or has a place in a refresher already."""


class StillFilling(Exception):
    """Another refresher of this release is being filled, for other people: a minute's patience."""


class StillWithdrawing(Exception):
    """A refresher of this release is being withdrawn, and its people wait for that: a minute's patience."""


def open_refresher(
    cohort: Cohort,
    *,
    audience: str,
    due_on: date,
    reason: Mapping[str, str],
    actor: User | None,
    now: datetime,
) -> Refresher:
    """Open a refresher on the newest release of the run's course; a worker gives the places.

    `reason` says by language what changed and why. `due_on` is the last day, in the calendar of each one's office.
    Asked twice, also at once, it is one refresher: while it is being filled it is returned, and afterwards nobody is
    left. Raises PermissionDenied unless the actor manages training in the run's administration, ValueError without a
    reason or with a day that has begun, NothingMarked, NobodyConcerned, StillFilling, StillWithdrawing. Atomic with
    its record.
    """
    if actor is not None and not permissions.may_refresh(actor, cohort):
        raise PermissionDenied
    texts = {language: text.strip() for language, text in reason.items() if text.strip()}
    if not texts:
        raise ValueError("a refresher tells its learners why")
    if due_on <= today_in(cohort.administration, now):
        raise ValueError("a refresher leaves its learners a day at least")
    change = latest_change(cohort.release.course)
    if change is None:
        raise NothingMarked
    with transaction.atomic():
        # One at a time in an administration, so that the second finds what the first has written.
        administration = Administration.objects.select_for_update(no_key=True).get(pk=cohort.administration_id)
        under_way = Refresher.objects.filter(
            administration=administration, release=change.release, filled_at=None
        ).first()
        if under_way is not None:
            if (under_way.audience, under_way.opened_for_id) != (audience, cohort.pk):
                raise StillFilling
            return under_way
        being_withdrawn = RefresherWithdrawal.objects.filter(
            refresher__administration=administration, refresher__release=change.release, finished_at=None
        )
        if being_withdrawn.exists():
            raise StillWithdrawing
        if not anybody(change, completed_places(change, audience=audience, cohort=cohort, now=now)):
            raise NobodyConcerned
        own = _own_cohort(cohort, change, due_on, now)
        refresher = Refresher.objects.create(
            administration=administration,
            release=change.release,
            cohort=own,
            audience=audience,
            opened_for=cohort,
            reason={"shape": 1, "texts": texts},
            opened_by=actor,
            opened_at=now,
        )
        facts = {
            "shape": 1,
            "release": str(change.release.uuid),
            "audience": audience,
            "run": str(cohort.uuid),
            "due_on": due_on.isoformat(),
            "reason": texts,
        }
        records.append("cohorts.refresher.opened", subject=refresher, facts=facts, actor=actor, now=now)
        # Robust: what goes wrong with the bell must not turn the order into an error; the sweeper rings again.
        transaction.on_commit(lambda: ring(refresher.pk), robust=True)
    return refresher


def today_in(administration: Administration, now: datetime) -> date:
    """The day in the calendar of an administration."""
    return now.astimezone(ZoneInfo(administration.time_zone)).date()


def _own_cohort(run: Cohort, change: Change, due_on: date, now: datetime) -> Cohort:
    """The cohort of a refresher, of one section and one group, under the rules that are in force today."""
    administration = run.administration
    today = today_in(administration, now)
    in_force = RuleSet.objects.filter(administration=administration, in_force_from__lte=now)
    with translation.override(administration.language):
        title = outline(change.release.pk, administration.language).course.title
        name = gettext("Refresher: %(course)s") % {"course": title}
    cohort = Cohort.objects.create(
        administration=administration,
        name=name[:200],
        release=change.release,
        rule_set=in_force.order_by("-in_force_from", "-number").first() or run.rule_set,
        starts_on=today,
        ends_on=due_on,
    )
    section = Section.objects.create(cohort=cohort, number=1, starts_on=today, ends_on=due_on)
    Group.objects.create(section=section, number=1)
    return cohort


def ring(refresher_id: int) -> None:
    """Ask a worker to give the places."""
    bell.ring("cohorts.tasks.fill_refresher", refresher_id)


def fill(refresher_id: int, *, now: datetime) -> int:
    """Give everybody concerned their place, a chunk to a transaction, and tell them. Returns how many got one.

    It may be called by several at once, and be interrupted anywhere: each person gets one place and one letter.
    Certificates are looked at as of the moment when the refresher was opened.
    """
    refresher = Refresher.objects.select_related("release", "cohort", "opened_for", "administration").get(
        pk=refresher_id
    )
    change = change_of(refresher.release)
    if change is None:
        raise NothingMarked
    group = Group.objects.get(section__cohort=refresher.cohort)
    places = completed_places(
        change, audience=refresher.audience, cohort=refresher.opened_for, now=refresher.opened_at
    )
    given = sum(_fill_some(refresher, change, group, page, now) for page in pages(places, PEOPLE_A_CHUNK))
    Refresher.objects.filter(pk=refresher_id, filled_at=None).update(filled_at=now)
    return given


def _fill_some(refresher: Refresher, change: Change, group: Group, page, now: datetime) -> int:
    """Give the places of a few people, all in one transaction. Returns how many there were."""
    with transaction.atomic():
        # The log first, as everybody takes it (cohorts.services): from here on nobody else gives places or does steps.
        records.hold_others()
        if RefresherWithdrawal.objects.filter(refresher=refresher).exists():
            return 0
        people = concerned(change, page)
        if not people:
            return 0
        deltas = _deltas(change, people)
        zones = _zones(refresher, people, now)
        places = Enrolment.objects.bulk_create(
            Enrolment(
                administration_id=refresher.administration_id,
                user=each.place.user,
                cohort=refresher.cohort,
                group=group,
                release=refresher.release,
                rule_set_id=refresher.cohort.rule_set_id,
                delta=deltas[each.asked],
            )
            for each in people
        )
        given = RefresherPlace.objects.bulk_create(
            RefresherPlace(
                refresher=refresher,
                enrolment=place,
                refreshes=each.place,
                due_at=deadline(refresher.cohort.ends_on, zones[each.place.user_id]),
            )
            for each, place in zip(people, places, strict=True)
        )
        overtaken = _overtake(refresher, [place.user_id for place in places])
        records.append_many(_happenings(refresher, group, given, overtaken, now))
        for place in given:
            refresher_letters.tell(place, now=now)
    return len(given)


def deadline(due_on: date, zone: ZoneInfo) -> datetime:
    """The instant at which the last day ends in an office's zone."""
    return datetime.combine(due_on + timedelta(days=1), time(), zone).astimezone(UTC)


def _deltas(change: Change, people: list[Concerned]) -> dict[tuple, Delta]:
    """The rows of what is asked of these people: mostly one and the same."""
    found = {}
    for asked in {each.asked for each in people}:
        steps = {"shape": 1, "asked": [[str(step.key), step.seen] for step in asked]}
        digest = hashlib.sha256(json.dumps(steps, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        found[asked], _made = Delta.objects.get_or_create(
            release=change.release, digest=digest, defaults={"steps": steps}
        )
    return found


def _zones(refresher: Refresher, people: list[Concerned], now: datetime) -> dict[int, ZoneInfo]:
    """The zone of each one's office today; who has no post goes by their administration's."""
    users = [each.place.user_id for each in people]
    postings = Posting.objects.current(today_in(refresher.administration, now)).filter(officer__user__in=users)
    of_office = dict(postings.order_by("since").values_list("officer__user", "post__office__time_zone"))
    usual = refresher.administration.time_zone
    return {user: ZoneInfo(of_office.get(user, usual)) for user in users}


def _overtake(refresher: Refresher, users: list[int]) -> list[Enrolment]:
    """End what these people have open in refreshers of older releases: the new one asks for what is left of them."""
    older = Enrolment.objects.open().filter(
        user__in=users,
        delta__isnull=False,
        release__course=refresher.release.course,
        release__number__lt=refresher.release.number,
    )
    # No join beside a lock: PostgreSQL loses a row whose joined one has changed while it waited.
    held = list(Enrolment.objects.select_for_update(no_key=True).filter(pk__in=[place.pk for place in older]))
    Enrolment.objects.filter(pk__in=[place.pk for place in held]).update(state=Enrolment.State.LAPSED)
    return held


def _happenings(refresher, group, given, overtaken, now):
    uuid = refresher.administration.uuid
    made = {"shape": 1, "group": str(group.uuid), "release": str(refresher.release.uuid)}
    for place in given:
        yield records.Happening("cohorts.enrolment.made", place.enrolment, made, None, now, uuid)
        yield records.Happening("cohorts.refresher.place_given", place, place.record_facts(), None, now, uuid)
    by = {"shape": 1, "by": str(refresher.uuid)}
    for place in overtaken:
        yield records.Happening("cohorts.refresher.overtaken", place, by, None, now, uuid)
