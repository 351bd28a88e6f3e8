"""Marking by people: who takes which answer, what is kept while it is read, and the marks.

Two markers never hold the same place, by compare-and-set; two who finish at once follow one another, because whoever
gives a mark holds the attempt. So the last of them, whoever that is, makes the one run that leads to the grade.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from oversight import records
from people.models import User
from quizzes import marked, marking
from quizzes.errors import GradedMeanwhile, IncompleteMark, NotInYourHands, ReasonMissing
from quizzes.marking import FIRST, MODERATOR, SECOND
from quizzes.models import Attempt, GradingRun, Mark, Marking
from quizzes.services import markers_tasks
from quizzes.services.grading import hold, settle

# Renewed whenever a draft is saved. Long enough for an hour of lunch, short enough to be free again the next day.
LEASE = timedelta(hours=4)
# Places that are tried one after the other where others take them at the same moment.
TRIES = 20
# What a PositiveIntegerField holds on every database.
LAST_SEQUENCE = 2**31 - 1


@dataclass(frozen=True)
class Given:
    """What a marker fills in: the level of each criterion, and words."""

    levels: Mapping[str, str]
    comment: str = ""
    note: str = ""
    reason: str = ""

    @classmethod
    def of_draft(cls, draft: dict | None) -> "Given":
        kept = {name: value for name, value in (draft or {}).items() if name != "shape"}
        return cls(**{"levels": {}} | kept)

    @classmethod
    def of_mark(cls, mark: Mark) -> "Given":
        """A mark to be corrected; why it changes is not said yet."""
        return cls(mark.chosen, mark.comment, mark.note)

    def as_draft(self) -> dict:
        return {
            "shape": 1,
            "levels": dict(self.levels),
            "comment": self.comment,
            "note": self.note,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class AtAGlance:
    """How much there is to mark. `waiting` counts what nobody holds, `overdue` what should have been done by today,
    `named` what the reader is named for."""

    waiting: int
    overdue: int
    moderations: int
    named: int


def at_a_glance(markings, *, now: datetime, time_zone: str = "UTC", reader: User | None = None) -> AtAGlance:
    """Counts of open tasks, for the queue's page and the log. One query."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    free = Q(state=Marking.State.WAITING) | Q(lease_until__lt=now)
    counts = markings.open().aggregate(
        waiting=Count("pk", filter=free),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        moderations=Count("pk", filter=free & Q(seat=MODERATOR)),
        named=Count("pk", filter=Q(assigned_to__isnull=False, assigned_to=reader)),
    )
    return AtAGlance(**counts)


# --- Taking ---------------------------------------------------------------------------------------------------------


def take_next(marker: User, *, now: datetime, language: str = "") -> Marking | None:
    """Give a marker the next place: what they hold already, else of what they may mark what they are named for, and
    what is due first.

    With a language only answers that were given in it. None where nothing is left.
    """
    theirs = Marking.objects.for_marker(marker)
    if language:
        theirs = theirs.filter(language=language)
    held = theirs.filter(state=Marking.State.TAKEN, marker=marker).in_order_for(marker).first()
    if held is not None:
        return held
    for each in theirs.takeable(now).in_order_for(marker)[:TRIES]:
        if _take(each, marker, now):
            return Marking.objects.get(pk=each.pk)
    return None


def _take(place: Marking, marker: User, now: datetime) -> bool:
    """Compare-and-set. A marker who reaches for both places of an answer in two windows gets one of them."""
    try:
        with transaction.atomic():
            taken = (
                Marking.objects.takeable(now)
                .filter(pk=place.pk, assigned_to=place.assigned_to_id)
                .update(state=Marking.State.TAKEN, marker=marker, lease_until=now + LEASE, draft=None)
            )
            if taken:
                # Named for the other place at this answer a moment ago: that one is for somebody else then.
                elsewhere = Marking.objects.open().filter(attempt=place.attempt_id, position=place.position)
                elsewhere.exclude(pk=place.pk).filter(assigned_to=marker).update(assigned_to=None)
    except IntegrityError:
        return False
    return bool(taken)


def decline(place_uuid: uuid.UUID, *, marker: User, now: datetime) -> None:
    """Put an answer back that this marker cannot mark: they know who wrote it, or cannot read it. They are not
    offered it again. Raises NotInYourHands.
    """
    with transaction.atomic():
        place = Marking.objects.filter(uuid=place_uuid).first()
        put_back = Marking.objects.filter(uuid=place_uuid, marker=marker, state=Marking.State.TAKEN).update(
            state=Marking.State.WAITING, marker=None, lease_until=None, draft=None
        )
        if place is None or not put_back:
            raise NotInYourHands
        place.declined_by.add(marker)
        Marking.objects.filter(pk=place.pk, assigned_to=marker).update(assigned_to=None)


# --- Marking --------------------------------------------------------------------------------------------------------


def keep_draft(place_uuid: uuid.UUID, given: Given, *, sequence: int, marker: User, now: datetime) -> None:
    """Keep what a marker has typed so far, numbered by the page; an older one that comes late changes nothing.

    Raises NotInYourHands.
    """
    mine = Marking.objects.filter(uuid=place_uuid, marker=marker, state=Marking.State.TAKEN)
    kept = mine.filter(sequence__lt=sequence).update(
        draft=given.as_draft(), sequence=sequence, lease_until=now + LEASE
    )
    if not kept and not mine.exists():
        raise NotInYourHands


