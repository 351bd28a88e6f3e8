import os
import shlex
import signal
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from elearning.embedded import supervision, valkey
from elearning.places import BASE_DIR
from tests.system import eventually


def configured(tmp_path, *programs):
    parser = RawConfigParser()
    parser.read_string(supervision.configuration(programs, socket=tmp_path / "socket", logs=tmp_path / "logs"))
    return parser


def test_the_queue_starts_before_the_application_and_stops_after_it(tmp_path):
    parser = configured(
        tmp_path,
        supervision.Program("broker", supervision.QUEUE, ["valkey"]),
        supervision.Program("web", supervision.APPLICATION, ["granian"]),
    )
    assert parser.getint("group:queue", "priority") < parser.getint("group:application", "priority")


def test_with_a_server_of_ones_own_there_is_no_queue_to_start(tmp_path):
    parser = configured(tmp_path, supervision.Program("web", supervision.APPLICATION, ["granian"]))
    assert not parser.has_section("group:queue")


def test_a_folder_with_spaces_and_percent_signs_stays_one_argument(tmp_path):
    folder = tmp_path / "100 % of data"
    parser = configured(tmp_path, supervision.Program("web", supervision.APPLICATION, ["run", str(folder)]))
    assert f"'{folder}'".replace("%", "%%") in parser.get("program:web", "command")


def test_the_queue_keeps_what_it_is_told_and_its_password_stays_off_the_command_line(tmp_path):
    command = valkey.Server(tmp_path / "broker", 1234, "a-secret", valkey.QUEUE).configure()
    written = Path(command[1])
    assert "a-secret" not in " ".join(command)
    assert written.stat().st_mode & 0o077 == 0
    assert {"appendonly yes", "maxmemory-policy noeviction", "bind 127.0.0.1"} <= set(written.read_text().splitlines())


# A parent that starts a program tied to itself, and waits for it.
PARENT = """
import subprocess
from elearning.embedded import supervision
subprocess.run(supervision.tied({child!r}))
"""
# A child that waits until its parent is gone, says who has adopted it, and only then becomes its program.
LATE = """
import os, sys, time
while os.getppid() == int(sys.argv[1]):
    time.sleep(0.01)
open({adopted!r}, "w").write(f"{{os.getpid()}} {{os.getppid()}}")
os.execv({program[0]!r}, {program!r})
"""


def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    told = tmp_path / "child"
    lives = f"import os, signal; open({str(told)!r}, 'w').write(str(os.getpid())); signal.pause()"
    code = PARENT.format(child=[sys.executable, "-c", lives])
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR)
    pid = int(eventually(lambda: told.exists() and told.read_text(), what="the child has started"))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    eventually(lambda: not is_running(pid), within=10, what="the child has ended")


def test_a_child_whose_parent_was_killed_before_it_could_ask_never_becomes_its_program(tmp_path):
    told = tmp_path / "child"
    writes = [sys.executable, "-c", f"open({str(told)!r}, 'w').write('it ran')"]
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    late = [str(gone.pid) if part == str(os.getpid()) else part for part in supervision.tied(writes)]
    assert late != supervision.tied(writes)
    assert subprocess.run(late).returncode == -signal.SIGTERM
    assert not told.exists()
    assert subprocess.run(supervision.tied(writes)).returncode == 0
    assert told.read_text() == "it ran"


def test_a_supervisors_program_that_starts_as_an_orphan_ends_itself(tmp_path):
    """The supervisor has no number when its programs are written down; an orphan is the first process's child."""
    told, adopted = tmp_path / "ran", tmp_path / "adopted"
    writes = [sys.executable, "-c", f"open({str(told)!r}, 'w')"]
    beat = supervision.Program("beat", supervision.APPLICATION, writes, orphaned=signal.SIGKILL)
    program = shlex.split(configured(tmp_path, beat).get("program:beat", "command"))
    late = LATE.format(adopted=str(adopted), program=program)
    starts = f"import os, subprocess, sys; subprocess.Popen([sys.executable, '-c', {late!r}, str(os.getpid())])"
    subprocess.run([sys.executable, "-c", starts], check=True)
    pid, parent = eventually(lambda: adopted.exists() and adopted.read_text().split(), what="the child is an orphan")
    if parent != "1":
        pytest.skip("Orphans are adopted by another than the first process here.")
    eventually(lambda: not is_running(int(pid)), within=10, what="the orphan has ended")
    assert not told.exists()


def is_running(pid):
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except (ProcessLookupError, FileNotFoundError):
        return False
