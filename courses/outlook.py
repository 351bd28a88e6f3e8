"""What a release made now would hold, and how it differs from the one before, in plain words for its author.

It reads through the same functions as `courses.releases`, so that it cannot promise something else.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from core import languages
from courses.models import CoursePage, Release, ReleaseNode
from courses.releases import bodies_of, check, steps_of
from quizzes.models import ItemText, ItemVersion, Quiz, QuizVersion
from quizzes.services import pool_of


@dataclass(frozen=True)
class QuizOutlook:
    """A quiz as the release would pin it. `gaps` says in which languages of the release its words are missing."""

    title: str
    pool: int
    draw: int
    time_limit_minutes: int
    gaps: list[str]


@dataclass
class Difference:
    """Against the latest release: steps by kind and title, and for a changed one what changed."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[tuple[str, list[str]]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.removed or self.changed or self.remarks)


@dataclass(frozen=True)
class Outlook:
    """`missing` are the languages that the release would lack, each with the reasons; `drafts` and `left_out` are
    titles: words that are saved and not published, and pages that are not published at all."""

    problems: list[str]
    languages: list[str]
    missing: list[tuple[str, list[str]]]
    modules: int
    lessons: int
    minutes: int
    quizzes: list[QuizOutlook]
    drafts: list[str]
    left_out: list[str]
    latest: Release | None
    difference: Difference


def outlook_of(course: CoursePage) -> Outlook:
    """Look at a course, by the page in its source language. Renders every lesson, as a release does."""
    problems, codes = check(course)
    steps = list(steps_of(course))
    lessons = [step for step in steps if step["kind"] == ReleaseNode.Kind.LESSON]
    quizzes = [step for step in steps if step["kind"] == ReleaseNode.Kind.QUIZ]
    latest = Release.objects.filter(course=course.translation_key).first()
    below = Page.objects.descendant_of(course, inclusive=True).order_by("path")
    return Outlook(
        problems=problems,
        languages=[languages.own_name(code) for code in codes],
        missing=_missing(course, codes),
        modules=sum(step["kind"] == ReleaseNode.Kind.MODULE for step in steps),
        lessons=len(lessons),
        minutes=sum(step["minutes"] for step in lessons + quizzes),
        quizzes=[_quiz(step, codes) for step in quizzes],
        drafts=list(below.live().filter(has_unpublished_changes=True).values_list("draft_title", flat=True)),
        left_out=list(below.not_live().values_list("draft_title", flat=True)),
        latest=latest,
        difference=_difference(latest, steps, codes) if latest and not problems else Difference(),
    )


# --- Languages ------------------------------------------------------------------------------------------------------


def _missing(course: CoursePage, complete: list[str]) -> list[tuple[str, list[str]]]:
    """Each installed language that is not complete, with the pages that keep it so. Two queries."""
    pages = dict(
        Page.objects.live()
        .descendant_of(course, inclusive=True)
        .order_by("path")
        .values_list("translation_key", "title")
    )
    standing: dict[str, dict] = defaultdict(dict)
    for code, key, live in Page.objects.filter(translation_key__in=pages).values_list(
        "locale__language_code", "translation_key", "live"
    ):
        standing[code][key] = live
    return [
        (languages.own_name(code), _reasons(pages, standing[code]))
        for code in languages.codes()
        if code not in complete
    ]


def _reasons(pages: dict, standing: dict) -> list[str]:
    if not standing:
        return [_("Nothing of the course is translated.")]
    untranslated = [title for key, title in pages.items() if key not in standing]
    unpublished = [title for key, title in pages.items() if standing.get(key) is False]
    reasons = []
    if untranslated:
        reasons.append(_("Not translated: %(titles)s.") % {"titles": _quoted(untranslated)})
    if unpublished:
        reasons.append(_("Translated and not published: %(titles)s.") % {"titles": _quoted(unpublished)})
    return reasons


def _quoted(titles: list[str]) -> str:
    return ", ".join(_("“%(title)s”") % {"title": title} for title in titles)


# --- Quizzes --------------------------------------------------------------------------------------------------------


