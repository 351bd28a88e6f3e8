"""A lesson's page for one learner: what is put into `cohorts/lesson.html`, which is rendered once for all of them."""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from cohorts import changed_pages, headings, lesson_slots, lesson_tools
from cohorts.deferred_media import Media
from cohorts.models import Enrolment
from cohorts.private_boxes import Boxes
from core import bandwidth
from core.addresses import address
from courses.reading import Step
from frontend import furniture
from frontend.templatetags import ui


def shown(request, enrolment: Enrolment, step: Step, context: dict) -> HttpResponse:
    """The page of a lesson. `context` is what `cohorts.views.node` knows of every step."""
    body, token = context["body"], get_token(request)
    module, course, following = context["module"], context["course"], context["next"]
    marked = headings.marked(body.html)
    change = changed_pages.of_lesson(enrolment, step, body, marked.html) if enrolment.delta_id else None
    is_spared = bandwidth.is_spared(request)
    media = Media(body.content.get("media", {}), is_spared=is_spared, asked=request.GET.getlist("media"))
    boxes = Boxes(enrolment=enrolment, step=step, writing=context["writing"], token=token)
    own = {
        "csrf_token": token,
        "body.title": body.title,
        "step.key": step.key,
        "course.title": course.title,
        "course.language": course.language,
        "course_url": context["course_url"],
        "module.key": module and module.key,
        "module.title": module and module.title,
        "module.language": module and module.language,
        "module_url": context["module_url"],
        "progress": _progress((module or course).title, context["standing"]),
        "path": context["path"],
        "fallback": render_to_string("cohorts/fallback.html", context) if context["in_other_language"] else None,
        "corrected": _notice("cohorts/corrected.html", body, corrections=body.corrections),
        "changed": _notice("cohorts/changed_page.html", body, change=change),
        "lede": body.content.get("lede") and (change.lede if change else body.content["lede"]),
        "tools": lesson_tools.above(
            marked,
            body,
            minutes=step.minutes,
            is_bookmarked=boxes.is_bookmarked(),
            is_spared=is_spared,
            here=request.get_full_path(),
            bookmark_url=address("learn_bookmark", enrolment.uuid, step.key),
            token=token,
        ),
        "lesson": lesson_slots.filled(
            change.html if change else marked.html,
            body=body,
            administration_id=enrolment.administration_id,
            boxes=boxes,
            media=media,
        ),
        "note": boxes.note(),
        "done_url": address("learn_done", enrolment.uuid, step.key),
        "next.title": following and following.title,
        "next_url": context["next_url"],
        "credits": ui.credits(step.minutes),
        "turn": lesson_tools.around(
            context["previous"], following, previous_url=context["previous_url"], next_url=context["next_url"]
        ),
    }
    alike = {"body.language": body.language, "is_done": context["is_done"], "has_note": boxes.has_note()}
    return furniture.page(request, "cohorts/lesson.html", alike, own)


def _progress(title: str, standing) -> str:
    return ui.alike(
        "components/progress.html",
        title=title,
        label=title,
        value=standing.done,
        maximum=standing.total,
        text=ui.how_far(standing),
    )


def _notice(template: str, body, **given) -> str | None:
    """What is to be said above the words, where there is something."""
    [given_something] = given.values()
    return render_to_string(template, given | {"language": body.language}) if given_something else None
