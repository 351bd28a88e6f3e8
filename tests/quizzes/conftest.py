"""The doorbell of grading, heard by the test."""

import pytest


@pytest.fixture
def rung(monkeypatch):
    """What was rung for. Bells ring on commit, which a test that is rolled back never reaches: see `committed`."""
    calls = []
    monkeypatch.setattr("core.bell.current_app.send_task", lambda name, args: calls.append((name, args)))
    return calls


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)
