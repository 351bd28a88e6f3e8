"""A real broker and a real worker, for tests marked `queue`. They see the test's own database: mark it `committing`.

@pytest.mark.queue
@pytest.mark.committing
def test_a_killed_worker_loses_nothing(broker, worker):
    …submit…; worker.kill(); worker.start(); eventually(lambda: …)
"""

import pytest
from kombu import pools

from elearning.celery_app import app
from tests import system


@pytest.fixture(scope="session")
def _session_broker(tmp_path_factory):
    with system.broker(tmp_path_factory.mktemp("broker")) as started:
        yield started


@pytest.fixture
def broker(_session_broker, settings):
    """A running, empty broker, to which this process publishes as the web server would."""
    if not _session_broker.answers():
        _session_broker.start()
    _session_broker.empty()
    before = app.conf.broker_url
    settings.CELERY_BROKER_URL = _session_broker.url
    _publish_to(_session_broker.url)
    yield _session_broker
    _publish_to(before)


@pytest.fixture
def worker(broker, committing_database, tmp_path):
    """A running worker on this test's broker and database."""
    started = system.Worker(broker, tmp_path / "worker.log")
    started.start()
    yield started
    started.kill()


def _publish_to(url: str) -> None:
    """Celery keeps its connections for the life of the process; a new address takes new ones."""
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
    app.conf.broker_url = url
