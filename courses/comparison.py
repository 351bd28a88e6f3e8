"""Two releases side by side, pure: which steps came, went, moved or changed. No rows, no pages, no words for people.

Either side may be a release that stands or one that would be made: `courses.releases` and `courses.outlook` give both
in the same form. Steps are the same where their keys are; texts are the same where their digests are.
"""

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ComparedStep:
    """What is compared of a step. `quiz` is anything that is equal for equal frozen quizzes; None for other steps."""

    key: uuid.UUID
    parent: uuid.UUID | None
    kind: str
    title: str
    title_language: str
    minutes: int
    mandatory: bool
    rad_factors: frozenset[int]
    quiz: object
    digests: Mapping[str, str]

    @property
    def is_activity(self) -> bool:
        """Whether a learner does it; the minutes of the others are sums."""
        return self.kind in ("lesson", "quiz")


@dataclass(frozen=True)
class StepChange:
    """A step that stands on both sides and is not the same."""

    before: ComparedStep
    after: ComparedStep
    reworded: frozenset[str]
    languages_added: frozenset[str]
    languages_removed: frozenset[str]

    @property
    def retimed(self) -> bool:
        return self.after.is_activity and self.before.minutes != self.after.minutes

    @property
    def other_factors(self) -> bool:
        return self.before.rad_factors != self.after.rad_factors

    @property
    def other_quiz(self) -> bool:
        return self.before.quiz != self.after.quiz

    @property
    def other_duty(self) -> bool:
        """Whether it became mandatory, or ceased to be."""
        return self.before.mandatory != self.after.mandatory

    @property
    def is_other_work(self) -> bool:
        """Whether somebody who did the step before has done something else than it asks now.

        A further language and another time for the same words are none.
        """
        return self.after.is_activity and bool(self.reworded or self.other_quiz)

    def __bool__(self):
        return bool(
            self.reworded
            or self.languages_added
            or self.languages_removed
            or self.retimed
            or self.other_factors
            or self.other_quiz
            or self.other_duty
        )


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, each list in reading order; `moved` are as few steps as explain the new order."""

    added: list[ComparedStep] = field(default_factory=list)
    removed: list[ComparedStep] = field(default_factory=list)
    moved: list[ComparedStep] = field(default_factory=list)
    changed: list[StepChange] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.removed or self.moved or self.changed)


def compare(before: Iterable[ComparedStep], after: Iterable[ComparedStep]) -> Comparison:
    """What somebody gets who goes from one release to another. Both sides in reading order."""
    old = {step.key: step for step in before}
    new = {step.key: step for step in after}
    changes = [_change(old[key], step) for key, step in new.items() if key in old]
    return Comparison(
        added=[step for key, step in new.items() if key not in old],
        removed=[step for key, step in old.items() if key not in new],
        moved=_moved(old, new),
        changed=[change for change in changes if change],
    )


def _change(before: ComparedStep, after: ComparedStep) -> StepChange:
    there, here = set(before.digests), set(after.digests)
    return StepChange(
        before=before,
        after=after,
        reworded=frozenset(code for code in there & here if before.digests[code] != after.digests[code]),
        languages_added=frozenset(here - there),
        languages_removed=frozenset(there - here),
    )


def _moved(old: Mapping[uuid.UUID, ComparedStep], new: Mapping[uuid.UUID, ComparedStep]) -> list[ComparedStep]:
    """Steps under another parent, and the fewest of the others that break the old order."""
    place = {key: number for number, key in enumerate(old)}
    stayed = [key for key in new if key in old and new[key].parent == old[key].parent]
    kept = _longest_rising([place[key] for key in stayed])
    in_order = {stayed[index] for index in kept}
    return [step for key, step in new.items() if key in old and key not in in_order]


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The indexes of a longest rising subsequence (patience sorting: quick for a course of a thousand steps)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        at = bisect_left(tails, number)
        before.append(ends[at - 1] if at else None)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [index]
    found: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]
