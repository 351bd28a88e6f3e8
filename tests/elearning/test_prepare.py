import json

import pytest

from elearning.embedded import prepare


@pytest.fixture
def data_dir(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.DATA_DIR = tmp_path
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "plumbline.sqlite3")
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"plumbline.sqlite3{suffix}").touch()
    return tmp_path


def stamp(data_dir, state):
    (data_dir / prepare.DEMONSTRATION_STAMP).write_text(json.dumps({"shape": 1, "state": state, "database": "x"}))


def test_first_data_that_were_interrupted_are_made_again(data_dir):
    stamp(data_dir, "begun")
    prepare._forget_half_made_data()
    assert list(data_dir.iterdir()) == []


def test_finished_data_are_kept(data_dir):
    stamp(data_dir, "ready")
    prepare._forget_half_made_data()
    assert (data_dir / "plumbline.sqlite3").exists()


def test_a_database_of_someone_else_is_never_emptied(data_dir, monkeypatch):
    stamp(data_dir, "begun")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    prepare._forget_half_made_data()
    assert (data_dir / "plumbline.sqlite3").exists()
