"""The pages about partners from outside, and the page behind their letter."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from people import invitations
from people.models import Invitation, Role, User
from tests.factories.people import NOW, PASSWORD, a_partner, an_account, sign_in
from tests.people.test_invitations import ADDRESS, LAST_DAY, accept, invite
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


@pytest.fixture
def home(manager):
    return manager.administration


@pytest.fixture
def managing(client, manager):
    return sign_in(client, manager)


SENT = {
    "email": ADDRESS,
    "full_name": "Rosa Díaz",
    "organisation": "Brokers Ltd",
    "language": "fr",
    "access_until": "2026-06-30",
}
NEW = {"full_name": "Rosa Díaz", "password": PASSWORD, "again": PASSWORD}


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_a_manager_invites_and_sees_who_waits(managing):
    assert "Nobody is invited yet" in text_of(managing.get("/partners/"))
    assert managing.post("/partners/invite/", SENT)["Location"] == "/partners/"
    html = text_of(managing.get("/partners/"))
    assert f"The letter to {ADDRESS} is on its way." in html
    assert "Invited" in html


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"access_until": "2026-02-28"}, "This day has gone by."),
        ({"access_until": "9999-01-01"}, "Choose an earlier day."),
        ({"organisation": ""}, "This field is required."),
        ({"language": "xx"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_and_no_letter_is_written(managing, wrong, says):
    assert says in text_of(managing.post("/partners/invite/", SENT | wrong), 422)
    assert not Invitation.objects.exists()


def test_the_letter_leads_to_an_account_with_which_its_owner_signs_in(home, client):
    path = reverse("join", args=[invitations.token_of(invite(home))])
    assert ADDRESS in text_of(client.get(path))
    assert client.post(path, NEW)["Location"] == "/accounts/login/"
    signed_in = client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert signed_in["Location"].endswith("/learn/")
    # In the language in which she was invited.
    assert "Elle a été acceptée." in text_of(client.get(path), 409)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"again": "another-long-password"}, "The two passwords are not the same."),
        ({"password": "short", "again": "short"}, "This password is too short."),
        ({"password": ADDRESS, "again": ADDRESS}, "The password is too similar"),
        ({"full_name": ""}, "This field is required."),
    ],
)
def test_a_wrong_name_or_password_makes_no_account(home, client, wrong, says):
    path = reverse("join", args=[invitations.token_of(invite(home))])
    assert says in text_of(client.post(path, NEW | wrong), 422)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_letter_that_was_withdrawn_says_whom_to_ask(home, managing, client):
    invitation = invite(home)
    managing.post(reverse("withdraw_invitation", args=[invitation.uuid]))
    path = reverse("join", args=[invitations.token_of(invitation)])
    assert "Ask whoever invited you for a new letter." in text_of(client.get(path), 409)
    assert "no longer open" in text_of(client.post(path, NEW), 409)


def test_a_letter_that_nobody_wrote_leads_nowhere(client):
    assert client.get(reverse("join", args=["x"])).status_code == 404


def test_a_manager_changes_the_last_day_of_access(home, managing):
    invitation = invite(home)
    partner = accept(invitation)
    address = reverse("partner", args=[invitation.uuid])
    assert f'value="{LAST_DAY.isoformat()}"' in text_of(managing.get(address))
    managing.post(address, {"until": "2026-01-31"})
    partner.refresh_from_db()
    assert partner.external_until == datetime.date(2026, 1, 31)
    assert "Access has ended" in text_of(managing.get("/partners/"))


def test_before_it_is_accepted_there_is_no_access_to_change(home, managing):
    address = reverse("partner", args=[invite(home).uuid])
    assert "Withdraw the invitation" in text_of(managing.get(address))
    assert managing.post(address, {"until": "2026-12-31"}).status_code == 404


def test_another_administration_s_invitations_do_not_exist(managing):
    far = invite(an_account().administration)
    assert "Nobody is invited yet" in text_of(managing.get("/partners/"))
    assert managing.get(reverse("partner", args=[far.uuid])).status_code == 404
    assert managing.post(reverse("withdraw_invitation", args=[far.uuid])).status_code == 404


def test_the_list_costs_the_same_with_one_partner_and_with_many(home, managing):
    accept(invite(home))
    few = queries_of(lambda: managing.get("/partners/"))
    for number in range(12):
        accept(invite(home, email=f"{number}@brokers.example"))
    assert len(queries_of(lambda: managing.get("/partners/"))) == len(few)


def test_a_partner_s_page_costs_no_query_more_than_an_officer_s(home, client):
    client.force_login(an_account(home))
    officers = queries_of(lambda: client.get("/en/learn/"))
    client.force_login(a_partner(home))
    assert len(queries_of(lambda: client.get("/en/learn/"))) == len(officers)
