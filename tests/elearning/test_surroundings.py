import os
import socket

import pytest

from elearning.embedded import secrets, surroundings
from elearning.embedded.telling import Problem


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_with_a_way_out(monkeypatch, taken_port):
    monkeypatch.setenv("PORT", str(taken_port))
    with pytest.raises(Problem, match=rf"port {taken_port} is taken.*make run PORT="):
        surroundings.port()


def test_a_free_port_is_taken_as_given(monkeypatch):
    free = secrets.free_port()
    monkeypatch.setenv("PORT", str(free))
    assert surroundings.port() == free


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "80 "])
def test_what_is_no_port_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Problem, match="from 1 to 65535"):
        surroundings.port()


def test_a_data_folder_is_made_where_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "new" / "data"))
    assert surroundings.data_dir().is_dir()
    assert list(surroundings.data_dir().iterdir()) == []


def test_a_data_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("DATA_DIR", str(file / "data"))
    with pytest.raises(Problem, match="cannot be written.*DATA_DIR="):
        surroundings.data_dir()


def test_a_data_folder_serves_one_running_copy(tmp_path):
    with (
        surroundings.take(tmp_path),
        pytest.raises(Problem, match=f"in use by another running copy .process {os.getpid()}."),
    ):
        surroundings.take(tmp_path)


def test_a_data_folder_is_free_again_once_its_copy_has_ended(tmp_path):
    surroundings.take(tmp_path).close()
    surroundings.take(tmp_path).close()
