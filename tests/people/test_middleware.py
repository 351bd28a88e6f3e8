"""The second factor stands between staff and every page."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from people import second_factor, services
from people.middleware import OwnTimeMiddleware, SecondFactorMiddleware
from people.models import Role
from tests.factories.people import NOW, an_account, sign_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_code(steps_ahead=0):
    counter = sorted(yield_hotp_counters_from_time())[1 + steps_ahead]
    return format_hotp_value(hotp_value(SECRET, counter))


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


def test_learners_pass(client):
    client.force_login(an_account())
    assert client.get(reverse("my_learning")).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_staff_without_a_factor_go_nowhere_but_to_set_one_up(client, role):
    client.force_login(an_account(None, role))
    for address in (
        reverse("my_learning"),
        "/cms/",
        "/cms/pages/",
        "/people/import/",
        reverse("mfa_index"),
        reverse("account_change_password"),
        reverse("mfa_generate_recovery_codes"),
    ):
        for method in (client.get, client.post):
            response = method(address)
            assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp")), address


def test_superusers_are_no_exception(client):
    user = an_account()
    user.is_superuser = True
    user.save()
    client.force_login(user)
    assert client.get("/cms/")["Location"] == reverse("mfa_activate_totp")


def test_ways_out_stay_open(client, manager):
    client.force_login(manager)
    assert client.get("/healthz").status_code == 200
    assert client.get(reverse("choose_language", args=["fr"])).status_code == 302
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_password_alone_cannot_add_a_second_factor_beside_the_first(client, manager):
    TOTP.activate(manager, SECRET)
    client.force_login(manager)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "account_reauthenticate"):
        assert client.get(reverse(name))["Location"].startswith(reverse("mfa_reauthenticate"))


def test_a_role_granted_in_the_middle_of_a_session_demands_a_factor(client):
    learner = an_account()
    TOTP.activate(learner, SECRET)
    client.force_login(learner)
    assert client.get(reverse("my_learning")).status_code == 200
    services.grant_role(learner, Role.TUTOR, actor=None, now=NOW)
    response = client.get(reverse("my_learning") + "?week=2")
    assert response["Location"].startswith(reverse("mfa_reauthenticate") + "?next=")
    assert "week%3D2" in response["Location"]
    response = client.post(response["Location"], {"code": a_code()})
    assert response["Location"].endswith("?week=2")
    assert client.get(reverse("my_learning")).status_code == 200


def test_a_role_granted_to_one_who_has_no_factor_demands_one_at_the_next_page(client):
    learner = an_account()
    client.force_login(learner)
    services.grant_role(learner, Role.TUTOR, actor=None, now=NOW)
    assert client.get(reverse("my_learning"))["Location"] == reverse("mfa_activate_totp")


def test_a_factor_shown_by_one_account_counts_for_no_other(client, manager):
    client.force_login(manager)
    session = client.session
    second_factor.mark_shown(session, an_account())
    session.save()
    assert client.get("/people/import/").status_code == 302


def test_who_has_a_passkey_alone_is_asked_for_it(client, manager):
    WebAuthn.add(manager, "key", {})
    client.force_login(manager)
    assert client.get("/people/import/")["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))


def test_recovery_codes_alone_are_no_factor(client, manager):
    Authenticator.objects.create(user=manager, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(manager)
    assert client.get("/people/import/")["Location"] == reverse("mfa_activate_totp")


def test_the_way_into_authoring_is_the_common_sign_in(client):
    for address in ("/cms/", "/cms/login/", "/cms/pages/"):
        assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_an_author_who_has_shown_it_comes_into_authoring_under_her_own_name(client):
    author = an_account(full_name="Noor Haddad")
    services.grant_role(author, Role.AUTHOR, actor=None, now=NOW)
    author.refresh_from_db()
    page = sign_in(client, author).get("/cms/")
    assert page.status_code == 200
    assert "Noor Haddad" in page.content.decode()


class Match:
    view_name = "my_learning"


@pytest.mark.parametrize("roles", [(), (Role.TUTOR,)])
def test_it_asks_the_database_nothing_about_those_who_may_pass(
    rf: RequestFactory, roles, client, django_assert_num_queries
):
    user = an_account(None, *roles)
    sign_in(client, user)
    request = rf.get("/")
    request.user, request.session, request.resolver_match = user, client.session, Match
    request.session.get("loaded")
    with django_assert_num_queries(0):
        assert SecondFactorMiddleware(lambda request: None).process_view(request, None, (), {}) is None


def test_times_are_shown_in_the_persons_own_zone(rf):
    seen = []
    middleware = OwnTimeMiddleware(lambda request: seen.append(str(timezone.get_current_timezone())))
    for zone in ("America/Bogota", "Nowhere/At_all", "../../etc/passwd"):
        request = rf.get("/")
        request.user = an_account(time_zone=zone)
        middleware(request)
    assert seen == ["America/Bogota", "UTC", "UTC"]
    assert str(timezone.get_current_timezone()) == "UTC"
