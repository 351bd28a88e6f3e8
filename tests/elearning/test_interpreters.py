"""Which of several Pythons becomes the platform's."""

import stat
import sys
from pathlib import Path

import pytest

from elearning.embedded import interpreters

NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"
OWN_VERSION = list(sys.version_info[:2])
SQLITE = [3, 40, 1]


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Puts something that calls itself Python on the machine's path, by what it says when it is tried."""
    folders = []

    def put(says: str) -> str:
        folder = tmp_path / str(len(folders))
        folder.mkdir()
        made = folder / NAME
        made.write_text(f"#!/bin/sh\n{says}\n")
        made.chmod(made.stat().st_mode | stat.S_IXUSR)
        folders.append(str(folder))
        monkeypatch.setenv("PATH", ":".join(folders))
        return str(made)

    return put


@pytest.fixture
def own(put, monkeypatch):
    """The Python that was called: it takes 0.1 s."""
    path = put(tried(0.1))
    monkeypatch.setattr(sys, "executable", path)
    return path


def tried(seconds, *, version=None, sqlite=None) -> str:
    return f"echo '[{version or OWN_VERSION}, {sqlite or SQLITE}, {seconds}]'"


def test_a_faster_one_of_the_same_version_is_taken(own, put):
    put(tried(0.08))
    faster = put(tried(0.06))
    assert interpreters.fastest() == faster


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(tried(0.095), id="hardly faster"),
        pytest.param(tried(0.2), id="slower"),
        pytest.param(tried(0.05, version=[3, 99]), id="of another version"),
        pytest.param(tried(0.05, sqlite=[3, 31, 0]), id="with an older SQLite"),
        pytest.param("echo \"No module named 'ensurepip'\" >&2; exit 1", id="without what makes an environment"),
        pytest.param("echo pyenv: command not found", id="no Python at all"),
    ],
)
def test_the_one_that_was_called_is_kept_where_another_is(own, put, says):
    put(says)
    assert interpreters.fastest() == own


def test_one_that_was_called_and_cannot_be_tried_is_kept(put, monkeypatch):
    """What is wrong with it is for the next step to say."""
    called = put("exit 1")
    monkeypatch.setattr(sys, "executable", called)
    put(tried(0.05))
    assert interpreters.fastest() == called


def test_a_real_python_is_tried(monkeypatch):
    pytest.importorskip("ensurepip")
    monkeypatch.setattr(sys, "executable", sys._base_executable)
    monkeypatch.setenv("PATH", str(Path(sys._base_executable).parent))
    assert interpreters._tried(sys._base_executable).seconds > 0
    assert Path(interpreters.fastest()).resolve() == Path(sys._base_executable).resolve()
