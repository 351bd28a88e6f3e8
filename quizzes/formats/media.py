"""Pictures, recordings and films out of a file: looked at, made fit to be kept, or refused with a reason.

Everything goes through core.uploads.cleaned, the one door for files. What a file is, its bytes say, never its name.
"""

import base64
import binascii
import io
import re
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from core import uploads
from core.file_kinds import KINDS
from quizzes.formats.neutral import Medium, Message, Sentence
from quizzes.formats.own_pictures import is_own
from quizzes.formats.texts import line

MOST_BYTES_OF_ALL = 200 * 1024 * 1024
MOST_MEDIA = 2_000
MOST_PIXELS = 40_000_000
LONGEST_NAME = 100
_FAMILIES = {"picture": "image", "audio": "audio", "video": "video"}
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


class Unfit(Exception):
    """A medium cannot be taken; the argument is a Message that says why."""

    def __init__(self, text: Any, **parameters: Any):
        self.message = Message.of(text, **parameters)
        super().__init__(self.message)


def decoded(text: str) -> bytes:
    """The bytes of a Base64 text. Raises Unfit."""
    packed = "".join(unquote(text).split())
    if len(packed) > 4 * MOST_BYTES_OF_ALL // 3 or not _BASE64.fullmatch(packed):
        raise Unfit(_("the file is not packed as Base64"))
    try:
        return base64.b64decode(packed)
    except binascii.Error as problem:
        raise Unfit(_("the file is not packed as Base64")) from problem


def known_name(address: str) -> str:
    """The name of a file from an address such as `@@PLUGINFILE@@/folder/a%20name.png?time=1`."""
    name = PurePosixPath(unquote(address.partition("?")[0].partition("#")[0])).name
    return line(name)[:LONGEST_NAME]


class Library:
    """The media of one file: each cleaned once, and no more than a bank may bring.

    `kept` are digests of files that have been cleaned already, such as those of the bank that is imported into: they
    stay as they are, as do those that another installation has painted (quizzes.formats.own_pictures). A picture that
    is painted anew is never the same bytes again, and an own export would come back with other pictures.
    """

    def __init__(self, kept: frozenset[str] = frozenset()):
        self._kept = kept
        self._cleaned: dict[str, Medium | Unfit] = {}
        self._bytes = 0

    def medium(self, data: bytes, name: str) -> Medium:
        """Raises Unfit."""
        digest = sha256(data).hexdigest()
        if digest not in self._cleaned:
            self._bytes += len(data)
            if len(self._cleaned) >= MOST_MEDIA or self._bytes > MOST_BYTES_OF_ALL:
                raise Unfit(_("the file brings more pictures and recordings than a bank may"))
            try:
                self._cleaned[digest] = _cleaned(data, name, as_it_is=digest in self._kept)
            except Unfit as unfit:
                self._cleaned[digest] = unfit
        found = self._cleaned[digest]
        if isinstance(found, Unfit):
            raise found
        return found


def _cleaned(data: bytes, name: str, *, as_it_is: bool) -> Medium:
    extension = _extension(data)
    if extension == "gif":
        data, extension = _still(data), "png"
    kind = KINDS[extension]
    family = _FAMILIES[kind.family]
    if family == "image":
        _check_size(data, extension)
    file = ContentFile(data, name=f"medium.{extension}")
    if not as_it_is:
        try:
            file = uploads.cleaned(file, file.name)
        except uploads.Refused as refused:
            raise Unfit("%(reason)s", reason=Sentence(" ".join(str(refused).split()).rstrip("."))) from refused
        file.seek(0)
        painted = file.read()
        data = data if is_own(data, painted, extension) else painted
    stem = PurePosixPath(name).stem[: LONGEST_NAME - 6] or family
    return Medium.of(data, family, f"{stem}.{extension}", kind.content_type)


def _extension(data: bytes) -> str:
    """What the bytes are, by how they begin. Raises Unfit."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data[4:8] == b"ftyp":
        return "m4a" if data[8:11] == b"M4A" else "mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if data.startswith(b"OggS"):
        return "ogg"
    if data.startswith(b"ID3") or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):
        return "mp3"
    if b"<svg" in data[:4096].lower():
        raise Unfit(_("it is an SVG drawing, which can carry a script: save it as PNG"))
    if not data:
        raise Unfit(_("it is empty"))
    raise Unfit(_("it is no picture, recording or film of a kind that is taken"))


def _check_size(data: bytes, extension: str) -> None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise Unfit(_("it is damaged")) from problem
    if width * height > MOST_PIXELS:
        raise Unfit(_("it is larger than %(most)d million pixels"), most=MOST_PIXELS // 1_000_000)


def _still(data: bytes) -> bytes:
    """A GIF as PNG: old banks are full of them. Raises Unfit for one that moves."""
    _check_size(data, "gif")
    try:
        with Image.open(io.BytesIO(data), formats=["GIF"]) as picture:
            if getattr(picture, "is_animated", False):
                raise Unfit(_("it is a picture that moves: bring it as a film, which a reader can stop"))
            painted = io.BytesIO()
            picture.convert("RGBA").save(painted, "PNG")
    except (OSError, ValueError, SyntaxError, EOFError) as problem:
        raise Unfit(_("it is damaged")) from problem
    return painted.getvalue()


def size(medium: Medium) -> tuple[int, int]:
    """Width and height of a picture in pixels."""
    with Image.open(io.BytesIO(medium.data)) as picture:
        return picture.size
