"""The marker's pages: the queue, and one answer after the other. Nothing here says whose an answer is."""

from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from core import clock, languages
from people.guards import only_for
from quizzes import files, marked, media, permissions
from quizzes.errors import MalformedSequence, NotInYourHands, QuizError
from quizzes.kinds.contract import UNSTORABLE
from quizzes.marking_pages import FORM, answer_to_mark, field
from quizzes.media_answers import medium_answer
from quizzes.models import ItemMedia, Marking
from quizzes.services import marking
from quizzes.services.marking import Given

SHOWN = 25
LONGEST_WORDS = 5_000
SAVED_IN_BACKGROUND = "fetch"


@require_GET
@only_for(permissions.marks_answers)
def queue(request):
    """How much there is to mark, what is due first, and the way to the next answer."""
    now = timezone.now()
    theirs = Marking.objects.for_marker(request.user)
    shown = theirs.open().in_order_for(request.user).select_related("attempt__quiz_version__quiz")
    shown = shown.prefetch_related("attempt__quiz_version__quiz__texts")
    correctable = marking.correctable(request.user).select_related("attempt__quiz_version__quiz")
    correctable = correctable.prefetch_related("attempt__quiz_version__quiz__texts")
    free = theirs.takeable(now).values_list("language").annotate(count=Count("pk")).order_by("language")
    context = {
        "counts": marking.at_a_glance(
            theirs, now=now, time_zone=request.user.administration.time_zone, reader=request.user
        ),
        "by_language": [(code, languages.own_name(code), count) for code, count in free],
        "places": [_row(place, request.user, now) for place in shown[:SHOWN]],
        "shown": SHOWN,
        "correctable": list(correctable[:SHOWN]),
        "done_today": _done_today(request.user, now),
        "is_assessor": permissions.decides_between_markers(request.user),
    }
    return render(request, "quizzes/marking_queue.html", context)


def _row(place, marker, now):
    is_held = place.state == Marking.State.TAKEN and (place.lease_until >= now or place.marker_id == marker.pk)
    return {
        "place": place,
        "language": languages.own_name(place.language),
        "days": (timezone.localdate(now) - timezone.localdate(place.since)).days,
        "overdue": place.due_on < timezone.localdate(now),
        "mine": is_held and place.marker_id == marker.pk,
        "held": is_held,
        "named": place.assigned_to_id == marker.pk,
    }


def _done_today(marker, now) -> int:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Marking.objects.filter(marker=marker, state=Marking.State.DONE, done_at__gte=midnight).count()


@require_http_methods(["GET", "POST"])
@only_for(permissions.marks_answers)
def take_next(request):
    """Take the next answer. Who was signed out before pressing comes back here with a GET, and is led to the queue."""
    return _onward(request, _only(request)) if request.method == "POST" else redirect("marking")


def _only(request) -> str:
    """The language to which a marker keeps, if they do."""
    asked = request.POST.get("only") or request.GET.get("only", "")
    return asked if asked in languages.codes() else ""


def _onward(request, only):
    place = marking.take_next(request.user, now=timezone.now(), language=only)
    if place is None:
        messages.info(request, _("There is nothing left for you to mark here."))
        return redirect("marking")
    return redirect(_address(place, only))


def _address(place, only="") -> str:
    address = reverse("marking_answer", args=[place.uuid])
    return f"{address}?{urlencode({'only': only})}" if only else address


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.marks_answers)
def answer(request, uuid):
    """One answer with its rubric: read it, mark it, go on to the next. A save in the background keeps the draft."""
    try:
        place = marking.place_of(uuid, marker=request.user)
    except Marking.DoesNotExist:
        return _gone(request)
    if request.method != "POST":
        return _page(request, place, _filled_in(place))
    given = _given(request, place)
    try:
        sequence = _sequence(request)
        if request.headers.get("X-Requested-With") == SAVED_IN_BACKGROUND:
            return _keep(place, given, sequence, request.user)
        marking.give_mark(place.uuid, given, marker=request.user, sequence=sequence, now=timezone.now())
    except QuizError as problem:
        if request.headers.get("X-Requested-With") == SAVED_IN_BACKGROUND:
            return JsonResponse({"saved": False, "message": str(problem.message)}, status=problem.status)
        return _page(request, place, given, problem=problem, sequence=request.POST.get(f"{FORM}-sequence", ""))
    messages.success(request, _("The mark of %(code)s is saved.") % {"code": place.code})
    return _onward(request, _only(request))