def _quiz(step: dict, codes: list[str]) -> QuizOutlook:
    quiz: Quiz = step["quiz"]
    pool = pool_of(quiz)
    worded: dict[str, int] = defaultdict(int)
    for code in ItemText.objects.filter(version__in=pool).values_list("language", flat=True):
        worded[code] += 1
    gaps = []
    for code in codes:
        name = languages.own_name(code)
        if code not in step["texts"]:
            gaps.append(_("The quiz has no title in %(language)s.") % {"language": name})
        if wordless := len(pool) - worded[code]:
            gaps.append(
                ngettext(
                    "%(count)d item has no words in %(language)s.",
                    "%(count)d items have no words in %(language)s.",
                    wordless,
                )
                % {"count": wordless, "language": name}
            )
    return QuizOutlook(
        quiz.title_in(codes[0]) if codes else str(quiz), len(pool), quiz.draw, quiz.time_limit_minutes, gaps
    )


# --- The difference -------------------------------------------------------------------------------------------------


def _difference(latest: Release, steps: list[dict], codes: list[str]) -> Difference:
    """What learners of the next release would get that those of the latest do not. Texts are compared by hash."""
    before = {
        node.key: node
        for node in latest.nodes.select_related("quiz_version", "parent")
        .prefetch_related("bodies")
        .order_by("position")
    }
    difference = Difference()
    for step in steps:
        bodies = {body.language: body for body in bodies_of(step, codes)}
        node = before.get(step["key"])
        label = _label(step["kind"], bodies, codes[0])
        if node is None:
            difference.added.append(label)
        elif changes := _changes(node, step, bodies):
            difference.changed.append((label, changes))
    now = [step["key"] for step in steps]
    for key, node in before.items():
        if key not in now:
            bodies = {body.language: body for body in node.bodies.all()}
            difference.removed.append(_label(node.kind, bodies, latest.source_language))
    if [key for key in before if key in now] != [key for key in now if key in before]:
        difference.remarks.append(_("The steps come in another order."))
    for codes_there, sentence in (
        (set(codes) - set(latest.languages), _("Languages that come: %(languages)s.")),
        (set(latest.languages) - set(codes), _("Languages that go: %(languages)s.")),
    ):
        if codes_there:
            difference.remarks.append(sentence % {"languages": _names(codes_there)})
    return difference


def _label(kind: str, bodies: dict, source_language: str) -> str:
    title = (bodies.get(source_language) or next(iter(bodies.values()))).title
    return _("%(kind)s “%(title)s”") % {"kind": ReleaseNode.Kind(kind).label, "title": title}


def _changes(node: ReleaseNode, step: dict, bodies: dict) -> list[str]:
    changes = []
    earlier = {body.language: body.sha256 for body in node.bodies.all()}
    reworded = {code for code, body in bodies.items() if code in earlier and body.sha256 != earlier[code]}
    if reworded:
        changes.append(_("Other words in: %(languages)s.") % {"languages": _names(reworded)})
    if node.kind != ReleaseNode.Kind.MODULE and node.minutes != step["minutes"]:
        changes.append(
            _("Credited time: %(new)d minutes instead of %(old)d.") % {"new": step["minutes"], "old": node.minutes}
        )
    if sorted(node.rad_factors) != sorted(step.get("rad_factors", [])):
        changes.append(_("Other RAD factors."))
    if node.quiz_version:
        changes.extend(_changes_of_quiz(node.quiz_version, step["quiz"]))
    return changes


def _changes_of_quiz(frozen: QuizVersion, quiz: Quiz) -> list[str]:
    changes = []
    if frozen.draw != quiz.draw:
        changes.append(_("Items drawn: %(new)d instead of %(old)d.") % {"new": quiz.draw, "old": frozen.draw})
    if frozen.time_limit_minutes != quiz.time_limit_minutes:
        changes.append(
            _("Time limit: %(new)d minutes instead of %(old)d.")
            % {"new": quiz.time_limit_minutes, "old": frozen.time_limit_minutes}
        )
    before, now = set(frozen.pool.values_list("pk", flat=True)), set(pool_of(quiz))
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


def _names(codes) -> str:
    return ", ".join(languages.own_name(code) for code in sorted(codes))
