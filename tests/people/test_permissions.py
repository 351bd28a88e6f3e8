"""Predicates about people."""

import pytest
from django.contrib.auth.models import AnonymousUser

from people import permissions
from people.models import Office, Role
from tests.factories.people import an_account, an_administration, an_office

pytestmark = pytest.mark.django_db


def test_everyone_who_may_sign_in_may_learn():
    assert permissions.is_learner(an_account())
    assert permissions.is_learner(an_account(None, Role.AUDITOR))
    assert not permissions.is_learner(an_account(is_active=False))
    assert not permissions.is_learner(AnonymousUser())


def test_a_role_is_held_by_open_accounts_alone():
    holds = permissions.holds_role(Role.TUTOR, Role.AUTHOR)
    assert holds(an_account(None, Role.AUTHOR))
    assert not holds(an_account(None, Role.AUDITOR))
    assert not holds(an_account(None, Role.AUTHOR, is_active=False))
    assert not holds(AnonymousUser())


def test_only_training_managers_manage_officers():
    assert an_account(None, Role.TRAINING_MANAGER).has_perm("people.manage_officers")
    for role in set(Role) - {Role.TRAINING_MANAGER}:
        assert not an_account(None, role).has_perm("people.manage_officers")


def test_another_administration_does_not_exist():
    one, other = an_administration(), an_administration()
    here, there = an_office(one), an_office(other)
    user = an_account(one, Role.TRAINING_MANAGER)
    assert permissions.same_administration(user, here)
    assert not permissions.same_administration(user, there)
    assert not permissions.same_administration(AnonymousUser(), here)
    assert list(Office.objects.visible_to(user)) == [here]
    assert not Office.objects.visible_to(AnonymousUser())
