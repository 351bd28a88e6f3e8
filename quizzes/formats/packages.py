"""Zip archives from strangers: every member looked at in the directory before one byte is unpacked. Pure.

Refused as a whole: encrypted members, links, names that lead out of the archive or stand there twice (also but for
capitals), ways of packing that nobody uses, and anything that unpacks to far more than it is.
"""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from quizzes.formats.neutral import Refused

MOST_MEMBERS = 10_000
MOST_BYTES = 500 * 1024 * 1024
MOST_BYTES_OF_ONE = 100 * 1024 * 1024
# Text shrinks to a sixth; what shrinks to a hundredth was made to burst.
MOST_RATIO = 100
SMALL = 1024 * 1024
_CHUNK = 1024 * 1024
# What zipfile raises at archives that were cut, altered or made by hand.
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


class Package:
    """The members of an archive by their names."""

    def __init__(self, data: bytes):
        """Raises Refused."""
        try:
            self._container = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGES as problem:
            raise Refused(_("The zip archive is damaged.")) from problem
        entries = self._container.infolist()
        if len(entries) > MOST_MEMBERS:
            raise Refused(_("The zip archive has more than %(most)d members."), most=MOST_MEMBERS)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        for entry in entries:
            _check(entry)
            if entry.filename.casefold() in seen:
                raise Refused(_("The zip archive has “%(name)s” twice."), name=entry.filename)
            seen.add(entry.filename.casefold())
            if not entry.is_dir():
                self._entries[entry.filename] = entry
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise Refused(
                _("The zip archive unpacks to more than %(most)d megabytes."), most=MOST_BYTES // (1024 * 1024)
            )

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises Refused for one that is damaged or not as long as it says."""
        entry = self._entries[name]
        pieces, size = [], 0
        try:
            with self._container.open(entry) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    if size > entry.file_size:
                        break
                    pieces.append(chunk)
        except _DAMAGES as problem:
            raise Refused(_("“%(name)s” in the zip archive is damaged."), name=name) from problem
        if size != entry.file_size:
            raise Refused(_("“%(name)s” in the zip archive is damaged."), name=name)
        return b"".join(pieces)

    def beside(self, name: str, address: str) -> str | None:
        """The member that an address in another member means; None for one that is not there."""
        path = unquote(address.partition("?")[0].partition("#")[0])
        if path.startswith("/") or "\\" in path:
            return None
        parts: list[str] = []
        for part in (PurePosixPath(name).parent / path).parts:
            if part != "..":
                parts.append(part)
            elif parts:
                parts.pop()
            else:
                return None
        found = "/".join(parts)
        return found if found in self._entries else None


def _check(entry: zipfile.ZipInfo) -> None:
    name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
    parts = name.rstrip("/").split("/")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(_("“%(name)s” in the zip archive is a link, not a file."), name=name)
    if (
        entry.orig_filename != name
        or not name
        or "\\" in name
        or ":" in name
        or any(part in ("", ".", "..") for part in parts)
        or any(ord(character) < 32 for character in name)
    ):
        raise Refused(_("“%(name)s” is no name for a file in a zip archive."), name=name)
    if entry.flag_bits & 0x1:
        raise Refused(_("“%(name)s” in the zip archive is encrypted."), name=name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(_("“%(name)s” in the zip archive is packed in a way that is not read here."), name=name)
    burst = entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
    if entry.file_size > MOST_BYTES_OF_ONE or burst:
        raise Refused(_("“%(name)s” in the zip archive unpacks to far more than a bank needs."), name=name)
