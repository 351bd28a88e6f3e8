"""What learners read of a release. Releases never change, so a process remembers their outlines."""

import uuid
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from courses import corrections
from courses.correcting import Passage, Words, correct
from courses.models import Release, ReleaseBody, ReleaseNode


@dataclass(frozen=True)
class Step:
    """One node of a release in one language. `language` is the one its title is really in (rule 7 of the domain)."""

    node_id: int
    key: uuid.UUID
    parent: uuid.UUID | None
    kind: str
    title: str
    language: str
    minutes: int
    mandatory: bool
    quiz_version_id: int | None

    def __hash__(self):
        """Enough to tell the steps of a language apart: what is rendered for a row of them is looked up by the row."""
        return self.node_id

    @property
    def is_activity(self) -> bool:
        """Whether a learner does it, rather than finds things in it."""
        return self.kind in (ReleaseNode.Kind.LESSON, ReleaseNode.Kind.QUIZ)


@dataclass(frozen=True)
class Opening:
    """What opens a course of a programme: courses and modules to be completed first, and days after the start."""

    after: tuple[uuid.UUID, ...]
    days: int | None


@dataclass(frozen=True)
class Outline:
    """A release from its first step to its last, in reading order.

    `openings` are the conditions of a programme's courses, by their keys; a course without any is open from the start.
    """

    steps: tuple[Step, ...]
    openings: Mapping[uuid.UUID, Opening] = field(default_factory=dict)

    def find(self, key: uuid.UUID) -> Step | None:
        return self._by_key.get(key)

    @property
    def course(self) -> Step:
        """What was released: the course, or the programme with its courses."""
        return self.steps[0]

    @cached_property
    def activities(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_activity)

    def within(self, key: uuid.UUID) -> tuple[Step, ...]:
        """The activities of a module, of a course, or of the whole programme."""
        return self._activities_below.get(key, ())

    def parent_of(self, step: Step) -> Step | None:
        return self.find(step.parent) if step.parent else None

    def module_of(self, step: Step) -> Step | None:
        """The module that the step is or stands in."""
        return self._above(step, ReleaseNode.Kind.MODULE)

    def course_of(self, step: Step) -> Step:
        """The course that the step is or stands in; for the programme itself, the programme."""
        return self._above(step, ReleaseNode.Kind.COURSE) or self.course

    @property
    def programme(self) -> Step | None:
        return self.course if self.course.kind == ReleaseNode.Kind.PROGRAMME else None

    @cached_property
    def courses(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.kind == ReleaseNode.Kind.COURSE)

    def modules_of(self, course: Step) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.parent == course.key)

    def after(self, step: Step) -> Step | None:
        """The activity that follows, or None after the last."""
        return self._following.get(step.key)

    def before(self, step: Step) -> Step | None:
        """The activity that comes before, or None before the first."""
        return self._preceding.get(step.key)

    def narrowed(self, keys: Collection[uuid.UUID]) -> "Outline":
        """The outline with these activities alone, all of them required, and what they stand in; nothing is closed."""
        kept: set[uuid.UUID] = set()
        for step in self.activities:
            above: Step | None = step if step.key in keys else None
            while above is not None:
                kept.add(above.key)
                above = self.parent_of(above)
        return Outline(
            tuple(
                replace(step, mandatory=True) if step.is_activity else step for step in self.steps if step.key in kept
            )
        )

    # An outline is remembered, so a course of a thousand steps is searched as quickly as one of ten.

    @cached_property
    def _by_key(self) -> dict[uuid.UUID, Step]:
        return {step.key: step for step in self.steps}

    def _above(self, step: Step | None, kind: str) -> Step | None:
        while step is not None and step.kind != kind:
            step = self.parent_of(step)
        return step

    @cached_property
    def _activities_below(self) -> dict[uuid.UUID, tuple[Step, ...]]:
        found: dict[uuid.UUID, list[Step]] = {}
        for step in self.activities:
            above = self.parent_of(step)
            while above is not None:
                found.setdefault(above.key, []).append(step)
                above = self.parent_of(above)
        return {key: tuple(steps) for key, steps in found.items()}

    @cached_property
    def _following(self) -> dict[uuid.UUID, Step]:
        return {step.key: following for step, following in pairwise(self.activities)}

    @cached_property
    def _preceding(self) -> dict[uuid.UUID, Step]:
        return {step.key: preceding for preceding, step in pairwise(self.activities)}


@lru_cache(maxsize=512)
def outline(release_id: int, language: str) -> Outline:
    """The steps of a release with their titles in a language, or in the release's own where that is missing.

    Two queries, once for each process.
    """
    titles: dict[int, dict[str, str]] = {}
    for node_id, code, title in ReleaseBody.objects.filter(node__release_id=release_id).values_list(
        "node_id", "language", "title"
    ):
        titles.setdefault(node_id, {})[code] = title
    nodes = list(ReleaseNode.objects.filter(release_id=release_id).select_related("release__terms", "parent"))
    steps = []
    for node in nodes:
        shown = _pick(titles[node.pk], language, node.release.source_language)
        steps.append(
            Step(
                node_id=node.pk,
                key=node.key,
                parent=node.parent.key if node.parent else None,
                kind=node.kind,
                title=titles[node.pk][shown],
                language=shown,
                minutes=node.minutes,
                mandatory=node.mandatory,
                quiz_version_id=node.quiz_version_id,
            )
        )
    return Outline(tuple(steps), _openings(nodes[0].release))


def _openings(release: Release) -> dict[uuid.UUID, Opening]:
    if not hasattr(release, "terms"):
        return {}
    return {
        uuid.UUID(one["key"]): Opening(tuple(map(uuid.UUID, one["after"])), one["days"])
        for one in release.terms.content["openings"]
    }


def body(node_id: int, language: str) -> ReleaseBody:
    """A node's words in the language that its step names (`Step.language`), with what the law has corrected in them.

    One query, once for each process; corrections are looked for once a minute. The words are the same for everybody;
    nothing about a person is in them. Not to be saved.
    """
    passages = corrections.in_force(language)
    return _corrected(node_id, language, passages) if passages else _released(node_id, language)


@lru_cache(maxsize=1024)
def _released(node_id: int, language: str) -> ReleaseBody:
    return ReleaseBody.objects.get(node_id=node_id, language=language)


@lru_cache(maxsize=1024)
def _corrected(node_id: int, language: str, passages: tuple[Passage, ...]) -> ReleaseBody:
    return corrected(_released(node_id, language), passages)


def corrected(body: ReleaseBody, passages: tuple[Passage, ...]) -> ReleaseBody:
    """A body with corrections laid over it, or itself where none of them stands in it."""
    words, found = correct(Words(body.html, body.content), passages)
    if not found:
        return body
    shown = copy(body)
    shown.html, shown.content, shown.corrections = words.html, words.content, found
    return shown


def forget() -> None:
    """Forget everything that this process remembers of releases."""
    outline.cache_clear()
    _released.cache_clear()
    _corrected.cache_clear()
    corrections.forget()


def languages_of(node_id: int) -> list[str]:
    """The languages in which a node exists: asked only where the reader's own is missing."""
    return sorted(ReleaseBody.objects.filter(node_id=node_id).values_list("language", flat=True))


def _pick(available, language: str, source_language: str) -> str:
    if language in available:
        return language
    if source_language in available:
        return source_language
    return sorted(available)[0]
