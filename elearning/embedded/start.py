"""Starts the whole system under one supervisor, and stops the whole of it.

    python -m elearning.embedded.start        everything, until Ctrl-C
    python -m elearning.embedded.start demo   fresh demonstration data, then an end

The order: what must hold is checked, the supervisor starts with the queue and the cache, the installation is brought
up to date (`prepare`), then web server, worker and beat follow. Nothing is left running afterwards: a signal, a closed
terminal, a killed `make` or a killed start each end in the same `_stop`, or in the children's tie to their parent.
"""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import redis

from elearning.embedded import secrets, supervision, surroundings, valkey
from elearning.embedded.telling import Problem, fail, say, stage
from elearning.places import BASE_DIR

# Long enough for two cold cores; a start that takes longer has failed, and the logs say why.
READY_WITHIN = 120
QUEUE_WITHIN = 30
STOPPED_WITHIN = 25
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KEPT_FOR_FRESH_DATA = {"logs", "running.lock", secrets.FILE_NAME}


class Stopped(BaseException):
    """Someone asked for the end. Not an `Exception`, so that nothing on the way mistakes it for a failure."""


def main(purpose: str) -> None:
    _end_on_signals()
    parent = os.getppid()
    port = surroundings.port()
    data_dir = surroundings.data_dir()
    with surroundings.take(data_dir), tempfile.TemporaryDirectory(prefix="plumbline-") as scratch:
        if purpose == "demo":
            replaced = _set_aside(data_dir)
        queue = _queue_programs(data_dir)
        socket = Path(scratch, "supervisor.sock")
        programs = [*queue, *supervision.application(port, data_dir)]
        with _supervisor(programs, socket, data_dir / "logs") as supervisor:
            accounts = Path(scratch, "accounts.txt")
            # It reads half of Python before it needs the queue; meanwhile the queue starts.
            with _ended(_preparation(accounts)) as preparation:
                if queue:
                    supervisor.startProcessGroup(supervision.QUEUE)
                    _until_the_queue_answers(data_dir)
                if preparation.wait():
                    sys.exit(1)  # it has said why
            if purpose == "demo":
                say(f"\nThe demonstration data are fresh. What was there before lies in {replaced}\n")
                return
            with stage("Web server, worker and beat"):
                for name in ("web", "worker"):
                    supervisor.startProcess(f"{supervision.APPLICATION}:{name}", False)
                _until_ready(port, supervisor, data_dir / "logs")
                # Nobody waits for the first tick, so it does not take the cores from those that are waited for.
                supervisor.startProcess(f"{supervision.APPLICATION}:beat", False)
            _announce(port, data_dir, accounts)
            _watch(supervisor, data_dir / "logs", while_=lambda: os.getppid() == parent)


def _end_on_signals() -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in ENDING:
        signal.signal(number, end)


def _set_aside(data_dir: Path) -> Path:
    """Move what an installation holds, all but its secrets and logs, to a folder beside it."""
    if os.environ.get("DATABASE_URL"):
        raise Problem(
            "`make demo` makes the embedded database afresh, and DATABASE_URL names another one. Empty that one"
            " yourself; the next `make run` fills it."
        )
    aside = data_dir / f"replaced-{time.strftime('%Y%m%d-%H%M%S')}"
    aside.mkdir()
    for entry in data_dir.iterdir():
        if entry.name not in KEPT_FOR_FRESH_DATA and not entry.name.startswith("replaced-"):
            entry.rename(aside / entry.name)
    return aside


# --- Queue and cache ---------------------------------------------------------------------------------------------


def _queue_programs(data_dir: Path) -> list[supervision.Program]:
    """The embedded servers; none where REDIS_URL names one, which must answer."""
    if url := os.environ.get("REDIS_URL"):
        _must_answer(url)
        return []
    kept = _with_free_ports(data_dir)
    return [
        supervision.Program(
            name,
            supervision.QUEUE,
            valkey.Server(data_dir / name, port, kept.queue_password, manner).configure(),
            lock=data_dir / name / "lock",
        )
        for name, port, manner in (
            ("broker", kept.broker_port, valkey.QUEUE),
            ("cache", kept.cache_port, valkey.CACHE),
        )
    ]


