"""What is granted to learners in every quiz: the officer's list, granting and ending; and one's own."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import finding
from people.guards import only_for
from people.models import User
from quizzes import permissions, services
from quizzes.accommodation_forms import AccommodationForm, FindLearnerForm
from quizzes.models import Accommodation

PER_PAGE = 25
FOUND_AT_MOST = 25


def _visible(request):
    return Accommodation.objects.filter(learner__administration=request.user.administration_id).exclude(
        learner=request.user
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.grants_accommodations)
def accommodations(request):
    """What is in force, and looking for somebody. Posted, because a name or a staff number belongs in no address."""
    form, status, context = FindLearnerForm(), HTTPStatus.OK, {}
    if request.method == "POST":
        form, status = FindLearnerForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            status = HTTPStatus.OK
            people = User.objects.visible_to(request.user).exclude(pk=request.user.pk)
            found = finding.find(form.cleaned_data["who"], people)
            context = {"found": list(found[:FOUND_AT_MOST]), "count": found.count()}
    granted = _visible(request).in_force().select_related("learner").order_by("learner__full_name", "pk")
    page = Paginator(granted, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"form": form, "page": page, "granted": list(page)}
    return render(request, "quizzes/accommodations.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.grants_accommodations)
def accommodate(request, person):
    """What one learner has and had, and the form that grants."""
    learner = get_object_or_404(User.objects.visible_to(request.user).select_related("administration"), uuid=person)
    if not permissions.may_accommodate(request.user, learner):
        raise PermissionDenied
    form, status = AccommodationForm(request.POST or None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            services.grant_accommodation(
                learner,
                form.measures(),
                category=form.cleaned_data["category"],
                actor=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("It holds for every quiz that starts from now on."))
            return redirect("accommodations")
    rows = list(learner.accommodations.select_related("granted_by", "ended_by"))
    context = {
        "learner": learner,
        "form": form,
        "in_force": next((row for row in rows if row.ended_at is None), None),
        "ended": [row for row in rows if row.ended_at is not None],
    }
    return render(request, "quizzes/accommodate.html", context, status=status)


@require_POST
@only_for(permissions.grants_accommodations)
def end_accommodation(request, accommodation):
    row = get_object_or_404(_visible(request).select_related("learner__administration"), uuid=accommodation)
    if services.end_accommodation(row, actor=request.user, now=timezone.now()):
        messages.success(request, _("It has ended. An attempt that is open keeps what it began with."))
    return redirect("accommodations")


@require_safe
@never_cache
@login_required
def my_accommodation(request):
    """What is granted to oneself, and whom to ask."""
    granted = request.user.accommodations.in_force().first()
    return render(request, "quizzes/my_accommodation.html", {"granted": granted})
