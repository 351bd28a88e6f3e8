"""A training manager's pages on refreshers: opening one, who has done it, and withdrawing it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import permissions, refresher_preview, refreshers, withdrawing
from cohorts.concerned import latest_change
from cohorts.forms import RefresherForm, WithdrawalForm
from cohorts.models import Cohort, Refresher
from courses.reading import outline
from people import kept_calendars

PEOPLE_ON_A_PAGE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refreshers_of_run(request, cohort):
    """The refreshers of a run's people; and, for an audience (`?for=`), whom a new one would concern, and the form."""
    if not permissions.manages_runs(request.user):
        raise PermissionDenied
    visible = Cohort.objects.visible_to(request.user).runs().select_related("release", "administration")
    cohort = get_object_or_404(visible, uuid=cohort)
    now, language = timezone.now(), get_language()
    change = latest_change(cohort.release.course)
    audience = request.POST.get("for") or request.GET.get("for") or Refresher.Audience.RUN
    if audience not in Refresher.Audience.values:
        raise Http404
    if change is None and request.method == "POST":
        raise Http404
    form, status = None, HTTPStatus.OK
    said = refresher_preview.reasons(change) if change else []
    if change is not None:
        wanted = {"release": change.release, "today": refreshers.today_in(cohort.administration, now)}
        wanted["said"] = "\n\n".join(each.reason for each in said)
        wanted["calendar"] = kept_calendars.of_administration(cohort.administration_id)
        form = RefresherForm(**wanted)
        if request.method == "POST":
            form, status = RefresherForm(request.POST, **wanted), HTTPStatus.UNPROCESSABLE_ENTITY
            if form.is_valid():
                return _opened(request, cohort, audience, form, now)
    context = {
        "cohort": cohort,
        "course": outline(cohort.release_id, language).course,
        "change": change,
        "said": said,
        "audience": audience,
        "audiences": Refresher.Audience.choices,
        "preview": refresher_preview.preview(change, cohort, audience, language, now) if change else None,
        "form": form,
        "refreshers": refresher_preview.of_run(cohort, now),
    }
    return render(request, "cohorts/refreshers_of_run.html", context, status=status)


def _opened(request, cohort, audience, form, now):
    try:
        refresher = refreshers.open_refresher(
            cohort,
            audience=audience,
            due_on=form.cleaned_data["due_on"],
            reason=form.reasons(),
            actor=request.user,
            now=now,
        )
    except refreshers.NobodyConcerned:
        messages.info(request, _("Everybody concerned knows what has changed, or has a place already."))
        return redirect("run_refreshers", cohort.uuid)
    except refreshers.StillFilling:
        messages.warning(request, _("Another refresher of this course is being prepared. Try again in a few minutes."))
        return redirect("run_refreshers", cohort.uuid)
    except refreshers.StillWithdrawing:
        messages.warning(request, _("A refresher of this course is being withdrawn. Try again in a few minutes."))
        return redirect("run_refreshers", cohort.uuid)
    messages.success(request, _("The refresher is open. Places and letters follow within a few minutes."))
    return redirect("refresher", refresher.uuid)


@never_cache
@login_required
@require_safe
def refresher(request, refresher):
    """One refresher: how many have done it, and who not yet."""
    if not permissions.sees_refreshers(request.user):
        raise PermissionDenied
    now = timezone.now()
    visible = Refresher.objects.visible_to(request.user).select_related("opened_by", "opened_for")
    row = get_object_or_404(refresher_preview.with_figures(visible, now), uuid=refresher)
    page = Paginator(refresher_preview.places_of(row), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    reason, reason_language = row.reason_in(get_language())
    context = {
        "refresher": row,
        "course": outline(row.release_id, get_language()).course,
        "reason": reason,
        "reason_language": reason_language,
        "withdrawal": getattr(row, "withdrawal", None),
        "may_withdraw": permissions.may_refresh(request.user, row) and _may_be_withdrawn(row),
        "page": page,
        "people": refresher_preview.shown(page.object_list, now),
    }
    return render(request, "cohorts/refresher_of_many.html", context)


def _may_be_withdrawn(row: Refresher) -> bool:
    """Of a refresher with its figures: whether somebody still has to do it, or waits for a place."""
    is_left = row.filled_at is None or row.people > row.done + row.withdrawn
    return is_left and not hasattr(row, "withdrawal")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_refresher(request, refresher):
    """Whom a withdrawal concerns, and the form that does it. A second click finds it done."""
    if not permissions.manages_runs(request.user):
        raise PermissionDenied
    visible = Refresher.objects.visible_to(request.user).select_related("opened_for", "administration")
    row = get_object_or_404(refresher_preview.with_figures(visible, timezone.now()), uuid=refresher)
    form, status = WithdrawalForm(), HTTPStatus.OK
    if request.method == "POST":
        form, status = WithdrawalForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            return _withdrawn(request, row, form.cleaned_data["reason"])
    elif not _may_be_withdrawn(row):
        return redirect("refresher", row.uuid)
    context = {
        "refresher": row,
        "course": outline(row.release_id, get_language()).course,
        "reach": withdrawing.reach(row),
        "form": form,
    }
    return render(request, "cohorts/withdraw_refresher.html", context, status=status)


def _withdrawn(request, row, reason):
    try:
        withdrawing.withdraw(row, reason=reason, actor=request.user, now=timezone.now())
    except withdrawing.NothingToWithdraw:
        messages.info(request, _("Nobody has this refresher open any more. Nothing was changed."))
    else:
        messages.success(request, _("The refresher is withdrawn. Its open places follow within a few minutes."))
    return redirect("refresher", row.uuid)
