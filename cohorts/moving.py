"""Moving a run to a newer release: begun by a training manager, carried out by a worker in small transactions.

Open places move; completed ones, and those that were closed, stay on the release they ended in. Certificates, attempts
and grades are not touched: an attempt carries the key of its step, which all releases share.
"""

import uuid
from collections import defaultdict
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from cohorts import openings, permissions
from cohorts.carrying import Carried, Done, carried
from cohorts.models import Cohort, CohortMove, CreditedHours, Enrolment, EnrolmentMove, NodeProgress, Refresher
from cohorts.rules import missing
from cohorts.services import NotForPartners, complete_if_nothing_is_missing
from core import bell
from courses.models import Release, ReleaseNode
from oversight import records
from people.models import User

# Some 20 ms of writing for a course of ordinary length: learners who finish a lesson meanwhile do not notice.
LEARNERS_A_CHUNK = 25
# What one task takes on before it rings for the next, well within its time limit.
CHUNKS_A_TASK = 100


class NotNewer(Exception):
    """The release is not a newer one of the same course."""


def newer_releases(cohort: Cohort) -> QuerySet[Release]:
    """The releases that a run can be moved to, the newest first. A refresher's steps are those of its one release."""
    if Refresher.objects.filter(cohort=cohort).exists():
        return Release.objects.none()
    return Release.objects.filter(course=cohort.release.course, number__gt=cohort.release.number)


def places_to_move(cohort: Cohort, release: Release) -> QuerySet[Enrolment]:
    """The places that are still open and on another release."""
    return Enrolment.objects.open().filter(cohort=cohort).exclude(release=release)


def begin(cohort: Cohort, release: Release, *, reason: str, actor: User | None, now: datetime) -> CohortMove:
    """Move a run to a newer release of its course. New places are in it from now on; a worker moves the others.

    Asked twice, it is one move. Raises PermissionDenied unless the actor manages training in the run's
    administration, NotNewer for a refresher, another course or an older release, NotForPartners where partners learn
    in the run and the release is closed to them, ValueError without a reason. Atomic with its record.
    """
    if actor is not None and not permissions.may_move(actor, cohort):
        raise PermissionDenied
    reason = reason.strip()
    if not reason:
        raise ValueError("a move needs a reason")
    with transaction.atomic():
        # No join beside a lock: PostgreSQL loses a row whose joined one is another after it has waited.
        held = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
        move = CohortMove.objects.filter(cohort=held, release=release).first()
        if move is not None:
            return move
        before = held.release
        if not newer_releases(held).filter(pk=release.pk).exists():
            raise NotNewer
        with_partners = places_to_move(held, release).filter(user__external_until__isnull=False).exists()
        if with_partners and not openings.is_open_to_partners(release.pk):
            raise NotForPartners
        move = CohortMove.objects.create(cohort=held, release=release, reason=reason, begun_by=actor, begun_at=now)
        held.release = release
        held.save(update_fields=["release", "updated_at"])
        facts = {
            "shape": 1,
            "move": str(move.uuid),
            "from_release": str(before.uuid),
            "to_release": str(release.uuid),
            "reason": reason,
        }
        records.append("cohorts.cohort.moved", subject=held, facts=facts, actor=actor, now=now)
        # Robust: what goes wrong with the bell must not turn the order into an error; the sweeper rings again.
        transaction.on_commit(lambda: ring(move.pk), robust=True)
    return move


def ring(move_id: int) -> None:
    """Ask a worker to carry a move on."""
    bell.ring("cohorts.tasks.carry_on", move_id)


def carry_on(move_id: int, *, now: datetime, chunks: int = CHUNKS_A_TASK) -> int:
    """Move those who still wait, a chunk to a transaction. Returns how many; call it until the move is finished.

    It may be called by several at once, and be interrupted anywhere: each learner is moved once. A move that a later
    one has overtaken ends here, and the later one takes its learners.
    """
    move = CohortMove.objects.select_related("cohort__administration", "release").get(pk=move_id)
    nodes = {node.key: node for node in move.release.nodes.all()}
    moved = 0
    for _chunk in range(chunks):
        count = _move_some(move, nodes, now)
        if not count:
            CohortMove.objects.filter(pk=move_id, finished_at=None).update(finished_at=now)
            break
        moved += count
    return moved


