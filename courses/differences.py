"""What changes from one release to another, in sentences for authors and training managers.

The comparison itself is `courses.comparison`; here it gets its words, in the reader's language.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core import languages
from courses.comparison import ComparedStep, Comparison, StepChange
from courses.models import Release, ReleaseBody, ReleaseNode
from quizzes import content
from quizzes.blueprint import Blueprint, Section
from quizzes.models import ItemVersion, Quiz, QuizVersion
from quizzes.services import found_by


@dataclass
class Difference:
    """Steps by kind and title; for a changed one what changed; and what concerns the whole course."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    changed: list[tuple[str, list[str]]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.removed or self.moved or self.changed or self.remarks)


def steps_of_release(release: Release, language: str | None = None) -> list[ComparedStep]:
    """A release as `comparison.compare` takes it, titled in a reader's language or in its source's. Two queries."""
    digests: dict[int, dict[str, str]] = {}
    titles: dict[int, dict[str, str]] = {}
    for node, code, title, digest in ReleaseBody.objects.filter(node__release=release).values_list(
        "node_id", "language", "title", "sha256"
    ):
        digests.setdefault(node, {})[code] = digest
        titles.setdefault(node, {})[code] = title
    steps = []
    for node in ReleaseNode.objects.filter(release=release).select_related("parent").order_by("position"):
        title, title_language = title_in(titles.get(node.pk, {}), language or release.source_language)
        steps.append(
            ComparedStep(
                key=node.key,
                parent=node.parent.key if node.parent else None,
                kind=node.kind,
                title=title,
                title_language=title_language,
                minutes=node.minutes,
                mandatory=node.mandatory,
                rad_factors=frozenset(node.rad_factors),
                quiz=node.quiz_version_id,
                digests=digests.get(node.pk, {}),
            )
        )
    return steps


def title_in(titles: dict[str, str], language: str) -> tuple[str, str]:
    """A step's title and the language it is in: the one asked for, else any."""
    if language not in titles:
        language = min(titles, default="")
    return titles.get(language, ""), language


def in_words(comparison: Comparison, quizzes: dict | None = None) -> Difference:
    """The comparison in sentences. `quizzes` gives sentences about changed quizzes by key, where there are more to say
    than that a quiz is another."""
    return Difference(
        added=[label(step) for step in comparison.added],
        removed=[label(step) for step in comparison.removed],
        moved=[label(step) for step in comparison.moved],
        changed=[
            (label(change.after), words)
            for change in comparison.changed
            if (words := changes_in_words(change, (quizzes or {}).get(change.after.key)))
        ],
    )


def remarks_on_languages(before: Collection[str], after: Collection[str]) -> list[str]:
    """Languages in which the whole course comes to be offered, or ceases to be."""
    return [
        sentence % {"languages": names(codes)}
        for codes, sentence in (
            (set(after) - set(before), _("Languages that come: %(languages)s.")),
            (set(before) - set(after), _("Languages that go: %(languages)s.")),
        )
        if codes
    ]


def label(step: ComparedStep) -> str:
    """A step by its kind and title."""
    return _("%(kind)s “%(title)s”") % {"kind": ReleaseNode.Kind(step.kind).label, "title": step.title}


def changes_in_words(change: StepChange, about_quiz: list[str] | None = None) -> list[str]:
    """What changed in a step, one sentence each."""
    said = []
    for codes, sentence in (
        (change.reworded, _("Other words in: %(languages)s.")),
        (change.languages_added, _("Now also in: %(languages)s.")),
        (change.languages_removed, _("No longer in: %(languages)s.")),
    ):
        if codes:
            said.append(sentence % {"languages": names(codes)})
    if change.retimed:
        said.append(
            _("Credited time: %(new)d minutes instead of %(old)d.")
            % {"new": change.after.minutes, "old": change.before.minutes}
        )
    if change.other_factors:
        said.append(_("Other RAD factors."))
    if change.other_duty:
        said.append(_("Now mandatory.") if change.after.mandatory else _("No longer mandatory."))
    if change.other_quiz:
        said.extend(about_quiz if about_quiz is not None else [_("Another version of the quiz.")])
    return said


def changes_of_quiz(frozen: QuizVersion, quiz: Quiz) -> list[str]:
    """How a quiz as it would be frozen today differs from one that is frozen."""
    changes = []
    if frozen.draw != quiz.draw:
        changes.append(_("Items drawn: %(new)d instead of %(old)d.") % {"new": quiz.draw, "old": frozen.draw})
    if frozen.time_limit_minutes != quiz.time_limit_minutes:
        changes.append(
            _("Time limit: %(new)d minutes instead of %(old)d.")
            % {"new": quiz.time_limit_minutes, "old": frozen.time_limit_minutes}
        )
    old, new = content.blueprint(frozen.pk), Blueprint.of(found_by(quiz), **quiz.terms())
    for is_other, sentence in (
        (old.window != new.window, _("Other days on which the quiz opens or closes.")),
        (old.grace != new.grace, _("Another grace period after the end of the quiz.")),
        (old.review != new.review, _("Learners see other parts of their answers after the grade.")),
    ):
        if is_other:
            changes.append(sentence)
    changes += _changes_of_sections(old.sections, new.sections)
    before, now = set(old.pool), set(new.pool)
    items_before = set(ItemVersion.objects.filter(pk__in=before - now).values_list("item", flat=True))
    items_now = set(ItemVersion.objects.filter(pk__in=now - before).values_list("item", flat=True))
    for items, sentence in (
        (items_now - items_before, _("New items in the pool: %(count)d.")),
        (items_now & items_before, _("Items in a new version: %(count)d.")),
        (items_before - items_now, _("Items that leave the pool: %(count)d.")),
    ):
        if items:
            changes.append(sentence % {"count": len(items)})
    return changes


def _changes_of_sections(before: Sequence[Section], now: Sequence[Section]) -> list[str]:
    """What changes about the sections of a quiz, beside the items that come and go."""
    if len(before) != len(now):
        return [_("Sections of the quiz: %(new)d instead of %(old)d.") % {"new": len(now), "old": len(before)}]
    changes = []
    for number, (old, new) in enumerate(zip(before, now, strict=True), start=1):
        for is_other, sentence in (
            (old.draw != new.draw and len(now) > 1, _("Section %(number)d draws %(new)d items instead of %(old)d.")),
            (old.weight != new.weight, _("Section %(number)d: other points for each item.")),
            (old.keeps_order != new.keeps_order, _("Section %(number)d: another order of its items.")),
            (old.titles != new.titles, _("Section %(number)d: another title.")),
            (old.pool != new.pool and len(now) > 1, _("Section %(number)d: other items to draw from.")),
        ):
            if is_other:
                changes.append(sentence % {"number": number, "new": new.draw, "old": old.draw})
    return changes


def names(codes) -> str:
    """Languages for the inside of a sentence, always in the same order."""
    return languages.listed(sorted(codes))
