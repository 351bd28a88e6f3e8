"""Sitting a quiz question by question, and reading its result.

Nothing here sends a key, a rating or a consequence before the review.
"""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from core import clock
from frontend.templatetags import ui
from quizzes import browsers, content, files, media, places, result_page, services
from quizzes.dispute_views import disputes_of
from quizzes.errors import QuizError, UnknownQuestion
from quizzes.kinds.contract import Fields
from quizzes.media_answers import medium_answer
from quizzes.models import AnswerFile, Attempt, ItemMedia
from quizzes.own_attempt import in_its_browser, is_closed, latest, marks, own_attempt
from quizzes.patience import wait_for_grade
from quizzes.questions import (
    field_name,
    files_sent,
    has_pointed,
    is_about_files,
    known_sent,
    question_of,
    sequence_sent,
)
from quizzes.review import review_by


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@in_its_browser
def question(request, attempt, number):
    """One question to a page: read it, answer it, go on. Each answer is saved on its own."""
    if request.method == "POST":
        return _answer(request, attempt, number)
    attempt = own_attempt(request, attempt)
    now = timezone.now()
    if is_closed(request, attempt, now):
        return redirect("quiz_result", attempt.uuid)
    return _question_page(request, attempt, number, now)


def _question_page(request, attempt, number, now, problem=None, status=200):
    count = len(attempt.served_items)
    if not 1 <= number <= count:
        raise Http404
    responses = latest(attempt)
    mine = responses.get(number - 1)
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
            "known": mine.sequence if mine else 0,
            "saved_at": mine.saved_at if mine else None,
            "marks": ui.question_marks(marks(attempt, responses, number)),
            "previous": number - 1 or None,
            "section": content.blueprint(attempt.quiz_version_id).section_at(number - 1).title_in(get_language()),
            "now": now,
            "problem": problem,
        },
        status=status,
    )


def _answer(request, attempt_uuid, number):
    """Save the form's answer. The service reads the attempt, so that a save costs it one read and one lock."""
    now = timezone.now()
    # `request.headers` would put all of them into words for one.
    in_background = request.META.get("HTTP_X_REQUESTED_WITH") == "fetch"
    name = field_name(number)
    brought, taken_back = files_sent(request, number)
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
            sequence=sequence_sent(request, number),
            known=known_sent(request, number),
            language=get_language(),
            carried=browsers.carried(request),
            now=now,
        )
    except Attempt.DoesNotExist as problem:
        raise Http404 from problem
    except QuizError as problem:
        if in_background:
            return JsonResponse(
                {"saved": False, "message": str(problem.message), "reason": problem.reason}, status=problem.status
            )
        return _refused(request, attempt_uuid, number, now, problem)
    if response is None:
        return _unanswered(request, attempt_uuid, number, in_background)
    if in_background:
        return JsonResponse({"saved": True, "saved_at": clock.of(response.saved_at)})
    return _onward(request, response.attempt, number)


def _unanswered(request, attempt_uuid, number, in_background):
    """Going on without an answer leaves the question open; a save in the background has nothing to save."""
    if in_background:
        message = gettext("No answer was chosen. What you saved before is kept.")
        return JsonResponse({"saved": False, "message": message}, status=400)
    return _onward(request, own_attempt(request, attempt_uuid), number)


def _refused(request, attempt_uuid, number, now, problem):
    attempt = own_attempt(request, attempt_uuid)
    if is_closed(request, attempt, now):
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
    if has_pointed(request, number) or is_about_files(request, number):
        return redirect("quiz_question", attempt.uuid, number)
    if "back" in request.POST and number > 1:
        return redirect("quiz_question", attempt.uuid, number - 1)
    if number < count:
        return redirect("quiz_question", attempt.uuid, number + 1)
    return redirect("quiz_check", attempt.uuid)


@never_cache
@login_required
@require_GET
@in_its_browser
def check(request, attempt):
    """The last look before handing in: which questions have an answer, and how much time is left."""
    attempt = own_attempt(request, attempt)
    now = timezone.now()
    if is_closed(request, attempt, now):
        return redirect("quiz_result", attempt.uuid)
    every = marks(attempt, latest(attempt))
    answered = sum(mark.answered for mark in every)
    return render(
        request,
        "quizzes/check.html",
        {
            "attempt": attempt,
            "place": places.of(attempt, get_language()),
            "marks": every,
            "count": len(every),
            "answered": answered,
            "open": len(every) - answered,
            "now": now,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
@in_its_browser
def submit(request, attempt):
    """Hand in. A second press finds the attempt handed in and leads to the same result.

    Who was signed out before pressing comes back here with a GET, and is led to the button.
    """
    attempt = own_attempt(request, attempt)
    if request.method != "POST":
        return redirect("quiz_check", attempt.uuid)
    services.submit_attempt(attempt, learner=request.user, now=timezone.now())
    return redirect("quiz_result", attempt.uuid)


@never_cache
@login_required
@require_GET
@in_its_browser
def result(request, attempt):
    """The result: waiting, then score, consequence of each choice, and what comes next."""
    attempt = own_attempt(request, attempt)
    now = timezone.now()
    if not is_closed(request, attempt, now):
        return redirect("quiz_check", attempt.uuid)
    wait_for_grade(attempt, now)
    place = places.of(attempt, get_language())
    if attempt.state == Attempt.State.VOIDED:
        return render(request, "quizzes/voided.html", {"attempt": attempt, "place": place})
    if attempt.state == Attempt.State.GRADING:
        return _with_markers(request, attempt, place)
    grade = services.disputed_grade(attempt)
    if grade is None:
        return render(request, "quizzes/waiting.html", {"attempt": attempt, "place": place})
    review = review_by(attempt, grade, get_language(), now=now)
    disputes = disputes_of(attempt, grade, request.user, now)
    return result_page.shown(request, attempt, place, review, reports=disputes.reports, standing=disputes.standing)


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
@in_its_browser
def state(request, attempt):
    """Whether there is something new to tell, for the page that waits for the grade. People take days: nobody waits
    for them in front of a page.
    """
    attempt = own_attempt(request, attempt)
    told = (Attempt.State.GRADING, Attempt.State.GRADED, Attempt.State.VOIDED)
    return JsonResponse({"ready": attempt.state in told})


@never_cache
@login_required
@require_safe
@in_its_browser
def answer_file(request, attempt, file):
    """A file that the learner handed in, under the name that they gave it."""
    attempt = own_attempt(request, attempt)
    found = get_object_or_404(AnswerFile, uuid=file, attempt=attempt)
    return files.handed_out(request, found, found.name)


@login_required
@require_safe
@in_its_browser
def medium(request, attempt, sha256):
    """A picture, recording or film of a question, for the learner who is served it; a part of it, to wind it."""
    try:
        found = media.shown_in(own_attempt(request, attempt), sha256)
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
