"""The plan of a quiz: its sections, what each draws from and what its items weigh. Pure: no ORM, no clock.

An author plans sections (`SectionPlan`); what the bank holds is allotted to them (`allot`); what comes of it is frozen
with the quiz's version (`Blueprint`) and decides every attempt at it.

An item belongs to the first section that takes it. So nobody is asked the same twice, a section's draw is its own
affair, and an author can say "the rest" by a last section that takes everything.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from quizzes.rules import ALWAYS, Window

ONE = Fraction(1)


@dataclass(frozen=True)
class ItemFacts:
    """What a plan asks of a published item: `version` is its newest, `languages` those that it has words in."""

    version: int
    difficulty: int = 1
    tags: frozenset[str] = frozenset()
    rad_factors: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SectionPlan:
    """A section as its author plans it.

    It takes items that have any of its tags, of its RAD factors and of its difficulties; of what is left empty it
    takes all. `weight` is what a whole item of it counts. `keeps_order`: items come in the order of the bank, as the
    questions on one case do; otherwise in a random one. `titles` by language, and none where it needs no name.
    """

    draw: int
    tags: frozenset[str] = frozenset()
    rad_factors: frozenset[int] = frozenset()
    difficulties: frozenset[int] = frozenset()
    weight: Decimal = Decimal(1)
    keeps_order: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    def takes(self, item: ItemFacts) -> bool:
        return (
            (not self.tags or bool(self.tags & item.tags))
            and (not self.rad_factors or bool(self.rad_factors & item.rad_factors))
            and (not self.difficulties or item.difficulty in self.difficulties)
        )


@dataclass(frozen=True)
class Allotted:
    """What a section finds in the bank, in the bank's order. `elsewhere` counts what sections before it took."""

    plan: SectionPlan
    items: tuple[ItemFacts, ...]
    elsewhere: int

    @property
    def is_enough(self) -> bool:
        return len(self.items) >= self.plan.draw

    @property
    def by_language(self) -> Counter[str]:
        """How many of its items have words in each language."""
        return Counter(language for item in self.items for language in item.languages)


def allot(plans: Sequence[SectionPlan], items: Iterable[ItemFacts]) -> list[Allotted]:
    """Give each item to the first section that takes it, and leave out what none does."""
    given: list[list[ItemFacts]] = [[] for _plan in plans]
    elsewhere = [0] * len(plans)
    for item in items:
        first, *others = [number for number, plan in enumerate(plans) if plan.takes(item)] or [None]
        if first is not None:
            given[first].append(item)
        for number in others:
            elsewhere[number] += 1
    return [Allotted(plan, tuple(found), less) for plan, found, less in zip(plans, given, elsewhere, strict=True)]


@dataclass(frozen=True)
class Section:
    """A section as it was frozen: `pool` holds item versions, in the bank's order where the section keeps it."""

    pool: tuple[int, ...]
    draw: int
    weight: Fraction = ONE
    keeps_order: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, allotted: Allotted) -> "Section":
        plan = allotted.plan
        versions = [item.version for item in allotted.items]
        pool = versions if plan.keeps_order else sorted(versions)
        return cls(tuple(pool), plan.draw, Fraction(plan.weight), plan.keeps_order, dict(plan.titles))

    def title_in(self, language: str) -> tuple[str, str]:
        """The title and the language it is in: the source's where it is missing; empty texts where there is none."""
        for code in (language, "en", *sorted(self.titles)):
            if code in self.titles:
                return self.titles[code], code
        return "", ""


class ReviewPolicy(StrEnum):
    """What a learner is shown after the grade, beside the score.

    The key is what was right and why. Own answers come with their feedback, and a scenario's with what came of them.
    """

    # Nothing.
    SCORE = "score"
    # Own answers, never the key.
    ANSWERS = "answers"
    # Own answers, and the key once the quiz is passed: the next attempt draws from the same bank.
    AFTER_PASS = "after_pass"  # noqa: S105 - no password
    # Own answers and the key at once.
    AFTER_GRADE = "after_grade"
    # Nothing until the window has closed for everybody, then own answers and the key.
    AFTER_CLOSE = "after_close"


