"""The invigilator's side of a sitting: open it, show another code, see people, note what happened, close it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from cohorts import permissions
from cohorts.models import Candidate, Cohort, Enrolment, Group, Irregularity, Section, Sitting, SupervisedQuiz
from cohorts.supervision import rules
from oversight import records
from people.models import User
from quizzes.models import Attempt


class NotSupervised(Exception):
    """The quiz is not sat under supervision in this run, so nobody would be asked for a code."""


class AlreadyClosed(Exception):
    """The sitting is closed; another one can be opened."""


class NothingOpen(Exception):
    """The person has no attempt open that was started in this sitting."""


def supervised_by(user: User) -> models.QuerySet[Sitting]:
    """The sittings a person may look after: those of their own groups for tutors, all of the administration for who
    manages training. Never one of a run in which they learn themselves."""
    visible = Sitting.objects.visible_to(user)
    if not permissions.supervises(user):
        return visible.none()
    if not permissions.supervises_whole_runs(user):
        visible = visible.filter(group__tutors=user)
    return visible.exclude(Exists(_places_of(user).filter(cohort=OuterRef("section__cohort"))))


def runs_of(user: User) -> models.QuerySet[Cohort]:
    """The runs for which a person may open a sitting."""
    visible = Cohort.objects.visible_to(user).runs()
    if not permissions.supervises(user):
        return visible.none()
    if not permissions.supervises_whole_runs(user):
        visible = visible.filter(Exists(Group.objects.filter(section__cohort=OuterRef("pk"), tutors=user)))
    return visible


def learns_in(user: User, cohort: Cohort) -> bool:
    """Whether a person has a place in a run: then its sittings are not theirs to look after."""
    return _places_of(user).filter(cohort=cohort).exists()


def groups_of(user: User, cohort: Cohort) -> models.QuerySet[Group]:
    """The groups of a run for which a person may open a sitting."""
    groups = Group.objects.filter(section__cohort=cohort).select_related("section")
    groups = groups.order_by("section__number", "number")
    return groups if permissions.supervises_whole_runs(user) else groups.filter(tutors=user)


def _places_of(user: User) -> models.QuerySet[Enrolment]:
    return Enrolment.objects.of(user).exclude(state=Enrolment.State.WITHDRAWN)


def open_sitting(
    section: Section,
    group: Group | None,
    step: uuid.UUID,
    *,
    place: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: User,
    now: datetime,
) -> Sitting:
    """Open a sitting of a supervised quiz for a section, or for one of its groups. Atomic with its record.

    Raises PermissionDenied for whoever may not look after these people or learns in the run, NotSupervised, ValueError
    for a window that is over, runs backwards or is longer than a day's work.
    """
    cohort = section.cohort
    if not runs_of(actor).filter(pk=cohort.pk).exists() or learns_in(actor, cohort):
        raise PermissionDenied
    if group is None:
        if not permissions.supervises_whole_runs(actor):
            raise PermissionDenied
    elif group.section_id != section.pk or not groups_of(actor, cohort).filter(pk=group.pk).exists():
        raise PermissionDenied
    if not max(opens_at, now) < closes_at <= opens_at + rules.LONGEST:
        raise ValueError("a sitting ends after it begins, after now, and within half a day")
    if not SupervisedQuiz.objects.in_force().filter(cohort=cohort, step=step).exists():
        raise NotSupervised
    with transaction.atomic():
        sitting = Sitting.objects.create(
            administration_id=cohort.administration_id,
            section=section,
            group=group,
            step=step,
            place=place,
            opens_at=opens_at,
            closes_at=closes_at,
            opened_by=actor,
            opened_at=now,
        )
        facts = {
            "run": str(cohort.uuid),
            "section": str(section.uuid),
            "group": str(group.uuid) if group else None,
            "step": str(step),
            "place": place,
            "opens_at": opens_at.isoformat(),
            "closes_at": closes_at.isoformat(),
        }
        _record("opened", sitting, facts, actor, now)
    return sitting


def renew_code(sitting: Sitting, *, actor: User, now: datetime) -> None:
    """Another code from now on; the one before opens nothing any more. Wrong codes are forgiven everybody.

    Also where it was withdrawn, or closed by too many wrong ones. Raises PermissionDenied, AlreadyClosed.
    """
    with _held(sitting, actor, only_open=True) as held:
        held.code_number += 1
        held.code_withdrawn_at, held.wrong_codes = None, 0
        held.save(update_fields=["code_number", "code_withdrawn_at", "wrong_codes"])
        held.candidates.update(wrong_codes=0, barred_until=None)
        _record("code_renewed", held, {"number": held.code_number}, actor, now)


def withdraw_code(sitting: Sitting, *, actor: User, now: datetime) -> None:
    """The code opens nothing until it is renewed. Who has started goes on. Raises PermissionDenied, AlreadyClosed."""
    with _held(sitting, actor, only_open=True) as held:
        if held.code_withdrawn_at is not None:
            return
        held.code_withdrawn_at = now
        held.save(update_fields=["code_withdrawn_at"])
        _record("code_withdrawn", held, {"number": held.code_number}, actor, now)


def close(sitting: Sitting, *, actor: User, now: datetime) -> None:
    """Nobody starts from now on; what is open runs to its own deadline. Twice is no error. Raises PermissionDenied.

    The row is held by whoever starts, too: an attempt has begun before the closing, or does not begin.
    """
    with _held(sitting, actor) as held:
        if held.closed_at is not None:
            return
        held.closed_at, held.closed_by = now, actor
        held.save(update_fields=["closed_at", "closed_by"])
        _record("closed", held, {"attempts": held.attempts.count()}, actor, now)


def confirm_presence(sitting: Sitting, enrolment: Enrolment, *, actor: User, now: datetime) -> None:
    """That the invigilator has seen this person, and that they are who they say. Once; raises PermissionDenied."""
    with _held(sitting, actor) as held:
        candidate = _candidate(held, enrolment)
        if candidate.present_at is not None:
            return
        candidate.present_at, candidate.present_by = now, actor
        candidate.save(update_fields=["present_at", "present_by"])
        _record("presence_confirmed", held, {"place": str(enrolment.uuid)}, actor, now)


def release(sitting: Sitting, enrolment: Enrolment, *, actor: User, now: datetime) -> None:
    """Let a person go on at another computer, once, within `rules.RELEASE`: the code and this release together.

    Also in a closed sitting, as long as the attempt runs. Raises PermissionDenied, NothingOpen.
    """
    with _held(sitting, actor) as held:
        running = held.attempts.filter(
            enrolment=enrolment, attempt__state=Attempt.State.IN_PROGRESS, attempt__deadline__gt=now
        )
        if not running.exists():
            raise NothingOpen
        candidate = _candidate(held, enrolment)
        candidate.released_at = now
        candidate.save(update_fields=["released_at"])
        _record("released_to_another_computer", held, {"place": str(enrolment.uuid)}, actor, now)


def note_irregularity(
    sitting: Sitting, enrolment: Enrolment, *, note: str, actor: User, now: datetime
) -> Irregularity:
    """Keep what happened, in the invigilator's words; it changes no attempt and no grade.

    Also after the sitting is closed. Raises PermissionDenied, ValueError without words.
    """
    note = note.strip()
    if not note:
        raise ValueError("a note says something")
    with _held(sitting, actor) as held:
        _candidate(held, enrolment)
        noted = Irregularity.objects.create(sitting=held, enrolment=enrolment, note=note, noted_by=actor, noted_at=now)
        records.append(
            "cohorts.irregularity.noted",
            subject=noted,
            facts=noted.record_facts(),
            actor=actor,
            now=now,
            administration=held.administration.uuid,
        )
    return noted


@contextmanager
def _held(sitting: Sitting, actor: User, *, only_open: bool = False) -> Iterator[Sitting]:
    """The sitting as it is now, held until the transaction ends. Raises PermissionDenied, AlreadyClosed."""
    if not supervised_by(actor).filter(pk=sitting.pk).exists():
        raise PermissionDenied
    with transaction.atomic():
        # Without a join: see `cohorts.services.enrol`.
        held = Sitting.objects.select_for_update(no_key=True).get(pk=sitting.pk)
        if only_open and held.closed_at is not None:
            raise AlreadyClosed
        yield held


def _candidate(sitting: Sitting, enrolment: Enrolment) -> Candidate:
    """The person's row in a sitting that is held. Raises PermissionDenied for somebody who does not sit in it."""
    belongs = Q(pk__in=sitting.places().values("pk")) | Q(pk__in=sitting.attempts.values("enrolment"))
    if not Enrolment.objects.filter(belongs, pk=enrolment.pk).exists():
        raise PermissionDenied
    candidate, _made = Candidate.objects.get_or_create(sitting=sitting, enrolment=enrolment)
    return candidate


def _record(what: str, sitting: Sitting, facts: dict, actor: User, now: datetime) -> None:
    records.append(
        f"cohorts.sitting.{what}",
        subject=sitting,
        facts={"shape": 1, **facts},
        actor=actor,
        now=now,
        administration=sitting.administration.uuid,
    )
