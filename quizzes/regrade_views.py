"""Pages on which one person asks for a regrade, another score or the withdrawal of a pass; a second one decides."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from oversight import four_eyes
from oversight.models import FourEyesRequest
from people.guards import only_for
from quizzes import content, permissions, services
from quizzes.kinds.contract import WrongItem
from quizzes.models import Appeal, Attempt, ForeseenPass, Grade, ItemVersion, QuestionCase, RegradePreview
from quizzes.regrade_forms import RegradeForm, ScoreForm, WithdrawalForm
from quizzes.services.foreseeing import told_moment, told_progress
from quizzes.services.proposing import ADJUST, newer_keys, proposal_of

PER_PAGE = 25


def _asked(form, ask):
    """The request that `ask` makes, or None with the form saying why not, and the status of the answer."""
    try:
        return ask(), HTTPStatus.FOUND
    except four_eyes.ConflictError as problem:
        form.add_error(None, problem.messages)
        return None, HTTPStatus.CONFLICT
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return None, HTTPStatus.UNPROCESSABLE_ENTITY


def _named(request, name, model):
    """The row of the reader's administration that the address names, or None where it names none."""
    if name not in request.GET:
        return None
    try:
        return get_object_or_404(model.objects.visible_to(request.user), uuid=request.GET[name])
    except ValidationError as problem:
        raise Http404 from problem


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_ask_for_regrade)
def regrade_item(request, version):
    """Look at what a regrade of an item would change, then ask a second person for it.

    Where a reported question led here (`?case=`), the request stays with its case.
    """
    version = get_object_or_404(
        ItemVersion.objects.select_related("item__bank"), uuid=version, published_at__lte=timezone.now()
    )
    language, words = content.item_text(version.pk, get_language())
    newer, case = newer_keys(version), _named(request, "case", QuestionCase)
    form, status, preview = RegradeForm(version, words, newer=newer), HTTPStatus.OK, None
    if request.method == "POST":
        form, status = RegradeForm(version, words, request.POST, newer=newer), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid() and "ask" in request.POST:
            asked, status = _asked(
                form,
                lambda: services.ask_for_regrade(
                    form.proposal(),
                    reason=form.cleaned_data["reason"],
                    actor=request.user,
                    now=timezone.now(),
                    case=case,
                ),
            )
            if asked:
                messages.success(request, _("You have asked for the regrade. A subject reviewer decides on it."))
                return redirect("oversight:request", uuid=asked.uuid)
        elif form.is_valid():
            try:
                preview, status = services.look(form.proposal(), now=timezone.now()), HTTPStatus.OK
            except WrongItem as problem:
                form.add_error(None, _("This is no new key for the item: %(problem)s.") % {"problem": problem})
    return render(
        request,
        "quizzes/regrade_item.html",
        {
            "form": form,
            "version": version,
            "stem": words["stem"],
            "language": language,
            "preview": preview.counted if preview and preview.is_finished else None,
            "moment": told_moment(preview) if preview and preview.is_finished else "",
            "progress": told_progress(preview) if preview and not preview.is_finished else "",
            "case": case,
        },
        status=status,
    )


@require_GET
@only_for(permissions.may_decide_results)
def standing_passes(request):
    """The passes of the administration that a regrade would not give any more, each with the way to withdraw it."""
    found = (
        Grade.objects.standing_passes()
        .filter(attempt__learner__administration=request.user.administration_id)
        .exclude(attempt__learner=request.user)
        .select_related("attempt__learner", "attempt__quiz_version__quiz")
        .prefetch_related("attempt__quiz_version__quiz__texts")
        .order_by("-given_at", "-pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    waiting = _waiting_regrades(request).order_by("requested_at", "pk")
    context = {"page": page, "grades": list(page), "waiting": waiting}
    return render(request, "quizzes/standing_passes.html", context)


def _waiting_regrades(request):
    """The regrades that somebody of the reader's administration has asked for and nobody has decided."""
    return FourEyesRequest.objects.visible_to(request.user).filter(action=ADJUST, state=FourEyesRequest.State.PENDING)


@require_GET
@only_for(permissions.may_decide_results)
def foreseen(request, uuid):
    """Whose pass a regrade that waits would change, of the reader's administration; no answers, no scores."""
    asked = get_object_or_404(_waiting_regrades(request), uuid=uuid)
    proposal = proposal_of(asked)
    preview = RegradePreview.objects.filter(request=asked).first()
    is_known = preview is not None and preview.is_finished
    of_own = ForeseenPass.objects.filter(
        preview=preview, attempt__learner__administration=request.user.administration_id
    )
    found = of_own.exclude(attempt__learner=request.user).select_related("attempt__learner").order_by("pk")
    page = Paginator(found if is_known else found.none(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "foreseen": list(page),
        "version": proposal.version,
        "deed": proposal.deed.label,
        "moment": told_moment(preview) if is_known else "",
        "progress": "" if is_known else told_progress(preview),
    }
    return render(request, "quizzes/foreseen.html", context)


def _attempt(request, uuid) -> Attempt:
    """An attempt of the reader's administration; 404 for another's, 403 for one's own."""
    attempts = Attempt.objects.select_related("learner__administration", "quiz_version__quiz")
    attempt = get_object_or_404(attempts, uuid=uuid, learner__administration=request.user.administration_id)
    if not permissions.may_ask_about_result(request.user, attempt):
        raise PermissionDenied
    return attempt


def _decide(request, attempt, form, ask, done, template):
    """The page of a request about one result: its form, or, once it is asked for, the request."""
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            asked, status = _asked(
                form, lambda: ask(attempt, actor=request.user, now=timezone.now(), **form.cleaned_data)
            )
            if asked:
                messages.success(request, done)
                return redirect("oversight:request", uuid=asked.uuid)
    grade = attempt.grades.order_by("-number").first()
    return render(request, template, {"form": form, "attempt": attempt, "grade": grade}, status=status)


def _asking_for_score(request):
    """How to ask for it; where an appeal led here (`?appeal=`), the request stays with the appeal."""

    @transaction.atomic
    def ask(attempt, *, actor, now, **said) -> FourEyesRequest:
        asked = services.ask_for_override(attempt, actor=actor, now=now, **said)
        if appeal := _named(request, "appeal", Appeal):
            services.keep_score_with_appeal(appeal, asked, actor=actor, now=now)
        return asked

    return ask


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_decide_results)
def change_score(request, attempt):
    """Ask a second person to give an attempt another score."""
    return _decide(
        request,
        _attempt(request, attempt),
        ScoreForm(request.POST or None),
        _asking_for_score(request),
        _("You have asked for another score. A colleague decides on it."),
        "quizzes/change_score.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_decide_results)
def withdraw_pass(request, attempt):
    """Ask a second person to withdraw a pass that a regrade would not give any more."""
    return _decide(
        request,
        _attempt(request, attempt),
        WithdrawalForm(request.POST or None),
        services.ask_for_withdrawal,
        _("You have asked for the withdrawal. A colleague decides on it."),
        "quizzes/withdraw_pass.html",
    )
