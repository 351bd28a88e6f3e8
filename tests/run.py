"""The whole suite, stage by stage, and what came of it in a few lines.

    python -m tests.run          everything but the long ones
    python -m tests.run long     the long ones

A stage that fails does not keep the next from running: one run shows everything that is broken.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import PIPE, STDOUT

from elearning.embedded.setup import browser
from elearning.places import BUILD_DIR
from tests import on_postgresql

REPORTS = BUILD_DIR / "tests"
NO_TESTS = 5
# Where all tests of these kinds lie: reading all others takes every process some seconds.
QUEUE, BROWSER = "tests/concurrency", "tests/e2e"
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4 * 1024**3


@dataclass(frozen=True)
class Stage:
    name: str
    marks: str
    folder: str = "tests"
    postgresql: bool = False
    # Scenarios in a browser share what their file has started: it stays in one process.
    by_file: bool = False
    processes: int = 2
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    passed: int
    failed: int
    skipped: int
    seconds: float


STAGES = {
    "all": [
        [Stage("SQLite", "not queue and not e2e and not long")],
        [Stage("PostgreSQL", "not queue and not e2e and not long", postgresql=True)],
        # Side by side, because they wait more than they compute: for a dead worker to be missed, above all.
        [
            Stage("Worker and broker, SQLite", "queue and not long", QUEUE),
            Stage("Worker and broker, PostgreSQL", "queue and not long", QUEUE, postgresql=True),
        ],
        [Stage("Browser", "e2e and not long", BROWSER, by_file=True)],
    ],
    "long": [
        [Stage("Long, SQLite", "long and not e2e")],
        [Stage("Long, PostgreSQL", "long and not e2e", postgresql=True)],
        [Stage("Long, browser", "long and e2e", BROWSER, by_file=True)],
        # How the embedded servers start and stop is not in question where there are none.
        [
            Stage(
                "Browser, PostgreSQL and Redis",
                "e2e and not long",
                BROWSER,
                postgresql=True,
                by_file=True,
                ignored=("tests/e2e/test_start_and_stop.py",),
            )
        ],
    ],
}


def main(which: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the database server ends with the run
    REPORTS.mkdir(parents=True, exist_ok=True)
    outcomes: dict[str, Outcome] = {}
    with _temporary_folder() as folder, on_postgresql.server() as address:
        environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        environment["TMPDIR"] = folder
        on = {False: environment, True: environment | {"DATABASE_URL": address}}
        _migrate(on.values())
        for side_by_side in STAGES[which]:
            with ThreadPoolExecutor(len(side_by_side)) as threads:
                run = partial(_run, on=on, quiet=len(side_by_side) > 1)
                outcomes |= zip([stage.name for stage in side_by_side], threads.map(run, side_by_side), strict=True)
    return _tell(outcomes)


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Where all databases of the run lie: in memory where there is enough. A slow disk doubles the run's time."""
    room = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY else None
    tempfile.tempdir = folder = tempfile.mkdtemp(prefix="plumbline-tests-", dir=room)
    try:
        yield folder
    finally:
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(environments: Iterable[dict[str, str]]) -> None:
    """Both databases side by side: within a stage, one process would migrate and the other wait for it."""
    with tempfile.TemporaryDirectory(prefix="plumbline-test-") as folder:
        known = {"PLUMBLINE_TEST_DATA": folder, "DJANGO_SETTINGS_MODULE": "elearning.settings.test"}
        command = [sys.executable, "-m", "tests.databases"]
        for process in [subprocess.Popen(command, env=given | known) for given in environments]:
            process.wait()


def _run(stage: Stage, *, on: dict[bool, dict[str, str]], quiet: bool) -> Outcome:
    """Quiet ones tell what they have to tell at their end, in one piece."""
    report = REPORTS / f"{stage.name.lower().replace(', ', '-').replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    # A process begins with its own half and helps with the other's: what a file shares is made once, not by both.
    workers = ["-n", str(stage.processes), "--dist", "loadfile" if stage.by_file else "worksteal"]
    ignored = [f"--ignore={path}" for path in stage.ignored]
    command = [
        sys.executable,
        "-m",
        "pytest",
        stage.folder,
        "-q",
        "-m",
        stage.marks,
        f"--junitxml={report}",
        *workers,
        *ignored,
    ]
    title = f"\n━━ {stage.name} ━━"
    began = time.monotonic()
    if quiet:
        done = subprocess.run(command, env=on[stage.postgresql], stdout=PIPE, stderr=STDOUT, text=True)
        print(f"{title}\n{done.stdout}", flush=True)
    else:
        print(title, flush=True)
        done = subprocess.run(command, env=on[stage.postgresql])
    code = done.returncode
    seconds = time.monotonic() - began
    if code == NO_TESTS:
        return Outcome(0, 0, 0, seconds)
    if not report.exists():  # pytest itself broke
        return Outcome(0, 1, 0, seconds)
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 - written by the line above
    told = [{key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")} for suite in suites]
    total = {key: sum(suite[key] for suite in told) for key in ("tests", "failures", "errors", "skipped")}
    failed = total["failures"] + total["errors"]
    if code and not failed:
        failed = 1
    passed = max(total["tests"] - total["failures"] - total["errors"] - total["skipped"], 0)
    return Outcome(passed, failed, total["skipped"], seconds)


def _tell(outcomes: dict[str, Outcome]) -> int:
    print()
    width = max(map(len, outcomes))
    for name, outcome in outcomes.items():
        print(
            f"  {name:<{width}}  {outcome.passed:>5} passed {outcome.failed:>4} failed {outcome.skipped:>4} skipped"
            f" {outcome.seconds:>6.0f} s"
        )
    if not browser():
        print("\n  *** NO CHROMIUM ON THIS MACHINE: the browser scenarios did not run. Install chromium. ***")
    total = [sum(getattr(each, key) for each in outcomes.values()) for key in ("passed", "failed", "skipped")]
    print("\n{} passed, {} failed, {} skipped".format(*total), flush=True)
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
