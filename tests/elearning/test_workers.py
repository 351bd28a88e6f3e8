"""What a worker's process does around its tasks."""

from types import SimpleNamespace

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from elearning.celery_app import app, keep_good_connections

pytestmark = pytest.mark.committing


@pytest.fixture
def closed(monkeypatch):
    """How often the connection was closed."""
    times = []
    monkeypatch.setattr(connection, "close", lambda: times.append(1))
    return times


def around_a_task():
    task = SimpleNamespace(request=SimpleNamespace(is_eager=False))
    celery = DjangoWorkerFixup(app)
    for step in (celery.on_task_prerun, celery.on_task_postrun):
        step(sender=task)
        keep_good_connections(task=task)


def test_a_good_connection_is_kept_from_task_to_task(closed):
    connection.ensure_connection()
    around_a_task()
    around_a_task()
    assert closed == []


def test_a_connection_that_fails_is_closed(closed, monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(connection, "errors_occurred", True)
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    around_a_task()
    assert closed != []


def test_a_connection_is_looked_at_before_each_task(monkeypatch):
    looked, counts = [], []
    monkeypatch.setattr("elearning.celery_app.close_old_connections", lambda: looked.append(1))
    for _task in range(3):
        keep_good_connections(task=SimpleNamespace(request=SimpleNamespace(is_eager=False)))
        counts.append(len(looked))
    assert counts == [1, 2, 3]
