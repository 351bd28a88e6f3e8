import pytest

from elearning import health


@pytest.fixture
def _no_broker(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    health._broker.cache_clear()
    yield
    health._broker.cache_clear()


@pytest.mark.usefixtures("_no_broker")
def test_alive_asks_nobody(client):
    """Without the mark `django_db` a single query would fail this test."""
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_broker")
def test_what_is_missing_is_named(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "parts": {"database": True, "broker": False, "worker": False},
        "missing": ["broker", "worker"],
    }


@pytest.mark.django_db
def test_nothing_keeps_an_old_answer(client, _no_broker):
    assert "no-store" in client.get("/readyz")["Cache-Control"]
