"""Pictures, recordings and films of questions on their way with a course: their bytes are what items name them by.

`item-media.json` is in an archive only where an item shows something: `{"shape": 1, "media": [{"file": <sha256>,
"extension": "png"}]}`; the bytes are in `files/<sha256>`.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.base import File
from django.utils.translation import gettext as _

from core.file_kinds import KINDS
from courses.exchange import media
from courses.exchange.archive import Archive, Opener
from courses.exchange.reading import Reader, Refused, canonical
from quizzes.exchange import media_named
from quizzes.models import ItemMedia
from quizzes.services import keep_cleaned_medium
from quizzes.services.media import FAMILIES

MEMBER = "item-media.json"


# --- Outward --------------------------------------------------------------------------------------------------------


def members_of(banks: Iterable[dict]) -> dict[str, bytes | Opener]:
    """The members of an archive with what the items of these banks show. Raises Refused for a lost file."""
    wanted = set().union(*(media_named(bank) for bank in banks))
    if not wanted:
        return {}
    kept = {row.sha256: row for row in ItemMedia.objects.filter(sha256__in=wanted)}
    for digest in sorted(wanted):
        if digest not in kept or not kept[digest].file.storage.exists(kept[digest].file.name):
            raise Refused(
                _("The file of a question’s picture or recording is lost (%(digest)s).") % {"digest": digest}
            )
    entries = [
        {"file": digest, "extension": PurePosixPath(row.file.name).suffix.lstrip(".")}
        for digest, row in sorted(kept.items())
    ]
    members: dict[str, bytes | Opener] = {MEMBER: canonical({"shape": 1, "media": entries})}
    return members | {f"files/{digest}": _opener(row) for digest, row in kept.items()}


def _opener(row: ItemMedia) -> Opener:
    return lambda: row.file.storage.open(row.file.name)


# --- Inward ---------------------------------------------------------------------------------------------------------


def check(archive: Archive, banks: Iterable[dict]) -> dict[str, str]:
    """The extensions of the items' media by digest, their files looked at. Raises Refused: also where an item shows
    what the archive does not hold, for a question without its picture may be none."""
    found: dict[str, str] = {}
    if MEMBER in archive.names:
        for entry in Reader(archive.data(MEMBER), MEMBER).only("shape", "media").each("media"):
            entry.only("file", "extension")
            digest = entry.text("file", most=64)
            extension = entry.choice("extension", [name for name, kind in KINDS.items() if kind.family in FAMILIES])
            member = f"files/{digest}"
            if member not in archive.names:
                raise entry.refused(_("is not in the archive"), "file")
            with archive.open(member) as file:
                family = "image" if KINDS[extension].family == "picture" else "document"
                media.check_file(family, {"filename": f"medium.{extension}"}, file, member)
            found[digest] = extension
    wanted = set().union(*(media_named(bank) for bank in banks))
    for digest in sorted(wanted - found.keys()):
        raise Refused(_("A question shows what the archive does not hold (%(digest)s).") % {"digest": digest})
    for digest in sorted(found.keys() - wanted):
        raise Refused(_("Nothing in the archive leads to it."), f"files/{digest}")
    return found


def keep(archive: Archive, found: dict[str, str], *, now: datetime) -> None:
    """Keep checked media, byte by byte as they came. Before the transaction that needs them: a file that no question
    shows in the end does no harm."""
    for digest, extension in found.items():
        with archive.open(f"files/{digest}") as file:
            keep_cleaned_medium(File(file), f"medium.{extension}", now=now)
