"""Every write of a run: enrolling, completing steps, crediting time, completing the whole."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When

from cohorts import asked, openings, permissions
from cohorts.models import Cohort, CreditedHours, Enrolment, Group, NodeProgress, RuleSet
from cohorts.prerequisites import Waiting
from cohorts.rules import missing
from cohorts.signals import enrolment_completed
from cohorts.supervision import admission, requiring
from core.prepared import Prepared, PreparedUpdate
from courses.models import MaterialChange, ReleaseNode
from courses.reading import Step
from oversight import records
from people.models import User
from quizzes import content as quiz_content
from quizzes import services as quiz_services
from quizzes.models import Attempt
from quizzes.rules import AttemptRules


class NotOpen(Exception):
    """The enrolment is not one to learn in: withdrawn, failed or lapsed."""


class NotYetOpen(Exception):
    """The step's course is closed to the learner so far; `waiting` says what it waits for."""

    def __init__(self, waiting: Waiting):
        super().__init__()
        self.waiting = waiting


class NotForPartners(Exception):
    """A partner from outside gets a place only in a programme whose kind is open to them."""


class PrerequisitesMissing(Exception):
    """The person has not completed what the programme asks for; `titles` names it, each by language."""

    def __init__(self, titles: list[dict[str, str]]):
        super().__init__()
        self.titles = titles


def attempt_rules(rule_set: RuleSet) -> AttemptRules:
    """The part of the rules that decides about attempts."""
    return AttemptRules(
        pass_mark=rule_set.pass_mark,
        max_attempts=rule_set.max_attempts,
        spacing=timedelta(hours=rule_set.attempt_spacing_hours),
    )


def enrol(user: User, group: Group, *, actor: User | None, now: datetime) -> Enrolment:
    """Give a person a place in a group. Returns the place they have already, where there is one.

    Raises PermissionDenied unless the actor manages training in the cohort's administration and the person belongs
    to it, NotForPartners for a partner where the release is not open to them, and PrerequisitesMissing where a
    programme asks for what the person has not completed. Atomic.
    """
    cohort = group.section.cohort
    if actor is not None and not permissions.may_give_places(actor, cohort):
        raise PermissionDenied
    if user.administration_id != cohort.administration_id:
        raise PermissionDenied
    titles = openings.missing_prerequisites(user, cohort.release_id)
    if titles and not Enrolment.objects.filter(user=user, cohort=cohort).exists():
        raise PrerequisitesMissing(titles)
    with transaction.atomic():
        # Held, so that nobody gets a place in the old release behind a move to a newer one (cohorts.moving).
        # Without a join: PostgreSQL loses a row whose joined one is another after it has waited for the lock.
        cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
        if user.is_external and not openings.is_open_to_partners(cohort.release_id):
            raise NotForPartners
        enrolment, created = Enrolment.objects.get_or_create(
            user=user,
            cohort=cohort,
            defaults={
                "administration_id": cohort.administration_id,
                "group": group,
                "release_id": cohort.release_id,
                "rule_set_id": cohort.rule_set_id,
            },
        )
        if created:
            facts = {"shape": 1, "group": str(group.uuid), "release": str(cohort.release.uuid)}
            records.append("cohorts.enrolment.made", subject=enrolment, facts=facts, actor=actor, now=now)
    return enrolment


def complete_lesson(enrolment: Enrolment, step: Step, *, learner: User, now: datetime) -> bool:
    """Mark a lesson as done and credit its nominal time. Returns whether it was new; twice is no error.

    A learner who was moved to a newer release since `step` was read loses nothing: see `_complete_step`.
    Raises PermissionDenied for someone else's enrolment or a step that is not a lesson, NotOpen for a closed one,
    NotYetOpen where its course waits for something.
    """
    if enrolment.user_id != learner.pk or step.kind != ReleaseNode.Kind.LESSON:
        raise PermissionDenied
    _check_open(enrolment)
    _check_opened(enrolment, step, now)
    with transaction.atomic():
        return _complete_step(enrolment, step, now)


def remember_step(enrolment: Enrolment, step: Step) -> None:
    """Where the learner was last, to go on from. Writes only when it is another step than before."""
    if enrolment.last_step == step.key:
        return
    Enrolment.objects.filter(pk=enrolment.pk).update(last_step=step.key)
    enrolment.last_step = step.key


