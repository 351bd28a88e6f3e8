"""Images and documents of a travelling course: by content outward, distrusted inward.

An entry's id is the SHA-256 of what it says, its file's hash included, so that the same picture under two titles is
two entries and one file. An entry in media.json:
`{"id", "file": <sha256>, "filename", "title", "collection": ["Root's child", …], "tags": […]}`, of an image also
`"description"` (its alternative text) and `"focal_point": [x, y, width, height] | null`.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from core import uploads
from core.file_kinds import KINDS
from core.uploads import cleaned
from courses.exchange.reading import Reader, Refused, canonical

_FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


# --- Outward --------------------------------------------------------------------------------------------------------


class Gathered:
    """The media that an export meets, each once."""

    def __init__(self):
        self._named: dict[tuple[str, int], str | None] = {}
        self.entries: dict[str, dict[str, dict]] = {"image": {}, "document": {}}
        self.files: dict[str, Callable[[], IO[bytes]]] = {}
        self._models = {"image": get_image_model(), "document": get_document_model()}

    def name(self, kind: str, pk: int) -> str | None:
        """The name of a row's entry, `image:<id>`; None where the row has gone. Raises Refused for a lost file."""
        if (kind, pk) not in self._named:
            row = self._models[kind].objects.filter(pk=pk).first()
            self._named[kind, pk] = None if row is None else self._gather(kind, row)
        return self._named[kind, pk]

    def _gather(self, kind: str, row) -> str:
        try:
            digest = _sha256(row.file.storage.open(row.file.name))
        except OSError as problem:
            raise Refused(_("The file of “%(title)s” is lost.") % {"title": row.title}) from problem
        entry = as_data(kind, row, digest)
        identity = hashlib.sha256(canonical(entry)).hexdigest()[:32]
        self.entries[kind][identity] = {"id": identity, **entry}
        self.files[f"files/{digest}"] = lambda: row.file.storage.open(row.file.name)
        return f"{kind}:{identity}"


def as_data(kind: str, row, digest: str) -> dict:
    """What an image or document is, beside its bytes."""
    entry = {
        "file": digest,
        "filename": PurePosixPath(row.file.name).name,
        "title": row.title,
        "collection": _path_of(row.collection),
        "tags": sorted(row.tags.names()),
    }
    if kind == "image":
        focal_point = [getattr(row, name) for name in _FOCAL_POINT]
        entry |= {"description": row.description, "focal_point": focal_point if all(focal_point) else None}
    return entry


def _path_of(collection: Collection) -> list[str]:
    return [one.name for one in collection.get_ancestors(inclusive=True) if not one.is_root()]


def _sha256(file) -> str:
    with file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- Inward ---------------------------------------------------------------------------------------------------------


def check_entry(kind: str, reader: Reader) -> dict:
    """An entry of media.json, its shape checked. Raises Refused."""
    also = ("description", "focal_point") if kind == "image" else ()
    reader.only("id", "file", "filename", "title", "collection", "tags", *also)
    name = reader.text("filename", most=100)
    if name != PurePosixPath(name).name or "\\" in name or not name.isprintable() or name.startswith("."):
        raise reader.refused(_("is no file name"), "filename")
    if _extension(name) not in (
        settings.WAGTAILIMAGES_EXTENSIONS if kind == "image" else settings.WAGTAILDOCS_EXTENSIONS
    ):
        raise reader.refused(_("is of a kind that is not taken here"), "filename")
    for field in ("collection", "tags"):
        if not all(isinstance(one, str) and 0 < len(one) <= 100 for one in reader.sequence(field)):
            raise reader.refused(_("is not a list of names"), field)
    reader.text("title", most=255)
    if kind == "image":
        reader.text("description", most=255)
        point = reader.data["focal_point"]
        whole = (
            isinstance(point, list) and len(point) == 4 and all(type(one) is int and 0 < one < 2**31 for one in point)
        )
        if point is not None and not whole:
            raise reader.refused(_("is no focal point"), "focal_point")
    entry = {name: value for name, value in reader.data.items() if name != "id"}
    if reader.data["id"] != hashlib.sha256(canonical(entry)).hexdigest()[:32]:
        raise reader.refused(_("is not the hash of its entry"), "id")
    return reader.data


