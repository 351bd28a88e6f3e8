"""What must hold before anything is started: a free port, a folder that can be written, nobody else in it.

Everything here is checked with the standard library alone, before the first download.
"""

import errno
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from elearning import places
from elearning.embedded.telling import Problem

DEFAULT_PORT = 8000


def port() -> int:
    """The port of `PORT`, free on the loopback addresses at this moment."""
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise Problem(f"PORT is “{given}”. Use a number from 1 to 65535, for example: make run PORT=8001")
    number = int(given)
    # Browsers may try either address for “localhost”, so neither may belong to someone else.
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            probe = socket.socket(family)
        except OSError:
            continue
        with probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, number))
            except OSError as error:
                _explain(number, error)
    return number


def _explain(number: int, error: OSError) -> None:
    if error.errno == errno.EADDRINUSE:
        raise Problem(
            f"port {number} is taken by another program. Stop that program, or choose another port:"
            f" make run PORT={number + 1 if number < 65535 else 8000}"
        ) from error
    if error.errno == errno.EACCES:
        raise Problem(f"port {number} belongs to the system. Choose one above 1023: make run PORT=8000") from error
    # A machine without IPv6 has no ::1 to share.


def data_dir() -> Path:
    """The folder of `DATA_DIR`, made if it is missing, and proved writable by writing."""
    folder = places.data_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".writable-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise Problem(
            f"the data folder {folder} cannot be written ({error.strerror}). Give yourself the right to it,"
            " or choose another: make run DATA_DIR=~/plumbline-data"
        ) from error
    return folder


def take(folder: Path) -> IO[str]:
    """Hold the data folder until the returned file is closed or this process ends, however it ends."""
    held = open(folder / "running.lock", "a+")  # noqa: SIM115 - held for the life of the process
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.seek(0)
        holder = held.read().strip() or "unknown"
        held.close()
        raise Problem(
            f"the data folder {folder} is in use by another running copy (process {holder}). Stop that one with"
            " Ctrl-C, or give this one a folder of its own: make run DATA_DIR=… PORT=…"
        ) from error
    held.truncate(0)
    held.write(f"{os.getpid()}\n")
    held.flush()
    return held
