"""Roles leave records, and those that approve, issue or audit take two people."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from oversight import four_eyes, role_grants
from oversight.models import RecordEntry
from people import services
from people.models import Role, RoleGrant, User


def test_a_role_given_and_ended_is_recorded(account, requester, now):
    user = account("Lena")
    grant = services.grant_role(user, Role.TUTOR, actor=requester, now=now)
    services.end_role(user, Role.TUTOR, actor=requester, now=now)
    entries = list(RecordEntry.objects.about(grant))
    assert [entry.kind for entry in entries] == [role_grants.GRANTED, role_grants.ENDED]
    assert {entry.actor for entry in entries} == {requester.uuid}
    assert entries[0].detail.facts["role"] == "tutor"
    grant.refresh_from_db()
    assert entries[1].detail.facts == {"shape": 1} | grant.record_facts()


def test_two_people_give_a_role_that_certifies(account, requester, approver, now):
    user = account("Lena")
    asked = role_grants.request(user, Role.CERTIFYING_OFFICER, reason="Appointed.", actor=requester, now=now)
    assert not RoleGrant.objects.exists()
    assert four_eyes.action_of(asked.action).consequence(asked) == "Lena becomes: Certifying officer."
    four_eyes.approve(asked, reason="Seen the order.", actor=approver, now=now)
    assert User.objects.get(pk=user.pk).holds(Role.CERTIFYING_OFFICER)
    (entry,) = RecordEntry.objects.about(RoleGrant.objects.get())
    assert entry.actor == requester.uuid
    assert entry.detail.facts["second_person"] == str(approver.uuid)


@pytest.mark.parametrize("who", ["the requester", "the subject", "a tutor", "an auditor"])
def test_nobody_else_decides(account, requester, now, who):
    user = account("Lena", Role.CERTIFYING_OFFICER)
    asked = role_grants.request(user, Role.AUDITOR, reason="Appointed.", actor=requester, now=now)
    decider = {
        "the requester": requester,
        "the subject": user,
        "a tutor": account("Tom", Role.TUTOR),
        "an auditor": account("Ada", Role.AUDITOR),
    }[who]
    assert not four_eyes.may_decide(decider, asked)
    with pytest.raises(PermissionDenied):
        four_eyes.approve(asked, reason="Why not.", actor=decider, now=now)
    assert not RoleGrant.objects.exists()


def test_only_training_managers_ask(account, now):
    for role in set(Role) - {Role.TRAINING_MANAGER}:
        with pytest.raises(PermissionDenied):
            role_grants.request(account(f"of {role}"), role, reason="x", actor=account(str(role), role), now=now)


def test_an_approval_that_cannot_be_carried_out_does_not_stand(account, requester, approver, now):
    user = account("Lena")
    asked = role_grants.request(user, Role.AUDITOR, reason="Appointed.", actor=requester, now=now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        four_eyes.approve(asked, reason="Seen.", actor=approver, now=now)
    asked.refresh_from_db()
    assert asked.state == asked.State.PENDING
