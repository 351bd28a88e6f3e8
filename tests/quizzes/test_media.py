"""Pictures, recordings and films of items: kept once, looked at, and shown to whom their question is."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from core.uploads import Refused
from people.models import Role
from quizzes.models import ItemMedia
from quizzes.services import keep_medium
from tests.factories.media import MP3, MP4, PDF, picture_bytes
from tests.factories.people import NOW, an_account, sign_in
from tests.factories.quizzes import a_bank_of, a_quiz_version, an_attempt, true_or_false, weighed

pytestmark = pytest.mark.django_db


def kept(content, name):
    return keep_medium(ContentFile(content), name, now=NOW)


class TestKept:
    def test_a_picture_is_known_by_the_bytes_it_is_painted_anew_into_and_by_those_that_came(self):
        first = kept(picture_bytes(30, 20), "watch.jpg")
        assert (first.kind, first.content_type, first.width, first.height) == ("image", "image/jpeg", 30, 20)
        with first.file.open() as file:
            painted = file.read()
        assert kept(painted, "again.jpg") == first
        assert kept(picture_bytes(30, 20), "other.jpeg") == first
        assert ItemMedia.objects.count() == 1

    def test_what_travels_along_with_a_picture_is_not_kept(self):
        place = Image.Exif()
        place[0x010E] = "where it was taken"
        medium = kept(picture_bytes(30, 20, exif=place), "watch.jpg")
        with medium.file.open() as file:
            assert not Image.open(io.BytesIO(file.read())).getexif()

    @pytest.mark.parametrize(("content", "name", "kind"), [(MP3, "a.mp3", "audio"), (MP4, "a.mp4", "video")])
    def test_recordings_and_films_are_kept_as_they_came(self, content, name, kind):
        medium = kept(content, name)
        assert (medium.kind, medium.width) == (kind, None)
        with medium.file.open() as file:
            assert file.read() == content

    @pytest.mark.parametrize(
        ("content", "name"), [(PDF, "form.pdf"), (PDF, "form.jpg"), (MP4, "a.mp3"), (b"", "a.png"), (PDF, "none")]
    )
    def test_what_is_no_medium_is_refused(self, content, name):
        with pytest.raises(Refused):
            kept(content, name)
        assert not ItemMedia.objects.exists()


class TestServed:
    @pytest.fixture
    def medium(self):
        return kept(MP4, "film.mp4")

    @pytest.fixture
    def attempt(self, client, medium):
        kind, structure, texts = weighed("single_choice", ("en", "ar"), a="1", b="0")
        texts["ar"]["media"] = [{"sha256": medium.sha256, "kind": "video", "alt": "A film"}]
        attempt = an_attempt(quiz_version=a_quiz_version(a_bank_of((kind, structure, texts)), draw=1))
        client.force_login(attempt.learner)
        return attempt

    def test_to_the_learner_whose_question_has_it_in_whatever_language_whole_or_in_part(self, client, attempt, medium):
        address = f"/en/quiz/{attempt.uuid}/media/{medium.sha256}/"
        whole = client.get(address)
        assert (whole.status_code, whole["Content-Type"], b"".join(whole)) == (200, "video/mp4", MP4)
        assert "private" in whole["Cache-Control"]
        part = client.get(address, HTTP_RANGE="bytes=4-7")
        assert (part.status_code, b"".join(part)) == (206, b"ftyp")

    def test_to_nobody_whose_questions_do_not_have_it(self, client, attempt, medium):
        other = an_attempt(quiz_version=a_quiz_version(a_bank_of(true_or_false(True)), draw=1))
        assert client.get(f"/en/quiz/{other.uuid}/media/{medium.sha256}/").status_code == 404
        client.force_login(other.learner)
        assert client.get(f"/en/quiz/{attempt.uuid}/media/{medium.sha256}/").status_code == 404
        assert client.get(f"/en/quiz/{other.uuid}/media/{medium.sha256}/").status_code == 404
        assert client.get(f"/en/quiz/media/{medium.sha256}/").status_code == 403
        assert client.get(f"/media/{medium.file.name}").status_code == 404

    def test_to_who_writes_the_questions(self, client, medium):
        sign_in(client, an_account(None, Role.AUTHOR))
        assert client.get(f"/en/quiz/media/{medium.sha256}/").status_code == 200
        assert client.get(f"/en/quiz/media/{'0' * 64}/").status_code == 404