def start_quiz(
    enrolment: Enrolment,
    step: Step,
    *,
    learner: User,
    language: str,
    start_key: uuid.UUID,
    browser: uuid.UUID,
    now: datetime,
    code: str = "",
    carried: Collection[uuid.UUID] = (),
) -> Attempt:
    """Start an attempt at a quiz of the enrolment's release, under the enrolment's rules.

    Where the run asks for supervision, `code` is that of a sitting, and the attempt goes on in this browser alone:
    `browser` is the key that it gets for what begins, `carried` are those that it has (quizzes.browsers). Raises
    PermissionDenied, NotOpen, NotYetOpen, the quiz's own MayNotStart, or the sitting's NotAdmitted.
    """
    if enrolment.user_id != learner.pk or step.kind != ReleaseNode.Kind.QUIZ:
        raise PermissionDenied
    _check_open(enrolment)
    _check_opened(enrolment, step, now)
    rule_set, is_supervised = requiring.rules_and_supervision(enrolment, step)

    def begin() -> Attempt:
        return quiz_services.start_attempt(
            learner=learner,
            registration=enrolment.uuid,
            activity=step.key,
            quiz_version=quiz_content.quiz_version(step.quiz_version_id),
            rules=attempt_rules(rule_set),
            language=language,
            start_key=start_key,
            now=now,
        )

    if is_supervised:
        attempt = admission.start(enrolment, step, begin, code=code, start_key=start_key, browser=browser, now=now)
    else:
        attempt = begin()
    if attempt.is_open and not attempt.goes_on_in({*carried, browser}):
        attempt = admission.go_on_elsewhere(enrolment, attempt, code=code, browser=browser, now=now)
    _note_activity(enrolment.pk, now)
    return attempt


_REGISTERED = Prepared(
    lambda slot: Enrolment.objects.select_related("release", "administration").filter(uuid=slot.registration)
)
_FAILED_AGAIN = PreparedUpdate(
    lambda slot: (Enrolment.objects.filter(uuid=slot.registration), {"failed_attempts": F("failed_attempts") + 1})
)


def hear_graded(attempt: Attempt, grade, before, now: datetime) -> None:
    """A grade was given: a pass completes the quiz's step, a fail is counted. Runs in the grade's transaction.

    `before` is the grade that was in force, where an attempt is judged again: what it led to is not done twice, a
    fail that turns into a pass is counted no more, and a pass that two people withdrew opens the step again.
    """
    if before is not None and before.passed == grade.passed:
        return
    if not grade.passed:
        _FAILED_AGAIN.run(registration=attempt.registration)
        if before is None:
            return
    enrolment = _REGISTERED.first(registration=attempt.registration)
    if enrolment is None:
        return  # an attempt without an enrolment, such as an author's trial
    if not grade.passed:
        _reopen_step(enrolment, attempt.activity, now)
        return
    if before is not None:
        counted = Enrolment.objects.filter(pk=enrolment.pk, failed_attempts__gt=0)
        counted.update(failed_attempts=F("failed_attempts") - 1)
    step = step_ever_held(enrolment, attempt.activity, enrolment.release.source_language)
    if step is not None:
        _complete_step(enrolment, step, attempt.submitted_at or now, recorded_at=now)


def _reopen_step(enrolment: Enrolment, key: uuid.UUID, now: datetime) -> None:
    """A quiz whose pass was withdrawn is to be passed again, unless another attempt has passed it too.

    The hours stay: they were spent. A place that is completed stays so, with what was issued for it; taking that back
    is a decision of its own. Inside the transaction of the grade.
    """
    records.hold_others()
    held = _held(enrolment.pk)
    others = quiz_services.series(enrolment.uuid, key)
    if held.state != Enrolment.State.ACTIVE or any(
        each.grade_in_force is not None and each.grade_in_force.passed for each in others
    ):
        return
    done = NodeProgress.objects.filter(enrolment=held, node__key=key)
    if not done.exists():
        return
    done.update(carried_from=None)
    done.delete()
    facts = {"shape": 1, "step": str(key)}
    records.append("cohorts.step.reopened", subject=held, facts=facts, actor=None, now=now)


def step_ever_held(enrolment: Enrolment, key: uuid.UUID, language: str) -> Step | None:
    """A step that the enrolment asks for, or else of the last release before it that had it; None if none had."""
    step = asked.outline_of(enrolment, language).find(key)
    if step is not None:
        return step
    earlier = enrolment.moves.order_by("-moved_at", "-pk").values_list("from_release_id", flat=True)
    return next(filter(None, (asked.outline(release, None, language).find(key) for release in earlier)), None)


def _complete_step(enrolment: Enrolment, step: Step, at: datetime, recorded_at: datetime | None = None) -> bool:
    """Inside a transaction: progress, credit, record, sums, and completion where that was the last thing missing.

    A move to a newer release may have overtaken the learner. The place is held while this writes, so a step is either
    done before the move, and carried by it, or done in the release that the learner has now. A step that this release
    has no longer is credited where it was done. A refresher that a newer one has overtaken gives its steps over to it.
    """
    # Everybody who writes the log and holds a place takes the log first: who grades holds it already.
    records.hold_others()
    held = _held(enrolment.pk)
    if held.delta_id is not None and held.state == Enrolment.State.LAPSED:
        enrolment = held = _taken_over_by(held, step.key) or held
    here = asked.outline_of(held, step.language).find(step.key) or step
    node_id, minutes = here.node_id, here.minutes
    _progress, created = NodeProgress.objects.get_or_create(
        enrolment=enrolment, node_id=node_id, defaults={"completed_at": at}
    )
    if not created:
        return False
    if not CreditedHours.objects.filter(
        enrolment=enrolment, node_id=node_id, source=CreditedHours.Source.NODE
    ).exists():
        _credit(enrolment, node_id, minutes, at, recorded_at or at)
    _note_activity(enrolment.pk, at)
    complete_if_nothing_is_missing(enrolment.pk, recorded_at or at)
    return True


