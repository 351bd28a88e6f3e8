"""What a learner says about a question or a result after the grade, and what they are answered."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import content, places, services
from quizzes.dispute_forms import AppealForm, ReportForm
from quizzes.errors import MayNotAppeal, Overtaken
from quizzes.models import Appeal, Attempt, Grade, QuestionReport

# What a list shows; nobody has reported or appealed more in a year.
MOST_LISTED = 100


@dataclass(frozen=True)
class Disputes:
    """What there is to say about a graded attempt: the newest report of each question, by number, and its appeal."""

    reports: dict[int, QuestionReport]
    standing: services.AppealStanding


def disputes_of(attempt: Attempt, grade: Grade, learner, now) -> Disputes:
    """For the learner's page of the result, by its `disputed_grade`. Without a query where nothing was reported or
    appealed.
    """
    found: dict[int, QuestionReport] = {}
    if grade.has_reports:
        for report in QuestionReport.objects.of_learner(learner).filter(attempt=attempt):
            found.setdefault(report.number, report)
    return Disputes(found, services.appeal_standing(attempt, grade, learner=learner, language=get_language(), now=now))


def _graded_attempt(request, uuid) -> Attempt:
    """The learner's own graded attempt; 404 for anything else, so that an address tells nothing."""
    graded = Attempt.objects.filter(state=Attempt.State.GRADED)
    return get_object_or_404(places.with_place(graded), uuid=uuid, learner=request.user)


def _question_of_result(attempt, number) -> str:
    return reverse("quiz_result", args=[attempt.uuid]) + f"#question-{number}"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_question(request, attempt, number):
    """Report a question of one's graded attempt. Sent twice, it is one report."""
    attempt = _graded_attempt(request, attempt)
    now = timezone.now()
    if not 1 <= number <= len(attempt.served_items) or not services.is_in_review(attempt, now):
        raise Http404
    form, status = ReportForm(writer=request.user), HTTPStatus.OK
    if request.method == "POST":
        form, status = ReportForm(request.POST, writer=request.user), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            services.report_question(
                attempt,
                number,
                reporter=request.user,
                words_language=get_language(),
                now=now,
                **form.cleaned_data,
            )
            messages.success(request, _("Thank you. The report was sent, and its answer will stand here."))
            return redirect(_question_of_result(attempt, number))
    language, words = content.item_text(attempt.served_items[number - 1]["version"], get_language())
    context = {
        "attempt": attempt,
        "number": number,
        "place": places.of(attempt, get_language()),
        "form": form,
        "stem": words["stem"],
        "language": language,
    }
    return render(request, "quizzes/disputes/report_question.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_result(request, attempt):
    """Appeal the result of one's attempt, or read what became of the appeal. Sent twice, it is one appeal."""
    attempt = _graded_attempt(request, attempt)
    now = timezone.now()
    form, status = AppealForm(writer=request.user), HTTPStatus.OK
    if request.method == "POST":
        form, status = AppealForm(request.POST, writer=request.user), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                services.hand_in_appeal(
                    attempt,
                    learner=request.user,
                    grounds=form.cleaned_data["grounds"],
                    language=get_language(),
                    now=now,
                )
            except MayNotAppeal as problem:
                messages.error(request, str(problem.message))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, _("Your appeal was sent."))
                return redirect("quiz_appeal", attempt.uuid)
    grade = services.disputed_grade(attempt)
    context = {
        "attempt": attempt,
        "place": places.of(attempt, get_language()),
        "standing": services.appeal_standing(attempt, grade, learner=request.user, language=get_language(), now=now),
        "grade": grade,
        "form": form,
    }
    return render(request, "quizzes/disputes/appeal_result.html", context, status=status)


@login_required
@require_POST
def withdraw_appeal(request, attempt):
    """Take one's appeal back while nobody has decided it."""
    attempt = _graded_attempt(request, attempt)
    appeal = attempt.appeals.order_by("-pk").select_related("attempt").first()
    if appeal is None:
        raise Http404
    try:
        services.withdraw_appeal(appeal, learner=request.user, now=timezone.now())
    except Overtaken:
        messages.error(request, _("Your appeal was decided or withdrawn before. Nothing was changed."))
    else:
        messages.success(request, _("You have withdrawn your appeal. The result stands."))
    return redirect("quiz_appeal", attempt.uuid)


@never_cache
@login_required
@require_safe
def my_disputes(request):
    """All questions that one has reported and all results that one has appealed, the newest first."""
    named = "attempt__quiz_version__quiz"
    reports = QuestionReport.objects.of_learner(request.user).select_related(named)
    appeals = Appeal.objects.filter(attempt__learner=request.user).order_by("-pk").select_related(named)
    texts = f"{named}__texts"
    context = {
        "reports": reports.prefetch_related(texts)[:MOST_LISTED],
        "appeals": appeals.prefetch_related(texts)[:MOST_LISTED],
    }
    return render(request, "quizzes/disputes/my_disputes.html", context)
