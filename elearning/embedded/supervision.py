"""The supervisor's side of the system: which programs there are, and how to ask the supervisor about them.

PyPI's `supervisor` runs each program in a process group of its own, starts it again when it dies and keeps its log.
"""

import os
import shlex
import signal
import sys
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from elearning.places import BASE_DIR

QUEUE, APPLICATION = "queue", "application"
_CELERY = [sys.executable, "-m", "celery", "-A"]
_TIED = Path(__file__).with_name("tied.py")


@dataclass(frozen=True)
class Program:
    """One long-running program. Those of the group `queue` start first and stop last."""

    name: str
    group: str
    command: list[str]
    # Seconds between the request to stop and SIGKILL: enough to finish the work in hand.
    patience: int = 8
    lock: Path | None = None
    # What it is sent when the supervisor was killed outright.
    orphaned: signal.Signals = signal.SIGTERM


def application(port: int, data_dir: Path) -> list[Program]:
    """Web server, worker and beat. What they connect to they read from the environment, as on any other machine."""
    return [
        Program(
            "web",
            APPLICATION,
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "elearning.embedded.web:application"),
                *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"),
                # A process for each core, threads for the waits; a thread keeps its database connection for its life.
                *("--workers", "2", "--blocking-threads", "6", "--blocking-threads-idle-timeout", "600"),
                # One thread of each process has the lines; passing a request on cost an attempt 4 per cent.
                *("--runtime-mode", "st"),
                *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
            ],
        ),
        # Its queue ends at the same moment, and a worker that is asked politely waits for the queue to come back. The
        # kill loses nothing: what it was doing is done again.
        Program("worker", APPLICATION, worker_command(), orphaned=signal.SIGKILL),
        Program(
            "beat",
            APPLICATION,
            [
                *(*_CELERY, "elearning.beat_app", "beat", "--loglevel", "INFO"),
                *("--pidfile", "", "-s", str(data_dir / "celerybeat-schedule")),
            ],
            # As the worker; and it holds nothing but when it last rang.
            orphaned=signal.SIGKILL,
        ),
    ]


def worker_command() -> list[str]:
    """One worker, two processes strong. Alone on its broker, it has nobody to gossip with."""
    pool = ["--pool", "prefork", "--concurrency", "2"]
    return [
        *_CELERY,
        "elearning.celery_app",
        "worker",
        *pool,
        "--loglevel",
        "INFO",
        "--without-gossip",
        "--without-mingle",
    ]


def configuration(programs: Iterable[Program], *, socket: Path, logs: Path) -> str:
    """The supervisor's configuration file for these programs, none of which starts before it is asked for."""
    programs = list(programs)
    parts = [
        _section(
            "supervisord",
            nodaemon="true",
            silent="true",
            loglevel="info",
            logfile=logs / "supervisor.log",
            logfile_maxbytes="2MB",
            logfile_backups=2,
            pidfile=socket.with_suffix(".pid"),
            childlogdir=logs,
            directory=BASE_DIR,
            **({"user": "root"} if os.geteuid() == 0 else {}),
        ),
        _section("unix_http_server", file=socket, chmod="0700"),
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n",
    ]
    for program in programs:
        parts.append(
            _section(
                f"program:{program.name}",
                # The supervisor that starts it has no number yet.
                command=shlex.join(_command(program.command, "-", program.lock, program.orphaned)),
                autostart="false",
                autorestart="true",
                startsecs=1,
                startretries=5,
                stopwaitsecs=program.patience,
                stopasgroup="false",
                killasgroup="true",
                redirect_stderr="true",
                stdout_logfile=logs / f"{program.name}.log",
                stdout_logfile_maxbytes="5MB",
                stdout_logfile_backups=3,
            )
        )
    for priority, group in ((10, QUEUE), (20, APPLICATION)):
        names = [program.name for program in programs if program.group == group]
        if names:
            parts.append(_section(f"group:{group}", programs=",".join(names), priority=priority))
    return "\n".join(parts)


def tied(command: list[str]) -> list[str]:
    """The command, ending with this process, which starts it, however that one ends."""
    return _command(command, str(os.getpid()), None, signal.SIGTERM)


def _command(command: list[str], parent: str, lock: Path | None, orphaned: signal.Signals) -> list[str]:
    return [sys.executable, "-I", "-S", str(_TIED), str(int(orphaned)), parent, str(lock or "-"), *command]


def _section(title: str, **values: object) -> str:
    # A percent sign would be read as the start of a substitution.
    lines = (f"{key} = {str(value).replace('%', '%%')}" for key, value in values.items())
    return f"[{title}]\n" + "\n".join(lines) + "\n"


def ask(socket: Path) -> Any:
    """The supervisor's own functions, over its socket."""
    transport = SupervisorTransport(serverurl=f"unix://{socket}")
    return xmlrpc.client.ServerProxy("http://localhost", transport).supervisor
