"""What learners read of a release. Releases never change, so a process remembers their outlines."""

import uuid
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from courses.models import ReleaseBody, ReleaseNode


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

    @property
    def is_activity(self) -> bool:
        """Whether a learner does it, rather than finds things in it."""
        return self.kind in (ReleaseNode.Kind.LESSON, ReleaseNode.Kind.QUIZ)


@dataclass(frozen=True)
class Outline:
    """A release from its first step to its last, in reading order."""

    steps: tuple[Step, ...]

    def find(self, key: uuid.UUID) -> Step | None:
        return self._by_key.get(key)

    @property
    def course(self) -> Step:
        return self.steps[0]

    @cached_property
    def activities(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_activity)

    def within(self, key: uuid.UUID) -> tuple[Step, ...]:
        """The activities of a module; of the course, all of them."""
        if key == self.course.key:
            return self.activities
        return self._by_module.get(key, ())

    def parent_of(self, step: Step) -> Step | None:
        return self.find(step.parent) if step.parent else None

    def after(self, step: Step) -> Step | None:
        """The activity that follows, or None after the last."""
        return self._following.get(step.key)

    # An outline is remembered, so a course of a thousand steps is searched as quickly as one of ten.

    @cached_property
    def _by_key(self) -> dict[uuid.UUID, Step]:
        return {step.key: step for step in self.steps}

    @cached_property
    def _by_module(self) -> dict[uuid.UUID | None, tuple[Step, ...]]:
        found: dict[uuid.UUID | None, list[Step]] = {}
        for step in self.activities:
            found.setdefault(step.parent, []).append(step)
        return {module: tuple(steps) for module, steps in found.items()}

    @cached_property
    def _following(self) -> dict[uuid.UUID, Step]:
        return {step.key: following for step, following in pairwise(self.activities)}


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
    nodes = list(ReleaseNode.objects.filter(release_id=release_id).select_related("release", "parent"))
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
    return Outline(tuple(steps))


@lru_cache(maxsize=1024)
def body(node_id: int, language: str) -> ReleaseBody:
    """A node's words in the language that its step names (`Step.language`). One query, once for each process.

    The words are the same for everybody; nothing about a person is in them.
    """
    return ReleaseBody.objects.get(node_id=node_id, language=language)


def languages_of(node_id: int) -> list[str]:
    """The languages in which a node exists: asked only where the reader's own is missing."""
    return sorted(ReleaseBody.objects.filter(node_id=node_id).values_list("language", flat=True))


def _pick(available, language: str, source_language: str) -> str:
    if language in available:
        return language
    if source_language in available:
        return source_language
    return sorted(available)[0]
