"""A course leaves one installation and arrives in another as it was, field by field."""

import hashlib
import io
import json
import shutil
import zipfile

import pytest
from django.core.management import call_command
from django.db import connection, models
from wagtail.images.models import Image
from wagtail.models import Page

from courses.exchange import archive, fields, media, planting
from courses.exchange.contents import contents_of, page_types
from courses.exchange.importing import import_course
from courses.languages.glossary import terms
from courses.models import CoursePage, LessonPage
from tests import databases
from tests.factories.exchange import a_furnished_course, everything, exported
from tests.factories.people import NOW

from .conftest import Files

SIX = ("en", "fr", "es", "ar", "pt", "ru")


@pytest.fixture(scope="module")
def travelling(tmp_path_factory, django_db_setup, django_db_blocker):
    """A furnished course in six languages, in the database of every test of the module, and its archive."""
    folder = tmp_path_factory.mktemp("travelling")
    with django_db_blocker.unblock(), databases.copy():
        course = a_furnished_course(Files(folder / "small-course"), SIX)
        path = folder / "course.zip"
        path.write_bytes(exported(course)[0])
        yield path


@pytest.fixture
def elsewhere(travelling, django_db_blocker, settings, tmp_path):
    """Another installation: an empty database and no media."""
    with django_db_blocker.unblock(), databases.copy():
        settings.MEDIA_ROOT = tmp_path / "media"
        yield travelling


def test_a_course_in_six_languages_arrives_as_it_left(elsewhere):
    outcome = import_course(elsewhere, actor=None, now=NOW)
    data, manifest = exported()
    with archive.opened(elsewhere) as left:
        assert manifest["members"] == left.manifest["members"]
    assert data == elsewhere.read_bytes()
    assert sorted(outcome.plan.languages) == sorted(SIX)
    # 6 × (home, course, module, two lessons), the draft, and Wagtail's root.
    assert Page.objects.count() == 6 * 5 + 2
    assert outcome.course.locale.language_code == "en"
    assert not any(Page.find_problems())
    # Of the glossary what the course uses.
    assert [(term.key, term.words["ar"]) for term in terms()] == [("harbour", "ميناء")]


@pytest.mark.django_db
def test_exporting_twice_gives_the_same_bytes(travelling):
    assert exported()[0] == exported()[0] == travelling.read_bytes()


def test_a_dry_run_tells_and_changes_nothing(elsewhere, settings):
    before = everything()
    plan = import_course(elsewhere, actor=None, now=NOW, dry_run=True).plan
    assert len(plan.new_pages) == 6 * 4 + 1
    assert everything() == before
    assert not settings.MEDIA_ROOT.exists()


def test_a_failure_in_the_middle_leaves_nothing_behind(elsewhere, settings, monkeypatch):
    before = everything()

    def fail(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(LessonPage, "save_revision", fail)
    with pytest.raises(RuntimeError):
        import_course(elsewhere, actor=None, now=NOW)
    assert everything() == before
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_wagtails_indexes_follow_after_the_commit_so_that_others_can_write_meanwhile(elsewhere, monkeypatch):
    seen = []
    index = planting.index

    def look(numbers):
        seen.append((connection.in_atomic_block, Page.objects.filter(pk__in=numbers).count()))
        index(numbers)

    monkeypatch.setattr(planting, "index", look)
    import_course(elsewhere, actor=None, now=NOW)
    assert seen == [(False, 6 * 4 + 1)]
    assert LessonPage.objects.search("first").count() == 6


def test_files_are_stored_before_the_transaction(elsewhere, monkeypatch):
    seen = []
    write = media.Settled._write

    def look(*args):
        seen.append(connection.in_atomic_block)
        return write(*args)

    monkeypatch.setattr(media.Settled, "_write", look)
    import_course(elsewhere, actor=None, now=NOW)
    assert seen == [False, False]


def test_a_file_whose_row_went_after_it_was_prepared_is_stored_with_a_row_of_its_own(elsewhere, settings):
    import_course(elsewhere, actor=None, now=NOW)
    settled = media.Settled()
    with archive.opened(elsewhere) as opened:
        contents = contents_of(opened)
        kind, entry, member = next(contents.members())
        with opened.open(member) as file:
            settled.prepare(kind, entry, file)
            assert settled._written == []
            Image.objects.all().delete()
            shutil.rmtree(settings.MEDIA_ROOT / "original_images")
            settled.settle(kind, entry, file, contents.facts[entry["id"]], None)
    row = Image.objects.get(pk=settled.made[f"image:{entry['id']}"])
    with row.file.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == entry["file"]


def test_the_commands_carry_a_course(elsewhere, tmp_path):
    out = io.StringIO()
    call_command("import_course", elsewhere, "--dry-run", stdout=out)
    assert "nothing was changed" in out.getvalue()
    call_command("import_course", elsewhere, stdout=io.StringIO())
    again = tmp_path / "again.zip"
    call_command("export_course", "small-course", again, "--licence", "CC BY-SA 4.0", stdout=io.StringIO())
    with archive.opened(again) as one, archive.opened(elsewhere) as other:
        assert one.manifest["content"] == other.manifest["content"]
        assert one.manifest["licence"] == "CC BY-SA 4.0"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["small-course", "Course en", "course EN"])
def test_a_course_is_found_by_slug_or_title(travelling, tmp_path, wanted):
    call_command("export_course", wanted, tmp_path / "found.zip", stdout=io.StringIO())
    assert (tmp_path / "found.zip").exists()


@pytest.mark.django_db
def test_a_course_is_found_by_its_uuid(travelling, tmp_path):
    key = CoursePage.objects.first().translation_key
    call_command("export_course", str(key), tmp_path / "found.zip", stdout=io.StringIO())


# --- What travels ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", page_types().values(), ids=lambda model: model.__name__)
def test_every_field_of_every_kind_of_page_travels_or_is_left_on_purpose(model):
    known = {field.name for field in fields.own_fields(model)} | fields.LEFT_AT_HOME
    concrete = {field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)}
    assert {name for name in concrete - known if not name.endswith("_ptr")} == set()
    for field in [f for f in fields.own_fields(model) if not isinstance(f, models.ForeignKey)]:
        assert not field.many_to_many, f"{field} links to many rows, which does not travel"


@pytest.mark.django_db
def test_the_archive_is_plain_json_with_a_shape(travelling):
    with zipfile.ZipFile(travelling) as container:
        for name in container.namelist():
            if name.endswith(".json"):
                assert json.loads(container.read(name))["shape"] == 1
        assert {entry.date_time for entry in container.infolist()} == {(1980, 1, 1, 0, 0, 0)}
