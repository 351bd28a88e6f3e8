"""Withdrawing a refresher that was opened by mistake: ordered by a training manager, carried out by a worker.

Open places become withdrawn ones, so that their last days and reminders are over, and letters that nobody has
delivered yet are not delivered. Who has done the refresher has done it. What a refresher had taken the place of goes
on. Rows stay: another refresher can be opened, and what was done in this one is not asked again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from cohorts import permissions
from cohorts.models import Enrolment, Refresher, RefresherWithdrawal
from core import bell, mail
from oversight import records
from people.models import Administration, User

# As in opening one (cohorts.refreshers).
PLACES_A_CHUNK = 25


class NothingToWithdraw(Exception):
    """Nobody has an open place in the refresher, nor is waiting for one."""


@dataclass(frozen=True)
class Reach:
    """Whom a withdrawal would concern: places still open, those of them that were begun, those done; letters that
    nobody has delivered yet; places in an older refresher that would go on."""

    still_open: int
    begun: int
    done: int
    letters: int
    resumed: int


def reach(refresher: Refresher) -> Reach:
    """As it is now. Three queries, however many people there are."""
    state = Enrolment.State
    places = Enrolment.objects.filter(cohort=refresher.cohort_id)
    figures = places.aggregate(
        still_open=Count("pk", filter=Q(state__in=(state.INVITED, state.ACTIVE))),
        begun=Count("pk", filter=Q(state=state.ACTIVE)),
        done=Count("pk", filter=Q(state=state.COMPLETED)),
    )
    open_places = places.open()
    return Reach(
        **figures,
        letters=mail.about(open_places.values("uuid")).count(),
        resumed=len(_replaced(refresher, open_places.values("user"))),
    )


def withdraw(refresher: Refresher, *, reason: str, actor: User | None, now: datetime) -> RefresherWithdrawal:
    """Withdraw a refresher; nobody gets a place in it from now on, and a worker withdraws those that are open.

    Asked twice, also at once, it is one withdrawal, with the first one's reason. Raises PermissionDenied unless the
    actor manages training in its administration, NothingToWithdraw, ValueError without a reason. Atomic with its
    record.
    """
    if actor is not None and not permissions.may_refresh(actor, refresher):
        raise PermissionDenied
    reason = reason.strip()
    if not reason:
        raise ValueError("a withdrawal needs a reason")
    with transaction.atomic():
        # As opening does: one at a time in an administration, so that the second finds what the first has written.
        Administration.objects.select_for_update(no_key=True).get(pk=refresher.administration_id)
        done = RefresherWithdrawal.objects.filter(refresher=refresher).first()
        if done is not None:
            return done
        # From here on nobody gives places in it (cohorts.refreshers), and who waits for one does not get it.
        records.hold_others()
        stopped = Refresher.objects.filter(pk=refresher.pk, filled_at=None).update(filled_at=now)
        if not stopped and not Enrolment.objects.open().filter(cohort=refresher.cohort_id).exists():
            raise NothingToWithdraw
        withdrawal = RefresherWithdrawal.objects.create(
            refresher=refresher, reason=reason, withdrawn_by=actor, withdrawn_at=now
        )
        facts = withdrawal.record_facts()
        uuid = refresher.administration.uuid
        records.append(
            "cohorts.refresher.withdrawn", subject=withdrawal, facts=facts, actor=actor, now=now, administration=uuid
        )
        # Robust: what goes wrong with the bell must not turn the order into an error; the sweeper rings again.
        transaction.on_commit(lambda: ring(withdrawal.pk), robust=True)
    return withdrawal


def ring(withdrawal_id: int) -> None:
    """Ask a worker to withdraw the places."""
    bell.ring("cohorts.tasks.withdraw_refresher", withdrawal_id)


def carry_on(withdrawal_id: int, *, now: datetime) -> int:
    """Withdraw the open places, a chunk to a transaction. Returns how many.

    It may be called by several at once, and be interrupted anywhere: each place is withdrawn once.
    """
    withdrawal = RefresherWithdrawal.objects.select_related("refresher__release", "refresher__administration").get(
        pk=withdrawal_id
    )
    withdrawn = 0
    while count := _withdraw_some(withdrawal, now):
        withdrawn += count
    RefresherWithdrawal.objects.filter(pk=withdrawal_id, finished_at=None).update(finished_at=now)
    return withdrawn


def _withdraw_some(withdrawal: RefresherWithdrawal, now: datetime) -> int:
    """Withdraw the next few places, all in one transaction. Returns how many there were."""
    refresher = withdrawal.refresher
    with transaction.atomic():
        # The log first, then the places: the order in which everybody takes them (cohorts.services).
        records.hold_others()
        open_places = Enrolment.objects.select_for_update(no_key=True).open().filter(cohort=refresher.cohort_id)
        held = list(open_places.order_by("pk")[:PLACES_A_CHUNK])
        if not held:
            return 0
        Enrolment.objects.filter(pk__in=[place.pk for place in held]).update(state=Enrolment.State.WITHDRAWN)
        mail.withhold([place.uuid for place in held])
        resumed = _resume(refresher, [place.user_id for place in held])
        by, uuid = {"shape": 1, "by": str(withdrawal.uuid)}, refresher.administration.uuid
        kinds = (("cohorts.enrolment.withdrawn", held), ("cohorts.refresher.resumed", resumed))
        records.append_many(
            records.Happening(kind, place, by, None, now, uuid) for kind, places in kinds for place in places
        )
    return len(held)


def _replaced(refresher: Refresher, users: Collection[int] | QuerySet) -> list[int]:
    """The places, by id, of which this refresher has taken over what was left: of each of these people, the place in
    the last refresher before it that still counts, if that was open until then. One query."""
    before = Enrolment.objects.filter(
        user__in=users,
        delta__isnull=False,
        release__course=refresher.release.course,
        release__number__lt=refresher.release.number,
        refresher_place__refresher__withdrawal=None,
    )
    newest = {}
    for user, pk, state in before.order_by("user", "-release__number").values_list("user", "pk", "state"):
        newest.setdefault(user, (pk, state))
    return [pk for pk, state in newest.values() if state == Enrolment.State.LAPSED]


def _resume(refresher: Refresher, users: list[int]) -> list[Enrolment]:
    """Open again what was left of an older refresher: its change is still to be read. Nothing begun is lost."""
    held = list(Enrolment.objects.select_for_update(no_key=True).filter(pk__in=_replaced(refresher, users)))
    for place in held:
        place.state = Enrolment.State.ACTIVE if place.started_at else Enrolment.State.INVITED
    Enrolment.objects.bulk_update(held, ["state"])
    return held
