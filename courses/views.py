"""The public catalogue."""

from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET

from courses.models import CoursePage, LessonPage


@require_GET
def catalogue(request):
    """Every course published in the reader's language, with its length."""
    courses = list(CoursePage.objects.live().filter(locale__language_code=get_language()).order_by("path"))
    lessons = LessonPage.objects.live().filter(locale__language_code=get_language()).values_list("path", flat=True)
    counted = list(lessons)
    return render(
        request,
        "courses/catalogue.html",
        {
            "courses": [
                {"page": course, "facts": [_lessons(sum(path.startswith(course.path) for path in counted))]}
                for course in courses
            ]
        },
    )


def _lessons(count: int) -> str:
    return ngettext("%(count)d lesson", "%(count)d lessons", count) % {"count": count}
