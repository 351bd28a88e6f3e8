"""People of two administrations, and a deed that takes two of them."""

import datetime

import pytest

from oversight import four_eyes
from people.models import Administration, Office, Role, User

NOW = datetime.datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=datetime.UTC)
RENAME = "people.office.rename"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def administration(request):
    # Committing tests bring their own database instead of the `db` fixture.
    if not request.node.get_closest_marker("committing"):
        request.getfixturevalue("db")
    return Administration.objects.create(code="north", name="Customs of the North")


@pytest.fixture
def account(administration):
    """Make an account: `account("Amal", Role.AUDITOR)`."""

    def make(name, *roles, administration=administration):
        return User.objects.create(
            administration=administration, staff_number=name, full_name=name, roles=[str(role) for role in roles]
        )

    return make


@pytest.fixture
def requester(account):
    return account("Rosa", Role.TRAINING_MANAGER)


@pytest.fixture
def approver(account):
    return account("Anton", Role.TRAINING_MANAGER)


@pytest.fixture
def subject_person(account):
    return account("Sami", Role.TRAINING_MANAGER)


@pytest.fixture
def office(administration):
    return Office.objects.create(administration=administration, kind=Office.Kind.HEADQUARTERS, name="Old name")


@pytest.fixture(autouse=True)
def rename_action(monkeypatch):
    """A deed that takes two training managers: give an office another name."""

    def apply(four_eyes_request, *, actor, now):
        Office.objects.filter(uuid=four_eyes_request.subject).update(name=four_eyes_request.payload["name"])

    action = four_eyes.Action(
        name=RENAME,
        label="Rename an office",
        may_request=lambda user, subject: user.holds(Role.TRAINING_MANAGER),
        may_decide=lambda user, four_eyes_request: user.holds(Role.TRAINING_MANAGER),
        apply=apply,
        consequence=lambda four_eyes_request: f"The office will be called {four_eyes_request.payload['name']}.",
    )
    monkeypatch.setitem(four_eyes._actions, RENAME, action)
    return action


@pytest.fixture
def ask(requester, subject_person, office, now):
    """Ask for the deed; any argument of `four_eyes.request` can be given anew."""

    def make(**changes):
        arguments = {
            "subject": office,
            "subject_person": subject_person,
            "reason": "The ministry has renamed it.",
            "payload": {"name": "New name"},
            "actor": requester,
            "now": now,
        }
        return four_eyes.request(RENAME, **(arguments | changes))

    return make