def _move_some(move: CohortMove, nodes: dict[uuid.UUID, ReleaseNode], now: datetime) -> int:
    """Move the next few learners, all in one transaction. Returns how many there were."""
    activities = {key: node for key, node in nodes.items() if node.is_activity}
    minutes = {key: node.minutes for key, node in activities.items()}
    with transaction.atomic():
        # The log first, then the places: the order in which everybody takes them (services._complete_step).
        records.hold_others()
        if not Cohort.objects.filter(pk=move.cohort_id, release=move.release_id).exists():
            return 0
        waiting = places_to_move(move.cohort, move.release).select_for_update(no_key=True)
        places = list(waiting.order_by("pk")[:LEARNERS_A_CHUNK])
        if not places:
            return 0
        releases = Release.objects.in_bulk({place.release_id for place in places})
        done, credited = _done_by(places), _credited_by(places)
        progress, credits_, moves, happenings = [], [], [], []
        for place in places:
            taken = carried(done[place.pk], credited[place.pk], minutes)
            progress += [_progress(place, activities[each.key], each) for each in taken]
            added = [_added(place, activities[each.key], each, now) for each in taken if each.added_minutes]
            credits_ += added
            change = EnrolmentMove(
                move=move,
                enrolment=place,
                from_release=releases[place.release_id],
                to_release=move.release,
                carried=len(taken),
                added_minutes=sum(each.added_minutes for each in taken),
                moved_at=now,
            )
            moves.append(change)
            happenings += [_happening("cohorts.hours.credited", each, move, now) for each in added]
            happenings.append(_happening("cohorts.enrolment.moved", change, move, now))
            place.release = move.release
            place.credited_minutes += change.added_minutes
        NodeProgress.objects.bulk_create(progress)
        CreditedHours.objects.bulk_create(credits_)
        EnrolmentMove.objects.bulk_create(moves)
        Enrolment.objects.bulk_update(places, ["release", "credited_minutes"])
        records.append_many(happenings)
        _complete_those_with_nothing_left(places, progress, activities, move.release, now)
    return len(places)


def _done_by(places: list[Enrolment]) -> dict[int, list[Done]]:
    """The steps that each has ever done, in whatever release of the course, oldest row first."""
    found: dict[int, list[Done]] = defaultdict(list)
    rows = NodeProgress.objects.filter(enrolment__in=places).order_by("pk")
    for enrolment, *row in rows.values_list("enrolment_id", "pk", "node__key", "completed_at"):
        found[enrolment].append(Done(*row))
    return found


def _credited_by(places: list[Enrolment]) -> dict[int, dict[uuid.UUID, int]]:
    """The minutes that each was ever credited for a step, by its key."""
    found: dict[int, dict[uuid.UUID, int]] = defaultdict(lambda: defaultdict(int))
    rows = CreditedHours.objects.filter(enrolment__in=places, node__isnull=False)
    for enrolment, key, minutes in rows.values_list("enrolment_id", "node__key", "minutes"):
        found[enrolment][key] += minutes
    return found


def _progress(place: Enrolment, node: ReleaseNode, taken: Carried) -> NodeProgress:
    return NodeProgress(enrolment=place, node=node, completed_at=taken.completed_at, carried_from_id=taken.from_row)


def _added(place: Enrolment, node: ReleaseNode, taken: Carried, now: datetime) -> CreditedHours:
    return CreditedHours(
        enrolment=place,
        source=CreditedHours.Source.RETIMED,
        node=node,
        minutes=taken.added_minutes,
        credited_at=now,
    )


def _happening(kind: str, subject, move: CohortMove, now: datetime) -> records.Happening:
    return records.Happening(kind, subject, subject.record_facts(), None, now, move.cohort.administration.uuid)


def _complete_those_with_nothing_left(places, progress, activities, release, now) -> None:
    """A newer release may have dropped the last step that somebody lacked."""
    mandatory = {node.pk for node in activities.values() if node.mandatory}
    done: dict[int, set[int]] = defaultdict(set)
    for row in progress:
        done[row.enrolment_id].add(row.node_id)
    for place in places:
        if not missing(mandatory, done[place.pk], place.credited_minutes, release.required_minutes):
            complete_if_nothing_is_missing(place.pk, now)
