"""Pictures keep their bytes where this platform painted them, and only there."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from core import uploads
from quizzes.formats.media import Library
from quizzes.formats.own_pictures import is_own

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}


def drawn(extension, **how):
    picture = Image.linear_gradient("L").resize((120, 90)).convert("RGB")
    ImageDraw.Draw(picture).ellipse((20, 10, 80, 70), "red", "blue", 3)
    file = io.BytesIO()
    picture.save(file, FORMATS[extension], **how)
    return file.getvalue()


def painted(data, extension):
    file = uploads.cleaned(ContentFile(data), f"a.{extension}")
    file.seek(0)
    return file.read()


@pytest.mark.parametrize("extension", FORMATS)
def test_what_was_painted_here_travels_unchanged_into_an_empty_installation(extension):
    ours = painted(drawn(extension), extension)
    assert Library().medium(ours, "a").data == ours


@pytest.mark.parametrize(
    "how", [{"quality": 75}, {"quality": 90, "comment": b"<script>"}, {"quality": 90, "progressive": True}]
)
def test_what_others_painted_is_painted_anew(how):
    theirs = drawn("jpg", **how)
    assert Library().medium(theirs, "a").data == painted(theirs, "jpg") != theirs


@pytest.mark.parametrize("extension", ["jpg", "webp"])
def test_nothing_hides_behind_the_end(extension):
    ours = painted(drawn(extension), extension)
    assert is_own(ours, ours, extension)
    for hidden in (ours + b"more", ours + b"<script>\xff\xd9"):
        assert not is_own(hidden, ours, extension)


def test_nothing_to_speak_of_hides_before_the_end_of_a_jpeg():
    ours = painted(drawn("jpg"), "jpg")
    assert not is_own(ours[:-2] + b"hidden" * 40 + ours[-2:], ours, "jpg")
    assert not is_own(ours[:2] + b"\xff\xfe\x00\x06note" + ours[2:], ours, "jpg")
