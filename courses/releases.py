"""Making a release of a course: from pages that authors change to rows that nobody does."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import CoursePage, LessonPage, ModulePage, Release, ReleaseBody, ReleaseNode
from courses.permissions import may_release
from oversight import records
from quizzes.models import Quiz
from quizzes.services import freeze_quiz, pool_of


class NotReleasable(Exception):
    """The course lacks something that a learner would miss; `problems` lists all of it, in sentences."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


class ReleasedMeanwhile(Exception):
    """Somebody else has released the course since the actor looked at it; nothing was released again."""


def node_key(translation_key: uuid.UUID, block_id: str = "") -> uuid.UUID:
    """The name of a step in all releases and languages.

    A copied page keeps its block ids, so ids alone are not enough: the page's translation key is part of the name.
    """
    return uuid.uuid5(translation_key, block_id)


def source_of(course: CoursePage) -> CoursePage:
    """The page whose tree a release follows: in the language of the latest release, at first the page made first."""
    pages = CoursePage.objects.filter(translation_key=course.translation_key).order_by("pk")
    latest = Release.objects.filter(course=course.translation_key).first()
    in_its_language = pages.filter(locale__language_code=latest.source_language).first() if latest else None
    return in_its_language or pages.first()


def release_course(course: CoursePage, *, actor, now: datetime, after: int | None = None) -> Release:
    """Freeze the published state of a course, in every language in which all of it is published.

    `course` is the page in the course's source language: its tree gives the order. `after` is the number of the
    latest release that the actor saw, 0 for none: a form sent twice makes one release. Atomic, with its record in the
    log. Raises PermissionDenied, NotReleasable with everything that is missing, or ReleasedMeanwhile.
    """
    if actor is not None and not may_release(actor):
        raise PermissionDenied
    problems, languages = check(course)
    if problems:
        raise NotReleasable(problems)
    # Rendering takes its time; nobody waits for it, because it is done before the transaction.
    steps = [step | {"bodies": list(bodies_of(step, languages))} for step in steps_of(course)]
    with transaction.atomic():
        # Two releases of a course at once take their numbers one after the other.
        CoursePage.objects.select_for_update().get(pk=course.pk)
        latest = Release.objects.filter(course=course.translation_key).aggregate(n=Max("number"))["n"] or 0
        if after not in (None, latest):
            raise ReleasedMeanwhile
        release = Release.objects.create(
            course=course.translation_key,
            number=latest + 1,
            languages=languages,
            source_language=course.locale.language_code,
            required_minutes=sum(step["minutes"] for step in steps if step["kind"] in ("lesson", "quiz")),
            released_at=now,
        )
        nodes: dict[uuid.UUID, ReleaseNode] = {}
        for position, step in enumerate(steps):
            quiz = step.get("quiz")
            node = ReleaseNode.objects.create(
                release=release,
                key=step["key"],
                parent=nodes.get(step["parent"]),
                kind=step["kind"],
                position=position,
                minutes=step["minutes"],
                rad_factors=step.get("rad_factors", []),
                quiz_version=freeze_quiz(quiz, now=now) if quiz else None,
            )
            nodes[node.key] = node
            for body in step["bodies"]:
                body.node = node
            ReleaseBody.objects.bulk_create(step["bodies"])
        records.append("courses.release.made", subject=release, facts=release.record_facts(), actor=actor, now=now)
    return release


def check(course: CoursePage) -> tuple[list[str], list[str]]:
    """What keeps the course from being released, and the languages in which all of it is there."""
    problems = []
    pages = [course, *_modules(course)]
    for module in pages[1:]:
        lessons = _lessons(module)
        if not lessons and not module.quiz:
            problems.append(_("Module “%(title)s” has neither a lesson nor a quiz.") % {"title": module.title})
        if module.quiz:
            problems.extend(_problems_of_quiz(module.quiz, course.locale.language_code))
        pages.extend(lessons)
    if len(pages) == 1:
        problems.append(_("The course has no published module."))
    per_page = []
    for page in pages:
        if not page.live:
            problems.append(_("“%(title)s” is not published.") % {"title": page.title})
        per_page.append({p.locale.language_code for p in page.get_translations(inclusive=True).live()})
    source = course.locale.language_code
    languages = sorted(set.intersection(*per_page), key=lambda code: (code != source, code)) if per_page else []
    return problems, languages


