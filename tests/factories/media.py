"""Small pictures, recordings and documents: the smallest bytes that are what they say."""

import io
import itertools
import zipfile

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from wagtail.documents.models import Document
from wagtail.images.models import Image

_numbers = itertools.count(1)

# The first boxes of an MP4, and silence after them: enough to be recognised, not to be played.
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(2048)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(1024)
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nGood evening.\n"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def picture_bytes(width=1200, height=800, format="JPEG", **options):
    file = io.BytesIO()
    Pillow.linear_gradient("L").resize((width, height)).convert("RGB").save(file, format, **options)
    return file.getvalue()


def office_bytes(*members):
    """A zip archive with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, "words")
    return file.getvalue()


def an_image(width=1200, height=800, **fields):
    content = ContentFile(picture_bytes(width, height), name=f"picture-{next(_numbers)}.jpg")
    return Image.objects.create(**{"title": "A picture", "file": content} | fields)


def a_document(name="form.pdf", content=PDF, **fields):
    stem, _dot, extension = name.rpartition(".")
    file = ContentFile(content, name=f"{stem}-{next(_numbers)}.{extension}")
    return Document.objects.create(**{"title": name, "file": file} | fields)