def check_file(kind: str, entry: dict, file: IO[bytes], member: str) -> dict:
    """Check that a file is what its name says; returns what its row needs to know of it. Raises Refused.

    It is judged as an upload is (core.uploads). A picture keeps its bytes all the same: they are its identity, and
    painted anew it would be another picture each time it travels.
    """
    extension = _extension(entry["filename"])
    if file.seek(0, io.SEEK_END) > KINDS[extension].max_bytes:
        raise Refused(_("It is larger than such a file may be here."), member)
    file.seek(0)
    held = File(io.BytesIO(file.read()) if kind == "image" else file, name=entry["filename"])
    facts = _size_of(held, member) if kind == "image" else {}
    held.seek(0)
    try:
        cleaned(held, entry["filename"])
    except uploads.Refused as problem:
        raise Refused(str(problem), member) from problem
    return facts


def _size_of(file: File, member: str) -> dict:
    """Width and height as the file claims them, before anything of that size is unfolded."""
    try:
        with Picture.open(file) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Picture.DecompressionBombError) as problem:
        raise Refused(_("It is not the picture that its name promises."), member) from problem
    if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise Refused(_("The picture has too many pixels."), member)
    return {"width": width, "height": height}


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


@dataclass(frozen=True)
class _Prepared:
    """What is known of an entry's file: the row that says the same, else the place to which it was written."""

    file_hash: str
    size: int
    row: int | None
    place: str


class Settled:
    """The media that an import makes or finds. What it has written can be taken away again.

    First `prepare` for each entry, which reads and writes files and takes its time; then `settle` in the transaction.
    """

    def __init__(self):
        self.made: dict[str, int] = {}
        self._prepared: dict[str, _Prepared] = {}
        self._written: list[tuple] = []
        self._models = {"image": get_image_model(), "document": get_document_model()}

    def prepare(self, kind: str, entry: dict, file: IO[bytes]) -> None:
        """Look for the row of an entry; where there is none, write its file."""
        digest, size = hashlib.sha1(usedforsecurity=False), 0
        for chunk in File(file).chunks():
            digest.update(chunk)
            size += len(chunk)
        alike = self._models[kind].objects.filter(file_hash=digest.hexdigest(), file_size=size, title=entry["title"])
        row = next((row.pk for row in alike if _here(row) == entry["file"] and _says(kind, row, entry)), None)
        place = self._write(kind, entry, file) if row is None else ""
        self._prepared[f"{kind}:{entry['id']}"] = _Prepared(digest.hexdigest(), size, row, place)

    def settle(self, kind: str, entry: dict, file: IO[bytes], facts: dict, uploader) -> None:
        """The row of an entry that was prepared: one that is here and says the same, or a new one."""
        model, name = self._models[kind], f"{kind}:{entry['id']}"
        prepared = self._prepared[name]
        found = model.objects.filter(pk=prepared.row).first()
        if found is not None and _says(kind, found, entry):
            self.made[name] = found.pk
            return
        row = model(title=entry["title"], collection=_collection(entry["collection"]), uploaded_by_user=uploader)
        # Not prepared where the row that was found has gone meanwhile.
        row.file.name = prepared.place or self._write(kind, entry, file)
        row.file_hash, row.file_size = prepared.file_hash, prepared.size
        if kind == "image":
            row.description, row.width, row.height = entry["description"], facts["width"], facts["height"]
            for part, value in zip(_FOCAL_POINT, entry["focal_point"] or [None] * 4, strict=True):
                setattr(row, part, value)
        row.save()
        row.tags.set(entry["tags"])
        self.made[name] = row.pk

    def _write(self, kind: str, entry: dict, file: IO[bytes]) -> str:
        """The file's place, named by its content: what stands there already is the same file."""
        storage = self._models[kind]._meta.get_field("file").storage
        folder = "original_images" if kind == "image" else "documents"
        place = f"{folder}/{entry['file'][:16]}/{entry['filename']}"
        if storage.exists(place):
            if _sha256(storage.open(place)) == entry["file"]:
                return place
            place = storage.get_available_name(place)
        file.seek(0)
        written = storage.save(place, File(file))
        self._written.append((storage, written))
        return written

    def take_away(self) -> None:
        """Remove the files that were written: their rows were rolled back."""
        for storage, place in self._written:
            storage.delete(place)


def _here(row) -> str | None:
    try:
        return _sha256(row.file.storage.open(row.file.name))
    except OSError:
        return None


def _says(kind: str, row, entry: dict) -> bool:
    """Whether a row of the same file says what an entry does."""
    return as_data(kind, row, entry["file"]) == {name: value for name, value in entry.items() if name != "id"}


def _collection(path: list[str]) -> Collection:
    collection = Collection.get_first_root_node()
    for name in path:
        # Read anew: adding a child counts on the parent's own columns.
        collection = Collection.objects.get(pk=collection.pk)
        found = collection.get_children().filter(name=name).first()
        collection = found or collection.add_child(instance=Collection(name=name))
    return collection
