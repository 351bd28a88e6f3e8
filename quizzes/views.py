"""Sitting a quiz and reading its result. Nothing here sends a key, a rating or a consequence before the review."""

from dataclasses import dataclass
from functools import partial, wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from quizzes import browsers, files, media, places, services
from quizzes.dispute_views import disputes_of
from quizzes.errors import AnsweredElsewhere, MalformedSequence, QuizError, UnknownQuestion
from quizzes.kinds.contract import Fields
from quizzes.media_answers import medium_answer
from quizzes.models import AnswerFile, Attempt, ItemMedia, Response
from quizzes.questions import field_name, question_of
from quizzes.review import review_of


@dataclass(frozen=True)
class Mark:
    """One question in the list of questions: its number, its address, whether it is answered and shown now."""

    number: int
    url: str
    answered: bool
    current: bool


def _own_attempt(request, attempt_uuid) -> Attempt:
    """The signed-in learner's attempt; 404 for anybody else's, so that an address tells nothing.

    Raises AnsweredElsewhere for an open one that goes on in another browser alone: see `_in_its_browser`.
    """
    attempt = get_object_or_404(Attempt, uuid=attempt_uuid, learner=request.user)
    if attempt.is_open and not attempt.goes_on_in(browsers.carried(request)):
        raise AnsweredElsewhere
    return attempt


def _in_its_browser(view):
    """For the pages of an attempt: who comes to one from another computer than its own reads what to do."""

    @wraps(view)
    def guarded(request, attempt, *args, **kwargs):
        try:
            return view(request, attempt, *args, **kwargs)
        except AnsweredElsewhere as problem:
            found = get_object_or_404(Attempt, uuid=attempt, learner=request.user)
            context = {"problem": problem, "place": places.of(found, get_language())}
            return render(request, "quizzes/elsewhere.html", context, status=problem.status)

    return guarded


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@_in_its_browser
def question(request, attempt, number):
    """One question to a page: read it, answer it, go on. Each answer is saved on its own."""
    if request.method == "POST":
        return _answer(request, attempt, number)
    attempt = _own_attempt(request, attempt)
    now = timezone.now()
    if _is_closed(request, attempt, now):
        return redirect("quiz_result", attempt.uuid)
    return _question_page(request, attempt, number, now)


def _is_closed(request, attempt, now) -> bool:
    """Whether no answer can be given any more. Time that has run out hands in, as the sweeper would."""
    if attempt.state == Attempt.State.IN_PROGRESS and now > attempt.taken_until:
        services.submit_attempt(attempt, learner=request.user, now=now)
        return True
    return attempt.state != Attempt.State.IN_PROGRESS


def _question_page(request, attempt, number, now, problem=None, status=200):
    count = len(attempt.served_items)
    if not 1 <= number <= count:
        raise Http404
    latest = _latest(attempt)
    mine = latest.get(number - 1)
    place = places.of(attempt, get_language())
    return render(
        request,
        "quizzes/question.html",
        {
            "attempt": attempt,
            "place": place,
            "number": number,
            "count": count,
            "question": question_of(attempt, number, mine.answer if mine else None, get_language()),
            "sequence": (mine.sequence if mine else 0) + 1,
            "saved_at": mine.saved_at if mine else None,
            "marks": _marks(attempt, latest, number),
            "previous": number - 1 or None,
            "now": now,
            "problem": problem,
        },
        status=status,
    )


def _marks(attempt, latest: dict[int, Response], shown: int | None = None) -> list[Mark]:
    answered = {position for position, response in latest.items() if response.answer is not None}
    return [
        Mark(n, reverse("quiz_question", args=[attempt.uuid, n]), n - 1 in answered, n == shown)
        for n in range(1, len(attempt.served_items) + 1)
    ]


def _latest(attempt) -> dict[int, Response]:
    """The response in force at each position: the one with the highest sequence, also where it emptied a question."""
    return {response.position: response for response in attempt.responses.order_by("position", "sequence")}


def _answer(request, attempt_uuid, number):
    """Save the form's answer. The service reads the attempt, so that a save costs it one read and one lock."""
    now = timezone.now()
    in_background = request.headers.get("X-Requested-With") == "fetch"
    name = field_name(number)
    brought, taken_back = request.FILES.getlist(f"{name}-upload"), request.POST.getlist(f"{name}-remove")
    # Most questions have no files, and their answers are one write.
    save = services.save_response
    if brought or taken_back:
        save = partial(services.save_with_files, brought=brought, taken_back=taken_back)
    try:
        response = save(
            attempt_uuid,
            learner=request.user,
            position=number - 1,
            fields=Fields(dict(request.POST.lists()), name),
            sequence=_sequence(request, number),
            language=get_language(),
            carried=browsers.carried(request),
            now=now,
        )
    except Attempt.DoesNotExist as problem:
        raise Http404 from problem
    except QuizError as problem:
        if in_background:
            return JsonResponse({"saved": False, "message": str(problem.message)}, status=problem.status)
        return _refused(request, attempt_uuid, number, now, problem)
    if response is None:
        return _unanswered(request, attempt_uuid, number, in_background)
    if in_background:
        return JsonResponse(
            {"saved": True, "saved_at": time_format(timezone.localtime(response.saved_at), "TIME_FORMAT")}
        )
    return _onward(request, response.attempt, number)


def _sequence(request, number) -> int:
    try:
        return int(request.POST.get(f"{field_name(number)}-sequence", ""))
    except ValueError as problem:
        raise MalformedSequence from problem


