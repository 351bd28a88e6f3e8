"""Test databases: migrated once into a template, then copied, which takes milliseconds.

    python -m tests.databases     migrates the template of the suite's database now

A copy is also how tests that commit leave nothing behind. Django's way, emptying every table, is barred by the
triggers that keep the record log append-only, and those are never switched off.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from elearning.places import BASE_DIR, BUILD_DIR

TEMPLATES = BUILD_DIR / "tests"
_number = itertools.count()


@contextmanager
def copy() -> Iterator[None]:
    """Point Django at a fresh copy of the migrated database, in every thread, and drop it afterwards."""
    database = connections.settings["default"]
    before = database["NAME"]
    connections.close_all()
    kind = _Sqlite() if "sqlite" in database["ENGINE"] else _PostgreSQL(before)
    name = kind.copy(f"copy_{os.getpid()}_{next(_number)}")
    database["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        database["NAME"] = before
        kind.drop(name)


class Watch:
    """Says whether anybody has committed into the database that this process uses now. Never does on PostgreSQL."""

    def __init__(self) -> None:
        database = connections.settings["default"]
        self._line = sqlite3.connect(database["NAME"]) if "sqlite" in database["ENGINE"] else None
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Since it was asked last. A matter of microseconds."""
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def close(self) -> None:
        if self._line:
            self._line.close()

    def _version(self) -> int:
        return self._line.execute("PRAGMA data_version").fetchone()[0] if self._line else 0


def address() -> str:
    """The `DATABASE_URL` under which another process finds the database that this one uses now."""
    database = connections.settings["default"]
    name = str(database["NAME"])
    if "sqlite" in database["ENGINE"]:
        return f"sqlite:///{name}"
    return _address_of(name)


def _address_of(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}"))


def write_migrated(path: Path) -> None:
    """A migrated SQLite database at this place, for a system that is started on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_Sqlite().template(), path)


@contextmanager
def migrated_on_postgresql() -> Iterator[str]:
    """The `DATABASE_URL` of a migrated database of its own on the suite's server, for a system started on it."""
    server = _PostgreSQL(connections.settings["default"]["NAME"])
    name = server.copy(f"system_{os.getpid()}_{next(_number)}")
    try:
        yield _address_of(name)
    finally:
        server.drop(name)


class _Sqlite:
    def copy(self, name: str) -> Path:
        path = settings.DATA_DIR / f"{name}.sqlite3"
        shutil.copyfile(self.template(), path)
        return path

    def drop(self, name: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)

    def template(self) -> Path:
        path = TEMPLATES / f"{_fingerprint()}.sqlite3"
        with _one_at_a_time("sqlite"):
            if not path.exists():
                draft = path.with_suffix(".draft")
                self.drop(draft)
                _migrate(draft)
                for old in TEMPLATES.glob("*.sqlite3"):
                    old.unlink()
                draft.rename(path)
        return path


class _PostgreSQL:
    def __init__(self, maintenance: str):
        self._maintenance = maintenance

    def copy(self, name: str) -> str:
        name = f"test_{name}"
        with _one_at_a_time("postgresql"):
            self._do("CREATE DATABASE {} TEMPLATE {}", name, self._template())
        return name

    def drop(self, name: str) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _template(self) -> str:
        name = f"test_template_{_fingerprint()}"
        with self._server() as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
        draft = f"{name}_draft"
        self.drop(draft)
        self._do("CREATE DATABASE {}", draft)
        _migrate(draft)
        self._do("ALTER DATABASE {} RENAME TO {}", draft, name)
        return name

    def _do(self, statement: str, *names: str) -> None:
        with self._server() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _server(self) -> psycopg.Connection:
        given = connections.settings["default"]
        known = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
        return psycopg.connect(
            dbname=self._maintenance, autocommit=True, **{**{k: v for k, v in known.items() if v}, **_options(given)}
        )


def _options(given: dict) -> dict:
    """Where a server listens on a Unix socket, its folder stands among the address's options."""
    return {key: value for key, value in given["OPTIONS"].items() if key == "host"}


def _migrate(name: str | Path) -> None:
    database = connections.settings["default"]
    before, database["NAME"] = database["NAME"], name
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connections.close_all()
        database["NAME"] = before


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / f"{kind}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """Changes with whatever decides what a migrated database holds."""
    found = hashlib.sha256()
    sources = {
        BASE_DIR / "requirements.txt",
        BASE_DIR / "oversight" / "append_only.py",  # writes triggers from within migrations
        *BASE_DIR.glob("*/apps.py"),
        *BASE_DIR.glob("*/migrations/*.py"),
        *BASE_DIR.glob("*/models*.py"),
        *BASE_DIR.glob("*/models/*.py"),
        *BASE_DIR.glob("elearning/settings/*.py"),
    }
    for path in sorted(sources):
        found.update(str(path.relative_to(BASE_DIR)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    django.setup()
    with copy():
        pass