@dataclass(frozen=True)
class Shown:
    """What of an attempt may be shown now; `from_then_on` is set where waiting will show more."""

    answers: bool
    key: bool
    from_then_on: datetime | None = None


@dataclass(frozen=True)
class Blueprint:
    """What was frozen with a version of a quiz.

    `worded` says which item versions of the pool have words in each language. An attempt serves the sections one after
    the other, each with as many items as it draws: so a position alone tells its section, and with it its weight.
    """

    sections: tuple[Section, ...]
    worded: Mapping[str, frozenset[int]] = field(default_factory=dict)
    window: Window = ALWAYS
    # How long after its deadline an attempt still takes answers, for those whose line is slow.
    grace: timedelta = timedelta(0)
    review: ReviewPolicy = ReviewPolicy.AFTER_PASS

    @classmethod
    def of(cls, allotted: Sequence[Allotted], **terms) -> "Blueprint":
        """What a release would freeze; `terms` are the window, the grace and the review."""
        worded: dict[str, set[int]] = {}
        for item in (item for each in allotted for item in each.items):
            for language in item.languages:
                worded.setdefault(language, set()).add(item.version)
        return cls(
            tuple(Section.of(each) for each in allotted),
            {language: frozenset(versions) for language, versions in worded.items()},
            **terms,
        )

    def shows(self, *, passed: bool, now: datetime) -> Shown:
        """What the review of a graded attempt may show now."""
        match self.review:
            case ReviewPolicy.SCORE:
                return Shown(answers=False, key=False)
            case ReviewPolicy.ANSWERS:
                return Shown(answers=True, key=False)
            case ReviewPolicy.AFTER_PASS:
                return Shown(answers=True, key=passed)
            case ReviewPolicy.AFTER_GRADE:
                return Shown(answers=True, key=True)
        over_at = self.window.closes_at + self.grace if self.window.closes_at else None
        is_over = over_at is not None and now > over_at
        return Shown(answers=is_over, key=is_over, from_then_on=None if is_over else over_at)

    @property
    def draw(self) -> int:
        return sum(section.draw for section in self.sections)

    @cached_property
    def pool(self) -> tuple[int, ...]:
        """Every item version that may be drawn, by its id."""
        return tuple(sorted(version for section in self.sections for version in section.pool))

    @cached_property
    def weights(self) -> tuple[Fraction, ...] | None:
        """What a whole item counts, at each position of an attempt; None where all count alike."""
        if all(section.weight == ONE for section in self.sections):
            return None
        return tuple(section.weight for section in self.sections for _each in range(section.draw))

    def section_at(self, position: int) -> Section:
        """The section of a position (from 0). Raises IndexError for one that no attempt has."""
        return [section for section in self.sections for _each in range(section.draw)][position]

    def without_words(self, language: str) -> frozenset[int]:
        """What of the pool has no words in a language; rule 7 says what is shown then."""
        return frozenset(self.pool) - self.worded.get(language, frozenset())

    def as_data(self) -> dict:
        """As it is stored, shape 1; versions frozen before there were windows have sections and words alone."""
        return {
            "shape": 1,
            "sections": [
                {
                    "pool": list(section.pool),
                    "draw": section.draw,
                    "weight": str(section.weight),
                    "keeps_order": section.keeps_order,
                    "titles": dict(section.titles),
                }
                for section in self.sections
            ],
            "worded": {language: sorted(versions) for language, versions in sorted(self.worded.items())},
            "opens_at": self.window.opens_at and self.window.opens_at.isoformat(),
            "closes_at": self.window.closes_at and self.window.closes_at.isoformat(),
            "grace_seconds": int(self.grace.total_seconds()),
            "review": self.review.value,
        }

    @classmethod
    def of_data(cls, data: dict) -> "Blueprint":
        return cls(
            tuple(
                Section(
                    tuple(section["pool"]),
                    section["draw"],
                    Fraction(section["weight"]),
                    section["keeps_order"],
                    section["titles"],
                )
                for section in data["sections"]
            ),
            {language: frozenset(versions) for language, versions in data["worded"].items()},
            Window(*(_moment(data.get(name)) for name in ("opens_at", "closes_at"))),
            timedelta(seconds=data.get("grace_seconds", 0)),
            ReviewPolicy(data.get("review", ReviewPolicy.AFTER_PASS)),
        )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