def _must_answer(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as server:
            server.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise Problem(
            f"the Redis server of REDIS_URL does not answer: {reason} Check host, port and password, and that it is"
            " running; or unset REDIS_URL to use the embedded one."
        ) from error


def _with_free_ports(data_dir: Path) -> secrets.Secrets:
    """The kept secrets, with new ports for those that another program has taken since."""
    kept = secrets.load_or_make(data_dir)
    renewed = replace(
        kept,
        broker_port=kept.broker_port if secrets.is_free(kept.broker_port) else secrets.free_port(),
        cache_port=kept.cache_port if secrets.is_free(kept.cache_port) else secrets.free_port(),
    )
    if renewed != kept:
        secrets.replace(data_dir, renewed)
    return renewed


def _until_the_queue_answers(data_dir: Path) -> None:
    kept = secrets.load_or_make(data_dir)
    deadline = time.monotonic() + QUEUE_WITHIN
    for name, url in (("broker", kept.broker_url), ("cache", kept.cache_url)):
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as server:
            while not _answers(server):
                if time.monotonic() > deadline:
                    raise Problem(f"the embedded {name} does not start. Its log: {data_dir / 'logs' / name}.log")
                time.sleep(0.05)


def _answers(server: redis.Redis) -> bool:
    try:
        return bool(server.ping())
    except redis.RedisError:  # not up yet, or still reading what it kept
        return False


# --- Supervisor --------------------------------------------------------------------------------------------------


@contextmanager
def _supervisor(programs: list[supervision.Program], socket: Path, logs: Path) -> Iterator[Any]:
    """A running supervisor, asked over its socket; when the block is left, for whatever reason, all is stopped."""
    logs.mkdir(parents=True, exist_ok=True)
    file = socket.with_suffix(".conf")
    file.write_text(supervision.configuration(programs, socket=socket, logs=logs))
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)]
    # A process group of its own: Ctrl-C reaches this process, which stops everything in order.
    with _ended(subprocess.Popen(supervision.tied(command), cwd=BASE_DIR, process_group=0)) as process:
        deadline = time.monotonic() + QUEUE_WITHIN
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"the supervisor does not start. Its log: {logs / 'supervisor.log'}")
            time.sleep(0.05)
        try:
            yield supervision.ask(socket)
        except (OSError, http.client.HTTPException) as error:
            raise Problem(f"the supervisor has ended. Its log: {logs / 'supervisor.log'}") from error


@contextmanager
def _ended(process: subprocess.Popen) -> Iterator[subprocess.Popen]:
    """The process, stopped when the block is left before it has ended. No further signal interrupts the stopping."""
    try:
        yield process
    finally:
        if process.poll() is None:
            for number in ENDING:
                signal.signal(number, signal.SIG_IGN)
            process.terminate()
            try:
                process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _preparation(accounts: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "elearning.embedded.prepare", str(accounts)]
    return subprocess.Popen(supervision.tied(command), cwd=BASE_DIR, process_group=0)


def _until_ready(port: int, supervisor: Any, logs: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    missing = ["web"]
    while time.monotonic() < deadline:
        missing = _missing(port)
        if not missing:
            return
        for program in supervisor.getAllProcessInfo():
            if program["statename"] == "FATAL":
                raise Problem(f"the {program['name']} does not start. Its log: {logs / program['name']}.log")
        time.sleep(0.1)
    raise Problem(f"not ready after {READY_WITHIN} s; missing: {', '.join(missing)}. The logs: {logs}")


def _missing(port: int) -> list[str]:
    """The parts that /readyz misses; the web server itself where nothing answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return []
    except urllib.error.HTTPError as refusal:
        return json.load(refusal)["missing"] if refusal.code == 503 else [f"web (status {refusal.code})"]
    except OSError:
        return ["web"]


# --- The terminal ------------------------------------------------------------------------------------------------


def _announce(port: int, data_dir: Path, accounts: Path) -> None:
    rule = "─" * 72
    say(f"\n{rule}\n  Plumbline is ready:  http://localhost:{port}/\n")
    if accounts.exists():
        for line in accounts.read_text().rstrip().splitlines():
            say(f"  {line}".rstrip())
        say()
    say(f"  Data and logs: {data_dir}\n  Stop: Ctrl-C\n{rule}\n")


def _watch(supervisor: Any, logs: Path, while_: Callable[[], bool]) -> None:
    """Tell of errors and of programs that died, until someone asks for the end or `make` is gone."""
    tails = [_Tail(logs / f"{name}.log") for name in ("web", "worker", "beat")]
    pids: dict[str, int] = {}
    while while_():
        for program in supervisor.getAllProcessInfo():
            name, pid = program["name"], program["pid"]
            if pid and pids.get(name, pid) != pid:
                say(f"  The {name} ended unexpectedly and was started again. Its log: {logs / name}.log")
            elif program["statename"] == "FATAL":
                raise Problem(f"the {name} ends again and again. Its log: {logs / name}.log")
            if pid:
                pids[name] = pid
        for tail in tails:
            for line in tail.errors():
                say(f"  {line}")
        time.sleep(1)


class _Tail:
    """The lines added to a log that tell of an error. The whole of it stays in the file."""

    def __init__(self, path: Path):
        self._path = path
        self._read = path.stat().st_size if path.exists() else 0

    def errors(self) -> Iterator[str]:
        try:
            with self._path.open(errors="replace") as file:
                if self._path.stat().st_size < self._read:  # begun afresh, the old one set aside
                    self._read = 0
                file.seek(self._read)
                added = file.read()
                self._read = file.tell()
        except FileNotFoundError:
            return
        for line in added.splitlines():
            if re.search(r"\b(ERROR|CRITICAL)\b", line):
                yield f"{self._path.stem}: {line}"


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except Problem as problem:
        fail(problem)
        sys.exit(1)
    except Stopped:
        say("\nStopped. Your data are kept; `make run` starts again.")
