"""A page that says 404 is believed; an address without a page is looked for in the visitor's language."""

from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from core.middleware import LanguageMiddleware


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
