"""The library's sign-in page where ours must differ, and the choice of a language."""

from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from allauth.account.views import LoginView
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from core import languages
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
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or not wanted.startswith("/"):
        wanted = "/"
    response = HttpResponseRedirect(_in_language(wanted, code))
    remember_language(response, code)
    return response


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
