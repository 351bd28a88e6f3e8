"""A person's private writing as they see it: by lesson, in the order in which they learn."""

import uuid
from dataclasses import dataclass, field

from django.urls import reverse

from cohorts import asked, private
from cohorts.models import Enrolment
from people.models import User


@dataclass(frozen=True)
class Chapter:
    """What was written at one step. A step that no enrolment of the writer leads to any more has no title and url."""

    title: str = ""
    language: str = ""
    course: str = ""
    course_language: str = ""
    url: str = ""
    bookmark: private.Writing | None = None
    writings: list[private.Writing] = field(default_factory=list)


def chapters(writings: list[private.Writing], writer: User, language: str) -> list[Chapter]:
    """One query, however much was written; outlines are remembered."""
    by_step: dict[uuid.UUID, list[private.Writing]] = {}
    for each in writings:
        if not each.is_empty:
            by_step.setdefault(each.node, []).append(each)
    found = []
    enrolments = Enrolment.objects.of(writer).order_by("-created_at").values_list("uuid", "release_id", "delta_id")
    for enrolment, release, delta in enrolments if by_step else ():
        outline = asked.outline(release, delta, language)
        for step in outline.activities:
            if step.key in by_step:
                found.append(_chapter(by_step.pop(step.key), outline, step, enrolment))
    return found + [_chapter(rest) for rest in by_step.values()]


def _chapter(writings, outline=None, step=None, enrolment=None) -> Chapter:
    bookmark = next((each for each in writings if each.kind == private.Kind.BOOKMARK), None)
    others = [each for each in writings if each.kind != private.Kind.BOOKMARK]
    if step is None:
        return Chapter(bookmark=bookmark, writings=others)
    url = reverse("learn", args=[enrolment, step.key])
    return Chapter(
        title=step.title,
        language=step.language,
        course=outline.course.title,
        course_language=outline.course.language,
        url=url + (f"#{bookmark.words['heading']}" if bookmark and bookmark.words["heading"] else ""),
        bookmark=bookmark,
        writings=others,
    )
