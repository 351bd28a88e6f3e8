"""The processes of an installation, each started again when it dies, and killed on request."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elearning.embedded import supervision
from elearning.places import BASE_DIR

LOOKS_EVERY = 0.1
STOPPED_WITHIN = 15


def is_heard(port: int) -> bool:
    """Whether a program takes calls on this port of the machine itself."""
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class _Kept:
    """One program, and the process that is it at the moment."""

    command: list[str]
    log: Path
    process: subprocess.Popen | None = None
    # How long the log was when this process began to write into it.
    told_before: int = 0
    # Held while it is started or killed, so that what is killed is what runs.
    hand: threading.Lock = field(default_factory=threading.Lock)


class Machinery:
    """Runs programs by name and brings the dead ones back, as a supervisor does. Ends all of them with its block."""

    def __init__(self, programs: Mapping[str, list[str]], logs: Path, environment: Mapping[str, str]):
        logs.mkdir(parents=True, exist_ok=True)
        self._kept = {name: _Kept(command, logs / f"{name}.log") for name, command in programs.items()}
        self._environment = dict(environment)
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> "Machinery":
        self._keeper.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._ending.set()
        self._keeper.join()
        for name in reversed(self._kept):
            self._end(self._kept[name])

    def has_said(self, name: str, word: bytes) -> bool:
        """Whether the process that is this program now has this word in its log."""
        kept = self._kept[name]
        with kept.hand:
            if kept.process is None or kept.process.poll() is not None:
                return False
            with kept.log.open("rb") as log:
                log.seek(kept.told_before)
                return word in log.read()

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a program and all its children; it comes back by itself."""
        kept = self._kept[name]
        with kept.hand:
            if kept.process and kept.process.poll() is None:
                os.killpg(kept.process.pid, number)
                kept.process.wait(STOPPED_WITHIN)

    def kill_child(self, name: str) -> bool:
        """SIGKILL to one child of a program, such as one of the worker's processes. Says whether there was one."""
        kept = self._kept[name]
        with kept.hand:
            if not kept.process or kept.process.poll() is not None:
                return False
            listed = subprocess.run(
                ["ps", "-o", "pid=", "--ppid", str(kept.process.pid)], capture_output=True, text=True, check=False
            )
            children = sorted(int(pid) for pid in listed.stdout.split())
            if not children:
                return False
            os.kill(children[-1], signal.SIGKILL)
            return True

    def _keep(self) -> None:
        """The thread that starts what is not running. It lives as long as they do: they are tied to it."""
        while not self._ending.is_set():
            for kept in self._kept.values():
                with kept.hand:
                    if kept.process is None or kept.process.poll() is not None:
                        self._start(kept)
            time.sleep(LOOKS_EVERY)

    def _start(self, kept: _Kept) -> None:
        with kept.log.open("a") as log:
            kept.told_before = log.tell()
            kept.process = subprocess.Popen(
                supervision.tied(kept.command),
                cwd=BASE_DIR,
                env=self._environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def _end(self, kept: _Kept) -> None:
        if kept.process and kept.process.poll() is None:
            kept.process.terminate()
            try:
                kept.process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                os.killpg(kept.process.pid, signal.SIGKILL)
                kept.process.wait()
