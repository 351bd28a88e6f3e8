"""The page on which assessors are named for what waits to be marked. It shows numbers, and nothing of any answer."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from people.guards import only_for
from quizzes import permissions
from quizzes.naming_forms import NamingForm
from quizzes.services import naming_markers


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.names_markers)
def name_markers(request):
    """What waits by quiz and run, and the form that shares it out or opens it to all again."""
    now = timezone.now()
    heaps = naming_markers.heaps(request.user, now=now)
    assessors = naming_markers.assessors_of(request.user)
    form = NamingForm(request.POST if request.method == "POST" else None, heaps=heaps, assessors=assessors)
    if request.method == "POST" and form.is_valid():
        try:
            done = naming_markers.name_markers(
                form.shares(),
                of=form.cleaned_data["of"],
                assessors=[] if "open" in request.POST else list(form.cleaned_data["assessors"]),
                actor=request.user,
                now=now,
            )
        except ValidationError as problem:
            form.add_error("assessors", problem)
        else:
            _tell(request, done)
            return redirect("name_markers")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"heaps": heaps, "form": form, "chosen": form["heaps"].value() or []}
    return render(request, "quizzes/name_markers.html", context, status=status)


def _tell(request, done) -> None:
    if done.named:
        text = ngettext("%(count)d answer has its marker.", "%(count)d answers have their markers.", done.named)
        messages.success(request, text % {"count": done.named})
    if done.left:
        text = ngettext("%(count)d answer is open to all.", "%(count)d answers are open to all.", done.left)
        messages.info(request, text % {"count": done.left})
    if not done.named and not done.left:
        messages.info(request, _("There was nothing of this that nobody is marking."))
