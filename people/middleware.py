"""What stands between a signed-in person and the pages."""

import zoneinfo
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core import second_calendar
from core.loopback import is_loopback
from people import page_heads, second_factor
from people.sessions import asked_by

# What a staff member may open before the second factor: ways out, the language, the signs of life.
ALWAYS_OPEN = frozenset({"account_logout", "account_inactive", "choose_language", "healthz", "readyz"})
# Setting up the first factor. Closed as soon as there is one: otherwise a password alone could add another.
OPEN_TO_SET_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
# Showing a factor one has.
OPEN_TO_SHOW = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})


class AccountMiddleware(AuthenticationMiddleware):
    """`request.user` by Django's own rules; the account that they ask for has come with the session already.

    Found at once: whose time zone holds is asked for every page, and each look through Django's lazy account takes
    five calls.
    """

    def process_request(self, request):
        super().process_request(request)
        with asked_by(request.session):
            request.user = get_user(request)


class SecondFactorMiddleware:
    """Keeps people with a role beyond learning from every page until this session has shown a second factor.

    Learners and staff who have shown it cost no query beyond the account itself. The others are sent to set a factor
    up or to show it, and come back to the page they wanted.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if not user.is_authenticated or not user.is_staff_member or second_factor.shown(request.session, user):
            return None
        page = request.resolver_match.view_name
        if page in ALWAYS_OPEN:
            return None
        kinds = second_factor.kinds_of(user)
        if page in (OPEN_TO_SHOW if kinds else OPEN_TO_SET_UP):
            return None
        if not kinds:
            return redirect("mfa_activate_totp")
        address = reverse("mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn")
        if request.method == "GET":
            address += "?" + urlencode({"next": request.get_full_path()})
        return redirect(address)


class ExternalLearnerMiddleware:
    """Shows partners from outside the pages that are meant for them (`settings.OPEN_TO_EXTERNAL_LEARNERS`).

    No other page exists for them, and a new one does not until somebody decides that it should.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if (
            user.is_authenticated
            and user.is_external
            and request.resolver_match.view_name not in settings.OPEN_TO_EXTERNAL_LEARNERS
        ):
            raise Http404


class OwnTimeMiddleware:
    """Shows times in the person's own zone, and days in the second calendar of their administration, too.

    Visitors see the installation's zone and the Gregorian calendar.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(zone_of(request.user)), second_calendar.shown(lambda: _calendar_of(request.user)):
            return self.get_response(request)


def zone_of(user):
    """The person's zone; None, which means the installation's, for visitors and for a name nobody knows."""
    if not user.is_authenticated:
        return None
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return None


def _calendar_of(user):
    """The administration's second calendar; its pages' heads have it at hand."""
    head = page_heads.of_administration(user.administration_id) if user.is_authenticated else None
    return head.second_calendar if head else second_calendar.NONE


class DemonstrationMiddleware:
    """Ends the session of a demonstration account that is used from anywhere but this machine.

    Signing in is refused there already; this stops a session's cookie that was carried away.
    """

    def __init__(self, get_response):
        if not settings.DEMONSTRATION:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.is_demonstration and not is_loopback(request):
            logout(request)
        return self.get_response(request)
