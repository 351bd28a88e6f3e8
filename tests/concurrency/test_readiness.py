"""/readyz with a real broker and a real worker."""

import pytest

from elearning import health
from elearning.celery_app import GONE_AFTER
from tests.system import eventually

pytestmark = [pytest.mark.queue, pytest.mark.committing]


@pytest.fixture(autouse=True)
def _asks_this_broker(broker):
    health._broker.cache_clear()
    yield
    health._broker.cache_clear()


def test_all_parts_are_there(worker, client):
    assert client.get("/readyz").json() == {
        "ready": True,
        "parts": {"database": True, "broker": True, "worker": True},
        "missing": [],
    }


@pytest.mark.any_database
def test_a_worker_that_stops_in_order_says_so_at_once(worker, client):
    worker.stop()
    assert client.get("/readyz").json()["missing"] == ["worker"]


@pytest.mark.any_database
def test_a_killed_worker_is_missed_after_a_while_and_welcome_again(worker, client):
    worker.kill()
    eventually(
        lambda: client.get("/readyz").json()["missing"] == ["worker"], within=GONE_AFTER + 5, what="it is missed"
    )
    worker.start()
    assert client.get("/readyz").status_code == 200


@pytest.mark.any_database
def test_a_broker_that_comes_back_is_found_again(worker, broker, client):
    broker.stop()
    assert client.get("/readyz").json()["missing"] == ["broker", "worker"]
    broker.start()
    eventually(lambda: client.get("/readyz").status_code == 200, what="both are back")
