"""Partners from outside: invited by a letter, with an account of their own, through a last day."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from core.models import OutgoingMail
from oversight.models import RecordEntry
from people import external_learners, invitations, services
from people.backends import StaffNumberOrEmailBackend
from people.models import Invitation, Officer, Role, User
from people.tasks import clear_unanswered_invitations
from tests.factories.people import NOW, PASSWORD, a_partner, an_account, an_administration

pytestmark = pytest.mark.django_db
LAST_DAY = datetime.date(2026, 6, 30)
ADDRESS = "rosa@brokers.example"


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


@pytest.fixture
def home(manager):
    return manager.administration


def invite(administration, **fields):
    usual = {
        "email": ADDRESS,
        "full_name": "Rosa Díaz",
        "organisation": "Brokers Ltd",
        "language": "fr",
        "access_until": LAST_DAY,
        "actor": None,
        "now": NOW,
    }
    return invitations.invite(administration, **usual | fields)


def accept(invitation, now=NOW):
    return invitations.accept(invitation, full_name="Rosa Díaz", password=PASSWORD, now=now)


def kinds():
    return list(RecordEntry.objects.order_by("sequence").values_list("kind", "actor"))


def test_an_invitation_is_a_letter_in_the_language_that_was_chosen_and_a_record(home, manager):
    invitation = invite(home, actor=manager)
    letter = OutgoingMail.objects.get()
    assert (letter.to_address, letter.language) == (ADDRESS, "fr")
    assert letter.body.startswith("Bonjour")
    assert invitations.address_of(invitation) in letter.body
    assert invitations.named_by(invitations.token_of(invitation)) == invitation
    assert kinds() == [("people.invitation.made", manager.uuid)]


def test_the_record_log_does_not_hold_the_address(home):
    invite(home)
    assert ADDRESS not in str(RecordEntry.objects.select_related("detail").get().detail.facts)


def test_who_accepts_has_an_account_without_officer_role_or_staff_number_to_know(home):
    account = accept(invite(home))
    assert account.is_external
    assert (account.email, account.external_until, account.language) == (ADDRESS, LAST_DAY, "fr")
    assert not Officer.objects.filter(user=account).exists()
    assert account.roles == []
    assert StaffNumberOrEmailBackend().account_named(ADDRESS) == account
    assert [kind for kind, _actor in kinds()] == [
        "people.invitation.made",
        "people.external_access.set",
        "people.invitation.accepted",
    ]


@pytest.mark.parametrize("spoil", ["accepted", "withdrawn", "waited", "over"])
def test_an_invitation_is_accepted_once_and_in_time(home, spoil):
    invitation, now = invite(home), NOW
    if spoil == "accepted":
        accept(invitation)
    elif spoil == "withdrawn":
        invitations.withdraw(invitation, actor=None, now=NOW)
    elif spoil == "waited":
        now = NOW + invitations.WAITS_FOR
    else:
        Invitation.objects.update(access_until=NOW.date() - datetime.timedelta(days=1))
    before = User.objects.count()
    with pytest.raises(invitations.NoLongerOpen):
        accept(invitation, now)
    assert User.objects.count() == before


def test_inviting_again_withdraws_the_first_letter(home):
    first = invite(home)
    second = invite(home, email=ADDRESS.upper())
    first.refresh_from_db()
    assert first.withdrawn_at == NOW
    assert list(Invitation.objects.waiting(NOW)) == [second]


def test_an_accepted_invitation_cannot_be_withdrawn(home):
    invitation = invite(home)
    accept(invitation)
    with pytest.raises(invitations.NoLongerOpen):
        invitations.withdraw(invitation, actor=None, now=NOW)


def test_nobody_who_has_an_account_is_invited(home):
    an_account(email=ADDRESS)
    with pytest.raises(ValidationError):
        invite(home)


def test_who_has_got_an_account_elsewhere_in_the_meantime_accepts_no_more(home):
    invitation = invite(home)
    accept(invite(an_administration()))
    with pytest.raises(ValidationError):
        accept(invitation)


def test_nobody_is_invited_for_days_that_are_gone(home):
    with pytest.raises(ValidationError):
        invite(home, access_until=NOW.date() - datetime.timedelta(days=1))
    invite(home, access_until=NOW.date())


def test_only_a_training_manager_of_the_administration_invites_and_changes(home):
    invitation, partner = invite(home), a_partner(home)
    for actor in (an_account(home, *set(Role) - {Role.TRAINING_MANAGER}), an_account(None, *Role), partner):
        with pytest.raises(PermissionDenied):
            invite(home, email="other@brokers.example", actor=actor)
        with pytest.raises(PermissionDenied):
            invitations.withdraw(invitation, actor=actor, now=NOW)
        with pytest.raises(PermissionDenied):
            external_learners.set_last_day(partner, LAST_DAY, actor=actor, now=NOW)


@pytest.mark.parametrize("token", ["x", "", "00000000-0000-0000-0000-000000000000", "a:b"])
def test_an_address_that_somebody_made_up_names_nothing(home, token):
    assert invitations.named_by(token) is None


def test_who_did_not_accept_is_forgotten_a_month_later_and_who_did_is_not(home):
    accepted, waiting = invite(home), invite(home, email="late@brokers.example")
    account = accept(accepted)
    over = waiting.expires_at + invitations.KEPT_FOR
    assert invitations.clear(now=over) == 0
    with time_machine.travel(over + datetime.timedelta(seconds=1), tick=False):
        clear_unanswered_invitations()
    assert list(Invitation.objects.values_list("account", flat=True)) == [account.pk]


class TestAccess:
    def test_it_lasts_through_the_last_day_of_the_administration_not_of_the_server(self, home):
        """In Bogotá the 30th of June lasts until 5.00 on the 1st of July in London."""
        partner = a_partner(home, until=LAST_DAY)
        midnight = datetime.datetime(2026, 7, 1, 5, tzinfo=datetime.UTC)
        assert external_learners.has_access(partner, midnight - datetime.timedelta(seconds=1))
        assert not external_learners.has_access(partner, midnight)

    def test_after_it_nobody_signs_in_and_an_open_session_ends(self, home):
        partner = a_partner(home, email=ADDRESS)
        client = Client()
        client.force_login(partner)
        assert client.get("/en/learn/").status_code == 200
        external_learners.set_last_day(partner, datetime.date(2020, 1, 1), actor=None, now=NOW)
        assert "/accounts/login/" in client.get("/en/learn/")["Location"]
        assert StaffNumberOrEmailBackend().authenticate(None, username=ADDRESS, password=PASSWORD) is None

    def test_another_last_day_is_recorded_once(self, home, manager):
        partner = a_partner(home, until=LAST_DAY)
        later = LAST_DAY + datetime.timedelta(days=30)
        assert external_learners.set_last_day(partner, later, actor=manager, now=NOW)
        assert not external_learners.set_last_day(partner, later, actor=manager, now=NOW)
        assert kinds() == [("people.external_access.set", manager.uuid)]

    def test_an_officer_s_account_has_no_last_day(self, home):
        with pytest.raises(ValidationError):
            external_learners.set_last_day(an_account(home), LAST_DAY, actor=None, now=NOW)

    @pytest.mark.parametrize("role", list(Role))
    def test_no_role_is_given_to_a_partner(self, home, role):
        with pytest.raises(ValidationError):
            services.grant_role(a_partner(home), role, actor=None, now=NOW)
