"""A page that says 404 is believed; an address without one is looked for in the visitor's language; every page has a
Content-Security-Policy.
"""

from urllib.parse import urlencode

import pytest
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from core.middleware import LanguageMiddleware, PolicyMiddleware


def answer(path, *, led_to_a_page, status=404):
    request = RequestFactory().get(path, headers={"accept-language": "fr"})
    request.resolver_match = ResolverMatch(lambda request: None, (), {}) if led_to_a_page else None
    middleware = LanguageMiddleware(lambda request: HttpResponse(status=status))
    return middleware(request)


def test_a_page_that_is_not_found_keeps_its_answer():
    response = answer("/verify/nothing/", led_to_a_page=True)
    assert response.status_code == 404
    assert response["Content-Language"] == "fr"
    assert "Accept-Language" in response["Vary"]


def test_an_address_without_a_page_is_sent_on_to_the_visitors_language():
    response = answer("/somewhere/", led_to_a_page=False)
    assert (response.status_code, response["Location"]) == (302, "/fr/somewhere/")


@pytest.mark.parametrize("path", ["/fr/somewhere/", "/verify/known/"])
def test_what_is_found_is_left_alone(path):
    assert answer(path, led_to_a_page=True, status=200).status_code == 200


def spoken_to(request):
    request.resolver_match = None
    return LanguageMiddleware(lambda request: HttpResponse(request.LANGUAGE_CODE))(request).content.decode()


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("/ar/learn/?week=2", "ar"), ("/dashboard/", "fr"), ("/xx/learn/", "fr"), ("", "fr"), ("//[", "fr")],
)
def test_on_the_way_to_a_page_its_language_is_spoken(wanted, language):
    form, french = {"next": wanted}, {"accept-language": "fr"}
    assert spoken_to(RequestFactory().get("/accounts/login/", form, headers=french)) == language
    sent = RequestFactory().post(
        "/accounts/login/", urlencode(form), content_type="application/x-www-form-urlencoded", headers=french
    )
    assert spoken_to(sent) == language


def test_an_address_that_has_a_language_keeps_it():
    assert spoken_to(RequestFactory().get("/ru/learn/?next=/ar/learn/")) == "ru"


POLICY = "Content-Security-Policy"


def plain(request):
    return HttpResponse("plain")


def page_with_scripts(request):
    return HttpResponse(f'<script nonce="{request.csp_nonce}"></script>')


def with_its_own(request):
    response = plain(request)
    response[POLICY] = "default-src 'none'"
    return response


@pytest.mark.parametrize(
    "view",
    [
        plain,
        with_its_own,
        csp_exempt()(plain),
        csp_update({"img-src": "https://example.org"})(plain),
        csp_replace({"img-src": "https://example.org"}, REPORT_ONLY=True)(plain),
        csp_replace({"script-src": None})(plain),
    ],
)
@pytest.mark.parametrize("path", ["/en/learn/", "/cms/pages/"])
@pytest.mark.parametrize("nonce", [None, "abc"])
def test_the_policy_is_the_librarys(view, path, nonce):
    policies = []
    for middleware in (PolicyMiddleware, CSPMiddleware):
        for _ in range(2):
            request = RequestFactory().get(path)
            request._csp_nonce = nonce
            headers = middleware(view)(request).headers
            policies.append(
                {name: set(value.split("; ")) for name, value in headers.items() if name.startswith(POLICY)}
            )
    assert all(policy == policies[0] for policy in policies)


def test_each_page_has_a_nonce_of_its_own_and_its_policy_names_that_one():
    seen = set()
    for _ in range(3):
        response = PolicyMiddleware(page_with_scripts)(RequestFactory().get("/en/learn/"))
        nonce = response.content.decode().split('"')[1]
        assert f"script-src 'self' 'nonce-{nonce}';" in response[POLICY] + ";"
        seen.add(nonce)
    assert len(seen) == 3


def test_a_nonce_that_no_page_asked_for_is_not_named_and_can_no_longer_be_had():
    request = RequestFactory().get("/en/learn/")
    assert "nonce" not in PolicyMiddleware(plain)(request)[POLICY]
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)
