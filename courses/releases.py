"""Making a release of a course or a programme: from pages that authors change to rows that nobody does."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from core import languages as installed
from core.blocks import freeze
from courses import lesson_checks, programmes, release_policy, review
from courses.keys import node_key
from courses.models import (
    CoursePage,
    LessonPage,
    MaterialChange,
    ModulePage,
    ProgrammePage,
    ProgrammeTerms,
    Release,
    ReleaseBody,
    ReleaseNode,
)
from courses.permissions import may_release
from oversight import records
from quizzes.models import Quiz
from quizzes.services import found_by, freeze_quiz


class NotReleasable(Exception):
    """The course lacks something that a learner would miss; `problems` lists all of it, in sentences."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Material:
    """What an author marks as materially changed when releasing: steps by key, and why."""

    keys: frozenset[uuid.UUID]
    reason: str


class ReleasedMeanwhile(Exception):
    """Somebody else has released the course since the actor looked at it; nothing was released again."""


def source_of(course: CoursePage | ProgrammePage) -> CoursePage | ProgrammePage:
    """The page whose tree a release follows: in the language of the latest release, at first the page made first."""
    pages = type(course).objects.filter(translation_key=course.translation_key).order_by("pk")
    latest = Release.objects.filter(course=course.translation_key).first()
    in_its_language = pages.filter(locale__language_code=latest.source_language).first() if latest else None
    return in_its_language or pages.first()


def release_course(
    course: CoursePage | ProgrammePage,
    *,
    actor,
    now: datetime,
    after: int | None = None,
    material: Material | None = None,
) -> Release:
    """Freeze the published state of a course or a programme: each page in every language in which it is published.

    `course` is the page in its source language: its tree, or the programme's list, gives the order. The release is
    offered in the languages that `release_policy` lets through; further ones are read page by page. `after` is the
    number of the latest release that the actor saw, 0 for none: a form sent twice makes one release. `material` marks
    steps as materially changed. Atomic, with its records in the log. Raises PermissionDenied, NotReleasable with
    everything that is missing, ReleasedMeanwhile, or ValueError where `material` has no reason or no step of the
    release.
    """
    if actor is not None and not may_release(actor):
        raise PermissionDenied
    steps = list(steps_of(course))
    problems = problems_of(course, steps)
    if problems:
        raise NotReleasable(problems)
    languages = offered_languages(course, steps)
    # Rendering takes its time; nobody waits for it, because it is done before the transaction.
    steps = [step | {"bodies": list(bodies_of(step))} for step in steps]
    terms = programmes.terms_of(course) if isinstance(course, ProgrammePage) else None
    with transaction.atomic():
        # Two releases of a course at once take their numbers one after the other.
        type(course).objects.select_for_update().get(pk=course.pk)
        latest = Release.objects.filter(course=course.translation_key).aggregate(n=Max("number"))["n"] or 0
        if after not in (None, latest):
            raise ReleasedMeanwhile
        release = Release.objects.create(
            course=course.translation_key,
            number=latest + 1,
            languages=languages,
            source_language=course.locale.language_code,
            required_minutes=_required_minutes(course, steps),
            released_at=now,
        )
        _write_steps(release, steps, now)
        if terms is not None:
            ProgrammeTerms.objects.create(release=release, content=terms)
        records.append("courses.release.made", subject=release, facts=release.record_facts(), actor=actor, now=now)
        if material is not None:
            _mark(release, steps, material, actor, now)
    return release


def _mark(release: Release, steps: list[dict], material: Material, actor, now: datetime) -> None:
    """Keep what the author says of the release, in the release's transaction."""
    keys = [str(step["key"]) for step in steps if step["key"] in material.keys]
    if len(keys) != len(material.keys) or not keys or not material.reason.strip():
        raise ValueError("a material change has a reason, and steps of the release")
    change = MaterialChange.objects.create(
        release=release, steps={"shape": 1, "keys": keys}, reason=material.reason.strip(), marked_at=now
    )
    records.append(
        "courses.release.materially_changed", subject=change, facts=change.record_facts(), actor=actor, now=now
    )


def _required_minutes(course: CoursePage | ProgrammePage, steps: list[dict]) -> int:
    minutes = sum(step["minutes"] for step in steps if step["kind"] in ("lesson", "quiz") and _is_mandatory(step))
    return programmes.required_minutes(course, minutes) if isinstance(course, ProgrammePage) else minutes


def _is_mandatory(step: dict) -> bool:
    """A course's steps all are; a programme may hold courses that nobody has to do."""
    return step.get("mandatory", True)


