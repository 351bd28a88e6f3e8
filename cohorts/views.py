"""The learner's reader: my learning, and each step of an enrolment. Plain views over release rows."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cohorts import (
    asked,
    lesson_page,
    openings,
    own_dates,
    programme_pages,
    refresher_pages,
    services,
)
from cohorts.models import Enrolment
from cohorts.own_place import READ, own_place
from cohorts.reader import left_off, standing
from cohorts.side_path import path_of
from cohorts.supervision import admission_page, requiring
from cohorts.supervision.admission import NotAdmitted
from core import languages
from core.addresses import addresses
from core.prepared import Prepared
from courses import reading
from courses.models import ReleaseNode
from quizzes import browsers
from quizzes.errors import MayNotStart
from quizzes.services import series, standing_of, terms_of

_OWN_ENROLMENT = Prepared(lambda slot: Enrolment.objects.only(*READ).filter(uuid=slot.uuid, user=slot.user))


def _own_enrolment(request, enrolment) -> Enrolment:
    """The signed-in learner's enrolment; 404 for anybody else's, so that an address tells nothing."""
    found = _OWN_ENROLMENT.first(uuid=enrolment, user=request.user.pk)
    if found is None:
        raise Http404
    return found


def _addresses(enrolment) -> Callable[[uuid.UUID], str]:
    """The addresses of an enrolment's steps by their keys."""
    return addresses("learn", enrolment.uuid)


@never_cache
@login_required
@require_GET
def my_learning(request):
    """A learner's courses: what to do next first, then what is finished."""
    language = get_language()
    enrolments = list(
        Enrolment.objects.of(request.user)
        .select_related("release", "cohort__refresher__release", "refresher_place", "group__section")
        .prefetch_related("progress")
        .order_by("-created_at")
    )
    now = timezone.now()
    in_progress = [enrolment for enrolment in enrolments if enrolment.state in ("invited", "active")]
    dates = own_dates.dates_of(in_progress, request.user, language, now)
    ends = {each.enrolment: each for each in dates if each.kind == own_dates.ENDS}
    cards = []
    for enrolment in enrolments:
        outline = asked.outline_of(enrolment, language)
        done = {progress.node_id for progress in enrolment.progress.all()}
        closed = openings.closed_to(enrolment, outline, done, now)
        goes_on = left_off(outline, done, enrolment.last_step, closed)
        address_of = _addresses(enrolment)
        cards.append(
            {
                "enrolment": enrolment,
                "title": outline.course.title,
                "language": outline.course.language,
                "standing": standing(outline.activities, done),
                "next": goes_on,
                "url": address_of((goes_on or outline.course).key),
                "course_url": address_of(outline.course.key),
                "minutes": asked.minutes_of(enrolment),
                "refresher": refresher_pages.card(enrolment, language, now) if enrolment.delta_id else None,
                "ends": ends.get(enrolment.uuid),
            }
        )
    return render(
        request,
        "cohorts/my_learning.html",
        {
            "open": [card for card in cards if card["enrolment"] in in_progress],
            "closed": [card for card in cards if card["enrolment"] not in in_progress],
        },
    )


