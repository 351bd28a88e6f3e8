"""What a release holds on to stays, whatever becomes of the original, and is handed over whole or in parts."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import kept_files
from tests.factories.media import MP4, a_document

pytestmark = pytest.mark.django_db


def test_the_same_bytes_are_kept_once():
    first, second = (a_document("film.mp4", MP4) for _ in range(2))
    assert first.file.name != second.file.name
    assert kept_files.keep(first.file) == kept_files.keep(second.file)


def test_a_copy_outlives_its_original():
    document = a_document("film.mp4", MP4 + b"1")
    kept = kept_files.keep(document.file)
    document.file.delete(save=False)
    assert default_storage.open(kept.name).read() == MP4 + b"1"


def test_a_copy_that_was_cut_short_is_made_anew():
    document = a_document("film.mp4", MP4 + b"2")
    kept = kept_files.keep(document.file)
    default_storage.delete(kept.name)
    default_storage.save(kept.name, ContentFile(MP4[:10]))
    assert kept_files.keep(document.file) == kept
    assert default_storage.size(kept.name) == len(MP4) + 1


def test_a_file_whose_name_says_nothing_is_not_kept():
    document = a_document("film.mp4", MP4)
    document.file.name = default_storage.save("documents/film", ContentFile(MP4))
    with pytest.raises(ValueError, match="extension"):
        kept_files.keep(document.file)


@pytest.fixture
def film():
    return kept_files.keep(a_document("film.mp4", MP4).file)


def test_a_copy_may_be_remembered_for_ever_and_is_never_compressed(client, film):
    response = client.get(film.url, headers={"Accept-Encoding": "gzip"})
    assert b"".join(response.streaming_content) == MP4
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Length"] == str(len(MP4))
    assert "immutable" in response["Cache-Control"]
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    "asked, status, part",
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-7", 206, slice(4, 8)),
        ("bytes=2000-", 206, slice(2000, None)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=0-999999", 206, slice(0, None)),
        ("bytes=7-4", 200, slice(0, None)),
        ("bytes=0-1,4-5", 200, slice(0, None)),
        ("lines=0-1", 200, slice(0, None)),
    ],
)
def test_a_film_can_be_wound(client, film, asked, status, part):
    response = client.get(film.url, headers={"Range": asked})
    content = b"".join(response.streaming_content)
    assert (response.status_code, content) == (status, MP4[part])
    assert response["Content-Length"] == str(len(content))


def test_a_part_beyond_the_end_is_refused(client, film):
    response = client.get(film.url, headers={"Range": f"bytes={len(MP4)}-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(MP4)}")


def test_a_document_is_handed_over_and_never_shown_as_a_page(client):
    response = client.get(kept_files.keep(a_document("notes.txt", b"<script>").file).url)
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.parametrize("path", ["ab/../../x.mp4", f"ab/{'a' * 64}.mp4", f"ab/{'a' * 64}.svg", "x.mp4"])
def test_nothing_else_is_handed_out(client, path):
    assert client.get(f"/media/released/{path}").status_code == 404
