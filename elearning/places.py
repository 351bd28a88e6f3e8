"""Where things lie. Read before anything is installed, so the standard library alone."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / "build"


def data_dir() -> Path:
    """Where everything lives that an installation must not lose: database, queue, secrets, media, mail."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / "data").expanduser().resolve()