@never_cache
@login_required
@require_GET
def node(request, enrolment, node):
    """One step of the learner's release: the course, a module, a lesson or a quiz."""
    place = own_place(request.user, enrolment, node)
    if place is None:
        raise Http404
    enrolment, done = place.enrolment, place.done
    address_of = _addresses(enrolment)
    language = get_language()
    outline = asked.outline_of(enrolment, language)
    step = outline.find(node)
    if step is None:
        return _to_the_course(request, enrolment, node, outline)
    body = reading.body(step.node_id, step.language)
    closed = openings.closed_to(enrolment, outline, done, timezone.now()) if outline.openings else {}
    if waiting := openings.closes(step, outline, done, closed):
        return programme_pages.not_yet_open(request, enrolment, waiting, outline, address_of)
    module = outline.module_of(step)
    course = outline.course_of(step)
    siblings = outline.within(module.key if module else step.key)
    follows, precedes = outline.after(step), outline.before(step)
    context = {
        "enrolment": enrolment,
        "step": step,
        "body": body,
        "module": module,
        "course": course,
        "course_url": address_of(course.key),
        "programme": outline.programme,
        "programme_url": address_of(outline.programme.key) if outline.programme else None,
        "closed": closed,
        "module_url": address_of(module.key) if module else None,
        "path": path_of(enrolment, module.title, siblings, done, step) if module else "",
        "standing": standing(siblings, done),
        "is_done": step.node_id in done,
        "next_url": address_of(follows.key) if follows else None,
        "next": follows,
        "previous_url": address_of(precedes.key) if precedes else None,
        "previous": precedes,
        "writing": place.writing,
        "in_other_language": body.language != language,
    }
    if context["in_other_language"]:
        context["versions"] = _versions(request, step, body.language)
    if step.is_activity:
        services.remember_step(enrolment, step)
    face = _refresher if enrolment.delta_id and step.kind in _WHOLES else _FACES[step.kind]
    return face(request, enrolment, step, outline, done, context)


def _to_the_course(request, enrolment, node, outline):
    """For a step that went when the learner was moved to a newer release: the course, and why. 404 for any other."""
    if services.step_ever_held(enrolment, node, get_language()) is None:
        raise Http404
    messages.info(
        request,
        gettext(
            "Your course has been brought up to date, and this page is no longer part of it. "
            "What you have done stays done."
        ),
    )
    return redirect("learn", enrolment.uuid, outline.course.key)


def _versions(request, step, shown: str) -> list[dict]:
    """The other languages in which a step can be read, for the notice of rule 7."""
    return [
        {"code": code, "name_local": languages.own_name(code), "url": translate_url(request.get_full_path(), code)}
        for code in reading.languages_of(step.node_id)
        if code != shown
    ]


def _course(request, enrolment, step, outline, done, context):
    address_of = _addresses(enrolment)
    context["modules"] = [
        {
            "title": module.title,
            "language": module.language,
            "url": address_of(module.key),
            "standing": standing(outline.within(module.key), done),
            "path": path_of(enrolment, module.title, outline.within(module.key), done),
        }
        for module in outline.modules_of(step)
    ]
    _goes_on(context, enrolment, outline, done)
    return render(request, "cohorts/course.html", context)


def _programme(request, enrolment, step, outline, done, context):
    context["courses"] = programme_pages.courses_of(outline, done, context["closed"], _addresses(enrolment))
    _goes_on(context, enrolment, outline, done)
    return render(request, "cohorts/programme.html", context)


def _refresher(request, enrolment, step, outline, done, context):
    context |= refresher_pages.whole(enrolment, outline, done, _addresses(enrolment), get_language(), timezone.now())
    _goes_on(context, enrolment, outline, done)
    return render(request, "cohorts/refresher.html", context)


def _module(request, enrolment, step, outline, done, context):
    _goes_on(context, enrolment, outline, done)
    return render(request, "cohorts/module.html", context)


def _goes_on(context, enrolment, outline, done):
    goes_on = left_off(outline, done, enrolment.last_step, context["closed"])
    context["goes_on"] = goes_on
    context["goes_on_url"] = _addresses(enrolment)(goes_on.key) if goes_on else None


def _lesson(request, enrolment, step, outline, done, context):
    return lesson_page.shown(request, enrolment, step, context)


