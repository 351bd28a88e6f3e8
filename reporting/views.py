"""The dashboards: the runs a person oversees, one run's board, and its learners as a file."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cohorts import refresher_preview
from cohorts.models import Cohort
from cohorts.permissions import may_give_places, may_move, supervises
from people.models import User
from reporting import export, services
from reporting.board import board
from reporting.permissions import may_see_dashboards, sees_whole_run
from reporting.runs import cards
from reporting.scope import Scope, scope_of

RUNS_ON_A_PAGE = 24


def _cohorts(user: User):
    """The runs a person oversees. Raises PermissionDenied for whoever oversees none by their role."""
    if not may_see_dashboards(user):
        raise PermissionDenied
    return Cohort.objects.overseen_by(user)


def _scope(request: HttpRequest, cohort: UUID) -> Scope:
    """The part of a run that was asked for; a run of another administration, or none of one's own, is a 404."""
    found = get_object_or_404(_cohorts(request.user).select_related("release", "administration"), uuid=cohort)
    return scope_of(request.user, found, request.GET.get("part", ""))


@never_cache
@login_required
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The runs a person oversees, the newest first, each with its figures."""
    overseen = _cohorts(request.user).select_related("administration")
    page = Paginator(overseen, RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "cards": cards(page.object_list, request.user, now=timezone.now())}
    return render(request, "reporting/runs.html", context)


@never_cache
@login_required
@require_GET
def run(request: HttpRequest, cohort: UUID) -> HttpResponse:
    """The board of one run."""
    scope = _scope(request, cohort)
    context = board(scope, language=get_language(), page=request.GET.get("page"), now=timezone.now())
    if may_give_places(request.user, scope.cohort):
        context["places_url"] = reverse("give_places", args=[scope.cohort.uuid])
    if may_move(request.user, scope.cohort):
        context["release_url"] = reverse("run_release", args=[scope.cohort.uuid])
        context["refreshers_url"] = reverse("run_refreshers", args=[scope.cohort.uuid])
    if supervises(request.user):
        context["sittings_url"] = reverse("run_sittings", args=[scope.cohort.uuid])
    if sees_whole_run(request.user, scope.cohort) and not scope.part:
        context["refreshers"] = refresher_preview.of_run(scope.cohort, timezone.now())
    return render(request, "reporting/run.html", context)


@never_cache
@login_required
@require_GET
def learners_csv(request: HttpRequest, cohort: UUID) -> StreamingHttpResponse:
    """The run's learners as a file. That it was taken stands in the record log before the first byte leaves."""
    scope = _scope(request, cohort)
    now = timezone.now()
    zone = ZoneInfo(scope.cohort.administration.time_zone)
    today = now.astimezone(zone).date()
    rows = export.learners(scope, on=today, zone=zone)
    services.record_export(scope, rows=len(rows), actor=request.user, now=now)
    name = "-".join(filter(None, [slugify(scope.cohort.name), scope.part, today.isoformat()]))
    response = StreamingHttpResponse(export.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
