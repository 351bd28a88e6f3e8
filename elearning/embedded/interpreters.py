"""Which Python the platform runs with, where a machine has several of one version.

How a Python was compiled decides how fast it is: of two of the same version, a distribution's took a fifth less
for the same quiz attempt than one that was built by hand without its optimisations. Nothing that a Python tells of
itself says so for certain; so each does the same small piece of work.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Objects, attributes, words and dicts, as a page is made of. Some 10 ms; the best of several, since others use the
# machine, too. Distributions leave out `ensurepip` (with `venv`), which makes the environment its pip.
WORK = """
import ensurepip, json, sqlite3, sys, time, venv
class Each:
    def __init__(self, number): self.number = number
    def words(self): return {"number": str(self.number)}
def work():
    began = time.perf_counter()
    for number in range(20_000):
        each = Each(number)
        isinstance(each, Each) and getattr(each, "number") and each.words().get("number").replace("1", "2")
    return time.perf_counter() - began
print(json.dumps([sys.version_info[:2], sqlite3.sqlite_version_info, min(work() for _ in range(9))]))
"""
PATIENCE = 20  # seconds
# Another one has to be worth it: where two are about as fast, it is the one that was called.
WORTH_IT = 0.9


@dataclass(frozen=True)
class _Tried:
    """What a Python said of itself, and the seconds that the work took it."""

    version: tuple[int, ...]
    sqlite: tuple[int, ...]
    seconds: float


def fastest() -> str:
    """The path of this Python, or of another of its version on the machine's path that is faster by a tenth at least.

    Others of the same version alone, and with no older SQLite: every package is there for it, and whoever chose a
    version gets it.
    """
    own = _tried(sys.executable)
    if own is None:
        return sys.executable
    fit = {
        path: tried.seconds
        for path in _others()
        if (tried := _tried(path)) is not None and tried.version == own.version and tried.sqlite >= own.sqlite
    }
    best = min(fit, key=fit.__getitem__, default=None)
    return best if best is not None and fit[best] < own.seconds * WORTH_IT else sys.executable


def _others() -> list[str]:
    """Each file once, by whatever names it goes."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found: dict[Path, str] = {}
    for folder in os.get_exec_path():
        path = Path(folder, name)
        if path.is_file() and os.access(path, os.X_OK):
            found.setdefault(path.resolve(), str(path))
    found.pop(Path(sys.executable).resolve(), None)
    return list(found.values())


def _tried(python: str) -> _Tried | None:
    """None for what does not run, or lacks what an environment is made of."""
    try:
        done = subprocess.run([python, "-I", "-c", WORK], capture_output=True, timeout=PATIENCE)
        version, sqlite, seconds = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return _Tried(tuple(version), tuple(sqlite), seconds)
