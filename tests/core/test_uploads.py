"""A file's name is a claim; its bytes decide. Pictures are painted anew, and nothing hidden travels along."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.documents.models import Document
from wagtail.images.models import Image as Picture
from wagtail.models import Collection

from core import uploads
from core.file_kinds import DOCUMENTS, KINDS, PICTURES
from core.uploads import Refused, cleaned
from courses.authors import give_authors_their_pages
from people.models import Role
from people.services import grant_role
from tests.factories.media import MP3, MP4, PDF, VTT, office_bytes, picture_bytes
from tests.factories.people import NOW, an_account, sign_in

OFFICE = ("[Content_Types].xml", "docProps/app.xml")
ODT_TYPE = "application/vnd.oasis.opendocument.text"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(100)


def odt_bytes(mimetype=ODT_TYPE, *more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (("mimetype", mimetype), ("content.xml", "<x/>"), *((name, "x") for name in more)):
            archive.writestr(name, content)
    return file.getvalue()


HONEST = {
    "jpg": picture_bytes(40, 30),
    "jpeg": picture_bytes(40, 30),
    "png": picture_bytes(40, 30, "PNG"),
    "webp": picture_bytes(40, 30, "WEBP"),
    "csv": "﻿name,limit\nEsi,0\n".encode(),
    "docx": office_bytes(*OFFICE, "word/document.xml"),
    "odt": odt_bytes(),
    "pdf": PDF,
    "pptx": office_bytes(*OFFICE, "ppt/presentation.xml"),
    "txt": "Слова\r\nكلمات\tmots".encode(),
    "xlsx": office_bytes(*OFFICE, "xl/workbook.xml"),
    "mp4": MP4,
    "webm": WEBM,
    "m4a": MP4,
    "mp3": MP3,
    "ogg": b"OggS" + bytes(100),
    "vtt": VTT,
}


def bring(name, content):
    return cleaned(ContentFile(content, name=name), name)


def test_each_kind_has_an_honest_example():
    assert set(HONEST) == set(KINDS) == {*PICTURES, *DOCUMENTS}


@pytest.mark.parametrize("extension", HONEST)
def test_an_honest_file_is_taken_whatever_the_case_of_its_name(extension):
    kept = bring(f"File.{extension.upper()}", HONEST[extension])
    if KINDS[extension].family != "picture":
        assert kept.read() == HONEST[extension]


LIES = [
    (claim, truth)
    for claim in HONEST
    for truth in ("jpg", "pdf", "docx", "odt", "mp4", "mp3", "vtt", "png")
    if claim != truth
    and HONEST[claim] != HONEST[truth]
    and not (claim == "txt" and truth == "vtt")
    and not (claim == "csv" and truth == "vtt")
    and not (claim in ("csv", "txt") and truth == "pdf")  # a small PDF can be text throughout, and is shown as text
]


@pytest.mark.parametrize("claim, truth", LIES)
def test_a_file_that_lies_is_refused(claim, truth):
    with pytest.raises(Refused):
        bring(f"file.{claim}", HONEST[truth])


@pytest.mark.parametrize(
    "name, content",
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("program.exe", b"MZ"),
        ("moving.gif", picture_bytes(10, 10, "GIF")),
        ("nothing", b"words"),
        ("double.pdf.html", PDF),
        ("empty.txt", b""),
        ("page.jpg", b"<html><script>alert(1)</script></html>"),
        ("page.vtt", b"<html></html>"),
        ("page.mp4", b"<html></html>" + bytes(100)),
        ("bytes.txt", b"a\x00b"),
        ("latin.csv", "Größe".encode("latin-1")),
        ("macro.docx", office_bytes(*OFFICE, "word/document.xml", "word/vbaProject.bin")),
        ("macro.odt", odt_bytes(ODT_TYPE, "Basic/script.xml")),
        ("table.odt", odt_bytes("application/vnd.oasis.opendocument.spreadsheet")),
        ("archive.docx", office_bytes("word/document.xml")),
        ("table.docx", office_bytes(*OFFICE, "xl/workbook.xml")),
        ("torn.docx", office_bytes(*OFFICE, "word/document.xml")[:60]),
        ("torn.jpg", picture_bytes(400, 300)[:900]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_allowed_hostile_or_broken_is_refused(name, content):
    with pytest.raises(Refused):
        bring(name, content)


def test_an_archive_that_unfolds_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "UNFOLDED_BYTES", 12)
    with pytest.raises(Refused):
        bring("bomb.docx", HONEST["docx"])


def test_an_archive_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "UNFOLDED_MEMBERS", 2)
    with pytest.raises(Refused):
        bring("bomb.docx", HONEST["docx"])


def test_a_file_may_have_what_its_kind_may_have():
    large = ContentFile(VTT)
    large.size = KINDS["vtt"].max_bytes + 1
    with pytest.raises(Refused, match="too large"):
        cleaned(large, "captions.vtt")


# --- Pictures -------------------------------------------------------------------------------------------------------


def test_nothing_hidden_travels_with_a_picture():
    exif = Image.Exif()
    exif[0x010E] = "taken at the border post"
    content = picture_bytes(40, 30, exif=exif, comment=b"a comment") + b"<script>alert(1)</script>"
    kept = bring("photo.jpg", content).read()
    for hidden in (b"border post", b"comment", b"script", b"Exif"):
        assert hidden not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_a_photograph_that_was_held_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(bring("photo.jpg", picture_bytes(40, 30, exif=exif))).size == (30, 40)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "RGB"])
def test_a_drawing_keeps_its_look(mode):
    original = Image.linear_gradient("L").resize((40, 30)).convert("RGBA")
    original.putalpha(128)
    original = original.convert(mode)
    file = io.BytesIO()
    original.save(file, "PNG")
    kept = Image.open(bring("drawing.png", file.getvalue()))
    assert kept.convert("RGBA").tobytes() == Image.open(file).convert("RGBA").tobytes()


def test_a_picture_in_printers_colours_is_taken():
    file = io.BytesIO()
    Image.new("CMYK", (20, 20)).save(file, "JPEG")
    assert Image.open(bring("print.jpg", file.getvalue())).mode == "RGB"


def test_a_picture_that_moves_is_refused():
    file = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(Refused, match="video"):
        bring("moving.webp", file.getvalue())


# --- Through Wagtail's doors ----------------------------------------------------------------------------------------


@pytest.fixture
def writing(client, db):
    author = an_account()
    grant_role(author, Role.AUTHOR, actor=None, now=NOW)
    author.refresh_from_db()
    give_authors_their_pages([])
    return sign_in(client, author)


DOORS = {
    "/cms/documents/add/": "file",
    "/cms/documents/multiple/add/": "files[]",
    "/cms/documents/chooser/create/": "document-chooser-upload-file",
    "/cms/images/add/": "file",
    "/cms/images/multiple/add/": "files[]",
    "/cms/images/chooser/create/": "image-chooser-upload-file",
}


def bring_through(writing, door, content):
    field = DOORS[door]
    prefix = field.removesuffix("file") if field.endswith("-file") else ""
    name = "form.pdf" if "documents" in door else "photo.jpg"
    return writing.post(
        door,
        {
            f"{prefix}title": "Brought",
            f"{prefix}collection": Collection.get_first_root_node().pk,
            field: SimpleUploadedFile(name, content),
        },
        headers={"X-Requested-With": "XMLHttpRequest"},
    )


@pytest.mark.parametrize("door", DOORS)
def test_an_author_s_file_is_looked_at_at_every_door(writing, door):
    kept, honest = (Document, PDF) if "documents" in door else (Picture, HONEST["jpg"])
    bring_through(writing, door, b"<script>alert(1)</script>")
    assert not kept.objects.exists()
    bring_through(writing, door, honest + b"<script>")
    [one] = kept.objects.all()
    with one.file.open() as file:
        assert (b"script" in file.read()) == (kept is Document)  # a document is kept as it came, and handed over
