"""Corrections by law: the list of them, and the form that proposes one."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import languages
from core.language_field import LanguageField
from courses import corrections, permissions
from courses.correcting import Passage
from courses.models import Correction

PER_PAGE = 25
PLACES_SHOWN = 50


class CorrectionForm(forms.Form):
    """A passage, what stands instead, and why."""

    language = LanguageField(label=gettext_lazy("Language of the passage"))
    old = forms.CharField(
        label=gettext_lazy("The passage as learners read it"),
        help_text=gettext_lazy("A whole sentence of one paragraph, copied from the page."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    new = forms.CharField(
        label=gettext_lazy("What stands instead"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    because = forms.CharField(
        label=gettext_lazy("What learners are told"),
        help_text=gettext_lazy("One sentence in the language of the passage. It stands above the page."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source of the law"),
        help_text=gettext_lazy("For example “Customs Act 2026, article 14”."),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the legal reviewer should approve it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@never_cache
@login_required
@require_safe
def correction_list(request):
    """Every correction that was ever proposed, and which are in force."""
    if not permissions.may_read_corrections(request.user):
        raise PermissionDenied
    page = Paginator(Correction.objects.select_related("approval"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "correction": correction,
            "language": languages.own_name(correction.language),
            "approval": getattr(correction, "approval", None),
        }
        for correction in page
    ]
    context = {"page": page, "rows": rows, "may_propose": permissions.may_propose_correction(request.user)}
    return render(request, "courses/correction_list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_correction(request):
    """Look where a passage stands, then ask a legal reviewer for the correction."""
    if not permissions.may_propose_correction(request.user):
        raise PermissionDenied
    form, places, status = CorrectionForm(), None, HTTPStatus.OK
    if request.method == "POST":
        form, status = CorrectionForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = form.cleaned_data
            passage = Passage(said["old"], said["new"], said["because"], said["source"], timezone.now())
            if "look" in request.POST:
                places = corrections.places_of(passage, said["language"])
                status = HTTPStatus.OK
                if not places:
                    form.add_error("old", corrections.nowhere())
                    status = HTTPStatus.UNPROCESSABLE_ENTITY
            else:
                try:
                    asked = corrections.propose(**said, actor=request.user, now=timezone.now())
                except ValidationError as problem:
                    form.add_error(None, problem)
                else:
                    messages.success(request, _("You have asked for the correction. A legal reviewer decides on it."))
                    return redirect("oversight:request", uuid=asked.uuid)
    context = {
        "form": form,
        "places": places and places[:PLACES_SHOWN],
        "more_places": len(places) - PLACES_SHOWN if places and len(places) > PLACES_SHOWN else 0,
    }
    return render(request, "courses/propose_correction.html", context, status=status)
