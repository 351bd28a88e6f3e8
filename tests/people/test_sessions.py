"""A session brings its account, and decides nothing by that."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from people.models import User
from people.sessions import Session, SessionStore
from tests.factories.people import an_account
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

PAGE = "/en/learning/"


def signed_in(client):
    return client.get(PAGE).wsgi_request.user


@pytest.fixture
def account():
    return an_account()


@pytest.fixture
def client(account):
    client = Client()
    client.force_login(account)
    return client


def test_a_session_names_the_account_that_signed_in(client, account):
    assert Session.objects.get(pk=client.session.session_key).account == account


def test_session_and_account_are_one_query(client):
    asked = [sql for sql in queries_of(lambda: client.get(PAGE)) if "session" in sql or 'FROM "people_user"' in sql]
    assert len(asked) == 1


def test_who_is_signed_in_is_what_the_signed_data_say_not_the_column(client, account):
    Session.objects.update(account=an_account())
    assert signed_in(client) == account


def test_a_session_from_before_the_column_is_signed_in_as_before(client, account):
    Session.objects.update(account=None)
    assert signed_in(client) == account


def test_a_new_password_ends_the_session(client, account):
    account.set_password("another one that is long")
    account.save()
    assert signed_in(client).is_anonymous


def test_an_account_that_was_closed_is_signed_in_no_longer(client, account):
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert signed_in(client).is_anonymous


def test_signing_in_as_somebody_else_names_them(client, account):
    other = an_account()
    client.force_login(other)
    assert Session.objects.get(pk=client.session.session_key).account == other
    assert signed_in(client) == other


def test_a_session_without_anybody_names_nobody():
    store = SessionStore()
    store["language"] = "en"
    store.save()
    row = Session.objects.get(pk=store.session_key)
    assert row.account is None
    assert SESSION_KEY not in SessionStore(store.session_key)


def test_what_one_request_changes_in_what_it_read_no_other_reads(client):
    data = Session.objects.get(pk=client.session.session_key).session_data
    read = SessionStore().decode(data)
    read["left"] = ["by one request"]
    assert "left" not in SessionStore().decode(data)


def test_data_that_somebody_wrote_by_hand_say_nothing(client, account):
    data = Session.objects.get(pk=client.session.session_key).session_data
    SessionStore().decode(data)
    Session.objects.update(session_data=data[:-1] + ("a" if data[-1] != "a" else "b"))
    assert not signed_in(client).is_authenticated
