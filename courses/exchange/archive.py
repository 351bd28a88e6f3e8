"""The container of a travelling course: a zip whose every member is named, bounded and vouched for by its SHA-256.

Writing is deterministic: the same members give the same bytes. Reading trusts nothing: a member that the manifest does
not name, that is larger than it says or that only looks like a file is refused before anything else is read.
"""

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from courses.exchange.reading import Refused, canonical, strict_json

SHAPE = 1
KIND = "plumbline-course"
MANIFEST = "manifest.json"
MEMBER = re.compile(
    r"(?:manifest|course|media|item-media|quizzes|glossary|translations)\.json"
    r"|pages/[a-z]{2,3}(?:-[a-z0-9]{2,8})*\.json"
    r"|banks/[A-Za-z0-9_-]{1,50}\.json"
    r"|files/[0-9a-f]{64}"
)

MOST_MEMBERS = 5_000
MOST_BYTES = 2 * 2**30
MOST_BYTES_OF_JSON = 64 * 2**20
# Text of a course shrinks to a sixth; what shrinks to a hundredth was made to burst.
MOST_RATIO = 100
# Below this size a ratio says nothing.
SMALL = 2**20

_A_FILE_FOR_ALL = (stat.S_IFREG | 0o644) << 16
_THE_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest day that a zip can name
_CHUNK = 2**20

Opener = Callable[[], IO[bytes]]


def write(target: IO[bytes], members: Mapping[str, bytes | Opener], about: dict) -> dict:
    """Write an archive and return its manifest: `about`, with shape, kind and the hash of every member.

    A member is its bytes or a function that opens its file. `content` in the manifest is one digest over all members:
    two archives with the same one hold the same course.
    """
    hashes = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as container:
        for name in sorted(members):
            if not MEMBER.fullmatch(name) or name == MANIFEST:
                raise ValueError(f"no member may be called {name!r}")
            hashes[name] = _write_member(container, name, members[name])
        manifest = {"shape": SHAPE, "kind": KIND, **about, "members": hashes, "content": content_digest(hashes)}
        _write_member(container, MANIFEST, canonical(manifest))
    return manifest


def _write_member(container: zipfile.ZipFile, name: str, source: bytes | Opener) -> dict:
    entry = zipfile.ZipInfo(name, date_time=_THE_BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = _A_FILE_FOR_ALL
    digest, size = hashlib.sha256(), 0
    with container.open(entry, "w", force_zip64=True) as member:
        for chunk in [source] if isinstance(source, bytes) else _chunks(source):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _chunks(opener: Opener) -> Iterator[bytes]:
    with opener() as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def content_digest(hashes: Mapping[str, dict]) -> str:
    """One SHA-256 over the names and hashes of all members: what two installations compare."""
    lines = "".join(f"{hashes[name]['sha256']}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


class Archive:
    """An archive whose container and hashes have been checked; what its JSON says has not."""

    def __init__(self, container: zipfile.ZipFile, manifest: dict):
        self._container = container
        self.manifest = manifest
        self.names = sorted(manifest["members"])

    def data(self, name: str) -> dict:
        """A JSON member of shape 1. Raises Refused where it is missing or of another shape."""
        if name not in self.manifest["members"]:
            raise Refused(_("It is missing."), name)
        return _shape_1(strict_json(self._container.read(name), name), name)

    def folder(self, name: str) -> list[str]:
        """The members under a folder."""
        return [member for member in self.names if member.startswith(f"{name}/")]

    def open(self, name: str) -> IO[bytes]:
        return self._container.open(name)


@contextmanager
def opened(path: Path | str | IO[bytes]) -> Iterator[Archive]:
    """An archive from a file that anybody may have made. Raises Refused, naming the member, at the first fault."""
    try:
        container = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise Refused(_("This is not an archive of a course: it is no zip file.")) from problem
    with container:
        entries = container.infolist()
        _check_container(entries)
        yield Archive(container, _checked_manifest(container, {entry.filename for entry in entries}))


def _check_container(entries: list[zipfile.ZipInfo]) -> None:
    """Whatever the directory of the zip gives away, before a byte is unpacked."""
    if len(entries) > MOST_MEMBERS:
        raise Refused(_("It has %(count)d members; %(most)d is the most.") % _numbers(len(entries), MOST_MEMBERS))
    seen = set()
    for entry in entries:
        name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.is_dir():
            raise Refused(_("It is no plain file."), name)
        if not MEMBER.fullmatch(name) or entry.orig_filename != name:
            raise Refused(_("No member of an archive has such a name."), name)
        if name in seen:
            raise Refused(_("It is there twice."), name)
        seen.add(name)
        if entry.flag_bits & 0x1:
            raise Refused(_("It is encrypted."), name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(_("It is packed in a way that is not read here."), name)
        if name.endswith(".json") and entry.file_size > MOST_BYTES_OF_JSON:
            raise Refused(_("It is larger than a course's words can be."), name)
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Refused(_("It unpacks to more than a hundred times its size."), name)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused(_("It unpacks to more than %(gigabytes)d GB.") % {"gigabytes": MOST_BYTES // 2**30})


def _numbers(count: int, most: int) -> dict:
    return {"count": count, "most": most}


def _checked_manifest(container: zipfile.ZipFile, present: set[str]) -> dict:
    if MANIFEST not in present:
        raise Refused(_("This is not an archive of a course: it has no manifest."))
    manifest = strict_json(_unpacked(container, MANIFEST), MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise Refused(_("This is not an archive of a course."), MANIFEST)
    _shape_1(manifest, MANIFEST)
    members = manifest.get("members")
    if not isinstance(members, dict) or not all(isinstance(given, dict) for given in members.values()):
        raise Refused(_("It does not list the members."), MANIFEST)
    for name in sorted(present - {MANIFEST} - set(members)):
        raise Refused(_("The manifest does not know it."), name)
    for name in sorted(set(members) - present):
        raise Refused(_("It is missing."), name)
    for name, given in members.items():
        if _digest(container, name) != given.get("sha256"):
            raise Refused(_("It is not what the manifest vouches for: its SHA-256 differs."), name)
        if name.startswith("files/") and name != f"files/{given['sha256']}":
            raise Refused(_("Its name is not its SHA-256."), name)
    if manifest.get("content") != content_digest(members):
        raise Refused(_("Its digest of the whole content differs."), MANIFEST)
    course = manifest.get("course")
    if not isinstance(course, dict) or not all(isinstance(course.get(word), str) for word in ("key", "title")):
        raise Refused(_("It does not say which course it is."), MANIFEST)
    for word in ("software", "licence", "attribution"):
        if not isinstance(manifest.get(word), str) or len(manifest[word]) > 2000:
            raise Refused(_("“%(field)s” is not a text.") % {"field": word}, MANIFEST)
    return manifest


def _shape_1(data, name: str) -> dict:
    if not isinstance(data, dict) or data.get("shape") != SHAPE:
        raise Refused(_("It is of another shape than 1. A newer version of the platform may have made it."), name)
    return data


def _digest(container: zipfile.ZipFile, name: str) -> str:
    """The SHA-256 of a member, read piece by piece. zipfile stops at the size that the directory gave."""
    digest = hashlib.sha256()
    for chunk in _read(container, name):
        digest.update(chunk)
    return digest.hexdigest()


def _unpacked(container: zipfile.ZipFile, name: str) -> bytes:
    return b"".join(_read(container, name))


def _read(container: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        yield from _chunks(lambda: container.open(name))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as problem:
        raise Refused(_("It cannot be unpacked."), name) from problem
