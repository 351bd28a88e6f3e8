"""The library's sign-in page where ours must differ, and the choices of a language and of a spared line."""

from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from allauth.account.views import LoginView
from django.conf import settings
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import bandwidth, languages
from people.adapters import remember_language


class SignInView(LoginView):
    """Says with its status, too, that there were too many attempts: 429, with the form and what to do."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


@never_cache
def choose_language(request, code):
    """Keep a language for this browser and go back to the same page in it.

    A link, so that the menu works everywhere without a script. It changes a preference of this browser and nothing
    that anyone would mind.
    """
    if languages.supported(code) != code:
        raise Http404
    response = HttpResponseRedirect(_in_language(_own_address(request.GET.get("next", "")), code))
    remember_language(response, code)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def choose_line(request, choice):
    """Spare the line from now on, or load everything: on this device, and where a person is signed in also wherever
    they have not chosen otherwise. Goes back to the page it came from."""
    if choice not in bandwidth.CHOICES:
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    response = HttpResponseRedirect(_own_address(sent.get("next") or request.GET.get("next", "")))
    if request.method == "POST":
        if request.user.is_authenticated:
            request.user.saves_data = choice == bandwidth.LOW
            request.user.save(update_fields=["saves_data"])
        response.set_cookie(
            bandwidth.COOKIE,
            choice,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def _own_address(wanted: str) -> str:
    """A page of ours to come back to, or the front page."""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or not wanted.startswith("/"):
        return "/"
    return wanted


def _in_language(address, code):
    """The address in another language, and with it the one that it leads on to as `next`."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    if "next" in query:
        query["next"] = _in_language(query["next"], code)
        address = urlunsplit(parts._replace(query=query.urlencode(safe="/")))
    # Django recognises an address only while the language in it is the one that is spoken.
    with translation.override(translation.get_language_from_path(parts.path) or translation.get_language()):
        return translate_url(address, code)
