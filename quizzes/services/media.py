"""Keeping the pictures, recordings and films of items."""

import hashlib
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from core import uploads
from core.file_kinds import KINDS
from quizzes.models import ItemMedia

FAMILIES = {"picture": ItemMedia.Kind.IMAGE, "audio": ItemMedia.Kind.AUDIO, "video": ItemMedia.Kind.VIDEO}
_CHUNK = 1024 * 1024


def keep_medium(file: File, name: str, *, now: datetime) -> ItemMedia:
    """Keep a file for items, looked at as every upload is, and say how it is known: by `sha256`.

    A file that is kept already, by the bytes that came or by those that a picture is painted anew into, is kept once.
    A picture's digest may be another than that of the bytes that came: what names it takes the row's. Raises
    core.uploads.Refused for what is no such file, or no medium. Whoever calls it has checked the right to.
    """
    brought = ItemMedia.objects.filter(sha256=_digest(file)).first()
    if brought is not None:
        return brought
    extension = _extension(name)
    return _keep(uploads.cleaned(file, name), extension, now)


def keep_cleaned_medium(file: File, name: str, *, now: datetime) -> ItemMedia:
    """Keep a file that `core.uploads.cleaned` has let through already, byte by byte as it is.

    For what was looked at while it was read, or names itself by its digest: a picture that is painted twice is another
    one. Raises core.uploads.Refused for what is no medium.
    """
    brought = ItemMedia.objects.filter(sha256=_digest(file)).first()
    return brought or _keep(file, _extension(name), now)


def _extension(name: str) -> str:
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    if extension not in KINDS or KINDS[extension].family not in FAMILIES:
        raise uploads.Refused(_("Only pictures, recordings and films stand in questions."))
    return extension


def _keep(kept: File, extension: str, now: datetime) -> ItemMedia:
    kind = KINDS[extension]
    digest = _digest(kept)
    width, height = _size(kept) if kind.family == "picture" else (None, None)
    kept.seek(0)
    with transaction.atomic():
        medium, made = ItemMedia.objects.get_or_create(
            sha256=digest,
            defaults={
                "kind": FAMILIES[kind.family],
                "content_type": kind.content_type,
                "width": width,
                "height": height,
                "kept_at": now,
            },
        )
        if made:
            medium.file.save(f"{digest[:2]}/{digest}.{extension}", kept)
    return medium


def _digest(file: File) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _size(file: File) -> tuple[int, int]:
    file.seek(0)
    with Image.open(file) as picture:
        return picture.size