def _write_steps(release: Release, steps: list[dict], now: datetime) -> None:
    """The rows of a release: nodes from the course downwards, then all their words."""
    quizzes = {step["key"]: freeze_quiz(step["quiz"], now=now) for step in steps if "quiz" in step}
    nodes: dict[uuid.UUID, ReleaseNode] = {}
    levels = defaultdict(list)
    for position, step in enumerate(steps):
        levels[_LEVELS[step["kind"]]].append((position, step))
    for _level, members in sorted(levels.items()):
        made = ReleaseNode.objects.bulk_create(
            ReleaseNode(
                release=release,
                key=step["key"],
                parent=nodes.get(step["parent"]),
                kind=step["kind"],
                position=position,
                mandatory=_is_mandatory(step),
                minutes=step["minutes"],
                rad_factors=step.get("rad_factors", []),
                quiz_version=quizzes.get(step["key"]),
            )
            for position, step in members
        )
        nodes |= {node.key: node for node in made}
    bodies = []
    for step in steps:
        for body in step["bodies"]:
            body.node = nodes[step["key"]]
            bodies.append(body)
    ReleaseBody.objects.bulk_create(bodies, batch_size=500)


# Parents are written before their children, a level at a time.
_LEVELS = {
    ReleaseNode.Kind.PROGRAMME: 0,
    ReleaseNode.Kind.COURSE: 1,
    ReleaseNode.Kind.MODULE: 2,
    ReleaseNode.Kind.LESSON: 3,
    ReleaseNode.Kind.QUIZ: 3,
}


def check(course: CoursePage | ProgrammePage) -> tuple[list[str], list[str]]:
    """What keeps the course from being released, and the languages in which it would be offered."""
    steps = list(steps_of(course))
    return problems_of(course, steps), offered_languages(course, steps)


def offered_languages(course: CoursePage | ProgrammePage, steps: list[dict]) -> list[str]:
    """The languages of a release made of these steps, the course's own first."""
    return release_policy.offered(policy_pages(steps), course.locale.language_code)


def policy_pages(steps: list[dict]) -> list[release_policy.Page]:
    """The steps as the policy looks at them. A quiz is no page: it belongs to its module."""
    return [release_policy.Page(frozenset(step["pages"]), _is_mandatory(step)) for step in steps if "pages" in step]


def problems_of(course: CoursePage | ProgrammePage, steps: list[dict]) -> list[str]:
    """What keeps these steps from being released, in sentences; an empty list when nothing does."""
    problems = []
    if not course.live:
        problems.append(_("“%(title)s” is not published.") % {"title": course.title})
    source = course.locale.language_code
    parents = {step["parent"] for step in steps}
    modules = [step for step in steps if step["kind"] == ReleaseNode.Kind.MODULE]
    problems += [
        _("Module “%(title)s” has neither a lesson nor a quiz.") % {"title": step["pages"][source].title}
        for step in modules
        if step["key"] not in parents
    ]
    for step in steps:
        if step["kind"] == ReleaseNode.Kind.QUIZ:
            problems.extend(problems_of_quiz(step["quiz"], source))
    lessons = [page for step in steps if step["kind"] == ReleaseNode.Kind.LESSON for page in step["pages"].values()]
    problems.extend(lesson_checks.problems_of(lessons, source))
    if isinstance(course, ProgrammePage):
        problems.extend(programmes.problems_of(course))
    problems += [_unreviewed(page, source) for page in unreviewed_of(steps, source, asked=True)]
    if any(step["kind"] == ReleaseNode.Kind.COURSE and step["key"] not in parents for step in steps):
        problems.append(_("The course has no published module."))
    return problems


def _unreviewed(page: Page, source: str) -> str:
    if page.locale.language_code == source:
        return _("“%(title)s” has not been reviewed as it stands.") % {"title": page.title}
    return _("“%(title)s” (%(language)s) has not been reviewed as it stands.") % {
        "title": page.title,
        "language": installed.name(page.locale.language_code),
    }


def unreviewed_of(steps: list[dict], source: str, *, asked: bool) -> list[Page]:
    """The published pages, in every language, that passed no review: of courses that ask for one, or of the others.

    What the page of a course in its source language says counts for the course in all languages.
    """
    found, asks = [], False
    for step in steps:
        pages = step.get("pages", {})
        if step["kind"] == ReleaseNode.Kind.COURSE:
            asks = source in pages and pages[source].review_required
        if asks == asked:
            found += [page for _code, page in sorted(pages.items(), key=lambda entry: (entry[0] != source, entry[0]))]
    return review.unreviewed(found)


def problems_of_quiz(quiz: Quiz, source_language: str) -> list[str]:
    problems = []
    title, _language = quiz.title_in(source_language)
    sections = found_by(quiz)
    for number, section in enumerate(sections, start=1):
        if section.is_enough:
            continue
        available = len(section.items)
        facts = {"quiz": title, "draw": section.plan.draw, "count": available}
        facts["number"] = number
        if len(sections) == 1:
            sentence = ngettext(
                "Quiz “%(quiz)s” draws %(draw)d items, and its bank has %(count)d published item.",
                "Quiz “%(quiz)s” draws %(draw)d items, and its bank has %(count)d published items.",
                available,
            )
        else:
            sentence = ngettext(
                "Section %(number)d of quiz “%(quiz)s” draws %(draw)d items and finds %(count)d published item.",
                "Section %(number)d of quiz “%(quiz)s” draws %(draw)d items and finds %(count)d published items.",
                available,
            )
        problems.append(sentence % facts)
    if not quiz.texts.filter(language=source_language).exists():
        problems.append(_("Quiz “%(quiz)s” has no title in the language of the course.") % {"quiz": title})
    return problems


