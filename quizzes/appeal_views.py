"""The queue of appeals, and the pages on which one is read and decided. What is read of answers is recorded."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from core import languages
from people.guards import only_for
from people.models import Role
from quizzes import content, media, permissions, services
from quizzes.case_views import check_shown_owner, colleagues_of, shown_owner, tell_overtaken, today_of
from quizzes.dispute_forms import DecisionForm, HandOverForm, PeriodForm, ReportForm
from quizzes.errors import Overtaken
from quizzes.media_answers import medium_answer
from quizzes.models import Appeal, AppealPeriod, ItemMedia
from quizzes.review import review_of

PER_PAGE = 25
SHOWN = ("open", "overdue", "mine", "to_carry_out", "closed")


@dataclass(frozen=True)
class Row:
    """An appeal in the list."""

    appeal: Appeal
    is_overdue: bool


@require_GET
@only_for(permissions.may_decide_appeals)
def appeal_list(request):
    """Appeals of the reader's administration but their own: what is due first stands first."""
    now = timezone.now()
    today = today_of(request.user, now)
    appeals = Appeal.objects.visible_to(request.user).not_of(request.user)
    show = request.GET.get("show", "open")
    if show not in SHOWN:
        raise Http404
    shown = {
        "open": appeals.open(),
        "overdue": appeals.overdue(today),
        "mine": appeals.open().filter(owner=request.user),
        "to_carry_out": appeals.to_carry_out(),
        "closed": appeals.exclude(closed_at=None).order_by("-closed_at", "-pk"),
    }[show]
    listed = shown.with_people().prefetch_related("attempt__quiz_version__quiz__texts")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show,
        "page": page,
        "rows": [Row(appeal, appeal.is_open and appeal.due_on < today) for appeal in page],
        "overdue": appeals.overdue(today).count(),
        "to_carry_out": appeals.to_carry_out().count(),
        "days": AppealPeriod.objects.days_for(request.user.administration_id, now),
    }
    return render(request, "quizzes/disputes/appeal_list.html", context)


def _appeal(request, uuid) -> Appeal:
    """An appeal of the reader's administration; 404 for another's, 403 for one's own."""
    appeals = Appeal.objects.visible_to(request.user).with_people().select_related("administration")
    appeal = get_object_or_404(appeals, uuid=uuid)
    if appeal.attempt.learner_id == request.user.pk:
        raise PermissionDenied
    return appeal


def _mine(request, uuid) -> Appeal:
    """An appeal that the reader has taken; refused to everybody else."""
    appeal = _appeal(request, uuid)
    if appeal.owner_id != request.user.pk:
        raise PermissionDenied
    return appeal


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_decide_appeals)
def appeal_detail(request, uuid):
    """One appeal: its grounds, and, by what the button says, taking, handing over or deciding."""
    appeal = _appeal(request, uuid)
    if request.method == "POST":
        return _deed(request, appeal)
    return _page(request, appeal)


