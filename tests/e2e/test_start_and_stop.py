"""What `make run` starts: it stops whole, it keeps what it holds, and a killed part comes back."""

import os
import signal
import urllib.request

import pytest

from elearning.embedded import secrets
from tests import databases, system
from tests.system import eventually

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def _bare_system(tmp_path_factory, django_db_blocker):
    started = system.LiveSystem(tmp_path_factory.mktemp("bare"), DEMONSTRATION="0")
    with django_db_blocker.unblock():
        databases.write_migrated(started.data_dir / "plumbline.sqlite3")
    yield started
    started.stop()


@pytest.fixture
def bare_system(_bare_system):
    """A running system of this file's own, without demonstration data. Its tests may stop it and break it."""
    if not _bare_system.processes():
        _bare_system.start()
    return _bare_system


def test_ctrl_c_stops_every_process_and_the_next_start_keeps_the_data(bare_system):
    kept = secrets.load_or_make(bare_system.data_dir)
    assert len(bare_system.processes()) >= 8
    bare_system.stop()
    assert bare_system.processes() == {}
    bare_system.start()
    assert secrets.load_or_make(bare_system.data_dir) == kept


@pytest.mark.parametrize("victim", ["elearning.embedded.start", "supervisor.supervisord"])
def test_whoever_is_killed_leaves_nothing_running(bare_system, victim):
    os.kill(bare_system.process(victim), signal.SIGKILL)
    eventually(lambda: not bare_system.processes(), within=40, what=lambda: f"gone are {bare_system.processes()}")


@pytest.mark.parametrize(
    "victim",
    [
        "celery_app worker",
        "valkey-server",
        pytest.param("granian", marks=pytest.mark.long),
        pytest.param("beat_app beat", marks=pytest.mark.long),
    ],
)
def test_a_killed_part_is_started_again(live_system, victim):
    before = live_system.processes_like(victim)
    os.kill(min(before), signal.SIGKILL)
    eventually(lambda: live_system.processes_like(victim) - before, what="it runs again")
    eventually(live_system.is_ready, within=90, what="the system is ready")


@pytest.mark.parametrize(("language", "sign"), [("en", 'lang="en"'), ("ar", 'dir="rtl"')])
def test_the_home_page_is_served_in_the_reader_s_direction(live_system, language, sign):
    with urllib.request.urlopen(f"{live_system.url}/{language}/") as answer:
        assert sign in answer.read().decode()
