"""The public catalogue."""

from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET

from core import languages
from courses import programmes, search
from courses.models import ProgrammeKind, ProgrammePage
from quizzes.models import RadFactor


@require_GET
def catalogue(request):
    """Every course published in the reader's language, or in another one that they choose; all, or what they look for.

    Who looks for something looks for courses: the programmes stand on the whole catalogue alone. Partners from outside
    have a catalogue of their own.
    """
    if request.user.is_authenticated and request.user.is_external:
        return redirect("partner_catalogue")
    language = languages.supported(request.GET.get("language")) or get_language()
    wishes = search.Wishes.of(request.GET)
    is_searched = bool(wishes) or language != get_language()
    found = search.find(wishes, language)
    tiles = [] if is_searched else [_tile(each) for each in programmes.live_in(language, partners=False)]
    return render(
        request,
        "courses/catalogue.html",
        {
            "programmes": tiles,
            "courses": [_course_tile(each) for each in found],
            "count": len(found),
            "is_searched": is_searched,
            "wishes": wishes,
            "language": language,
            "choices": _choices(language),
        },
    )


def _choices(language: str) -> dict:
    """What the filters offer: only what some course of the language has."""
    courses = search.everything(language)
    factors = {factor for course in courses for factor in course.rad_factors}
    audiences = {audience for course in courses for audience in course.audiences}
    return {
        "topics": [topic for course in courses for topic in course.topics],
        "factors": [(value, label) for value, label in RadFactor.choices if value in factors],
        "audiences": [choice for choice in ProgrammeKind.Audience.choices if choice[0] in audiences],
        "lengths": [
            ("short", gettext("Up to 2 hours")),
            ("middling", gettext("2 to 8 hours")),
            ("long", gettext("More than 8 hours")),
        ],
        "languages": [(code, languages.own_name(code)) for code in languages.codes()],
    }


@require_GET
def partner_catalogue(request):
    """The programmes open to people outside the administration, in the reader's language: a catalogue of its own."""
    tiles = [_tile(programme) for programme in programmes.live_in(get_language(), partners=True)]
    return render(request, "courses/partner_catalogue.html", {"programmes": tiles})


def _tile(programme: ProgrammePage) -> dict:
    return {"page": programme, "kind": programme.kind.name_in(get_language())}


def _course_tile(course: search.Found) -> dict:
    return {"page": course.page, "facts": [_lessons(course.lessons), _hours(course.minutes)]}


def _hours(minutes: int) -> str:
    hours = max(1, round(minutes / 60))
    return ngettext("About %(count)d hour", "About %(count)d hours", hours) % {"count": hours}


def _lessons(count: int) -> str:
    return ngettext("%(count)d lesson", "%(count)d lessons", count) % {"count": count}
