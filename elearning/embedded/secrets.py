"""The secrets and loopback ports of an embedded installation: made once, kept in a file only its owner reads."""

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "secrets.json"


@dataclass(frozen=True)
class Secrets:
    """What an embedded installation must keep between two starts. `shape` is the version of the stored form."""

    shape: int
    secret_key: str
    queue_password: str
    broker_port: int
    cache_port: int

    @property
    def broker_url(self) -> str:
        return f"redis://:{self.queue_password}@127.0.0.1:{self.broker_port}/0"

    @property
    def cache_url(self) -> str:
        return f"redis://:{self.queue_password}@127.0.0.1:{self.cache_port}/0"


def load_or_make(data_dir: Path) -> Secrets:
    """The kept secrets, or new ones on the first start.

    Two processes that start at once agree: the file is linked into place whole, and the loser reads the winner's.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _write_new(
            path,
            Secrets(
                shape=1,
                secret_key=secrets.token_urlsafe(48),
                queue_password=secrets.token_urlsafe(24),
                broker_port=free_port(),
                cache_port=free_port(),
            ),
        )
    return Secrets(**json.loads(path.read_text()))


def replace(data_dir: Path, kept: Secrets) -> None:
    """Keep changed ports; the file is swapped whole."""
    path = data_dir / FILE_NAME
    draft = _draft(path, kept)
    os.replace(draft, path)


def is_free(port: int) -> bool:
    """Whether nobody listens on this loopback port at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write_new(path: Path, kept: Secrets) -> None:
    draft = _draft(path, kept)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, kept: Secrets) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(kept), file, indent=1)
    return draft