def _gone(request):
    """Somebody else's, or nobody's any more: for a save that is an answer, for a reader the queue."""
    if request.headers.get("X-Requested-With") == SAVED_IN_BACKGROUND:
        return JsonResponse({"saved": False, "message": str(NotInYourHands.message)}, status=HTTPStatus.CONFLICT)
    messages.error(request, str(NotInYourHands.message))
    return redirect("marking")


def _filled_in(place) -> Given:
    if place.state == Marking.State.TAKEN:
        return Given.of_draft(place.draft)
    return Given.of_mark(place.marks.latest("number"))


def _given(request, place) -> Given:
    """What the form holds; a level that is none counts for nothing."""
    chosen = {}
    for number, criterion in enumerate(marked.structure_of(place.attempt, place.position)["rubric"], 1):
        sent = request.POST.get(field(number), "")
        if sent.isascii() and sent.isdigit() and 1 <= int(sent[:3]) <= len(criterion["levels"]):
            chosen[criterion["key"]] = criterion["levels"][int(sent[:3]) - 1]["key"]
    words = (_written(request, name) for name in ("comment", "note", "reason"))
    return Given(chosen, *words)


def _written(request, name) -> str:
    return UNSTORABLE.sub("", request.POST.get(f"{FORM}-{name}", "").replace("\r\n", "\n"))[:LONGEST_WORDS].strip()


def _sequence(request) -> int:
    try:
        sequence = int(request.POST.get(f"{FORM}-sequence", ""))
    except ValueError as problem:
        raise MalformedSequence from problem
    if not 0 < sequence <= marking.LAST_SEQUENCE:
        raise MalformedSequence
    return sequence


def _keep(place, given, sequence, marker):
    now = timezone.now()
    marking.keep_draft(place.uuid, given, sequence=sequence, marker=marker, now=now)
    return JsonResponse({"saved": True, "saved_at": clock.of(now)})


def _page(request, place, given, problem=None, sequence=None):
    now = timezone.now()
    theirs = Marking.objects.for_marker(request.user)
    counts = marking.at_a_glance(theirs, now=now, time_zone=request.user.administration.time_zone)
    done = _done_today(request.user, now)
    context = {
        "answer": answer_to_mark(place, given, get_language()),
        "place": place,
        "language_name": languages.name(place.language),
        "corrects": place.state == Marking.State.DONE,
        "overdue": place.due_on < timezone.localdate(now),
        "sequence": sequence or place.sequence + 1,
        "only": _only(request),
        "done": done,
        "all": done + counts.waiting + 1,
        "waiting": counts.waiting,
        "longest": LONGEST_WORDS,
        "problem": problem,
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "quizzes/marking_answer.html", context, status=status)


@require_POST
@only_for(permissions.marks_answers)
def decline(request, uuid):
    """Put an answer back for somebody else, and go on."""
    try:
        marking.decline(uuid, marker=request.user, now=timezone.now())
    except QuizError as problem:
        messages.error(request, str(problem.message))
        return redirect("marking")
    messages.info(request, _("Somebody else reads that answer; you are not offered it again."))
    return _onward(request, _only(request))


def _readable(request, uuid) -> Marking:
    try:
        return marking.place_of(uuid, marker=request.user)
    except Marking.DoesNotExist as problem:
        raise Http404 from problem


@require_safe
@only_for(permissions.marks_answers)
def file(request, uuid, file):
    """A file of an answer, for who has the answer in hand, under a name that does not say whose it is."""
    place = _readable(request, uuid)
    found = get_object_or_404(place.attempt.files, uuid=file, position=place.position)
    return files.handed_out(request, found, f"{place.code}-{found.pk}.{found.kind}")


@require_safe
@only_for(permissions.marks_answers)
def medium(request, uuid, sha256):
    """A picture, recording or film of the question, for who has an answer to it in hand."""
    try:
        found = media.shown_in(_readable(request, uuid).attempt, sha256)
    except ItemMedia.DoesNotExist as problem:
        raise Http404 from problem
    return medium_answer(request, found)