def _credit(enrolment: Enrolment, node_id: int, minutes: int, at: datetime, recorded_at: datetime) -> None:
    """The nominal time of a step, once: a step that was opened again after its pass was withdrawn keeps its line."""
    credit = CreditedHours.objects.create(enrolment=enrolment, node_id=node_id, minutes=minutes, credited_at=at)
    records.append(
        "cohorts.hours.credited",
        subject=credit,
        facts=credit.record_facts(),
        actor=None,
        now=recorded_at,
        administration=enrolment.administration.uuid,
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(credited_minutes=F("credited_minutes") + minutes)


def _held(enrolment_id: int) -> Enrolment:
    """A place, held until the transaction ends. Without a join: see `enrol`."""
    return Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment_id)


def _taken_over_by(place: Enrolment, key: uuid.UUID) -> Enrolment | None:
    """The open place of a newer refresher that asks for a step which was still being done in an older one, held.

    So the step counts once, in the newer place. None where its authors have marked it again since: then it is other
    work, and what was done stays where it was done.
    """
    before = place.release
    newer = Enrolment.objects.open().filter(
        user=place.user_id, delta__isnull=False, release__course=before.course, release__number__gt=before.number
    )
    found = newer.select_related("release").order_by("-release__number").first()
    if found is None or asked.outline_of(found, before.source_language).find(key) is None:
        return None
    since = MaterialChange.objects.filter(
        release__course=before.course, release__number__gt=before.number, release__number__lte=found.release.number
    )
    if any(str(key) in steps["keys"] for steps in since.values_list("steps", flat=True)):
        return None
    return _held(found.pk)


def _active(slot):
    invited = Q(state=Enrolment.State.INVITED)
    # A grade tells of the moment the answers were handed in, which may be older than what the learner did since.
    earlier = Q(last_activity_at=None) | Q(last_activity_at__lt=slot.at)
    since = {"output_field": DateTimeField()}
    becomes = {
        "state": Case(When(invited, then=Value(Enrolment.State.ACTIVE)), default="state"),
        "started_at": Case(When(invited, then=slot.at), default="started_at", **since),
        "last_activity_at": Case(When(earlier, then=slot.at), default="last_activity_at", **since),
    }
    return Enrolment.objects.filter(invited | earlier, pk=slot.enrolment), becomes


_ACTIVE = PreparedUpdate(_active)


def _note_activity(enrolment_id: int, at: datetime) -> None:
    """The first activity makes an invitation an active enrolment; each one moves the day of the last."""
    _ACTIVE.run(enrolment=enrolment_id, at=at)


def complete_if_nothing_is_missing(enrolment_id: int, now: datetime) -> None:
    """Rule 1, inside a transaction. Compare-and-set: two steps that finish at once complete the enrolment once."""
    enrolment = Enrolment.objects.select_related("release", "user", "administration").get(pk=enrolment_id)
    steps = asked.outline_of(enrolment, enrolment.release.source_language).activities
    done = enrolment.progress.values_list("node_id", flat=True)
    if missing(
        [step.node_id for step in steps if step.mandatory],
        done,
        enrolment.credited_minutes,
        asked.minutes_of(enrolment),
    ):
        return
    completed = Enrolment.objects.filter(pk=enrolment_id, state=Enrolment.State.ACTIVE).update(
        state=Enrolment.State.COMPLETED, completed_at=now
    )
    if not completed:
        return
    enrolment.state, enrolment.completed_at = Enrolment.State.COMPLETED, now
    facts = {"shape": 1, "completed_at": now.isoformat(), "credited_minutes": enrolment.credited_minutes}
    records.append("cohorts.enrolment.completed", subject=enrolment, facts=facts, actor=None, now=now)
    enrolment_completed.send(Enrolment, enrolment=enrolment, now=now)


def _check_open(enrolment: Enrolment) -> None:
    if enrolment.state in (Enrolment.State.WITHDRAWN, Enrolment.State.FAILED, Enrolment.State.LAPSED):
        raise NotOpen


def _check_opened(enrolment: Enrolment, step: Step, now: datetime) -> None:
    """A course of a programme opens when its conditions are met; whoever knows the address of a step waits too."""
    steps = asked.outline_of(enrolment, step.language)
    if not steps.openings:
        return
    done = set(enrolment.progress.values_list("node_id", flat=True))
    if waiting := openings.closes(step, steps, done, openings.closed_to(enrolment, steps, done, now)):
        raise NotYetOpen(waiting)
