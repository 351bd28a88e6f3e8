"""What stands between every request and its page, and belongs to no domain."""

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path


class LanguageMiddleware(LocaleMiddleware):
    """Django's, with two exceptions.

    An address without a language that is on the way to one, such as the sign-in page, speaks the language of the page
    that the reader wants, before the browser's cookie and its settings are asked.

    A page which answers 404 keeps its answer. Django sends a 404 without a language in its address on to the same
    address with one, wherever that one exists; and under `/<language>/` every address exists, because Wagtail looks up
    its pages there. Only an address that led to no page at all is sent on.
    """

    def process_request(self, request):
        language = get_language_from_path(request.path_info)
        if language is None:
            language = get_language_from_path(_wanted_address(request).partition("?")[0])
        if language is None:
            super().process_request(request)
            return
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request, response):
        if response.status_code == 404 and request.resolver_match is None:
            return super().process_response(request, response)
        if get_language_from_path(request.path_info) is None:
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def _wanted_address(request) -> str:
    """Where the reader goes from here: `next`, in the address or in a small form that was sent; or nothing."""
    if "next" in request.GET:
        return request.GET["next"]
    # A file that is being uploaded is for its own view to read.
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        return request.POST.get("next", "")
    return ""


class PolicyMiddleware(CSPMiddleware):
    """django-csp's for `settings.CONTENT_SECURITY_POLICY`, put into words once instead of for every answer.

    What differs from answer to answer is the nonce, which the policy names only where the page has asked for it. A
    view that has a policy of its own by the library's decorators gets it from the library.
    """

    BY_DECORATORS = frozenset(
        f"_csp_{what}{where}" for what in ("exempt", "config", "update", "replace") for where in ("", "_ro")
    )
    PLACE = "{nonce}"

    def __init__(self, get_response):
        super().__init__(get_response)
        self._without_nonce = build_policy()
        self._with_nonce = build_policy(nonce=self.PLACE)
        self._elsewhere = tuple(settings.CONTENT_SECURITY_POLICY["EXCLUDE_URL_PREFIXES"])

    def process_response(self, request, response):
        if settings.DEBUG or not self.BY_DECORATORS.isdisjoint(vars(response)):
            return super().process_response(request, response)
        nonce = getattr(request, "_csp_nonce", None)
        if HEADER not in response.headers and not request.path_info.startswith(self._elsewhere):
            policy = self._without_nonce if nonce is None else self._with_nonce.replace(self.PLACE, nonce)
            response.headers[HEADER] = policy
        if nonce is None:
            # As in the library: what the policy does not name must not get into a page.
            request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Django's, for words alone: pictures, films and archives are as small as they get, and a part of one must keep
    its length."""

    WORDS = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")

    def process_response(self, request, response):
        if response.status_code == 206 or not response.headers.get("Content-Type", "").startswith(self.WORDS):
            return response
        return super().process_response(request, response)


class AuthoringMiddleware:
    """What holds for the authors' pages, wherever the learners' Content-Security-Policy does not apply.

    Their policy lets inline scripts and styles run, which Wagtail needs, and nothing come from another host. A person
    who is signed in and may not write is told so; Wagtail would send her to the sign-in page, which sends her on.
    """

    POLICY = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _is_for_authors(request):
            response.headers["Content-Security-Policy"] = self.POLICY
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        if (
            _is_for_authors(request)
            and request.user.is_authenticated
            and not request.user.has_perm("wagtailadmin.access_admin")
        ):
            raise PermissionDenied


def _is_for_authors(request) -> bool:
    return request.path_info.startswith(settings.CONTENT_SECURITY_POLICY["EXCLUDE_URL_PREFIXES"])
