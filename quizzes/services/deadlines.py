"""Telling those who answer learners of their day, and those above them when it is over.

Each reported question and each appeal is told of once for each stage, in a transaction of its own with its record:
it is held, so that of two who come at once the second finds what the first has written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from core.wordings import Wording
from oversight import records
from people import kept_calendars
from people.models import Role, User
from quizzes import letters, permissions
from quizzes.deadlines import WORKING_DAYS_AHEAD, Stage, stage_of
from quizzes.models import Appeal, DeadlineReminder, QuestionCase
from quizzes.services.appeals import judges_of

Matter = QuestionCase | Appeal

# The longest that so few working days may take, feasts and all.
LOOKED_AHEAD = timedelta(days=14 * WORKING_DAYS_AHEAD)


@dataclass(frozen=True)
class Kind:
    """What reported questions and appeals differ in.

    `name` is the field of a reminder and the part of a letter; `own` are those whose matter it is, `barred` those
    who may not answer it.
    """

    name: str
    model: type[Matter]
    address: str
    record: str
    may_answer: Callable[[User], bool]
    roles: tuple[Role, ...]
    own: Callable[[Matter], set[int]]
    barred: Callable[[Matter], set[int]]


CASES = Kind(
    "case",
    QuestionCase,
    "question_case",
    "quizzes.case.deadline_told",
    permissions.may_answer_reports,
    (Role.AUTHOR, Role.SUBJECT_REVIEWER),
    lambda case: set(),
    lambda case: set(case.reports.values_list("reporter", flat=True)),
)
APPEALS = Kind(
    "appeal",
    Appeal,
    "appeal",
    "quizzes.appeal.deadline_told",
    permissions.may_decide_appeals,
    (Role.CERTIFYING_OFFICER,),
    lambda appeal: {appeal.attempt.learner_id},
    lambda appeal: {appeal.attempt.learner_id} | judges_of(appeal.attempt),
)


def tell_of_deadlines(now: datetime) -> int:
    """Write the letters that are due; of how many matters. Called again and again, it tells each of them once."""
    told = 0
    for kind in (CASES, APPEALS):
        for matter, stage in _still_to_tell(kind, now):
            told += _tell(kind, matter.pk, stage, now)
    return told


def _still_to_tell(kind: Kind, now: datetime) -> list[tuple[Matter, Stage]]:
    """What is open, near its day or past it, and was not told of at its stage. One query."""
    reminders = DeadlineReminder.objects.filter(**{kind.name: OuterRef("pk")})
    found = (
        kind.model.objects.open()
        .filter(~Exists(reminders.filter(stage=Stage.OVERDUE)), due_on__lte=now.date() + LOOKED_AHEAD)
        .annotate(told_near=Exists(reminders.filter(stage=Stage.NEAR)))
        .order_by("due_on", "pk")
    )
    staged = [(matter, _stage(matter, now)) for matter in found]
    return [(each, stage) for each, stage in staged if stage and not (stage == Stage.NEAR and each.told_near)]


def _stage(matter: Matter, now: datetime) -> Stage | None:
    kept = kept_calendars.of_administration(matter.administration_id)
    return stage_of(matter.due_on, kept.calendar, kept.zone, now)


def _tell(kind: Kind, pk: int, stage: Stage, now: datetime) -> bool:
    with transaction.atomic():
        # No join beside a lock.
        if not kind.model.objects.open().select_for_update(no_key=True).filter(pk=pk).exists():
            return False
        matter = kind.model.objects.select_related("administration", "owner__administration").get(pk=pk)
        _reminder, is_new = DeadlineReminder.objects.get_or_create(
            **{kind.name: matter}, stage=stage, defaults={"told_at": now}
        )
        if not is_new:
            return False
        answering = _answering(kind, matter)
        above = _above(kind, matter, answering) if stage == Stage.OVERDUE else []
        wording = letters.DEADLINE_NEAR if stage == Stage.NEAR else letters.DEADLINE_OVER
        for person in answering:
            _write(kind, wording, person, matter, lambda: reverse(kind.address, args=[matter.uuid]), now)
        for person in above:
            _write(kind, letters.DEADLINE_OVER_ABOVE, person, matter, lambda: reverse("overdue_answers"), now)
        records.append(
            kind.record,
            subject=matter,
            facts={
                "shape": 1,
                "stage": str(stage),
                "due_on": matter.due_on.isoformat(),
                "answering": [str(person.uuid) for person in answering],
                "above": [str(person.uuid) for person in above],
            },
            actor=None,
            now=now,
        )
    return True


def _answering(kind: Kind, matter: Matter) -> list[User]:
    """Whoever has taken it; where nobody has, or they no longer answer for it, all who may take it."""
    if matter.owner is not None and kind.may_answer(matter.owner):
        return [matter.owner]
    barred = kind.barred(matter)
    return [person for person in _holders(matter, *kind.roles) if person.pk not in barred]


def _above(kind: Kind, matter: Matter, answering: list[User]) -> list[User]:
    """Who answers for deadlines in the administration: its training managers, but nobody in a matter of their own."""
    barred = kind.own(matter) | {person.pk for person in answering}
    return [person for person in _holders(matter, Role.TRAINING_MANAGER) if person.pk not in barred]


def _holders(matter: Matter, *roles: Role) -> Iterable[User]:
    """Who holds one of the roles today in the administration of a matter."""
    people = User.objects.filter(administration=matter.administration_id).holding(*roles)
    return people.select_related("administration").order_by("pk")


def _write(kind: Kind, wording: Wording, person: User, matter: Matter, path, now: datetime) -> None:
    letters.write(wording, person, path, now=now, about=matter.uuid, body=kind.name, day=matter.due_on)
