"""What a release made now would hold, and how it differs from the one before, in plain words for its author.

It reads through the same functions as `courses.releases`, so that it cannot promise something else.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Revision

from core import languages
from courses import differences, programmes, release_policy
from courses.comparison import ComparedStep, compare
from courses.differences import Difference
from courses.models import CoursePage, ProgrammePage, Release, ReleaseNode
from courses.releases import bodies_of, offered_languages, policy_pages, problems_of, steps_of, unreviewed_of
from quizzes.models import ItemText, Quiz
from quizzes.services import pool_of

# How many pages a sentence names before it counts the rest.
TITLES_NAMED = 8


@dataclass(frozen=True)
class QuizOutlook:
    """A quiz as the release would pin it. `gaps` says in which languages of the release its words are missing."""

    title: str
    pool: int
    draw: int
    time_limit_minutes: int
    gaps: list[str]


@dataclass(frozen=True)
class Outlook:
    """`languages` says in which the course would be offered; `missing` are the others, each with the reasons, and
    `page_by_page` names those of them in which a part can be read all the same. `drafts` and `left_out` are titles:
    words that are saved and not published, and pages that are not published at all. `markable` are the keys and labels
    of steps that an author may mark as materially changed: new ones, and those whose words or quiz are others.
    `unreviewed` says who published words that no reviewer saw, where the course does not ask for a review."""

    problems: list[str]
    languages: str
    missing: list[tuple[str, list[str]]]
    page_by_page: str
    modules: int
    lessons: int
    minutes: int
    quizzes: list[QuizOutlook]
    drafts: list[str]
    left_out: list[str]
    unreviewed: list[str]
    latest: Release | None
    difference: Difference
    markable: list[tuple[str, str]]


def outlook_of(course: CoursePage | ProgrammePage) -> Outlook:
    """Look at a course or a programme, by the page in its source language. Renders every lesson, as a release does."""
    steps = list(steps_of(course))
    problems, codes = problems_of(course, steps), offered_languages(course, steps)
    lessons = [step for step in steps if step["kind"] == ReleaseNode.Kind.LESSON]
    quizzes = [step for step in steps if step["kind"] == ReleaseNode.Kind.QUIZ]
    latest = Release.objects.filter(course=course.translation_key).first()
    below = _pages_of(course)
    difference, markable = _difference(latest, steps, codes) if latest and not problems else (Difference(), [])
    return Outlook(
        problems=problems,
        languages=languages.listed(codes),
        missing=_missing(course, codes),
        page_by_page=languages.listed(release_policy.page_by_page(policy_pages(steps), codes)),
        modules=sum(step["kind"] == ReleaseNode.Kind.MODULE for step in steps),
        lessons=len(lessons),
        minutes=sum(step["minutes"] for step in lessons + quizzes),
        quizzes=[_quiz(step, codes) for step in quizzes],
        drafts=list(below.live().filter(has_unpublished_changes=True).values_list("draft_title", flat=True)),
        left_out=list(below.not_live().values_list("draft_title", flat=True)),
        unreviewed=_unreviewed(steps, course.locale.language_code),
        latest=latest,
        difference=difference,
        markable=markable,
    )


def _pages_of(course: CoursePage | ProgrammePage):
    """The page and all that a release of it takes its words from, published or not."""
    pages = Page.objects.descendant_of(course, inclusive=True)
    if isinstance(course, ProgrammePage):
        for part in programmes.parts_of(course):
            pages |= Page.objects.descendant_of(part.course, inclusive=True)
    return pages.order_by("path")


# --- Review ---------------------------------------------------------------------------------------------------------


def _unreviewed(steps: list[dict], source: str) -> list[str]:
    """A sentence for each person who published words without a review that is not asked for. Two queries."""
    pages = unreviewed_of(steps, source, asked=False)
    publishers = dict(
        Revision.objects.filter(pk__in=[page.live_revision_id for page in pages]).values_list("pk", "user__full_name")
    )
    published: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        published[publishers[page.live_revision_id]].append(_named(page, source))
    return [
        _("Published by %(name)s without a review: %(titles)s.") % {"name": name, "titles": _shortened(titles)}
        for name, titles in sorted(published.items())
    ]


def _named(page: Page, source: str) -> str:
    code = page.locale.language_code
    if code == source:
        return _("“%(title)s”") % {"title": page.title}
    return _("“%(title)s” (%(language)s)") % {"title": page.title, "language": languages.name(code)}


def _shortened(titles: list[str]) -> str:
    """The first of many titles, and how many more there are."""
    named, more = ", ".join(titles[:TITLES_NAMED]), len(titles) - TITLES_NAMED
    if more <= 0:
        return named
    return ngettext("%(titles)s and %(count)d more page", "%(titles)s and %(count)d more pages", more) % {
        "titles": named,
        "count": more,
    }


# --- Languages ------------------------------------------------------------------------------------------------------


def _missing(course: CoursePage | ProgrammePage, complete: list[str]) -> list[tuple[str, list[str]]]:
    """Each installed language that is not complete, with the pages that keep it so. Two queries."""
    pages = dict(_pages_of(course).live().values_list("translation_key", "title"))
    standing: dict[str, dict] = defaultdict(dict)
    for code, key, live in Page.objects.filter(translation_key__in=pages).values_list(
        "locale__language_code", "translation_key", "live"
    ):
        standing[code][key] = live
    return [
        (languages.name(code), _reasons(pages, standing[code])) for code in languages.codes() if code not in complete
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
        name = languages.name(code)
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
        quiz.title_in(codes[0])[0] if codes else str(quiz), len(pool), quiz.draw, quiz.time_limit_minutes, gaps
    )


# --- The difference -------------------------------------------------------------------------------------------------


def _difference(latest: Release, steps: list[dict], codes: list[str]) -> tuple[Difference, list[tuple[str, str]]]:
    """What learners of the next release would get that those of the latest do not, and which steps can be marked."""
    frozen = {
        node.key: node.quiz_version
        for node in latest.nodes.filter(kind=ReleaseNode.Kind.QUIZ).select_related("quiz_version__quiz")
    }
    about_quizzes = {
        step["key"]: differences.changes_of_quiz(frozen[step["key"]], step["quiz"])
        for step in steps
        if "quiz" in step and step["key"] in frozen
    }
    after = [_compared(step, codes[0], frozen, about_quizzes) for step in steps]
    comparison = compare(differences.steps_of_release(latest), after)
    difference = differences.in_words(comparison, about_quizzes)
    difference.remarks = differences.remarks_on_languages(latest.languages, codes)
    other_work = [step for step in comparison.added if step.is_activity]
    other_work += [change.after for change in comparison.changed if change.is_other_work]
    return difference, [(str(step.key), differences.label(step)) for step in other_work]


def _compared(step: dict, source_language: str, frozen: dict, about_quizzes: dict) -> ComparedStep:
    """A step of a release that would be made. Its quiz is the frozen one where nothing about it has changed."""
    bodies = {body.language: body for body in bodies_of(step)}
    title, language = differences.title_in({code: body.title for code, body in bodies.items()}, source_language)
    quiz = None
    if "quiz" in step:
        unchanged = step["key"] in frozen and not about_quizzes[step["key"]]
        quiz = frozen[step["key"]].pk if unchanged else "another"
    return ComparedStep(
        key=step["key"],
        parent=step["parent"],
        kind=step["kind"],
        title=title,
        title_language=language,
        minutes=step["minutes"],
        mandatory=step.get("mandatory", True),
        rad_factors=frozenset(step.get("rad_factors", [])),
        quiz=quiz,
        digests={code: body.sha256 for code, body in bodies.items()},
    )
