"""A training manager's page: which release a run is on, and moving it to a newer one."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cohorts import move_preview, moving, permissions
from cohorts.forms import MoveForm
from cohorts.models import Cohort, CohortMove, Enrolment
from cohorts.services import NotForPartners
from core import languages
from courses.models import Release
from courses.reading import outline


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release_of_run(request, cohort):
    """The release of a run, the newer ones, and, for one that is chosen (`?to=`), what a move would change."""
    visible = Cohort.objects.visible_to(request.user).runs().select_related("release", "administration")
    if not permissions.manages_runs(request.user):
        raise PermissionDenied
    cohort = get_object_or_404(visible, uuid=cohort)
    newer = list(moving.newer_releases(cohort))
    chosen = _chosen(request.POST.get("to") or request.GET.get("to"), newer, cohort)
    form, status = MoveForm(), HTTPStatus.OK
    if request.method == "POST":
        if chosen is None:
            raise Http404
        form, status = MoveForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            return _moved(request, cohort, chosen, form.cleaned_data["reason"])
    course = outline(cohort.release_id, get_language()).course
    context = {
        "cohort": cohort,
        "course": course,
        "offered_in": languages.listed(cohort.release.languages),
        "newer": newer,
        "chosen": chosen,
        "previews": move_preview.previews(cohort, chosen) if chosen else [],
        "marked": move_preview.marked(cohort, chosen) if chosen else [],
        "staying": Enrolment.objects.filter(cohort=cohort).exclude(state__in=("invited", "active")).count(),
        "moves": _moves(cohort),
        "form": form,
    }
    return render(request, "cohorts/release_of_run.html", context, status=status)


def _chosen(asked: str | None, newer: list[Release], cohort: Cohort) -> Release | None:
    """The newer release that was asked for. One that the run has reached already is no error: a form sent twice."""
    if not asked:
        return None
    try:
        wanted = UUID(asked)
    except ValueError:
        raise Http404 from None
    for release in (*newer, cohort.release):
        if release.uuid == wanted:
            return release
    raise Http404


def _moved(request, cohort, release, reason):
    try:
        moving.begin(cohort, release, reason=reason, actor=request.user, now=timezone.now())
    except moving.NotNewer:
        messages.warning(request, _("The run is on this release already, or on a newer one. Nothing was changed."))
    except NotForPartners:
        messages.error(
            request,
            _("Partners from outside learn in this run, and the release is not open to them. Nothing was changed."),
        )
    else:
        messages.success(
            request,
            _("The run goes to release %(number)d. Its learners follow within a few minutes.")
            % {"number": release.number},
        )
    return redirect("run_release", cohort.uuid)


def _moves(cohort: Cohort):
    """The moves of the run, the newest first, with how many learners have followed."""
    moves = CohortMove.objects.filter(cohort=cohort).select_related("release", "begun_by")
    return moves.annotate(followed=Count("enrolment_moves"))
