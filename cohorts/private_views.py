"""Saving, listing, taking away and carrying off what a learner wrote for themselves.

Every view here works on the rows of the person whose session it is; none takes a person from its address.
"""

import uuid
from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from cohorts import asked, headings, private, private_boxes
from cohorts.models import Enrolment
from cohorts.own_writing import Chapter, chapters
from core import clock, slots
from courses import reading
from courses.models import ReleaseNode
from people import page_heads

_WRITTEN_IN_BLOCKS = (private.Kind.REFLECTION, private.Kind.PLAN)
_WORDS = ("text", "condition", "response", "heading")


def _own_step(request, enrolment, node) -> reading.Step:
    """A lesson or a quiz of the signed-in learner's own enrolment, or 404."""
    place = Enrolment.objects.of(request.user).filter(uuid=enrolment).values_list("release_id", "delta_id").first()
    step = place and asked.outline(*place, get_language()).find(node)
    if not step or not step.is_activity:
        raise Http404
    return step


@sensitive_post_parameters(*_WORDS)
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def write(request, enrolment, node):
    """Save a reflection, a plan or a note: as it is written (`X-Requested-With: fetch`), or by the box's button.

    A save in the background that comes too late changes nothing and is answered 409. The button always keeps the
    words: where another window saved newer ones, both stand below each other.
    """
    if request.method != "POST":
        return redirect("learn", enrolment, node)
    step = _own_step(request, enrolment, node)
    kind, place = _place(request.POST, step)
    in_background = request.headers.get("X-Requested-With") == "fetch"
    wanted = {"sequence": _sequence(request.POST), "writer": request.user, "now": timezone.now()}
    try:
        private.write(kind, node, place, request.POST.dict(), **wanted)
    except private.Newer:
        if in_background:
            message = gettext("You have written something newer here in another window. Nothing was changed.")
            return JsonResponse({"saved": False, "message": message}, status=409)
        try:
            private.add(kind, node, place, request.POST.dict(), writer=request.user, now=wanted["now"])
        except private.TooMuch:
            return _too_much(request, in_background)
    except private.TooMuch:
        return _too_much(request, in_background)
    if in_background:
        saved_at = clock.of(wanted["now"])
        return JsonResponse({"saved": True, "saved_at": saved_at})
    return redirect(f"{reverse('learn', args=[enrolment, node])}#{private_boxes.anchor(kind, place)}")


def _place(sent: Mapping, step) -> tuple[private.Kind, str]:
    """The kind and the place that a box names. 404 where the lesson has no such place, so that nothing piles up."""
    kind, place = sent.get("kind", ""), sent.get("place", "")
    if kind == private.Kind.NOTE and not place:
        return private.Kind.NOTE, ""
    if kind in _WRITTEN_IN_BLOCKS and place in slots.keys_of(reading.body(step.node_id, step.language).html, kind):
        return private.Kind(kind), place
    raise Http404


def _sequence(sent: Mapping) -> int:
    """Digits up to nine; anything else counts as the first save, which the button's way then keeps all the same."""
    text = sent.get("sequence", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _too_much(request, in_background):
    message = ngettext(
        "A text can have at most %(count)d character. What you saved before is kept. Go back and shorten it.",
        "A text can have at most %(count)d characters. What you saved before is kept. Go back and shorten it.",
        private.LONGEST,
    ) % {"count": private.LONGEST}
    if in_background:
        return JsonResponse({"saved": False, "message": message}, status=422)
    return render(request, "cohorts/private_too_much.html", {"message": message}, status=422)


@sensitive_post_parameters(*_WORDS)
@login_required
@require_http_methods(["GET", "POST"])
def bookmark(request, enrolment, node):
    """Keep the step, and the heading that was in view, to come back to; or let it go."""
    if request.method != "POST":
        return redirect("learn", enrolment, node)
    step = _own_step(request, enrolment, node)
    writer, now = request.user, timezone.now()
    heading = request.POST.get("heading", "")
    if step.kind != ReleaseNode.Kind.LESSON or not headings.is_heading(heading):
        heading = ""
    private.forget_place(private.Kind.BOOKMARK, node, "", writer=writer)
    if "forget" not in request.POST:
        private.write(private.Kind.BOOKMARK, node, "", {"heading": heading}, sequence=1, writer=writer, now=now)
    return redirect(reverse("learn", args=[enrolment, node]) + (f"#{heading}" if heading else ""))


def _chapters(request) -> list[Chapter]:
    return chapters(private.everything_of(request.user), request.user, get_language())


@never_cache
@login_required
@require_GET
def mine(request):
    """My notes and plans: everything a person has written, by lesson."""
    return render(request, "cohorts/mine.html", {"chapters": _chapters(request)})


@never_cache
@login_required
@require_GET
def download(request):
    """The same as a text file, for the writer to carry off."""
    text = render_to_string("cohorts/mine.txt", {"chapters": _chapters(request), "now": timezone.now()})
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-notes-and-plans.txt"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def forget(request):
    """Take one piece of writing away for good, or with `everything` all of it."""
    if request.method == "POST":
        if "everything" in request.POST:
            private.forget_everything(writer=request.user)
        else:
            try:
                row = uuid.UUID(request.POST.get("which", ""))
            except ValueError as problem:
                raise Http404 from problem
            if not private.forget(row, writer=request.user):
                raise Http404
    return redirect("my_writing")


@sensitive_post_parameters(*_WORDS)
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def card(request):
    """The pocket card: one's if-then plans, to print and carry. A plan can be written here, too."""
    problem = ""
    sent = {name: request.POST.get(name, "").strip() for name in ("condition", "response")}
    if request.method == "POST":
        try:
            if not all(sent.values()):
                problem = gettext("A plan needs both: what happens, and what you do then.")
            else:
                private.write_own_plan(**sent, writer=request.user, now=timezone.now())
                return redirect("pocket_card")
        except private.TooMuch:
            problem = gettext("The card is full, or the plan is too long for it. Take one away first, or shorten it.")
    plans = [each for each in private.everything_of(request.user) if each.kind == private.Kind.PLAN]
    return render(
        request,
        "cohorts/card.html",
        {
            "plans": [each for each in plans if not each.is_empty],
            "problem": problem,
            "sent": sent,
            "reporting": _reporting(request.user),
        },
        status=422 if problem else 200,
    )


def _reporting(user):
    head = page_heads.of_administration(user.administration_id)
    return head.reporting if head else None
