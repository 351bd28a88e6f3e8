"""What a move to a newer release would mean, for whom: shown to the manager before anything is moved."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from cohorts.models import Cohort, Enrolment, NodeProgress
from cohorts.moving import places_to_move
from cohorts.reader import next_step
from cohorts.rules import missing
from courses import differences
from courses.comparison import ComparedStep, Comparison, compare
from courses.models import Release
from courses.reading import outline
from quizzes.models import Attempt


@dataclass(frozen=True)
class StepPreview:
    """A step that changes or goes, in words, and how many learners it meets where.

    `done` have it behind them, `next` stand before it after they have begun the course, `in_attempt` have an attempt
    at it open.
    """

    label: str
    language: str
    changes: list[str]
    is_other_work: bool
    done: int
    next: int
    in_attempt: int


@dataclass(frozen=True)
class Preview:
    """A move from one release: how many would be moved, stand at a step that changes or goes, have done one whose
    work is another now, and would have nothing left to do; and the steps it is about."""

    from_release: Release
    learners: int
    in_the_middle: int
    done_changed: int
    would_complete: int
    changed: list[StepPreview]
    removed: list[StepPreview]
    added: list[str]
    moved: list[str]
    remarks: list[str]
    minutes: tuple[int, int]

    @property
    def table_id(self) -> str:
        """Names the table of changes on a page with several previews."""
        return f"from-{self.from_release.number}"

    def __bool__(self):
        return bool(self.changed or self.removed or self.added or self.moved or self.remarks)


@dataclass(frozen=True)
class _Place:
    """Where one learner stands: the keys of what is done, of what comes next, and of open attempts."""

    done: frozenset[uuid.UUID]
    next: uuid.UUID | None
    in_attempt: frozenset[uuid.UUID]
    credited: int


@dataclass(frozen=True)
class Marked:
    """A release on the way that its authors mark as materially changed: its number, why, and the steps it is about."""

    number: int
    reason: str
    steps: list[str]


def marked(cohort: Cohort, release: Release) -> list[Marked]:
    """The material changes between the run's release and a newer one, oldest first. Two queries for each."""
    on_the_way = Release.objects.filter(
        course=release.course,
        number__gt=cohort.release.number,
        number__lte=release.number,
        material_change__isnull=False,
    )
    found = []
    for each in on_the_way.select_related("material_change").order_by("number"):
        keys = set(each.material_change.steps["keys"])
        steps = [
            differences.label(step)
            for step in differences.steps_of_release(each, get_language())
            if str(step.key) in keys
        ]
        found.append(Marked(each.number, each.material_change.reason, steps))
    return found


def previews(cohort: Cohort, release: Release) -> list[Preview]:
    """One preview for each release that learners would be moved from: mostly one, several after an interrupted move.

    For each, the same few queries however many learners and steps there are.
    """
    by_release: dict[int, list[Enrolment]] = defaultdict(list)
    for place in places_to_move(cohort, release).only("uuid", "release_id", "state", "credited_minutes"):
        by_release[place.release_id].append(place)
    after = differences.steps_of_release(release, get_language())
    froms = Release.objects.in_bulk(by_release)
    return [_preview(froms[pk], release, after, cohort, places) for pk, places in sorted(by_release.items())]


def _preview(
    before: Release, release: Release, after: list[ComparedStep], cohort: Cohort, enrolments: list[Enrolment]
) -> Preview:
    steps_before = differences.steps_of_release(before, get_language())
    comparison = compare(steps_before, after)
    standing = _standing(before, cohort, enrolments)
    going = {step.key for step in comparison.removed}
    changing = {change.after.key for change in comparison.changed if change.is_other_work}
    met = going | changing
    return Preview(
        from_release=before,
        learners=len(standing),
        in_the_middle=sum(place.next in met or bool(place.in_attempt & met) for place in standing),
        done_changed=sum(bool(place.done & changing) for place in standing),
        would_complete=sum(_would_complete(place, release, steps_before, after) for place in standing),
        changed=list(_changed(comparison, standing)),
        removed=[_step(step, [], True, standing) for step in comparison.removed],
        added=[differences.label(step) for step in comparison.added],
        moved=[differences.label(step) for step in comparison.moved],
        remarks=differences.remarks_on_languages(before.languages, release.languages),
        minutes=(before.required_minutes, release.required_minutes),
    )


def _standing(before: Release, cohort: Cohort, enrolments: Iterable[Enrolment]) -> list[_Place]:
    steps = outline(before.pk, before.source_language)
    keys = {step.node_id: step.key for step in steps.activities}
    done: dict[int, set[int]] = defaultdict(set)
    rows = NodeProgress.objects.filter(enrolment__cohort=cohort, node__release=before)
    for enrolment, node in rows.values_list("enrolment_id", "node_id"):
        done[enrolment].add(node)
    attempts: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    open_attempts = Attempt.objects.filter(
        state=Attempt.State.IN_PROGRESS,
        activity__in=[step.key for step in steps.activities if step.kind == "quiz"],
        registration__in=Enrolment.objects.filter(cohort=cohort, release=before).values("uuid"),
    )
    for registration, activity in open_attempts.values_list("registration", "activity"):
        attempts[registration].add(activity)
    places = []
    for enrolment in enrolments:
        begun = enrolment.state == Enrolment.State.ACTIVE
        follows = next_step(steps, done[enrolment.pk]) if begun else None
        places.append(
            _Place(
                done=frozenset(keys[node] for node in done[enrolment.pk] if node in keys),
                next=follows.key if follows else None,
                in_attempt=frozenset(attempts[enrolment.uuid]),
                credited=enrolment.credited_minutes,
            )
        )
    return places


def _would_complete(place: _Place, release: Release, before: list[ComparedStep], after: list[ComparedStep]) -> bool:
    """Whether nothing is missing in the newer release (rule 1), counting the time that the move adds."""
    if not place.done:
        return False
    were = {step.key: step.minutes for step in before}
    activities = [step for step in after if step.is_activity]
    added = sum(max(step.minutes - were.get(step.key, 0), 0) for step in activities if step.key in place.done)
    mandatory = [step.key for step in activities if step.mandatory]
    return not missing(mandatory, place.done, place.credited + added, release.required_minutes)


def _changed(comparison: Comparison, standing: list[_Place]) -> Iterable[StepPreview]:
    for change in comparison.changed:
        words = differences.changes_in_words(change)
        if words:
            yield _step(change.after, words, change.is_other_work, standing)


def _step(step: ComparedStep, words: list[str], is_other_work: bool, standing: list[_Place]) -> StepPreview:
    count: Counter = Counter()
    for place in standing:
        count["done"] += step.key in place.done
        count["next"] += step.key == place.next
        count["in_attempt"] += step.key in place.in_attempt
    return StepPreview(
        label=differences.label(step),
        language=step.title_language,
        changes=words,
        is_other_work=is_other_work,
        done=count["done"],
        next=count["next"],
        in_attempt=count["in_attempt"],
    )
