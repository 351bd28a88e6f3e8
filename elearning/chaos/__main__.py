"""Runs the scenario in an installation of its own: python -m elearning.chaos ATTEMPTS SEED"""

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from elearning.chaos import database
from elearning.chaos.hands import Hand, Paper
from elearning.chaos.machinery import Machinery, is_heard
from elearning.chaos.mischief import Mischief
from elearning.embedded import secrets, supervision, valkey
from elearning.embedded.telling import Problem, fail, say, stage
from elearning.places import BASE_DIR

HANDS = 8
READY_WITHIN = 120
GRADED_WITHIN = 120
# What names the installation that people use; nothing of it may reach what is killed here.
FOREIGN = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "CACHE_URL", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS")


def main(attempts: int, seed: int) -> int:
    """Returns the exit status: 0 only where every answer and every submission led to one right grade in time.

    However it ends, Ctrl-C and a request to end included, its processes, its folder and its database go with it.
    """
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-chaos-") as folder,
        database.of_its_own(os.environ.get("DATABASE_URL", "")) as address,
    ):
        data_dir, port = Path(folder, "data"), secrets.free_port()
        _settle_in(data_dir, port, address)
        with Machinery(_programs(data_dir, port), data_dir / "logs", os.environ) as machinery:
            _until_ready(port)
            at_work = _at_work(machinery, port, secrets.load_or_make(data_dir).broker_port)
            return _scenario(attempts, seed, machinery, port, at_work)


def _settle_in(data_dir: Path, port: int, address: str) -> None:
    """An installation of its own, without demonstration data: the environment first, then its tables."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    if address:
        os.environ["DATABASE_URL"] = address
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "elearning.settings.dev",
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DEMONSTRATION": "0",
    }
    preparing = [sys.executable, "-m", "elearning.embedded.prepare", str(data_dir / "accounts")]
    if subprocess.run(preparing, cwd=BASE_DIR, check=False).returncode:
        sys.exit(1)  # it has said why


def _programs(data_dir: Path, port: int) -> dict[str, list[str]]:
    kept = secrets.load_or_make(data_dir)
    servers = {
        "broker": valkey.Server(data_dir / "broker", kept.broker_port, kept.queue_password, valkey.QUEUE).configure(),
        "cache": valkey.Server(data_dir / "cache", kept.cache_port, kept.queue_password, valkey.CACHE).configure(),
    }
    return servers | {program.name: program.command for program in supervision.application(port, data_dir)}


def _at_work(machinery: Machinery, port: int, broker_port: int) -> dict[str, Callable[[], bool]]:
    """By program, how to see that it does its work."""
    return {
        "web": partial(is_heard, port),
        "broker": partial(is_heard, broker_port),
        "worker": partial(machinery.has_said, "worker", b" ready."),
    }


def _until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"The installation was not ready after {READY_WITHIN} s.")


def _scenario(
    attempts: int, seed: int, machinery: Machinery, port: int, at_work: Mapping[str, Callable[[], bool]]
) -> int:
    """In this process too Django reads the installation's database: to prepare, to wait and to judge."""
    import django  # noqa: PLC0415 - only now does the installation have its secrets

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from elearning.chaos import papers, verdict  # noqa: PLC0415

    with stage("Item bank"):
        call_command("load_curriculum", stdout=io.StringIO())
    with stage(f"{attempts} attempts, half answered"):
        prepared = papers.prepare(attempts, seed, now=timezone.now())
    mischief = Mischief(machinery, seed, at_work, lambda line: say(f"  {line}"))
    _work(prepared, mischief, port, seed)
    waited = _until_graded(verdict)
    reached = verdict.reach(prepared)
    _tell(prepared, mischief.deeds, waited, reached)
    return 0 if reached.holds else 1


def _work(prepared: list[Paper], mischief: Mischief, port: int, seed: int) -> None:
    """All learners at once, and the mischief beside them until the last has handed in."""
    say("Killed, by seconds since the first answer over HTTP:")
    hands = [Hand(port, prepared[number::HANDS], seed + number) for number in range(HANDS)]
    mischief.start()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    mischief.stop()
    for each in (*hands, mischief):
        if each.problem:
            raise each.problem


def _until_graded(verdict: Any) -> float:
    """Wait until nothing waits for its grade, two minutes at most. Returns the seconds it took."""
    began = time.monotonic()
    while verdict.waiting() and time.monotonic() - began < GRADED_WITHIN:
        time.sleep(0.5)
    return time.monotonic() - began


def _tell(prepared: list[Paper], deeds: Counter[str], waited: float, reached: Any) -> None:
    say("Killed in all:")
    for deed, times in sorted(deeds.items()):
        say(f"  {times:3} × {deed}")
    requests = sum(paper.tries for paper in prepared)
    say(f"{requests} requests; the last grade came {waited:.1f} s after the last hand-in,")
    say(f"and no attempt waited longer for its own than {reached.slowest:.1f} s.")
    say(json.dumps(reached.as_data()))


if __name__ == "__main__":
    # An end that somebody asks for is one with all its tidying up.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit("Stopped."))
    try:
        status = main(int(sys.argv[1]), int(sys.argv[2]))
    except Problem as problem:
        fail(problem)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    if status:
        fail("something was lost, doubled or not graded in time.")
    sys.exit(status)
