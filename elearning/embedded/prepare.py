"""Brings an installation up to date before it starts: messages, fonts, static files, tables, first data.

    python -m elearning.embedded.prepare ACCOUNTS_FILE

Skips what is up to date, so that a second start is a matter of seconds. The first has two things to do that need
nothing of each other, the files and the database, and does them side by side. Writes what the demonstration accounts
are to ACCOUNTS_FILE, for the last lines that a person sees.
"""

import fcntl
import gc
import hashlib
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from elearning.embedded import tied
from elearning.embedded.telling import Problem, fail, say, stage
from elearning.places import BUILD_DIR

STATIC_STAMP = BUILD_DIR / "static.sha256"
DEMONSTRATION_STAMP = "demonstration.json"


def main(accounts: Path) -> None:
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Problem(error) from error
    _collect_seldom()
    _forget_half_made_data()
    call_command("messages", "compile", verbosity=0)
    with _meanwhile("Fonts and static files", _files):
        _database_answers()
        _tables()
        _demonstration(accounts)


def _collect_seldom() -> None:
    """Migrations make many thousand classes of models, and the collector would look through all of them each time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@contextmanager
def _meanwhile(name: str, work: Callable[[], None]) -> Iterator[None]:
    """Has another process do this work during the block, and waits for it at the end.

    It says nothing while this one talks. What goes wrong there ends this process too, and the other way round.
    """
    process = multiprocessing.get_context("fork").Process(target=_alongside, args=(work, os.getpid()), daemon=True)
    process.start()
    yield
    if process.is_alive():
        with stage(name):
            process.join()
    process.join()
    if process.exitcode:
        sys.exit(1)  # it has said why


def _alongside(work: Callable[[], None], parent: int) -> None:
    tied.end_with_parent(signal.SIGTERM, parent)
    work()


def _files() -> None:
    _fonts()
    _static_files()


def _forget_half_made_data() -> None:
    """An embedded database whose first data were interrupted holds nothing of anyone's: it is made again."""
    stamp = settings.DATA_DIR / DEMONSTRATION_STAMP
    if os.environ.get("DATABASE_URL") or _told(stamp).get("state") != "begun":
        return
    for suffix in ("", "-wal", "-shm"):
        Path(f"{settings.DATABASES['default']['NAME']}{suffix}").unlink(missing_ok=True)
    stamp.unlink()


def _told(stamp: Path) -> dict:
    return json.loads(stamp.read_text()) if stamp.exists() else {}


def _database_answers() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        advice = "Check host, port, name, user and password, and that the server is running"
        raise Problem(
            f"the database does not answer: {reason}. {advice}; or unset DATABASE_URL to use the embedded one."
            if os.environ.get("DATABASE_URL")
            else f"the database in {settings.DATA_DIR} cannot be opened: {reason}. Check the rights of that folder."
        ) from error
    if connection.vendor == "sqlite":
        # Some thousand commits need not reach the disk one by one: a power cut takes the database back to one of them,
        # whole, and the next start goes on from there.
        _ask("PRAGMA synchronous=NORMAL")


def _ask(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _fonts() -> None:
    """TrueType fonts for the certificates, made from npm's packages."""
    if "build_fonts" in get_commands():
        call_command("build_fonts", verbosity=0)


def _static_files() -> None:
    """One at a time: two installations that start from the same checkout share the folder."""
    BUILD_DIR.mkdir(exist_ok=True)
    with STATIC_STAMP.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        present = _fingerprint()
        if STATIC_STAMP.exists() and STATIC_STAMP.read_text() == present:
            return
        STATIC_STAMP.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        STATIC_STAMP.write_text(present)


def _fingerprint() -> str:
    """Changes whenever a source of the static files does, or where they go."""
    found = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            told = os.stat(storage.path(path))
            found.update(f"{storage.path(path)} {told.st_size} {told.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _tables() -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        with stage(f"Database tables ({len(waiting)} migrations)"):
            call_command("migrate", interactive=False, verbosity=0)


def _demonstration(accounts: Path) -> None:
    """The demonstration data on a first run. A database that already has accounts in it is left alone."""
    if not settings.DEMONSTRATION:
        return
    stamp = settings.DATA_DIR / DEMONSTRATION_STAMP
    database = hashlib.sha256(repr(sorted(_address().items())).encode()).hexdigest()
    told = _told(stamp)
    if told.get("database") != database:
        told = {}
    if told.get("state") == "begun":
        raise Problem(
            "the demonstration data in this database are half made, because an earlier first run was interrupted."
            " Empty the database, or name another one in DATABASE_URL, and run the command again."
        )
    if not told and not get_user_model().objects.exists():
        stamp.write_text(json.dumps({"shape": 1, "state": "begun", "database": database}))
        say("  Demonstration data …")
        call_command("demo")
        if connection.vendor == "sqlite":
            _ask("PRAGMA wal_checkpoint(TRUNCATE)")  # on the disk, before the stamp says so
        stamp.write_text(json.dumps({"shape": 1, "state": "ready", "database": database}))
    with accounts.open("w") as file:
        call_command("demo", accounts=True, stdout=file)


def _address() -> dict[str, str]:
    kept = connection.settings_dict
    return {key: str(kept[key]) for key in ("ENGINE", "HOST", "PORT", "NAME")}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")
    try:
        main(Path(sys.argv[1]))
    except Problem as problem:
        fail(problem)
        sys.exit(1)