def _deed(request, appeal):
    deed, now, forms = request.POST.get("deed"), timezone.now(), _forms(request, appeal)
    try:
        if deed in ("take", "hand_over"):
            check_shown_owner(request, appeal)
        if deed == "take":
            services.assign_appeal(appeal, request.user, before=appeal.owner_id, actor=request.user, now=now)
            done = _("The appeal is yours now.")
        elif deed == "hand_over" and forms["hand_over"].is_valid():
            to = forms["hand_over"].cleaned_data["to"]
            services.assign_appeal(appeal, to, before=appeal.owner_id, actor=request.user, now=now)
            done = _("The appeal was handed over.")
        elif deed == "decide" and forms["decide"].is_valid():
            services.decide_appeal(appeal, actor=request.user, now=now, **forms["decide"].cleaned_data)
            done = _("Your decision was sent to the learner.")
        else:
            return _page(request, appeal, forms, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Overtaken as problem:
        now_stands = _appeal(request, appeal.uuid)
        if deed == "take" and now_stands.owner_id == request.user.pk:
            # The other press of a double click was first.
            return redirect("appeal", appeal.uuid)
        tell_overtaken(request, now_stands, problem)
        return _page(request, now_stands, forms, HTTPStatus.CONFLICT)
    except ValidationError as problem:
        forms[deed].add_error(None, problem.messages)
        return _page(request, appeal, forms, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, done)
    return redirect("appeal", appeal.uuid)


def _forms(request, appeal) -> dict:
    """The forms of the page; the one whose button was pressed is filled."""
    deed = request.POST.get("deed")
    learner = appeal.attempt.learner
    colleagues = colleagues_of(request.user, Role.CERTIFYING_OFFICER).exclude(pk=learner.pk).order_by("full_name")
    return {
        "hand_over": HandOverForm(request.POST if deed == "hand_over" else None, colleagues=colleagues),
        "decide": DecisionForm(
            request.POST if deed == "decide" else None,
            writer=request.user,
            readers=_("The learner reads this, without your name."),
            language=languages.supported(learner.language) or get_language(),
        ),
    }


def _page(request, appeal, forms=None, status=HTTPStatus.OK):
    forms = forms or _forms(request, appeal)
    is_mine = appeal.owner_id == request.user.pk
    context = {
        "appeal": appeal,
        "in_force": appeal.attempt.grades.order_by("-number").first(),
        "is_overdue": appeal.is_open and appeal.due_on < today_of(request.user, timezone.now()),
        "is_mine": is_mine,
        "before": shown_owner(appeal),
        "may_decide": is_mine or services.may_decide_appeal(appeal, request.user),
        "passed_on": appeal.question_reports.select_related("case__adjustment"),
        "score_url": reverse("change_score", args=[appeal.attempt.uuid]) + f"?appeal={appeal.uuid}",
        "form": next((form for form in forms.values() if form.is_bound), None),
        "forms": forms,
    }
    return render(request, "quizzes/disputes/appeal_detail.html", context, status=status)


@require_safe
@only_for(permissions.may_decide_appeals)
def appeal_answers(request, uuid):
    """The answers and how they were judged, for who has taken the appeal. Every look is recorded."""
    appeal = _mine(request, uuid)
    now = timezone.now()
    services.record_reading(appeal, actor=request.user, now=now)
    review = review_of(appeal.attempt, get_language(), now=now, appeal=appeal.uuid)
    if review is None:
        raise Http404
    context = {"appeal": appeal, "review": review}
    return render(request, "quizzes/disputes/appeal_answers.html", context)


@require_safe
@only_for(permissions.may_decide_appeals)
def appeal_medium(request, uuid, sha256):
    """A picture, recording or film of a question of the attempt, for who has taken the appeal."""
    try:
        found = media.shown_in(_mine(request, uuid).attempt, sha256)
    except ItemMedia.DoesNotExist as problem:
        raise Http404 from problem
    return medium_answer(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_decide_appeals)
def pass_question_on(request, uuid, number):
    """Give a question of an appealed attempt to those who answer for it, in one's own words."""
    appeal = _mine(request, uuid)
    if not 1 <= number <= len(appeal.attempt.served_items):
        raise Http404
    readers = _("Those who answer for the question read this, and not whose appeal it is. Do not name anybody.")
    form, status = ReportForm(writer=request.user, readers=readers), HTTPStatus.OK
    if request.method == "POST":
        form = ReportForm(request.POST, writer=request.user, readers=readers)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            services.report_question(
                appeal.attempt,
                number,
                reporter=request.user,
                words_language=get_language(),
                now=timezone.now(),
                appeal=appeal,
                **form.cleaned_data,
            )
            messages.success(request, _("The question was passed on to those who answer for it."))
            return redirect("appeal", appeal.uuid)
    language, words = content.item_text(appeal.attempt.served_items[number - 1]["version"], get_language())
    context = {"appeal": appeal, "number": number, "form": form, "stem": words["stem"], "language": language}
    return render(request, "quizzes/disputes/pass_question_on.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_decide_appeals)
def appeal_period(request):
    """For how many days results of the administration can be appealed, from now on."""
    now = timezone.now()
    days = AppealPeriod.objects.days_for(request.user.administration_id, now)
    form, status = PeriodForm(initial={"days": days}), HTTPStatus.OK
    if request.method == "POST":
        form, status = PeriodForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            services.set_appeal_period(
                request.user.administration, form.cleaned_data["days"], actor=request.user, now=now
            )
            messages.success(request, _("The new period holds for grades that are given from now on."))
            return redirect("appeals")
    return render(request, "quizzes/disputes/appeal_period.html", {"form": form}, status=status)
