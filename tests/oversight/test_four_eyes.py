"""Deeds that take two people."""

import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from oversight import four_eyes, tasks
from oversight.models import FourEyesRequest, RecordEntry
from people.models import Administration, Office, Role
from tests.many_hands import at_once

from .conftest import RENAME

State = FourEyesRequest.State


@pytest.fixture
def decide(approver, now):
    def make(service, four_eyes_request, **changes):
        arguments = {"reason": "I have seen the decree.", "actor": approver, "now": now}
        return service(four_eyes_request, **(arguments | changes))

    return make


def kinds():
    return list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True))


class TestAsking:
    def test_a_request_waits_and_does_nothing_yet(self, ask, office, requester, now):
        made = ask()
        made.refresh_from_db()
        assert made.state == State.PENDING
        assert made.requester == requester
        assert made.administration == requester.administration
        assert made.expires_at == now + datetime.timedelta(days=14)
        assert made.payload == {"shape": 1, "name": "New name"}
        assert Office.objects.get().name == "Old name"

    def test_it_is_on_record_with_everything_it_says(self, ask):
        made = ask()
        entry = RecordEntry.objects.get()
        assert (entry.kind, entry.subject) == ("oversight.request.made", made.uuid)
        assert entry.detail.facts == {"shape": 1, **made.record_facts()}

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_it_needs_a_reason(self, ask, reason):
        with pytest.raises(ValidationError, match="give a reason"):
            ask(reason=reason)

    def test_it_needs_the_role(self, ask, account):
        with pytest.raises(PermissionDenied):
            ask(actor=account("Lea"))

    def test_nobody_asks_for_a_deed_that_concerns_themselves(self, ask, subject_person):
        with pytest.raises(PermissionDenied):
            ask(actor=subject_person)

    def test_a_closed_account_asks_for_nothing(self, ask, requester):
        requester.is_active = False
        with pytest.raises(PermissionDenied):
            ask()

    def test_nobody_asks_across_administrations(self, ask, account, office):
        south = Administration.objects.create(code="south", name="Customs of the South")
        stranger = account("Stefan", Role.TRAINING_MANAGER, administration=south)
        with pytest.raises(PermissionDenied):
            ask(actor=stranger, subject_person=None)
        with pytest.raises(PermissionDenied):
            ask(subject_person=stranger)

    def test_the_same_deed_on_the_same_subject_waits_only_once(self, ask):
        ask()
        with pytest.raises(four_eyes.ConflictError, match="already waiting"):
            ask()
        assert kinds() == ["oversight.request.made"]

    def test_it_can_be_asked_again_once_the_first_has_run_out(self, ask, now):
        first = ask()
        ask(now=now + datetime.timedelta(days=14))
        first.refresh_from_db()
        assert first.state == State.EXPIRED
        assert kinds() == ["oversight.request.made", "oversight.request.expired", "oversight.request.made"]

    def test_an_action_nobody_knows_is_a_fault_of_the_program(self, office, requester, now):
        with pytest.raises(KeyError):
            four_eyes.request("no.such.deed", subject=office, reason="x", actor=requester, now=now)

    def test_two_deeds_cannot_share_a_name(self, rename_action):
        four_eyes.register(rename_action)
        with pytest.raises(ImproperlyConfigured):
            four_eyes.register(four_eyes.Action(RENAME, "Other", bool, bool, print))


class TestDeciding:
    def test_approval_does_the_deed_and_records_it(self, ask, decide, approver, now):
        decided = decide(four_eyes.approve, ask())
        decided.refresh_from_db()
        assert (decided.state, decided.decided_by, decided.decided_at) == (State.APPROVED, approver, now)
        assert decided.decision_reason == "I have seen the decree."
        assert Office.objects.get().name == "New name"
        entry = RecordEntry.objects.head()
        assert (entry.kind, entry.actor) == ("oversight.request.approved", approver.uuid)
        assert entry.detail.facts == {"shape": 1, **decided.record_facts()}

    def test_refusal_changes_nothing_and_records_it(self, ask, decide):
        assert decide(four_eyes.refuse, ask()).state == State.REFUSED
        assert Office.objects.get().name == "Old name"
        assert kinds() == ["oversight.request.made", "oversight.request.refused"]

    @pytest.mark.parametrize("service", [four_eyes.approve, four_eyes.refuse])
    class TestIndependence:
        def test_nobody_decides_their_own_request(self, ask, decide, requester, service):
            made = ask()
            with pytest.raises(PermissionDenied):
                decide(service, made, actor=requester)
            made.refresh_from_db()
            assert made.state == State.PENDING

        def test_nobody_decides_what_concerns_themselves(self, ask, decide, subject_person, service):
            with pytest.raises(PermissionDenied):
                decide(service, ask(), actor=subject_person)

        def test_not_even_a_superuser(self, ask, decide, requester, service):
            requester.is_superuser = True
            requester.save()
            with pytest.raises(PermissionDenied):
                decide(service, ask(), actor=requester)

        def test_the_role_is_needed(self, ask, decide, account, service):
            with pytest.raises(PermissionDenied):
                decide(service, ask(), actor=account("Lea", Role.TUTOR))

        def test_another_administration_decides_nothing_here(self, ask, decide, account, service):
            south = Administration.objects.create(code="south", name="Customs of the South")
            with pytest.raises(PermissionDenied):
                decide(service, ask(), actor=account("Stefan", Role.TRAINING_MANAGER, administration=south))

        def test_a_closed_account_decides_nothing(self, ask, decide, approver, service):
            approver.is_active = False
            with pytest.raises(PermissionDenied):
                decide(service, ask())

        def test_a_reason_is_needed(self, ask, decide, service):
            with pytest.raises(ValidationError, match="give a reason"):
                decide(service, ask(), reason=" ")

        def test_what_has_run_out_is_not_decided(self, ask, decide, now, service):
            made = ask()
            with pytest.raises(four_eyes.ConflictError, match="run out of time"):
                decide(service, made, now=now + datetime.timedelta(days=14))
            assert Office.objects.get().name == "Old name"

        def test_what_is_closed_is_not_decided_again(self, ask, decide, service):
            made = ask()
            decide(four_eyes.refuse, made)
            with pytest.raises(four_eyes.ConflictError, match="closed already"):
                decide(service, made)
            assert Office.objects.get().name == "Old name"

    def test_a_stale_copy_of_the_request_decides_nothing(self, ask, decide, requester, now):
        made = ask()
        four_eyes.withdraw(FourEyesRequest.objects.get(), actor=requester, now=now)
        assert made.state == State.PENDING
        with pytest.raises(four_eyes.ConflictError):
            decide(four_eyes.approve, made)

    def test_a_deed_that_fails_undoes_its_approval(self, ask, decide):
        made = ask(payload={"shape": 1})
        with pytest.raises(KeyError):
            decide(four_eyes.approve, made)
        made.refresh_from_db()
        assert made.state == State.PENDING
        assert kinds() == ["oversight.request.made"]


