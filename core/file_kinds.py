"""Which files authors may bring, by extension: what each is, how a browser is told, and how large it may be.

Anything else is refused; SVG among it, because it can carry a script.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

MB = 1024 * 1024

_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class FileKind:
    """`label` names it for a reader; `family` is "picture", "document", "video", "audio" or "captions"."""

    family: str
    label: str
    content_type: str
    max_bytes: int


KINDS = {
    "jpg": FileKind("picture", _("picture"), "image/jpeg", 10 * MB),
    "jpeg": FileKind("picture", _("picture"), "image/jpeg", 10 * MB),
    "png": FileKind("picture", _("picture"), "image/png", 10 * MB),
    "webp": FileKind("picture", _("picture"), "image/webp", 10 * MB),
    "csv": FileKind("document", _("table (CSV)"), "text/csv", 5 * MB),
    "docx": FileKind("document", _("Word document"), _OFFICE + "wordprocessingml.document", 20 * MB),
    "odt": FileKind("document", _("OpenDocument text"), "application/vnd.oasis.opendocument.text", 20 * MB),
    "pdf": FileKind("document", "PDF", "application/pdf", 20 * MB),
    "pptx": FileKind("document", _("PowerPoint slides"), _OFFICE + "presentationml.presentation", 40 * MB),
    "txt": FileKind("document", _("plain text"), "text/plain", 5 * MB),
    "xlsx": FileKind("document", _("Excel table"), _OFFICE + "spreadsheetml.sheet", 20 * MB),
    "mp4": FileKind("video", _("video"), "video/mp4", 300 * MB),
    "webm": FileKind("video", _("video"), "video/webm", 300 * MB),
    "m4a": FileKind("audio", _("recording"), "audio/mp4", 100 * MB),
    "mp3": FileKind("audio", _("recording"), "audio/mpeg", 100 * MB),
    "ogg": FileKind("audio", _("recording"), "audio/ogg", 100 * MB),
    "vtt": FileKind("captions", _("captions"), "text/vtt", 1 * MB),
}  # fmt: skip

PICTURES = sorted(extension for extension, kind in KINDS.items() if kind.family == "picture")
DOCUMENTS = sorted(extension for extension, kind in KINDS.items() if kind.family != "picture")


def of_family(*families: str) -> list[str]:
    return sorted(extension for extension, kind in KINDS.items() if kind.family in families)
