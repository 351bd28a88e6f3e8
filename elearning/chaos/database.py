"""The database of the scenario's installation: its own, also on the server on which people work."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from elearning.embedded.telling import Problem, say

PREFIX = "plumbline_chaos_"
ON_A_SERVER = {"postgres", "postgresql"}
PATIENCE = 10


@contextmanager
def of_its_own(given: str) -> Iterator[str]:
    """The `DATABASE_URL` of an empty database beside the given one, on the same server, dropped with the block.

    Nothing is read from the given one or written into it: its name only opens the door of the server. Where no server
    is given, the address is empty, and the installation keeps an SQLite file in its folder. `Problem` says why the
    server does not let one be made.
    """
    address = urlsplit(given)
    if address.scheme not in ON_A_SERVER:
        say("On SQLite, in a folder of its own")
        yield ""
        return
    name = f"{PREFIX}{secrets.token_hex(4)}"
    version = _make(given, name)
    say(f"On PostgreSQL {version}, in a database of its own: {name}")
    try:
        yield urlunsplit(address._replace(path=f"/{name}"))
    finally:
        # FORCE: what was killed a moment ago may still have a line open.
        _do(given, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _make(given: str, name: str) -> str:
    """Returns the server's version."""
    try:
        return _do(given, "CREATE DATABASE {}", name)
    except InsufficientPrivilege as error:
        raise Problem(
            "the user of DATABASE_URL may not create databases, and the scenario needs one of its own on that server."
            " Give the right (ALTER ROLE … CREATEDB), or unset DATABASE_URL to run on SQLite."
        ) from error
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise Problem(
            f"no database can be created on the server of DATABASE_URL: {reason}. Check host, port, name, user and"
            " password, and that the server is running; or unset DATABASE_URL to run on SQLite."
        ) from error


def _do(given: str, statement: str, name: str) -> str:
    with psycopg.connect(given, autocommit=True, connect_timeout=PATIENCE) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))
        return server.info.parameter_status("server_version") or ""