def give_mark(
    place_uuid: uuid.UUID, given: Given, *, marker: User, now: datetime, sequence: int | None = None
) -> Mark:
    """Mark an answer, decide between two markers, or, until the attempt is graded, correct the mark given before.

    Raises NotInYourHands, GradedMeanwhile, IncompleteMark without a level for each criterion, ReasonMissing for a
    decision or a correction that does not say why; nothing is written then. The last mark of an attempt asks for its
    grade.
    """
    with transaction.atomic():
        place = Marking.objects.select_related("attempt").filter(uuid=place_uuid, marker=marker).first()
        if place is None:
            raise NotInYourHands
        attempt = _held(place.attempt)
        place = Marking.objects.get(pk=place.pk)
        if place.marker_id != marker.pk or place.state == Marking.State.CALLED_OFF:
            raise NotInYourHands
        before = place.marks.order_by("-number").first()
        _check(attempt, place, given, is_correction=before is not None)
        mark = Mark.objects.create(
            marking=place,
            number=before.number + 1 if before else 1,
            levels={"shape": 1, "levels": dict(given.levels)},
            comment=given.comment,
            note="" if place.is_moderation else given.note,
            reason=given.reason if before or place.is_moderation else "",
            marked_by=marker,
            at=now,
        )
        done = {"state": Marking.State.DONE, "lease_until": None, "draft": None, "done_at": now}
        Marking.objects.filter(pk=place.pk).update(**done, **({} if sequence is None else {"sequence": sequence}))
        _moderate(attempt, place)
        settle(attempt, now=now)
        mark.marking.attempt = attempt
        records.append(
            "quizzes.mark.given",
            subject=mark,
            facts=mark.record_facts(),
            actor=marker,
            now=now,
            administration=attempt.learner.administration.uuid,
        )
    return mark


def _held(attempt: Attempt) -> Attempt:
    """The attempt, held; it still waits for marks."""
    held = hold(attempt)
    if held is None or held.state != Attempt.State.GRADING:
        raise GradedMeanwhile
    if held.grading_runs.filter(cause=GradingRun.Cause.MARKING).exists():
        raise GradedMeanwhile
    return held


def _check(attempt: Attempt, place: Marking, given: Given, *, is_correction: bool) -> None:
    try:
        marking.share_of(marked.structure_of(attempt, place.position), given.levels)
    except ValueError as problem:
        raise IncompleteMark from problem
    if (is_correction or place.is_moderation) and not given.reason.strip():
        raise ReasonMissing
    if is_correction and not place.is_moderation:
        decided = attempt.markings.filter(position=place.position, seat=MODERATOR, state=Marking.State.DONE)
        if decided.exists():
            raise GradedMeanwhile(_("An assessor has decided between the marks, so this one can no longer change."))


def _moderate(attempt: Attempt, place: Marking) -> None:
    """Ask a third person where two markers are too far apart; call it off where a correction has brought them
    together.
    """
    if place.is_moderation:
        return
    structure, plan = marked.structure_of(attempt, place.position), marked.plan_of(attempt, place.position)
    shares = {
        mark.marking.seat: marking.share_of(structure, mark.chosen)
        for mark in marked.in_force([attempt])
        if mark.marking.position == place.position and mark.marking.seat in (FIRST, SECOND)
    }
    if not marking.standing(plan, shares).is_apart:
        markers_tasks.call_off(attempt, [place.position], [MODERATOR])
        return
    third, made = Marking.objects.get_or_create(
        attempt=attempt,
        position=place.position,
        seat=MODERATOR,
        defaults={"language": place.language, "since": place.since, "due_on": place.due_on},
    )
    if not made and third.state == Marking.State.CALLED_OFF:
        Marking.objects.filter(pk=third.pk).update(state=Marking.State.WAITING, marker=None, assigned_to=None)


# --- Looking --------------------------------------------------------------------------------------------------------


def place_of(place_uuid: uuid.UUID, *, marker: User) -> Marking:
    """A place whose answer this person may read now: in their hands, or marked by them and open to correction.

    Raises Marking.DoesNotExist.
    """
    mine = Marking.objects.for_marker(marker).filter(
        marker=marker, state__in=(Marking.State.TAKEN, Marking.State.DONE)
    )
    return mine.select_related("attempt__quiz_version__quiz").get(uuid=place_uuid)


def correctable(marker: User):
    """The marks of a person that they may still correct: of attempts without a grade, and not decided upon."""
    decided = Marking.objects.filter(
        attempt=OuterRef("attempt"), position=OuterRef("position"), seat=MODERATOR, state=Marking.State.DONE
    )
    return (
        Marking.objects.for_marker(marker)
        .filter(Q(seat=MODERATOR) | ~Exists(decided), marker=marker, state=Marking.State.DONE)
        .exclude(attempt__grading_runs__cause=GradingRun.Cause.MARKING)
    )
