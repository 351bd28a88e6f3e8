"""Partners from outside: inviting them, how long they have access, and the page behind the letter."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import external_learners, invitations, kept_calendars, permissions
from people.guards import only_for
from people.models import Invitation
from people.partner_forms import AccessForm, InvitationForm, JoinForm

PER_PAGE = 50


@require_safe
@only_for(permissions.invites_partners)
def partners(request):
    """Everybody who was invited, the newest first, and where they stand."""
    rows = Invitation.objects.visible_to(request.user).select_related("account")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    return render(
        request,
        "people/partners.html",
        {"page": page, "rows": [{"invitation": row, "state": _state(row, now)} for row in page]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.invites_partners)
def invite_partner(request):
    today = kept_calendars.of_administration(request.user.administration_id).today(timezone.now())
    initial = {"language": request.user.administration.language}
    form = InvitationForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(
                request.user.administration, **form.cleaned_data, actor=request.user, now=timezone.now()
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("The letter to %(email)s is on its way.") % {"email": invitation.email})
            return redirect("partners")
    return render(request, "people/invite_partner.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.invites_partners)
def partner(request, invitation):
    """One invitation; once it is accepted, the form that changes the last day of access."""
    row = _invitation_or_404(request, invitation)
    form = None
    if row.account:
        form = AccessForm(request.POST or None, initial={"until": row.account.external_until})
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            external_learners.set_last_day(
                row.account, form.cleaned_data["until"], actor=request.user, now=timezone.now()
            )
            messages.success(request, _("The last day of access is saved."))
            return redirect("partners")
    context = {"invitation": row, "state": _state(row, timezone.now()), "form": form}
    return render(request, "people/partner.html", context, status=_status(form) if form else HTTPStatus.OK)


@require_POST
@only_for(permissions.invites_partners)
def withdraw_invitation(request, invitation):
    row = _invitation_or_404(request, invitation)
    try:
        invitations.withdraw(row, actor=request.user, now=timezone.now())
    except invitations.NoLongerOpen:
        messages.warning(request, _("The invitation was accepted or withdrawn in the meantime. Nothing was changed."))
    else:
        messages.success(request, _("The invitation is withdrawn. Its letter leads nowhere now."))
    return redirect("partners")


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """The page behind the letter: a name, a password, an account. One that cannot be accepted any more says so."""
    invitation = invitations.named_by(token)
    if invitation is None:
        raise Http404
    if not invitations.is_open(invitation, timezone.now()):
        return render(request, "people/invitation_over.html", {"invitation": invitation}, status=HTTPStatus.CONFLICT)
    form = JoinForm(request.POST or None, email=invitation.email, initial={"full_name": invitation.full_name})
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(
                invitation,
                full_name=form.cleaned_data["full_name"],
                password=form.cleaned_data["password"],
                now=timezone.now(),
            )
        except invitations.NoLongerOpen:
            return redirect("join", token=token)
        except ValidationError:
            form.add_error(None, _("There is an account with this address already. Sign in with it."))
        else:
            messages.success(request, _("Your account is made. Sign in with your e-mail and your password."))
            return redirect("account_login")
    return render(request, "people/join.html", {"form": form, "invitation": invitation}, status=_status(form))


def _invitation_or_404(request, uuid) -> Invitation:
    visible = Invitation.objects.visible_to(request.user).select_related("administration", "account")
    return get_object_or_404(visible, uuid=uuid)


def _state(invitation: Invitation, now) -> str:
    """ "learns", "over" (access has ended), "waits", "withdrawn" or "expired"."""
    if invitation.account:
        has_access = invitation.account.is_active and external_learners.has_access(invitation.account, now)
        return "learns" if has_access else "over"
    if invitation.withdrawn_at:
        return "withdrawn"
    return "waits" if invitations.is_open(invitation, now) else "expired"


def _status(form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
