"""Copies of files that a release holds on to: named by their own bytes, made once, never changed, never removed.

A lesson that was released shows its pictures, recordings and documents whatever becomes of the originals. Two releases
with the same file share one copy; its address may be remembered for ever. Whoever knows the address may read it, as
with the originals; nobody can guess it.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from django.core.files.base import File
from django.core.files.storage import default_storage

FOLDER = "released"
_CHUNK = 1024 * 1024
_SAFE_EXTENSION = re.compile(r"[a-z0-9]{1,5}")


@dataclass(frozen=True)
class KeptFile:
    """A copy: `name` within the storage, `size` in bytes."""

    name: str
    size: int

    @property
    def url(self) -> str:
        return default_storage.url(self.name)


def keep(file) -> KeptFile:
    """Copy a stored file (a model's FieldFile) to its lasting place, unless it is there, and say where that is.

    The copy can be made again at any time with the same result, so it stands in no transaction. A copy that a crash
    has cut short is made anew. Raises FileNotFoundError when the original is gone.
    """
    storage = file.storage
    digest = _digest(storage, file.name, storage.size(file.name), storage.get_modified_time(file.name))
    extension = PurePosixPath(file.name).suffix.lstrip(".").lower()
    if not _SAFE_EXTENSION.fullmatch(extension):
        raise ValueError(f"{file.name} has no plain extension.")
    name = f"{FOLDER}/{digest[:2]}/{digest}.{extension}"
    size = storage.size(file.name)
    if default_storage.exists(name):
        if default_storage.size(name) == size:
            return KeptFile(name, size)
        default_storage.delete(name)
    with storage.open(file.name) as original:
        default_storage.save(name, File(original))
    return KeptFile(name, size)


@lru_cache(maxsize=2048)
def _digest(storage, name: str, _size: int, _modified) -> str:
    """SHA-256 of the bytes; remembered, because a film is looked at each time its lesson is rendered."""
    digest = hashlib.sha256()
    with storage.open(name) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
