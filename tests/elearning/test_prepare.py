import json
import multiprocessing
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from elearning.embedded import prepare
from elearning.places import BASE_DIR
from tests.system import eventually


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


# --- Files and database at the same time ----------------------------------------------------------------------------


def test_the_files_are_made_meanwhile_and_are_there_at_the_end(tmp_path):
    with prepare._meanwhile("Files", (tmp_path / "made").touch):
        pass
    assert (tmp_path / "made").exists()


def test_the_other_work_goes_on_while_the_files_wait():
    told = multiprocessing.get_context("fork").Event()

    def waits():
        assert told.wait(30)

    with prepare._meanwhile("Files", waits):
        told.set()


def test_files_that_cannot_be_made_end_the_start(tmp_path):
    with pytest.raises(SystemExit), prepare._meanwhile("Files", (tmp_path / "no folder" / "made").touch):
        pass


# --- Two starts at the same time ------------------------------------------------------------------------------------

# A start that gathers static files into a folder of the test's: it says when it begins, waits to be told to go on, and
# says when it ends. What the files are like stands in its last argument.
STARTS = """
import sys
from pathlib import Path

import django

django.setup()
from elearning.embedded import prepare

name, folder, files = sys.argv[1], Path(sys.argv[2]), sys.argv[3]


def say(what):
    with (folder / "told").open("a") as told:
        told.write(f"{name} {what}\\n")


def gather(*args, **kwargs):
    say("begins")
    sys.stdin.readline()
    say("ends")


prepare.BUILD_DIR = folder
prepare.STATIC_STAMP = folder / "static.sha256"
prepare.call_command = gather
prepare._fingerprint = lambda: files
prepare._static_files()
"""


class Start:
    def __init__(self, name, folder, files):
        self.name, self.folder = name, folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", STARTS, name, folder, files],
            cwd=BASE_DIR,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "elearning.settings.test"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )

    def has_begun(self):
        return f"{self.name} begins" in told(self.folder)

    def waits(self):
        """Whether the kernel lists it among those who wait for somebody else's lock."""
        lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
        return any(line[1:3] == ["->", "FLOCK"] and line[5] == str(self.process.pid) for line in lines)

    def go_on(self):
        self.process.communicate("\n", timeout=30)
        assert self.process.returncode == 0


def told(folder):
    path = folder / "told"
    return path.read_text().splitlines() if path.exists() else []


@contextmanager
def two_starts(folder, files):
    """The first, in the middle of its gathering, and a second that has come as far as it can."""
    first = Start("first", folder, files[0])
    second = None
    try:
        eventually(first.has_begun, what="the first start gathers")
        second = Start("second", folder, files[1])
        eventually(lambda: second.waits() or second.has_begun(), what="the second start has come to the files")
        yield first, second
    finally:
        for start in filter(None, (first, second)):
            start.process.kill()
            start.process.communicate()


def test_two_starts_gather_static_files_one_after_the_other(tmp_path):
    with two_starts(tmp_path, files=("as they were", "as they are")) as (first, second):
        assert told(tmp_path) == ["first begins"]
        first.go_on()
        second.go_on()
    assert told(tmp_path) == ["first begins", "first ends", "second begins", "second ends"]
    assert (tmp_path / "static.sha256").read_text() == "as they are"


def test_the_second_of_two_starts_finds_the_static_files_gathered(tmp_path):
    with two_starts(tmp_path, files=("as they are", "as they are")) as (first, second):
        first.go_on()
        second.go_on()
    assert told(tmp_path) == ["first begins", "first ends"]