def _quiz(request, enrolment, step, outline, done, context):
    now = timezone.now()
    rule_set, is_supervised = requiring.rules_and_supervision(enrolment, step)
    attempts = series(enrolment.uuid, step.key)
    terms = terms_of(step.quiz_version_id, request.user.pk, now)
    rules = terms.measures.rules(services.attempt_rules(rule_set))
    open_attempt = next((a for a in attempts if a.is_open), None)
    context |= {
        "attempts": [{"attempt": a, "grade": a.grade_in_force} for a in attempts],
        "open_attempt": open_attempt,
        "is_elsewhere": open_attempt is not None and not open_attempt.goes_on_in(browsers.carried(request)),
        "sittings": admission_page.offered(enrolment, step, now) if is_supervised else None,
        "series": standing_of(attempts, rules, now, terms.window),
        "terms": terms,
        "now": now,
        "rule_set": rule_set,
        "start_key": uuid.uuid4(),
        "is_new": bool(enrolment.delta_id) and asked.seen_before(enrolment, step) is None,
    }
    return render(request, "cohorts/quiz.html", context)


_FACES = {
    ReleaseNode.Kind.PROGRAMME: _programme,
    ReleaseNode.Kind.COURSE: _course,
    ReleaseNode.Kind.MODULE: _module,
    ReleaseNode.Kind.LESSON: _lesson,
    ReleaseNode.Kind.QUIZ: _quiz,
}
# What a refresher shows as one: its steps are too few to be looked for in courses.
_WHOLES = (ReleaseNode.Kind.PROGRAMME, ReleaseNode.Kind.COURSE)


def _deed(kind):
    """For deeds of a step's page: who was signed out before pressing comes back with a GET, and is led to the page.

    The view gets the learner's own enrolment and its step of this kind.
    """

    def decorator(view):
        @login_required
        @require_http_methods(["GET", "POST"])
        def guarded(request, enrolment, node):
            if request.method != "POST":
                return redirect("learn", enrolment, node)
            enrolment = _own_enrolment(request, enrolment)
            outline = asked.outline_of(enrolment, get_language())
            step = outline.find(node)
            if step is None:
                return _to_the_course(request, enrolment, node, outline)
            if step.kind != kind:
                raise Http404
            return view(request, enrolment, step)

        return guarded

    return decorator


@_deed(ReleaseNode.Kind.LESSON)
def complete(request, enrolment, step):
    """The learner says the lesson is done, and goes on to what follows."""
    try:
        services.complete_lesson(enrolment, step, learner=request.user, now=timezone.now())
    except services.NotOpen:
        return render(request, "cohorts/not_open.html", {"enrolment": enrolment}, status=409)
    except services.NotYetOpen:
        # The step's own page says what it waits for.
        return redirect("learn", enrolment.uuid, step.key)
    outline = asked.outline_of(enrolment, get_language())
    follows = outline.after(step) or outline.course
    return redirect("learn", enrolment.uuid, follows.key)


@_deed(ReleaseNode.Kind.QUIZ)
def start(request, enrolment, step):
    """Start an attempt, or go on with the open one."""
    try:
        start_key = uuid.UUID(request.POST.get("start_key", ""))
    except ValueError:
        return HttpResponseBadRequest(gettext("This form is incomplete. Go back, reload the page and start again."))
    now, browser = timezone.now(), browsers.key_for(request, start_key)
    try:
        attempt = services.start_quiz(
            enrolment,
            step,
            learner=request.user,
            language=get_language(),
            start_key=start_key,
            browser=browser,
            now=now,
            code=request.POST.get("code", ""),
            carried=browsers.carried(request),
        )
    except services.NotOpen:
        return render(request, "cohorts/not_open.html", {"enrolment": enrolment}, status=409)
    except services.NotYetOpen:
        # The step's own page says what it waits for.
        return redirect("learn", enrolment.uuid, step.key)
    except MayNotStart:
        # The quiz's own page says why and from when.
        return redirect("learn", enrolment.uuid, step.key)
    except NotAdmitted as refused:
        return admission_page.not_admitted(request, enrolment, step, refused, start_key, now)
    response = (
        redirect("quiz_question", attempt.uuid, 1) if attempt.plain_layout else redirect("quiz_paper", attempt.uuid)
    )
    if attempt.browser == browser:
        browsers.hand_over(response, attempt)
    return response
