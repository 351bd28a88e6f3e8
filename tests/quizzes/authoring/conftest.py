"""People who write and review questions, signed in."""

import pytest
from django.test import Client

from people.models import Role
from people.services import group_of
from tests.factories.people import an_account, an_administration, sign_in


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def author(here):
    return _in_wagtail(an_account(here, Role.AUTHOR))


@pytest.fixture
def reviewer(here):
    return _in_wagtail(an_account(here, Role.SUBJECT_REVIEWER))


@pytest.fixture
def other_reviewer(here):
    return _in_wagtail(an_account(here, Role.SUBJECT_REVIEWER))


def _in_wagtail(account):
    account.groups.add(*(group_of(role) for role in account.roles))
    return account


@pytest.fixture
def writing(author):
    return sign_in(Client(), author)


@pytest.fixture
def reviewing(reviewer):
    return sign_in(Client(), reviewer)
