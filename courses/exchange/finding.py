"""Which course somebody means who gives a slug, a UUID or a title."""

import uuid

from django.db.models import Q

from courses.models import CoursePage
from courses.releases import source_of


class NoSuchCourse(Exception):
    """Nothing, or more than one course, fits; the message lists what does."""


def find_course(wanted: str) -> CoursePage:
    """The course's page in its source language. Raises NoSuchCourse."""
    pages = CoursePage.objects.select_related("locale")
    try:
        pages = pages.filter(translation_key=uuid.UUID(wanted))
    except ValueError:
        pages = pages.filter(Q(slug=wanted) | Q(title__iexact=wanted))
    found = {page.translation_key: page for page in pages.order_by("-pk")}
    if len(found) == 1:
        return source_of(found.popitem()[1])
    every = found or {page.translation_key: page for page in CoursePage.objects.order_by("-pk")}
    listed = "\n".join(sorted(f"  {key}  {page.slug}  {page.title}" for key, page in every.items()))
    if found:
        raise NoSuchCourse(f"Several courses are called “{wanted}”. Give the UUID of one:\n{listed}")
    raise NoSuchCourse(f"No course has the slug, UUID or title “{wanted}”. There are:\n{listed or '  none'}")
