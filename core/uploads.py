"""Files that people bring are looked at before they are kept: a name is a claim, the bytes decide.

Every door for files goes through `cleaned`: Wagtail's forms (core.upload_forms), and whatever imports files. Pictures
are painted anew, so that nothing travels along: no place where a photograph was taken, nothing hidden behind the end.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.file_kinds import KINDS, MB

# What an office document may unfold to: a small archive can hold a huge one.
UNFOLDED_BYTES = 200 * MB
UNFOLDED_MEMBERS = 5_000

_HEAD = 1024
_QUALITY = 90
_PILLOW = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_PARTS = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
_ODT = b"application/vnd.oasis.opendocument.text"


class Refused(Exception):
    """The file is not what it says, or is not allowed; the message tells the person what to do."""


def cleaned(file: File, name: str) -> File:
    """The file as it may be kept: a picture painted anew, anything else as it came. Raises Refused.

    `name` is what the person calls it; its extension says what the file claims to be.
    """
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    kind = KINDS.get(extension)
    if kind is None:
        raise Refused(_("Files of this kind are not taken. These are: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    if not file.size:
        raise Refused(_("The file is empty."))
    if file.size > kind.max_bytes:
        raise Refused(
            _("The file is too large. A file of this kind may have %(most)s.")
            % {"most": filesizeformat(kind.max_bytes)}
        )
    if kind.family == "picture":
        return _painted_anew(file, name, extension)
    file.seek(0)
    if not _IS[extension](file):
        raise Refused(
            _("The file is not what its name says (%(kind)s). Save it anew from its program.") % {"kind": extension}
        )
    file.seek(0)
    return file


# --- Pictures -------------------------------------------------------------------------------------------------------


def _painted_anew(file: File, name: str, extension: str) -> ContentFile:
    file.seek(0)
    try:
        with Image.open(file, formats=[_PILLOW[extension]]) as picture:
            if getattr(picture, "is_animated", False):
                raise Refused(_("A picture that moves is not taken. Bring it as a video, which a reader can stop."))
            upright = ImageOps.exif_transpose(picture)
            if extension in ("jpg", "jpeg"):
                upright = upright.convert("RGB")
            elif upright.mode == "P" or "transparency" in upright.info:
                upright = upright.convert("RGBA")
            painted = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise Refused(
            _("The file is not the picture that its name says (%(kind)s), or it is damaged.") % {"kind": extension}
        ) from problem
    result = io.BytesIO()
    painted.save(result, _PILLOW[extension], **({"optimize": True} if extension == "png" else {"quality": _QUALITY}))
    return ContentFile(result.getvalue(), name=name)


# --- Everything else ------------------------------------------------------------------------------------------------


def _begins(*beginnings: bytes) -> Callable[[File], bool]:
    return lambda file: file.read(_HEAD).startswith(beginnings)


def _is_mp4(file) -> bool:
    return file.read(_HEAD)[4:8] == b"ftyp"


def _is_webm(file) -> bool:
    head = file.read(_HEAD)
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]


def _is_mp3(file) -> bool:
    head = file.read(_HEAD)
    return head.startswith(b"ID3") or (head[0] == 0xFF and head[1] & 0xE6 == 0xE2)


def _is_text(file) -> bool:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(character) < 32 and character not in "\t\r\n\f" for character in text)


def _is_captions(file) -> bool:
    if not _is_text(file):
        return False
    file.seek(0)
    first_line = file.read().decode("utf-8-sig").partition("\n")[0].rstrip("\r")
    return first_line == "WEBVTT" or first_line.startswith(("WEBVTT ", "WEBVTT\t"))


def _members(file) -> dict[str, zipfile.ZipInfo] | None:
    """What a zip archive holds; None for one that is none, or that unfolds to more than an office document does."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = {member.filename: member for member in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if len(members) > UNFOLDED_MEMBERS or sum(member.file_size for member in members.values()) > UNFOLDED_BYTES:
        return None
    return members


def _is_office(extension: str) -> Callable[[File], bool]:
    """An Office Open XML document without macros."""

    def judge(file) -> bool:
        members = _members(file)
        return (
            members is not None
            and "[Content_Types].xml" in members
            and any(name.startswith(_PARTS[extension]) for name in members)
            and not any(name.lower().endswith("vbaproject.bin") for name in members)
        )

    return judge


def _is_odt(file) -> bool:
    """An OpenDocument text without macros."""
    members = _members(file)
    if members is None or "mimetype" not in members or members["mimetype"].file_size != len(_ODT):
        return False
    if any(name.startswith(("Basic/", "Scripts/")) for name in members):
        return False
    with zipfile.ZipFile(file) as archive:
        return archive.read("mimetype") == _ODT


_IS: dict[str, Callable[[File], bool]] = {
    "csv": _is_text,
    "docx": _is_office("docx"),
    "m4a": _is_mp4,
    "mp3": _is_mp3,
    "mp4": _is_mp4,
    "odt": _is_odt,
    "ogg": _begins(b"OggS"),
    "pdf": _begins(b"%PDF-"),
    "pptx": _is_office("pptx"),
    "txt": _is_text,
    "vtt": _is_captions,
    "webm": _is_webm,
    "xlsx": _is_office("xlsx"),
}