def steps_of(course: CoursePage | ProgrammePage) -> Iterator[dict]:
    """The course or the programme in reading order, each step with its published pages by language.

    The same few queries for each course, however many pages it has.
    """
    if isinstance(course, CoursePage):
        yield from _steps_of_course(course, None)
        return
    root = node_key(course.translation_key)
    itself = _in_all_languages(ProgrammePage.objects.filter(pk=course.pk), "objectives")
    yield {
        "key": root,
        "parent": None,
        "kind": "programme",
        "minutes": 0,
        "rad_factors": course.rad_factors,
        "pages": itself.get(course.translation_key, {}),
    }
    for part in programmes.parts_of(course):
        for step in _steps_of_course(part.course, root):
            yield step | {"mandatory": part.required}


def _steps_of_course(course: CoursePage, parent: uuid.UUID | None) -> Iterator[dict]:
    courses = CoursePage.objects.filter(pk=course.pk)
    modules = ModulePage.objects.live().child_of(course)
    lessons = LessonPage.objects.live().descendant_of(course)
    root = node_key(course.translation_key)
    yield {
        "key": root,
        "parent": parent,
        "kind": "course",
        "minutes": 0,
        "rad_factors": course.rad_factors,
        "pages": _in_all_languages(courses, "objectives").get(course.translation_key, {}),
    }
    modules_pages = _in_all_languages(modules, "objectives")
    lessons_pages = _in_all_languages(lessons, "objectives")
    lessons_by_module: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in lessons.order_by("path"):
        lessons_by_module[lesson.path[: -Page.steplen]].append(lesson)
    in_order = modules.select_related("quiz").prefetch_related("quiz__texts").order_by("position", "path")
    for module in in_order:
        module_key = node_key(module.translation_key)
        lessons_here = lessons_by_module[module.path]
        yield {
            "key": module_key,
            "parent": root,
            "kind": "module",
            "minutes": sum(lesson.minutes for lesson in lessons_here) + (module.quiz.minutes if module.quiz else 0),
            "rad_factors": module.rad_factors,
            "pages": modules_pages[module.translation_key],
        }
        for lesson in lessons_here:
            yield {
                "key": node_key(lesson.translation_key),
                "parent": module_key,
                "kind": "lesson",
                "minutes": lesson.minutes,
                "rad_factors": lesson.rad_factors,
                "pages": lessons_pages[lesson.translation_key],
            }
        if module.quiz:
            yield {
                "key": node_key(module.translation_key, "quiz"),
                "parent": module_key,
                "kind": "quiz",
                "minutes": module.quiz.minutes,
                "quiz": module.quiz,
                "texts": {text.language: text for text in module.quiz.texts.all()},
            }


def _in_all_languages(pages: QuerySet, *related: str) -> dict[uuid.UUID, dict[str, Page]]:
    """The published translations of these pages, themselves included: by translation key, then by language."""
    found: dict[uuid.UUID, dict[str, Page]] = defaultdict(dict)
    translations = pages.model.objects.live().filter(translation_key__in=pages.order_by().values("translation_key"))
    for page in translations.select_related("locale").prefetch_related(*related):
        found[page.translation_key][page.locale.language_code] = page
    return found


def bodies_of(step: dict) -> Iterator[ReleaseBody]:
    """A step's words in each language in which they are there, without their node."""
    if step["kind"] == ReleaseNode.Kind.QUIZ:
        for language, text in sorted(step["texts"].items()):
            yield _body(language, text.title, {"shape": 1, "introduction": text.introduction})
        return
    for language, page in sorted(step["pages"].items()):
        with translation.override(language):
            yield _body(language, page.title, *_CONTENT[step["kind"]](page))


def _objectives(page) -> list[dict]:
    return [{"text": o.text, "rad_factors": o.rad_factors} for o in page.objectives.all()]


def _with_objectives(content: dict, page) -> dict:
    """A page without objectives has no empty list of them: so its hash is what it was before pages had any."""
    objectives = _objectives(page)
    return content | {"objectives": objectives} if objectives else content


def _summary_content(page: CoursePage | ProgrammePage):
    return (_with_objectives({"shape": 1, "summary": page.summary}, page),)


def _module_content(page: ModulePage):
    return ({"shape": 1, "summary": page.summary, "number": page.position, "objectives": _objectives(page)},)


def _lesson_content(page: LessonPage):
    lesson = freeze(page.body)
    content = _with_objectives({"shape": 1, "lede": page.lede, "blocks": page.body.get_prep_value()}, page)
    if lesson.media:
        content["media"] = lesson.media
    return content, lesson.html


_CONTENT = {
    ReleaseNode.Kind.PROGRAMME: _summary_content,
    ReleaseNode.Kind.COURSE: _summary_content,
    ReleaseNode.Kind.MODULE: _module_content,
    ReleaseNode.Kind.LESSON: _lesson_content,
}


def _body(language: str, title: str, content: dict, html: str = "") -> ReleaseBody:
    body = ReleaseBody(language=language, title=title, content=content, html=html)
    body.sha256 = body.digest()
    return body
