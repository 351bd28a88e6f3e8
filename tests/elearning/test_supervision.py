import os
import signal
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

from elearning.embedded import supervision, valkey
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


def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    told = tmp_path / "child"
    lives = f"import os, signal; open({str(told)!r}, 'w').write(str(os.getpid())); signal.pause()"
    child = supervision.tied([sys.executable, "-c", lives])
    parent = subprocess.Popen([sys.executable, "-c", f"import subprocess; subprocess.run({child!r})"])
    pid = int(eventually(lambda: told.exists() and told.read_text(), what="the child has started"))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    eventually(lambda: not is_running(pid), within=10, what="the child has ended")


def is_running(pid):
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except (ProcessLookupError, FileNotFoundError):
        return False
