"""Roles, officers and postings."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from people import permissions, services, signals
from people.models import Officer, Posting, Role, RoleGrant, User
from tests.factories.people import NOW, a_post, an_account, an_administration, an_office, an_officer

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=30)


@pytest.fixture
def home():
    return an_administration()


@pytest.fixture
def manager(home):
    return an_account(home, Role.TRAINING_MANAGER)


@pytest.fixture
def heard():
    """Everything people announce, with whether it was inside a transaction."""
    events = []

    def hear(signal, **kwargs):
        events.append((signal, kwargs, connection.in_atomic_block))

    announced = [signals.role_granted, signals.role_ended, signals.officer_created, signals.officer_posted]
    for signal in announced:
        signal.connect(hear, weak=False)
    yield events
    for signal in announced:
        signal.disconnect(hear)


def test_a_role_is_kept_with_its_grant_and_beside_the_account(home, manager, heard):
    user = an_account(home)
    grant = services.grant_role(user, "tutor", actor=manager, now=NOW)
    assert User.objects.get(pk=user.pk).roles == ["tutor"]
    assert (grant.granted_at, grant.ended_at) == (NOW, None)
    assert [event[1]["grant"] for event in heard] == [grant]
    services.end_role(user, "tutor", actor=manager, now=LATER)
    assert User.objects.get(pk=user.pk).roles == []
    assert RoleGrant.objects.get().ended_at == LATER


def test_granting_twice_gives_one_grant(home, heard):
    user = an_account(home)
    first = services.grant_role(user, Role.AUTHOR, actor=None, now=NOW)
    assert services.grant_role(user, Role.AUTHOR, actor=None, now=LATER) == first
    assert len(heard) == 1


def test_an_author_belongs_to_wagtails_authors_as_long_as_the_role_lasts(home):
    user = an_account(home)
    services.grant_role(user, Role.AUTHOR, actor=None, now=NOW)
    user = User.objects.get(pk=user.pk)
    assert user.has_perm("wagtailadmin.access_admin")
    services.end_role(user, Role.AUTHOR, actor=None, now=LATER)
    assert not User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")


@pytest.mark.parametrize("role", sorted(permissions.TWO_PERSON_ROLES))
def test_a_role_that_approves_issues_or_audits_takes_two_people(home, manager, role):
    user, other = an_account(home), an_account(home, Role.CERTIFYING_OFFICER)
    stranger = an_account(None, Role.TRAINING_MANAGER)
    for second in (None, manager, user, an_account(home), stranger):
        with pytest.raises(PermissionDenied):
            services.grant_role(user, role, actor=manager, second_person=second, now=NOW)
    assert not RoleGrant.objects.exists()
    services.grant_role(user, role, actor=manager, second_person=other, now=NOW)
    assert User.objects.get(pk=user.pk).holds(role)


def test_nobody_grants_a_role_to_themselves_to_strangers_or_without_the_right(home, manager):
    tutor, stranger = an_account(home, Role.TUTOR), an_account()
    for actor, user in ((manager, manager), (manager, stranger), (tutor, an_account(home))):
        with pytest.raises(PermissionDenied):
            services.grant_role(user, Role.AUTHOR, actor=actor, now=NOW)
    assert not RoleGrant.objects.exists()


def test_a_role_that_is_not_one_is_an_error(home):
    with pytest.raises(ValueError, match="minister"):
        services.grant_role(an_account(home), "minister", actor=None, now=NOW)


def test_a_closed_account_gets_no_role(home):
    with pytest.raises(ValidationError):
        services.grant_role(an_account(home, is_active=False), Role.TUTOR, actor=None, now=NOW)


def test_one_may_lay_down_ones_own_role_and_others_may_not(home):
    user = an_account(home)
    services.grant_role(user, Role.TUTOR, actor=None, now=NOW)
    with pytest.raises(PermissionDenied):
        services.end_role(user, Role.TUTOR, actor=an_account(home, Role.TUTOR), now=LATER)
    services.end_role(user, Role.TUTOR, actor=user, now=LATER)
    assert services.end_role(user, Role.TUTOR, actor=user, now=LATER) is None


def test_who_hears_of_a_grant_can_still_undo_it(home):
    def refuse(**kwargs):
        raise RuntimeError

    signals.role_granted.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            services.grant_role(an_account(home), Role.TUTOR, actor=None, now=NOW)
    finally:
        signals.role_granted.disconnect(refuse)
    assert not RoleGrant.objects.exists()


def test_an_officer_is_made_with_an_account_in_the_language_of_the_administration(manager, heard):
    home = manager.administration
    home.language = "es"
    home.save()
    officer = services.create_officer(
        administration=home,
        staff_number="9",
        full_name="Ana",
        category=Officer.Category.EMPLOYEE,
        customs_related=True,
        email="Ana@Example.org",
        actor=manager,
        now=NOW,
    )
    assert (officer.user.language, officer.user.time_zone, officer.user.email) == (
        "es",
        home.time_zone,
        "ana@example.org",
    )
    assert not officer.user.has_usable_password()
    assert heard[0][1]["officer"] == officer
    for taken in ({"staff_number": "9"}, {"staff_number": "10", "email": "ANA@example.org"}):
        with pytest.raises(ValidationError):
            services.create_officer(
                **{"administration": home, "full_name": "B", "category": "employee", "customs_related": True} | taken,
                actor=manager,
                now=NOW,
            )


def test_a_new_account_keeps_the_type_of_its_name_in_the_record_log():
    user = an_account()
    assert user.uuid == User.objects.get(pk=user.pk).uuid


def test_a_posting_closes_the_one_before_it(manager, heard):
    officer, office = an_officer(manager.administration), an_office(manager.administration)
    first = services.post_officer(officer, a_post(office), since=datetime.date(2026, 1, 1), actor=manager, now=NOW)
    second = services.post_officer(officer, a_post(office), since=datetime.date(2026, 3, 1), actor=manager, now=NOW)
    first.refresh_from_db()
    assert first.until == datetime.date(2026, 2, 28)
    assert (second.since, second.until) == (datetime.date(2026, 3, 1), None)
    assert heard[-1][1]["previous"] == first
    assert list(officer.postings.current(datetime.date(2026, 2, 28))) == [first]
    assert list(officer.postings.current(datetime.date(2026, 3, 1))) == [second]


def test_a_posting_of_the_same_day_corrects_the_first(manager):
    officer, office = an_officer(manager.administration), an_office(manager.administration)
    day = datetime.date(2026, 1, 1)
    services.post_officer(officer, a_post(office), since=day, actor=manager, now=NOW)
    right = a_post(office)
    services.post_officer(officer, right, since=day, actor=manager, now=NOW)
    assert Posting.objects.get().post == right


def test_the_post_already_held_is_left_as_it_is(manager, heard):
    officer, post = an_officer(manager.administration), a_post(an_office(manager.administration))
    first = services.post_officer(officer, post, since=datetime.date(2026, 1, 1), actor=manager, now=NOW)
    assert services.post_officer(officer, post, since=datetime.date(2026, 2, 1), actor=manager, now=NOW) == first
    assert len(heard) == 1


def test_postings_go_forward_and_stay_within_the_administration(manager):
    officer, office = an_officer(manager.administration), an_office(manager.administration)
    services.post_officer(officer, a_post(office), since=datetime.date(2026, 3, 1), actor=manager, now=NOW)
    with pytest.raises(ValidationError):
        services.post_officer(officer, a_post(office), since=datetime.date(2026, 1, 1), actor=manager, now=NOW)
    with pytest.raises(ValidationError):
        services.post_officer(
            officer, a_post(an_office(an_administration())), since=datetime.date(2026, 4, 1), actor=manager, now=NOW
        )
    with pytest.raises(PermissionDenied):
        services.post_officer(
            officer,
            a_post(office),
            since=datetime.date(2026, 4, 1),
            actor=an_account(None, Role.TRAINING_MANAGER),
            now=NOW,
        )
    assert Posting.objects.count() == 1
