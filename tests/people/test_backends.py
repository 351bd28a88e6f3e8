"""Signing in by staff number or e-mail."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import RequestFactory

from people.backends import StaffNumberOrEmailBackend
from people.models import User
from tests.factories.people import PASSWORD, an_account, an_administration

pytestmark = pytest.mark.django_db


def sign_in_as(typed, password=PASSWORD, **meta):
    return authenticate(RequestFactory().post("/accounts/login/", **meta), username=typed, password=password)


def test_the_staff_number_or_the_email_names_the_same_account():
    user = an_account(staff_number="Ab-17", email="Rosa.Diaz@Example.org")
    assert sign_in_as("Ab-17") == user
    assert sign_in_as("aB-17") == user
    assert sign_in_as("  ab-17 ") == user
    assert sign_in_as("rosa.diaz@example.org") == user
    assert sign_in_as("ROSA.DIAZ@EXAMPLE.ORG") == user


def test_cyrillic_staff_numbers_are_read_in_either_case():
    user = an_account(staff_number="КГ-204")
    assert sign_in_as("кг-204") == user


def test_a_number_that_two_administrations_know_needs_the_code():
    north, south = an_administration(code="north"), an_administration(code="south")
    in_north, in_south = an_account(north, staff_number="1001"), an_account(south, staff_number="1001")
    assert sign_in_as("1001") is None
    assert sign_in_as("north/1001") == in_north
    assert sign_in_as("SOUTH/1001") == in_south
    assert sign_in_as("west/1001") is None


def test_a_slash_may_be_part_of_a_number():
    user = an_account(staff_number="12/345")
    assert sign_in_as("12/345") == user


def test_nobody_signs_in_with_a_number_that_reads_like_another_ones_email():
    owner = an_account(email="amal@example.org")
    an_account(staff_number="amal@example.org", password="another password")
    assert sign_in_as("amal@example.org") == owner
    assert sign_in_as("amal@example.org", "another password") is None


def test_an_inactive_account_answers_like_a_wrong_password():
    an_account(staff_number="77", is_active=False)
    assert sign_in_as("77") is None


def test_an_account_without_a_password_cannot_sign_in():
    an_account(staff_number="78", password=None)
    assert sign_in_as("78", "") is None
    assert sign_in_as("78", "!") is None


@pytest.mark.parametrize(
    "typed",
    ["real", "nobody", "nobody@example.org", "x/nobody", "twice", "closed"],
)
def test_every_refusal_hashes_exactly_one_password(typed, monkeypatch):
    an_account(staff_number="real")
    an_account(staff_number="closed", is_active=False)
    an_account(staff_number="twice")
    an_account(staff_number="twice")
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append(args[0]) or encode(self, *args))
    assert sign_in_as(typed, "wrong") is None
    assert hashed == ["wrong"]


def test_a_demonstration_account_answers_on_this_machine_alone(settings):
    user = an_account(staff_number="demo", is_demonstration=True)
    assert sign_in_as("demo") == user
    assert sign_in_as("demo", REMOTE_ADDR="::1") == user
    assert sign_in_as("demo", REMOTE_ADDR="192.168.1.20") is None
    # A proxy on this machine connects from here and speaks for others.
    assert sign_in_as("demo", HTTP_X_FORWARDED_FOR="203.0.113.9") is None
    assert authenticate(None, username="demo", password=PASSWORD) is None
    settings.DEMONSTRATION = False
    assert sign_in_as("demo") is None


def test_the_open_session_of_a_demonstration_account_ends_with_the_demonstration(settings):
    user = an_account(is_demonstration=True)
    assert StaffNumberOrEmailBackend().get_user(user.pk) == user
    settings.DEMONSTRATION = False
    assert StaffNumberOrEmailBackend().get_user(user.pk) is None


def test_an_account_is_found_by_its_index(django_assert_num_queries):
    an_account(staff_number="n", email="n@example.org")
    with django_assert_num_queries(1):
        assert isinstance(StaffNumberOrEmailBackend().account_named("n@example.org"), User)
    with django_assert_num_queries(1):
        assert isinstance(StaffNumberOrEmailBackend().account_named("n"), User)
