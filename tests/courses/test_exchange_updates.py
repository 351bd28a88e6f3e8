"""What an arrived course is, and what happens when it comes again."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page

from courses.exchange.importing import AlreadyHere, import_course
from courses.exchange.reading import Refused
from courses.models import CoursePage, LessonPage, Release
from courses.releases import release_course
from quizzes.models import ItemText, ItemVersion
from tests import databases
from tests.factories.exchange import a_furnished_course, everything, exported
from tests.factories.people import NOW

from .conftest import Files

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "ar")


@pytest.fixture(scope="module")
def _arrived(tmp_path_factory, django_db_setup, django_db_blocker):
    """An installation into which the course was imported, in the database of every test of the module."""
    folder = tmp_path_factory.mktemp("arrived")
    path = folder / "course.zip"
    with django_db_blocker.unblock():
        with databases.copy():
            path.write_bytes(exported(a_furnished_course(Files(folder / "small-course"), LANGUAGES))[0])
        with databases.copy():
            import_course(path, actor=None, now=NOW)
            yield path


@pytest.fixture
def arrived(_arrived, db):
    return _arrived


def test_what_arrives_can_be_released_in_all_its_languages(arrived):
    course = CoursePage.objects.get(locale__language_code="en")
    assert sorted(release_course(course, actor=None, now=NOW).languages) == sorted(LANGUAGES)


def test_published_pages_are_published_and_drafts_stay_drafts(arrived):
    assert LessonPage.objects.live().count() == 6
    waiting = LessonPage.objects.get(title="Still a draft")
    assert (waiting.live, waiting.get_latest_revision_as_object().lede) == (False, "Soon")
    [edited] = LessonPage.objects.live().filter(has_unpublished_changes=True)
    assert edited.lede == "Lede first en"
    assert edited.get_latest_revision_as_object().lede == "A lede that only its author knows"


def test_links_and_pictures_lead_to_what_is_here(arrived):
    lesson = LessonPage.objects.live().get(title="Lesson first ar")
    html = lesson.body.raw_data[0]["value"]
    other = LessonPage.objects.live().get(title="Lesson second ar")
    picture, form = Image.objects.get(), Document.objects.get()
    assert f'<a linktype="page" id="{other.pk}">' in html
    assert f'<a linktype="document" id="{form.pk}">' in html
    assert f'id="{picture.pk}"/>' in html
    assert (picture.width, picture.height, picture.description) == (40, 30, "A crane over a ship")
    assert (picture.collection.name, sorted(picture.tags.names())) == ("Ports", ["crane", "sea"])
    assert form.file.read() == b"%PDF-1.4 form"


def test_importing_twice_changes_nothing(arrived):
    before = everything()
    assert import_course(arrived, actor=None, now=NOW).plan.is_empty
    assert everything() == before


# --- A course that is here and differs ------------------------------------------------------------------------------


def edit_here():
    lesson = LessonPage.objects.get(title="Lesson second fr")
    lesson.lede = "Nos propres mots"
    lesson.save_revision().publish()
    text = ItemText.objects.get(version__item__key="item-2", language="fr")
    newer = ItemVersion.objects.create(
        item=text.version.item, number=2, difficulty=1, structure=text.version.structure, published_at=NOW
    )
    ItemText.objects.create(version=newer, language="fr", content=text.content | {"stem": "Notre question"})
    return lesson


def test_a_course_that_differs_is_refused_with_what_differs(arrived):
    edit_here()
    before = everything()
    with pytest.raises(AlreadyHere) as refusal:
        import_course(arrived, actor=None, now=NOW)
    [change] = refusal.value.plan.changed_pages
    assert (change.language, change.title, change.fields) == ("fr", "Lesson second fr", ["lede"])
    assert "item-2" in refusal.value.plan.changed_assessments[0]
    assert everything() == before


def test_an_update_writes_drafts_and_new_versions_and_touches_no_release(arrived):
    made = release_course(CoursePage.objects.get(locale__language_code="en"), actor=None, now=NOW)
    facts = made.record_facts()
    edited = edit_here()
    import_course(arrived, actor=None, now=NOW, update=True)
    edited.refresh_from_db()
    assert (edited.lede, edited.has_unpublished_changes) == ("Nos propres mots", True)
    assert edited.get_latest_revision_as_object().lede == "Lede second fr"
    versions = ItemVersion.objects.filter(item__key="item-2").order_by("number")
    assert [version.number for version in versions] == [1, 2, 3]
    assert versions[2].texts.get(language="fr").content["stem"] == "Stem 2 fr"
    assert Release.objects.get().record_facts() == facts
    assert import_course(arrived, actor=None, now=NOW, update=True).plan.is_empty


def test_an_update_brings_a_page_that_was_deleted_here_as_a_draft(arrived):
    LessonPage.objects.get(title="Lesson second ar").delete()
    import_course(arrived, actor=None, now=NOW, update=True)
    assert not LessonPage.objects.get(title="Lesson second ar").live


def test_another_page_at_the_same_address_stands_in_the_way(arrived):
    home = CoursePage.objects.get(locale__language_code="fr").get_parent()
    CoursePage.objects.get(locale__language_code="fr").delete()
    home = Page.objects.get(pk=home.pk)
    home.add_child(
        instance=CoursePage(title="Other", slug="small-course", summary="Of another kind", locale=home.locale)
    )
    with pytest.raises(Refused, match="small-course"):
        import_course(arrived, actor=None, now=NOW, update=True)


def test_several_courses_of_one_name_are_listed(arrived, tmp_path):
    course = CoursePage.objects.get(locale__language_code="en")
    other = Page.objects.get(pk=course.get_parent().pk).add_child(
        instance=CoursePage(title="Course en", summary="Of another kind")
    )
    with pytest.raises(CommandError) as refusal:
        call_command("export_course", "Course en", tmp_path / "which.zip")
    assert str(course.translation_key) in str(refusal.value)
    assert str(other.translation_key) in str(refusal.value)
    with pytest.raises(CommandError, match="No course"):
        call_command("export_course", "nothing", tmp_path / "which.zip")