def _unanswered(request, attempt_uuid, number, in_background):
    """Going on without an answer leaves the question open; a save in the background has nothing to save."""
    if in_background:
        message = gettext("No answer was chosen. What you saved before is kept.")
        return JsonResponse({"saved": False, "message": message}, status=400)
    return _onward(request, _own_attempt(request, attempt_uuid), number)


def _refused(request, attempt_uuid, number, now, problem):
    attempt = _own_attempt(request, attempt_uuid)
    if _is_closed(request, attempt, now):
        return render(
            request,
            "quizzes/closed.html",
            {"attempt": attempt, "problem": problem, "place": places.of(attempt, get_language())},
            status=problem.status,
        )
    if isinstance(problem, UnknownQuestion):
        raise Http404(str(problem.message)) from problem
    return _question_page(request, attempt, number, now, problem=problem.message, status=problem.status)


def _onward(request, attempt, number):
    count = len(attempt.served_items)
    if not 1 <= number <= count:
        raise Http404
    if _has_pointed(request, number) or _is_about_files(request, number):
        return redirect("quiz_question", attempt.uuid, number)
    if "back" in request.POST and number > 1:
        return redirect("quiz_question", attempt.uuid, number - 1)
    if number < count:
        return redirect("quiz_question", attempt.uuid, number + 1)
    return redirect("quiz_check", attempt.uuid)


def _is_about_files(request, number) -> bool:
    """Whether a file was added or taken back: then the page comes back and lists those that there are."""
    return any(f"{field_name(number)}-{part}" in request.POST for part in ("add", "remove"))


def _has_pointed(request, number) -> bool:
    """Whether the form was sent by pointing at its picture: then the page comes back and shows where. A picture that
    is pressed by keyboard sends 0, 0, and so does the enter key in a field before it.
    """
    pressed = [request.POST.get(f"{field_name(number)}-press.{axis}", "0") for axis in "xy"]
    return pressed != ["0", "0"]


@never_cache
@login_required
@require_GET
@_in_its_browser
def check(request, attempt):
    """The last look before handing in: which questions have an answer, and how much time is left."""
    attempt = _own_attempt(request, attempt)
    now = timezone.now()
    if _is_closed(request, attempt, now):
        return redirect("quiz_result", attempt.uuid)
    marks = _marks(attempt, _latest(attempt))
    answered = sum(mark.answered for mark in marks)
    return render(
        request,
        "quizzes/check.html",
        {
            "attempt": attempt,
            "place": places.of(attempt, get_language()),
            "marks": marks,
            "count": len(marks),
            "answered": answered,
            "open": len(marks) - answered,
            "now": now,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
@_in_its_browser
def submit(request, attempt):
    """Hand in. A second press finds the attempt handed in and leads to the same result.

    Who was signed out before pressing comes back here with a GET, and is led to the button.
    """
    attempt = _own_attempt(request, attempt)
    if request.method != "POST":
        return redirect("quiz_check", attempt.uuid)
    services.submit_attempt(attempt, learner=request.user, now=timezone.now())
    return redirect("quiz_result", attempt.uuid)


@never_cache
@login_required
@require_GET
@_in_its_browser
def result(request, attempt):
    """The result: waiting, then score, consequence of each choice, and what comes next."""
    attempt = _own_attempt(request, attempt)
    now = timezone.now()
    if not _is_closed(request, attempt, now):
        return redirect("quiz_check", attempt.uuid)
    place = places.of(attempt, get_language())
    if attempt.state == Attempt.State.VOIDED:
        return render(request, "quizzes/voided.html", {"attempt": attempt, "place": place})
    if attempt.state == Attempt.State.GRADING:
        return _with_markers(request, attempt, place)
    review = review_of(attempt, get_language(), now=now)
    if review is None:
        return render(request, "quizzes/waiting.html", {"attempt": attempt, "place": place})
    disputes = disputes_of(attempt, request.user, now)
    context = {"attempt": attempt, "place": place, "review": review, "standing": disputes.standing}
    return render(request, "quizzes/result.html", context | {"reviewed": disputes.beside(review.items)})


def _with_markers(request, attempt, place):
    """What becomes of the answers while people read them, and by when they should have."""
    due = attempt.markings.open().aggregate(last=Max("due_on"))["last"]
    late = due is not None and due < timezone.localdate()
    return render(
        request, "quizzes/with_markers.html", {"attempt": attempt, "place": place, "due_on": due, "late": late}
    )


@never_cache
@login_required
@require_GET
@_in_its_browser
def state(request, attempt):
    """Whether there is something new to tell, for the page that waits for the grade. People take days: nobody waits
    for them in front of a page.
    """
    attempt = _own_attempt(request, attempt)
    told = (Attempt.State.GRADING, Attempt.State.GRADED, Attempt.State.VOIDED)
    return JsonResponse({"ready": attempt.state in told})


@never_cache
@login_required
@require_safe
@_in_its_browser
def answer_file(request, attempt, file):
    """A file that the learner handed in, under the name that they gave it."""
    attempt = _own_attempt(request, attempt)
    found = get_object_or_404(AnswerFile, uuid=file, attempt=attempt)
    return files.handed_out(request, found, found.name)


@login_required
@require_safe
@_in_its_browser
def medium(request, attempt, sha256):
    """A picture, recording or film of a question, for the learner who is served it; a part of it, to wind it."""
    try:
        found = media.shown_in(_own_attempt(request, attempt), sha256)
    except ItemMedia.DoesNotExist as problem:
        raise Http404 from problem
    return medium_answer(request, found)


@login_required
@require_safe
def item_medium(request, sha256):
    """The same for who writes the questions, outside of any attempt."""
    if not media.may_see_all(request.user):
        raise PermissionDenied
    return medium_answer(request, get_object_or_404(ItemMedia, sha256=sha256))
