"""A course with pictures and recordings in its questions moves to another installation whole."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile

from courses.exchange import archive
from courses.exchange.importing import import_course
from courses.exchange.reading import Refused
from quizzes import services
from quizzes.models import Item, ItemBank, ItemMedia, ItemText, ItemVersion
from tests import databases
from tests.factories.exchange import a_furnished_course, exported
from tests.factories.media import MP3, picture_bytes
from tests.factories.people import NOW

from .conftest import Files


def ask_with_media():
    """A published item in the course's bank with a photograph and a recording, and one that is pointed at."""
    photograph = services.keep_medium(ContentFile(picture_bytes(90, 60)), "port.jpg", now=NOW)
    recording = services.keep_medium(ContentFile(MP3), "call.mp3", now=NOW)
    shown = [
        {"sha256": photograph.sha256, "kind": "image", "alt": "The port"},
        {"sha256": recording.sha256, "kind": "audio", "alt": "The call"},
    ]
    options = {"a": {"text": "Yes"}, "b": {"text": "No"}}
    choice = {
        "shape": 2,
        "options": [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "0"}],
        "shuffle": True,
    }
    asked = {"shape": 2, "stem": "Is it?", "options": options, "media": shown}
    bank = ItemBank.objects.get()
    item = Item.objects.create(bank=bank, key="shown")
    version = ItemVersion.objects.create(
        item=item, number=1, kind="single_choice", difficulty=1, structure=choice, published_at=NOW
    )
    ItemText.objects.create(version=version, language="en", content=asked)
    return photograph, recording


@pytest.fixture(scope="module")
def travelling(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("travelling-media")
    with django_db_blocker.unblock(), databases.copy():
        course = a_furnished_course(Files(folder / "small-course"), ("en", "fr"))
        kept = ask_with_media()
        path = folder / "course.zip"
        path.write_bytes(exported(course)[0])
        yield path, {row.sha256: row.file.read() for row in kept}


@pytest.fixture
def elsewhere(travelling, django_db_blocker, settings, tmp_path):
    """Another installation: an empty database and no media."""
    with django_db_blocker.unblock(), databases.copy():
        settings.MEDIA_ROOT = tmp_path / "media"
        yield travelling


def test_what_questions_show_arrives_byte_by_byte(elsewhere):
    path, sent = elsewhere
    import_course(path, actor=None, now=NOW)
    kept = {row.sha256: row.file.read() for row in ItemMedia.objects.all()}
    assert kept == sent
    photograph = ItemMedia.objects.get(kind="image")
    assert (photograph.width, photograph.height) == (90, 60)
    words = ItemText.objects.get(version__item__key="shown").content
    assert [medium["sha256"] in kept for medium in words["media"]] == [True, True]
    # And it goes on from there as it came.
    assert exported()[0] == path.read_bytes()


def test_a_dry_run_keeps_nothing(elsewhere):
    plan = import_course(elsewhere[0], actor=None, now=NOW, dry_run=True).plan
    assert plan.media == 4
    assert not ItemMedia.objects.exists()


def changed(path, change):
    """The archive with other members, vouched for again: as somebody with bad intentions would send it."""
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist() if name != archive.MANIFEST}
        manifest = json.loads(opened.read(archive.MANIFEST))
    change(members)
    target = io.BytesIO()
    about = {name: manifest[name] for name in ("software", "licence", "attribution", "course")}
    archive.write(target, members, about)
    target.seek(0)
    return target


def test_a_question_without_its_picture_is_refused(elsewhere):
    path, sent = elsewhere

    def without(members):
        del members["item-media.json"]
        for digest in sent:
            del members[f"files/{digest}"]

    with pytest.raises(Refused, match="A question shows what the archive does not hold"):
        import_course(changed(path, without), actor=None, now=NOW)
    assert not ItemMedia.objects.exists()


def test_a_file_that_is_no_picture_is_refused(elsewhere):
    path, _sent = elsewhere

    def with_a_script(members):
        shown = json.loads(members["item-media.json"])
        [entry] = [entry for entry in shown["media"] if entry["extension"] == "mp3"]
        entry["extension"] = "png"
        members["item-media.json"] = json.dumps(shown).encode()

    with pytest.raises(Refused, match="not the picture"):
        import_course(changed(path, with_a_script), actor=None, now=NOW)
    assert not ItemMedia.objects.exists()


def test_a_medium_that_no_question_shows_is_refused(elsewhere):
    path, _sent = elsewhere

    def with_more(members):
        data = picture_bytes(10, 10, "PNG")
        digest = hashlib.sha256(data).hexdigest()
        shown = json.loads(members["item-media.json"])
        shown["media"].append({"file": digest, "extension": "png"})
        members["item-media.json"] = json.dumps(shown).encode()
        members[f"files/{digest}"] = data

    with pytest.raises(Refused, match="Nothing in the archive leads to it"):
        import_course(changed(path, with_more), actor=None, now=NOW)


@pytest.mark.django_db
def test_a_course_whose_picture_is_lost_does_not_leave_without_it(travelling):
    ItemMedia.objects.filter(kind="audio").delete()
    with pytest.raises(Refused, match="is lost"):
        exported()