class TestClosing:
    def test_the_requester_withdraws(self, ask, requester, now):
        withdrawn = four_eyes.withdraw(ask(), actor=requester, now=now)
        assert withdrawn.state == State.WITHDRAWN
        assert kinds()[-1] == "oversight.request.withdrawn"

    def test_nobody_else_does(self, ask, approver, now):
        with pytest.raises(PermissionDenied):
            four_eyes.withdraw(ask(), actor=approver, now=now)

    def test_what_is_decided_is_not_withdrawn(self, ask, decide, requester, now):
        made = ask()
        decide(four_eyes.approve, made)
        with pytest.raises(four_eyes.ConflictError):
            four_eyes.withdraw(made, actor=requester, now=now)

    def test_requests_run_out_after_fourteen_days(self, ask, now):
        made = ask()
        assert four_eyes.expire_due(now=now + datetime.timedelta(days=14, microseconds=-1)) == 0
        assert four_eyes.expire_due(now=now + datetime.timedelta(days=14)) == 1
        assert four_eyes.expire_due(now=now + datetime.timedelta(days=14)) == 0
        made.refresh_from_db()
        assert (made.state, made.decided_by) == (State.EXPIRED, None)
        entry = RecordEntry.objects.head()
        assert (entry.kind, entry.actor) == ("oversight.request.expired", None)

    def test_beat_closes_what_has_run_out(self, ask, now):
        ask(now=now - datetime.timedelta(days=4000))
        assert tasks.expire_requests() == 1


class TestTheDatabaseItself:
    """The rules hold below the services too, for whoever writes rows by hand."""

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "approved"},
            {"state": "approved", "decision_reason": "x"},
            {"decided_at": "now"},
            {"state": "expired"},
            {"reason": ""},
            {"expires_at": "now"},
        ],
        ids=str,
    )
    def test_a_half_decision_cannot_stand(self, ask, now, change):
        ask()
        change = {name: now if value == "now" else value for name, value in change.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            FourEyesRequest.objects.update(**change)

    @pytest.mark.parametrize("who", ["requester", "subject_person"])
    def test_a_decision_by_a_party_cannot_stand(self, ask, now, who):
        made = ask()
        decision = {"state": "approved", "decided_at": now, "decision_reason": "x"}
        with pytest.raises(IntegrityError), transaction.atomic():
            FourEyesRequest.objects.update(decided_by=getattr(made, who), **decision)

    def test_a_request_about_oneself_cannot_stand(self, ask):
        made = ask()
        with pytest.raises(IntegrityError), transaction.atomic():
            FourEyesRequest.objects.update(subject_person=made.requester)

    def test_two_pending_requests_for_one_deed_cannot_stand(self, ask):
        made = ask()
        made.pk, made.uuid = None, "11111111-2222-4333-8444-555555555555"
        with pytest.raises(IntegrityError), transaction.atomic():
            made.save(force_insert=True)


@pytest.mark.committing
def test_two_approvers_at_once_make_one_decision(ask, account, now, approver):
    """Both read the request as waiting, and both press; the deed is done once."""
    made = ask()
    others = [approver, *(account(f"Manager {number}", Role.TRAINING_MANAGER) for number in range(3))]

    def approve(actor):
        copy = FourEyesRequest.objects.get(pk=made.pk)
        return lambda: four_eyes.approve(copy, reason="Yes.", actor=actor, now=now)

    came_to = at_once(*map(approve, others), refusals=(four_eyes.ConflictError,))
    assert sum(isinstance(each, four_eyes.ConflictError) for each in came_to) == len(others) - 1
    assert kinds() == ["oversight.request.made", "oversight.request.approved"]


@pytest.mark.committing
def test_two_requests_at_once_leave_one(requester, account, office, now):
    def ask(actor):
        return lambda: four_eyes.request(
            RENAME, subject=office, reason="Please.", payload={"name": "x"}, actor=actor, now=now
        )

    others = (requester, account("Rita", Role.TRAINING_MANAGER))
    came_to = at_once(*map(ask, others), refusals=(four_eyes.ConflictError,))
    assert sum(isinstance(each, four_eyes.ConflictError) for each in came_to) == 1
    assert kinds() == ["oversight.request.made"]
