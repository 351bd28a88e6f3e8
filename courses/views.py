"""The public catalogue."""

from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET

from courses import programmes
from courses.models import CoursePage, LessonPage, ProgrammePage


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
            "programmes": [_tile(programme) for programme in programmes.live_in(get_language(), partners=False)],
            "courses": [
                {"page": course, "facts": [_lessons(sum(path.startswith(course.path) for path in counted))]}
                for course in courses
            ],
        },
    )


@require_GET
def partner_catalogue(request):
    """The programmes open to people outside the administration, in the reader's language: a catalogue of its own."""
    tiles = [_tile(programme) for programme in programmes.live_in(get_language(), partners=True)]
    return render(request, "courses/partner_catalogue.html", {"programmes": tiles})


def _tile(programme: ProgrammePage) -> dict:
    return {"page": programme, "kind": programme.kind.name_in(get_language())}


def _lessons(count: int) -> str:
    return ngettext("%(count)d lesson", "%(count)d lessons", count) % {"count": count}
