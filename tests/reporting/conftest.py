import pytest

from people.models import Role
from tests.factories.people import an_account, an_administration, sign_in


@pytest.fixture
def administration(db):
    return an_administration(time_zone="America/Bogota")


@pytest.fixture
def manager(administration):
    return an_account(administration, Role.TRAINING_MANAGER)


@pytest.fixture
def as_(client):
    """The client, signed in as somebody, second factor and all."""
    return lambda user: sign_in(client, user)
