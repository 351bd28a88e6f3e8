"""Which quizzes of a run are sat under supervision: said by whoever manages the run, and lifted again."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists

from cohorts import asked, permissions
from cohorts.models import Cohort, Enrolment, RuleSet, SupervisedQuiz
from core.prepared import Prepared
from courses.models import ReleaseNode
from courses.reading import Step
from oversight import records
from people.models import User


def _rules(slot):
    supervised = SupervisedQuiz.objects.in_force().filter(cohort=slot.cohort, step=slot.step)
    return RuleSet.objects.annotate(supervised=Exists(supervised)).filter(pk=slot.rule_set)


_RULES = Prepared(_rules)


class NoSuchQuiz(Exception):
    """The run's release has no quiz with this key."""


def rules_and_supervision(enrolment: Enrolment, step: Step) -> tuple[RuleSet, bool]:
    """The rules that a place is held to, and whether this quiz is supervised in its run. One query for both, so that
    a quiz that is not supervised costs none more."""
    rule_set = _RULES.one(rule_set=enrolment.rule_set_id, cohort=enrolment.cohort_id, step=step.key)
    return rule_set, bool(rule_set.supervised)


def quizzes_of(cohort: Cohort, language: str) -> list[Step]:
    """The quizzes of the release that a run is on, in reading order."""
    steps = asked.outline(cohort.release_id, None, language).steps
    return [step for step in steps if step.kind == ReleaseNode.Kind.QUIZ]


def require(cohort: Cohort, step: uuid.UUID, *, actor: User, now: datetime) -> SupervisedQuiz:
    """Have a quiz sat under supervision in a run, from the next attempt on. Asked twice, it is one requirement.

    Raises PermissionDenied unless the actor manages runs of this administration, NoSuchQuiz.
    """
    _check(cohort, step, actor)
    with transaction.atomic():
        standing = _in_force(cohort, step)
        if standing is not None:
            return standing
        made = SupervisedQuiz.objects.create(cohort=cohort, step=step, required_by=actor, required_at=now)
        _record("cohorts.quiz.supervision_required", made, actor, now)
    return made


def lift(cohort: Cohort, step: uuid.UUID, *, actor: User, now: datetime) -> None:
    """Let a quiz be sat without supervision again. Sittings and attempts stay as they are; twice is no error.

    Raises PermissionDenied unless the actor manages runs of this administration, NoSuchQuiz.
    """
    _check(cohort, step, actor)
    with transaction.atomic():
        standing = _in_force(cohort, step)
        if standing is None:
            return
        standing.lifted_by, standing.lifted_at = actor, now
        standing.save(update_fields=["lifted_by", "lifted_at"])
        _record("cohorts.quiz.supervision_lifted", standing, actor, now)


def _check(cohort: Cohort, step: uuid.UUID, actor: User) -> None:
    if not permissions.may_require_supervision(actor, cohort):
        raise PermissionDenied
    if step not in {quiz.key for quiz in quizzes_of(cohort, cohort.release.source_language)}:
        raise NoSuchQuiz


def _in_force(cohort: Cohort, step: uuid.UUID) -> SupervisedQuiz | None:
    """The requirement as it stands. The run is held first, so that two clicks follow one another."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    return SupervisedQuiz.objects.in_force().filter(cohort=cohort, step=step).first()


def _record(kind: str, row: SupervisedQuiz, actor: User, now: datetime) -> None:
    facts = {"shape": 1, "run": str(row.cohort.uuid), "step": str(row.step)}
    records.append(kind, subject=row, facts=facts, actor=actor, now=now, administration=row.cohort.administration.uuid)
