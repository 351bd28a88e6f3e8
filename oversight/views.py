"""Requests that wait for a second person, and the auditor's page of the record log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from oversight import four_eyes, permissions
from oversight.forms import DecisionForm
from oversight.models import FourEyesRequest, RecordEntry, Verification

REQUESTS_PER_PAGE = 25
RECORDS_PER_PAGE = 50

TAG_STATES = {
    FourEyesRequest.State.PENDING: "info",
    FourEyesRequest.State.APPROVED: "good",
    FourEyesRequest.State.REFUSED: "bad",
    FourEyesRequest.State.WITHDRAWN: "",
    FourEyesRequest.State.EXPIRED: "care",
}


@login_required
@never_cache
@require_GET
def request_list(request):
    """Three lists: what waits for the reader, what the reader asked for, and what has been decided.

    The role for a decision is asked of the action in Python, so the pending requests of an administration are all
    loaded; they are few, and each goes within 14 days.
    """
    now = timezone.now()
    visible = FourEyesRequest.objects.visible_to(request.user).with_people()
    pending = visible.pending(now).independent_of(request.user).order_by("expires_at", "pk")
    waiting = [row for row in pending if four_eyes.may_decide(request.user, row)]
    show = request.GET.get("show", "waiting")
    if show == "waiting":
        rows = waiting
    elif show == "mine":
        rows = visible.filter(requester=request.user)
    elif show == "decided":
        rows = visible.closed().order_by("-decided_at", "-pk")
        if permissions.is_auditor(request.user):
            rows = rows.exclude(subject_person=request.user)
        else:
            rows = rows.filter(decided_by=request.user)
    else:
        raise Http404
    page = Paginator(rows, REQUESTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/request_list.html",
        {
            "show": show,
            "waiting_count": len(waiting),
            "page": page,
            "rows": [_row(four_eyes_request) for four_eyes_request in page],
            "may_read_records": permissions.is_auditor(request.user),
        },
    )


@login_required
@never_cache
@require_GET
def request_detail(request, uuid):
    """Who asks for what and why, what approval will do, and the form for those who may decide."""
    return _render_request(request, _request_or_404(request, uuid), DecisionForm())


@login_required
@require_POST
def decide(request, uuid):
    four_eyes_request = _request_or_404(request, uuid)
    # Before the form is looked at: someone who may not decide is told so, and not what is missing from the form.
    if not four_eyes.may_decide(request.user, four_eyes_request):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _render_request(request, four_eyes_request, form)
    approves = form.cleaned_data["decision"] == DecisionForm.APPROVE
    service = four_eyes.approve if approves else four_eyes.refuse
    try:
        service(four_eyes_request, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _render_request(request, _request_or_404(request, uuid), form, status=409)
    if approves:
        messages.success(request, _("You have approved the request. It has been carried out and recorded."))
    else:
        messages.success(request, _("You have refused the request. Nothing was changed."))
    return redirect("oversight:request", uuid=uuid)


@login_required
@require_POST
def withdraw(request, uuid):
    four_eyes_request = _request_or_404(request, uuid)
    try:
        four_eyes.withdraw(four_eyes_request, actor=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You have withdrawn your request. Nothing was changed."))
    return redirect("oversight:request", uuid=uuid)


@login_required
@never_cache
@require_GET
def record_list(request):
    """The newest entries of the log, by pseudonyms alone, and how the last verification ended. For auditors.

    Pages are cut by sequence number, not by counting: the same few queries however long the log is.
    """
    if not permissions.is_auditor(request.user):
        raise PermissionDenied
    entries = RecordEntry.objects.visible_to(request.user)
    before, after = _number(request, "before"), _number(request, "after")
    if after is not None:
        found = list(entries.filter(sequence__gt=after).order_by("sequence")[: RECORDS_PER_PAGE + 1])
        more_newer, more_older = len(found) > RECORDS_PER_PAGE, True
        found = found[:RECORDS_PER_PAGE][::-1]
    else:
        older = entries if before is None else entries.filter(sequence__lt=before)
        found = list(older.order_by("-sequence")[: RECORDS_PER_PAGE + 1])
        more_newer, more_older = before is not None, len(found) > RECORDS_PER_PAGE
        found = found[:RECORDS_PER_PAGE]
    return render(
        request,
        "oversight/record_list.html",
        {
            "entries": found,
            "newer_than": found[0].sequence if found and more_newer else None,
            "older_than": found[-1].sequence if found and more_older else None,
            "verification": Verification.objects.order_by("-verified_at", "-pk").first(),
        },
    )


def _request_or_404(request, uuid):
    """The request, if it exists for the reader's administration; PermissionDenied if it is not theirs to read."""
    visible = FourEyesRequest.objects.visible_to(request.user).with_people()
    four_eyes_request = get_object_or_404(visible, uuid=uuid)
    if not four_eyes.may_see(request.user, four_eyes_request):
        raise PermissionDenied
    return four_eyes_request


def _render_request(request, four_eyes_request, form, status=200):
    now = timezone.now()
    open_still = four_eyes_request.state == FourEyesRequest.State.PENDING and four_eyes_request.expires_at > now
    return render(
        request,
        "oversight/request_detail.html",
        {
            **_row(four_eyes_request),
            "consequence": four_eyes.consequence_of(four_eyes_request),
            "details": four_eyes.details_of(four_eyes_request),
            "form": form,
            "may_decide": open_still and four_eyes.may_decide(request.user, four_eyes_request),
            "may_withdraw": open_still and four_eyes_request.requester_id == request.user.pk,
        },
        status=status,
    )


def _row(four_eyes_request):
    return {
        "four_eyes_request": four_eyes_request,
        "label": four_eyes.label_of(four_eyes_request),
        "tag_state": TAG_STATES[four_eyes_request.state],
    }


def _number(request, name):
    """A sequence number of the query, None without one; nonsense is a page that does not exist."""
    value = request.GET.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise Http404
    return int(value)
