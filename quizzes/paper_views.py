"""A quiz on one page: all its questions, each saved as it is answered, and all of them with the form.

One address shows it and takes the whole form, for who reads without JavaScript, and for what could not be saved
before; `quizzes.views.question` takes each answer on its own. With JavaScript the page shows one question after the
other without asking the server again, so that a poor line is needed for the answers alone.
"""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.addresses import address
from frontend import furniture
from frontend.templatetags import ui
from quizzes import browsers, content, places, services
from quizzes.errors import AnsweredElsewhere, QuizError
from quizzes.kinds.contract import Fields
from quizzes.models import Attempt, Response
from quizzes.own_attempt import in_its_browser, is_closed, latest, marks, own_attempt
from quizzes.questions import (
    Question,
    field_name,
    files_sent,
    has_pointed,
    is_about_files,
    known_sent,
    question_of,
    sequence_sent,
)

CHECK, HAND_IN = "check", "hand-in"

_REFUSED, _ANSWERED = mark_safe(" data-refused"), mark_safe(" data-answered")
_SECTION = '<p class="eyebrow" lang="{}" dir="auto">{}</p>'


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@in_its_browser
def paper(request, attempt):
    """All questions of an attempt: read them, answer them, hand in."""
    if request.method == "POST":
        return _take(request, attempt)
    attempt = own_attempt(request, attempt)
    now = timezone.now()
    if is_closed(request, attempt, now):
        return redirect("quiz_result", attempt.uuid)
    if attempt.plain_layout:
        return redirect("quiz_question", attempt.uuid, 1)
    return _page(request, attempt, now)


def _page(request, attempt: Attempt, now: datetime, problems: dict[int, QuizError] | None = None):
    language = get_language()
    responses = latest(attempt)
    problems = problems or {}
    count = len(attempt.served_items)
    questions = []
    for number in range(1, count + 1):
        mine = responses.get(number - 1)
        questions.append(question_of(attempt, number, mine.answer if mine else None, language))
    place = places.of(attempt, language)
    here = address("quiz_paper", attempt.uuid)
    asked = [
        _asked(attempt, here, number, question, responses.get(number - 1), problems.get(number), language)
        for number, question in enumerate(questions, start=1)
    ]
    alike = {
        "count": count,
        "problems": bool(problems),
        "takes_files": any(question.shown.get("most_files") for question in questions),
    }
    own = {
        "csrf_token": get_token(request),
        "place.title": place and place.title,
        "place.language": place and place.language,
        "attempt.uuid": attempt.uuid,
        "here": here,
        "deadline": attempt.deadline.astimezone(UTC).isoformat(),
        "now": now.astimezone(UTC).isoformat(),
        "closes": clock.of(attempt.deadline),
        "asked": SafeString("".join(asked)),  # each is safe
        "marks": ui.question_marks(marks(attempt, responses)),
    }
    page = furniture.page(request, "quizzes/paper.html", alike, own)
    page.status_code = max((problem.status for problem in problems.values()), default=page.status_code)
    return page


def _asked(
    attempt: Attempt,
    here: str,
    number: int,
    question: Question,
    mine: Response | None,
    problem: QuizError | None,
    language: str,
) -> SafeString:
    known = mine.sequence if mine else 0
    title, title_language = content.blueprint(attempt.quiz_version_id).section_at(number - 1).title_in(language)
    alike = {"number": number, "count": len(attempt.served_items), "name": question.name}
    own = {
        "address": f"{here}{number}/",
        "memory": f"{attempt.uuid} {number}",
        "refused": _REFUSED if problem else "",
        "answered": _ANSWERED if mine and mine.answer is not None else "",
        "section": format_html(_SECTION, title_language, title) if title else "",
        "problem": _notice(problem) if problem else "",
        "known": known,
        "next": known + 1,
        "body": question.markup(language),
        "saved": furniture.filled(
            "components/saved.html", {"time": clock.of(mine.saved_at) if mine else ""}, {}, language
        ),
    }
    return furniture.filled("quizzes/asked.html", alike, own, language)


def _notice(problem: QuizError) -> SafeString:
    return render_to_string("components/notice.html", {"kind": "bad", "text": str(problem.message)})


def _take(request, attempt_uuid):
    """Save every answer of the form, and go where its button leads."""
    now = timezone.now()
    numbers = _numbers(request)
    lists = dict(request.POST.lists())
    said = {
        "learner": request.user,
        "language": get_language(),
        "carried": browsers.carried(request),
        "now": now,
    }
    with_files = [number for number in numbers if any(files_sent(request, number))]
    filled = {
        number: services.Filled(
            number - 1, Fields(lists, field_name(number)), sequence_sent(request, number), known_sent(request, number)
        )
        for number in numbers
    }
    hands_in = request.POST.get("to") == HAND_IN
    try:
        alone = [number for number in numbers if number not in with_files]
        # Files take transactions of their own, and the submission waits for them.
        at_once = hands_in and not with_files
        told = services.save_responses(attempt_uuid, [filled[number] for number in alone], then_submit=at_once, **said)
        outcomes = dict(zip(alone, told, strict=True))
        for number in with_files:
            outcomes[number] = _with_files(request, attempt_uuid, number, filled[number], said)
    except Attempt.DoesNotExist as absent:
        raise Http404 from absent
    problems = {number: outcome for number, outcome in outcomes.items() if isinstance(outcome, QuizError)}
    if problems:
        return _refused(request, attempt_uuid, problems, now)
    if hands_in:
        if with_files:
            services.submit_attempt(own_attempt(request, attempt_uuid), learner=request.user, now=now)
        return redirect(address("quiz_result", attempt_uuid))
    return _onward(request, attempt_uuid, numbers)


def _with_files(request, attempt_uuid, number: int, filled: services.Filled, said: dict):
    """What becomes of a question that brings files or takes some back."""
    brought, taken_back = files_sent(request, number)
    try:
        return services.save_with_files(attempt_uuid, **vars(filled), brought=brought, taken_back=taken_back, **said)
    except AnsweredElsewhere:
        raise
    except QuizError as problem:
        return problem


def _numbers(request) -> list[int]:
    """The questions that the form holds: each has its sequence in it."""
    known = [name.removeprefix("q").removesuffix("-sequence") for name in request.POST if name.endswith("-sequence")]
    return sorted(int(number) for number in known if number.isascii() and number.isdigit() and len(number) < 5)


def _refused(request, attempt_uuid, problems: dict[int, QuizError], now: datetime):
    attempt = own_attempt(request, attempt_uuid)
    if is_closed(request, attempt, now):
        problem = next(iter(problems.values()))
        return render(
            request,
            "quizzes/closed.html",
            {"attempt": attempt, "problem": problem, "place": places.of(attempt, get_language())},
            status=problem.status,
        )
    if any(not 1 <= number <= len(attempt.served_items) for number in problems):
        raise Http404
    return _page(request, attempt, now, problems)


def _onward(request, attempt_uuid, numbers: list[int]):
    wanted = request.POST.get("to", "")
    if wanted == CHECK:
        return redirect("quiz_check", attempt_uuid)
    pointed = next((n for n in numbers if has_pointed(request, n) or is_about_files(request, n)), None)
    place = pointed or (int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted) in numbers else None)
    return redirect(address("quiz_paper", attempt_uuid) + (f"#q{place}" if place else ""))
