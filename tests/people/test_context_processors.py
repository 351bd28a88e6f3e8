"""The head and foot of every page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.urls import reverse
from django.utils import translation

from people import page_heads
from people.context_processors import site
from people.models import Role
from people.page_heads import Reporting
from tests.factories.people import an_account, an_administration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    page_heads.forget()
    yield
    page_heads.forget()


def request_of(rf, user, path="/somewhere/?page=2"):
    request = rf.get(path)
    request.user = user
    return request


def test_visitors_cost_no_query(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        context = site(request_of(rf, AnonymousUser()))
        assert not context["administration"]()
        assert not context["reporting"]()
        assert [language.code for language in context["languages"]()] == ["en", "fr", "es", "ar", "pt", "ru"]
        assert all("learning" not in item.label for item in context["nav"]())


def test_nothing_is_worked_out_for_a_page_that_shows_none_of_it(rf, django_assert_num_queries):
    user = an_account()
    page_heads.forget()
    with django_assert_num_queries(0):
        site(request_of(rf, user))


def test_the_administration_is_read_once_a_minute_and_not_once_a_page(rf, django_assert_num_queries):
    administration = an_administration(reporting_channel="Line 4488", reporting_url="https://report.example/")
    user = an_account(administration)
    page_heads.forget()
    with django_assert_num_queries(1):
        for _ in range(3):
            context = site(request_of(rf, user))
            assert context["administration"]().name == administration.name
            assert context["reporting"]() == Reporting(label="Line 4488", url="https://report.example/")
    administration.name = "A new name"
    administration.save()
    assert site(request_of(rf, user))["administration"]().name == "A new name"


def test_each_role_sees_its_own_entries(rf):
    def entries(*roles):
        context = site(request_of(rf, an_account(None, *roles)))
        return {item.url for item in context["nav"]()}

    learner, manager, author = entries(), entries(Role.TRAINING_MANAGER), entries(Role.AUTHOR)
    assert reverse("my_learning") in learner
    assert reverse("officer_import") in manager - learner - author
    assert reverse("wagtailadmin_home") in author - learner - manager


def test_the_language_menu_names_each_language_in_itself(rf):
    with translation.override("ar"):
        languages = {each.code: each for each in site(request_of(rf, AnonymousUser()))["languages"]()}
    assert (languages["ar"].current, languages["ar"].dir) == (True, "rtl")
    assert languages["ru"].name_local.lower() == "русский"
    assert languages["fr"].url == "/language/fr/"


def test_the_language_menu_comes_back_to_the_same_page(rf):
    request = request_of(rf, AnonymousUser())
    markup = engines["django"].from_string("{% load frame %}{% page_head %}").render({}, request)
    assert 'href="/language/fr/?next=/somewhere/%3Fpage%3D2"' in markup


def test_the_head_is_drawn_in_a_real_template(rf):
    user = an_account(an_administration(name="Aduana"))
    request = request_of(rf, user)
    page = engines["django"].get_template("base.html").render({}, request)
    assert "Aduana" in page
    assert reverse("account_logout") in page
    assert reverse("mfa_index") in page


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/en/my/?week=2", "/fr/my/?week=2"),
        ("/people/import/", "/people/import/"),
        ("/accounts/login/?next=/en/my/", "/accounts/login/?next=/fr/my/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("/no/such/page/", "/no/such/page/"),
    ],
)
def test_choosing_a_language_keeps_it_and_goes_back(client, wanted, leads_to):
    with translation.override("en"):
        wanted = wanted.replace("/en/my/", reverse("my_learning"))
    with translation.override("fr"):
        leads_to = leads_to.replace("/fr/my/", reverse("my_learning"))
    response = client.get("/language/fr/", {"next": wanted})
    assert response["Location"] == leads_to
    assert response.cookies["django_language"].value == "fr"


def test_an_unknown_language_is_no_page(client):
    for code in ("xx", "EN", "pt-br", "../en"):
        assert client.get(f"/language/{code}/", follow=True).status_code == 404