def _problems_of_quiz(quiz: Quiz, source_language: str) -> list[str]:
    problems = []
    available = len(pool_of(quiz))
    if available < quiz.draw:
        problems.append(
            ngettext(
                "Quiz “%(quiz)s” draws %(draw)d items, and its bank has %(count)d published item.",
                "Quiz “%(quiz)s” draws %(draw)d items, and its bank has %(count)d published items.",
                available,
            )
            % {"quiz": quiz.title_in(source_language), "draw": quiz.draw, "count": available}
        )
    if not quiz.texts.filter(language=source_language).exists():
        problems.append(
            _("Quiz “%(quiz)s” has no title in the language of the course.") % {"quiz": quiz.title_in(source_language)}
        )
    return problems


def _modules(course: CoursePage) -> list[ModulePage]:
    return list(ModulePage.objects.live().child_of(course).order_by("position", "path"))


def _lessons(module: ModulePage) -> list[LessonPage]:
    return list(LessonPage.objects.live().child_of(module).order_by("path"))


def steps_of(course: CoursePage):
    """The course in reading order, each step with its pages in all languages."""
    root = node_key(course.translation_key)
    yield {"key": root, "parent": None, "kind": "course", "minutes": 0, "pages": _translations(course)}
    for module in _modules(course):
        module_key = node_key(module.translation_key)
        lessons = _lessons(module)
        minutes = sum(lesson.minutes for lesson in lessons) + (module.quiz.minutes if module.quiz else 0)
        yield {
            "key": module_key,
            "parent": root,
            "kind": "module",
            "minutes": minutes,
            "pages": _translations(module),
        }
        for lesson in lessons:
            yield {
                "key": node_key(lesson.translation_key),
                "parent": module_key,
                "kind": "lesson",
                "minutes": lesson.minutes,
                "rad_factors": lesson.rad_factors,
                "pages": _translations(lesson),
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


def _translations(page) -> dict:
    return {p.locale.language_code: p.specific for p in page.get_translations(inclusive=True).live()}


def bodies_of(step: dict, languages: list[str]):
    """A step's words in each language, without their node. A quiz may lack a language; its reader is then told."""
    for language in languages:
        if step["kind"] == ReleaseNode.Kind.QUIZ:
            text = step["texts"].get(language)
            if text is not None:
                yield _body(language, text.title, {"shape": 1, "introduction": text.introduction})
            continue
        page = step["pages"][language]
        with translation.override(language):
            yield _body(language, page.title, *_CONTENT[step["kind"]](page))


def _course_content(page: CoursePage):
    return ({"shape": 1, "summary": page.summary},)


def _module_content(page: ModulePage):
    objectives = [{"text": o.text, "rad_factors": o.rad_factors} for o in page.objectives.all()]
    return ({"shape": 1, "summary": page.summary, "number": page.position, "objectives": objectives},)


def _lesson_content(page: LessonPage):
    content = {"shape": 1, "lede": page.lede, "blocks": page.body.get_prep_value()}
    return content, "\n".join(block.render() for block in page.body)


_CONTENT = {
    ReleaseNode.Kind.COURSE: _course_content,
    ReleaseNode.Kind.MODULE: _module_content,
    ReleaseNode.Kind.LESSON: _lesson_content,
}


def _body(language: str, title: str, content: dict, html: str = "") -> ReleaseBody:
    body = ReleaseBody(language=language, title=title, content=content, html=html)
    body.sha256 = body.digest()
    return body
