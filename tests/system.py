"""Real processes for tests: a broker, workers, or the whole system, each with folders and ports of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from elearning.celery_app import WORKER_SEEN
from elearning.embedded import secrets, supervision, valkey
from elearning.places import BASE_DIR
from tests import databases


def eventually(holds: Callable[[], object], within: float = 30, what: str | Callable[[], str] = "") -> object:
    """Wait for a condition, not for a time: the first truthy answer, or a failure that says what was waited for."""
    deadline = time.monotonic() + within
    while not (answer := holds()):
        if time.monotonic() > deadline:
            raise AssertionError(f"After {within} s still not: {what() if callable(what) else what or holds.__name__}")
        time.sleep(0.05)
    return answer


class Broker:
    """A Valkey server that keeps its queue on disk. Stopped or killed, it starts again at the same address."""

    def __init__(self, folder: Path):
        self._server = valkey.Server(folder, secrets.free_port(), "only-for-tests", valkey.QUEUE)
        self._process: subprocess.Popen | None = None
        self.url = f"redis://:only-for-tests@127.0.0.1:{self._server.port}/0"

    def start(self) -> None:
        self._process = _started(self._server.configure(), self._server.folder / "log")
        eventually(self.answers, what="the broker answers")

    def stop(self) -> None:
        """As an administrator would: it writes down what it holds first."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections, as the kernel does for it, and never says a word."""
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1) as server:
            try:
                return bool(server.ping())
            except redis.RedisError:
                return False

    def holds(self, key: str) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1) as server:
            return bool(server.exists(key))

    def empty(self) -> None:
        with redis.Redis.from_url(self.url, socket_timeout=1) as server:
            server.flushall()

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            _end(self._process, number)
            self._process = None


class Worker:
    """A Celery worker, two processes strong, on the broker and on the database that the test uses now."""

    def __init__(self, broker: Broker, log: Path):
        self._broker = broker
        self._log = log
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns once the worker takes tasks."""
        with redis.Redis.from_url(self._broker.url, socket_timeout=1) as server:
            server.delete(WORKER_SEEN)
        known = {"TEST_BROKER_URL": self._broker.url, "DATABASE_URL": databases.address()}
        self._process = _started(supervision.worker_command(), self._log, known)
        eventually(self._takes_tasks, within=60, what=f"the worker is there; its log: {self._log}")

    def kill(self) -> None:
        """SIGKILL to the worker and its children, in whatever they are doing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _takes_tasks(self) -> bool:
        if self._process and self._process.poll() is not None:
            raise AssertionError(f"The worker ended:\n{self._log.read_text()[-3000:]}")
        return self._broker.holds(WORKER_SEEN)

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            _end(self._process, number)
            self._process = None


class LiveSystem:
    """What `make run` starts, with the demonstration data, at an address of its own."""

    def __init__(self, folder: Path, **environment: str):
        self.data_dir = folder / "data"
        self.port = secrets.free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / "run.log"
        self.environment = _without_test_settings() | {
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            "DJANGO_SETTINGS_MODULE": "elearning.settings.dev",
            **environment,
        }
        self._process: subprocess.Popen | None = None
        self._session = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "elearning.embedded.start"]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command, cwd=BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self._session = self._process.pid
        eventually(self.is_ready, within=300, what=f"the system is ready; its log: {self.log}")

    @property
    def pid(self) -> int:
        """The process above all the system's others."""
        assert self._process is not None
        return self._process.pid

    def is_ready(self) -> bool:
        if self._process and self._process.poll() is not None:
            raise AssertionError(f"The system ended:\n{self.log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Ctrl-C."""
        if self._process:
            _end(self._process, signal.SIGINT)
            self._process = None

    def processes(self) -> dict[int, str]:
        """Every running process of its session with its command line: none before its start and after its end."""
        if not self._session:
            return {}
        told = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,sid=,stat=,args="], capture_output=True, text=True, check=True
        )
        rows = (line.split(maxsplit=3) for line in told.stdout.splitlines())
        return {int(pid): line for pid, sid, state, line in rows if int(sid) == self._session and state[0] != "Z"}

    def process(self, sign: str) -> int:
        """The oldest process whose command line holds these words. There must be one."""
        return min(self.processes_like(sign))

    def processes_like(self, sign: str) -> set[int]:
        return {pid for pid, line in self.processes().items() if sign in line}

    def manage(self, *arguments: str) -> str:
        """What a management command says in this installation."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    started = Broker(folder)
    started.start()
    try:
        yield started
    finally:
        started.kill()


def _started(command: list[str], log: Path, known: dict[str, str] | None = None) -> subprocess.Popen:
    """Tied to this process: a test run that is killed leaves no servers behind."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        return subprocess.Popen(
            supervision.tied(command),
            cwd=BASE_DIR,
            env=os.environ | (known or {}),
            stdout=file,
            stderr=file,
            process_group=0,
        )


def _end(process: subprocess.Popen, number: signal.Signals) -> None:
    """The group as a whole for SIGKILL; its leader for a polite request, which it passes on."""
    if process.poll() is None:
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise


def _without_test_settings() -> dict[str, str]:
    """The environment of a person: neither the suite's database nor its settings."""
    own = {"DATABASE_URL", "REDIS_URL", "TEST_BROKER_URL", "PLUMBLINE_TEST_DATA", "DATA_DIR", "DJANGO_SETTINGS_MODULE"}
    return {key: value for key, value in os.environ.items() if key not in own}
