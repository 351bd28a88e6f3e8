"""What learners get: frozen, in all languages, whatever authors do afterwards."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses import national, reading
from courses.curriculum import load_course
from courses.models import CoursePage, LessonPage, ModulePage, Release, ReleaseBody, ReleaseNode
from courses.outlook import outlook_of
from courses.releases import NotReleasable, check, node_key, release_course
from oversight.models import RecordEntry
from people.models import Administration, Role
from quizzes.models import ItemVersion, QuizText
from tests.core.test_blocks import lesson as lesson_of
from tests.core.test_blocks import one_of_each
from tests.factories.media import a_document, an_image
from tests.factories.people import NOW, an_account

from .conftest import ITEMS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def release(course, **fields):
    return release_course(CoursePage.objects.get(pk=course.pk), **{"actor": None, "now": NOW} | fields)


def snapshot(made):
    """What a learner can get of a release, row by row."""
    reading.outline.cache_clear()
    return (
        {language: reading.outline(made.pk, language) for language in ("en", "fr", "ar", "ru")},
        list(ReleaseBody.objects.filter(node__release=made).order_by("pk").values()),
        list(ReleaseNode.objects.filter(release=made).order_by("pk").values()),
        [sorted(node.quiz_version.pool.values_list("pk", flat=True)) for node in made.nodes.filter(kind="quiz")],
    )


def test_a_release_is_the_course_in_reading_order_with_all_languages(course):
    made = release(course)
    assert (made.number, made.source_language, made.languages) == (1, "en", ["en", "ar", "fr"])
    assert made.required_minutes == 30 + 30 + 15
    outline = reading.outline(made.pk, "fr")
    assert [(step.kind, step.title, step.minutes) for step in outline.steps] == [
        ("course", "Course fr", 0),
        ("module", "Module fr", 75),
        ("lesson", "Lesson first fr", 30),
        ("lesson", "Lesson second fr", 30),
        ("quiz", "Quiz fr", 15),
    ]
    assert all(step.mandatory for step in outline.steps)
    assert "Words of first in ar." in reading.body(outline.activities[0].node_id, "ar").html


def test_a_step_has_the_same_key_in_all_languages_and_releases_and_none_shares_it(course):
    first, second = release(course), release(course)
    keys = [step.key for step in reading.outline(first.pk, "en").steps]
    assert keys == [step.key for step in reading.outline(second.pk, "ar").steps]
    assert len(set(keys)) == len(keys)
    assert keys[0] == node_key(course.translation_key)


def test_nothing_that_authors_do_afterwards_reaches_a_learner(course, files):
    made = release(course)
    before = snapshot(made)
    lesson = LessonPage.objects.get(title="Lesson first en")
    lesson.title, lesson.slug, lesson.minutes = "Renamed", "renamed", 5
    lesson.body = [("key_point", {"text": "Something else."})]
    lesson.save_revision().publish()
    LessonPage.objects.get(title="Lesson second fr").unpublish()
    LessonPage.objects.get(title="Lesson second ar").delete()
    ModulePage.objects.get(locale__language_code="en").quiz.texts.update(title="Another quiz")
    files.change("items", lambda data: data["items"][0].update(difficulty=3))
    files.change("lessons.en", lambda data: data["quiz"].update(title="A third title"))
    load_course(files.course, now=NOW)
    CoursePage.objects.get(pk=course.pk).unpublish()
    assert snapshot(made) == before


def test_the_next_release_has_what_authors_did(course):
    first = release(course)
    lesson = LessonPage.objects.get(title="Lesson first en")
    lesson.title = "Renamed"
    lesson.save_revision().publish()
    second = release(course)
    assert (first.number, second.number) == (1, 2)
    assert reading.outline(second.pk, "en").activities[0].title == "Renamed"
    assert reading.outline(first.pk, "en").activities[0].title == "Lesson first en"


def test_a_draft_that_nobody_published_is_not_released(course):
    lesson = LessonPage.objects.get(title="Lesson first en")
    lesson.title = "Only a draft"
    lesson.save_revision()
    assert reading.outline(release(course).pk, "en").activities[0].title == "Lesson first en"


def test_item_versions_are_pinned(course, files):
    made = release(course)
    files.change("items", lambda data: data["items"][0].update(difficulty=3))
    load_course(files.course, now=NOW)
    [node] = made.nodes.filter(kind="quiz")
    assert set(node.quiz_version.pool.values_list("number", flat=True)) == {1}
    [node] = release(course).nodes.filter(kind="quiz")
    assert sorted(node.quiz_version.pool.values_list("number", flat=True)) == [1] * (ITEMS - 1) + [2]


def test_only_authors_release(course):
    for roles in ((), (Role.TRAINING_MANAGER,), (Role.CERTIFYING_OFFICER, Role.AUDITOR, Role.TUTOR)):
        with pytest.raises(PermissionDenied):
            release(course, actor=an_account(None, *roles))
    assert not Release.objects.exists()
    author = an_account(None, Role.AUTHOR)
    made = release(course, actor=author)
    entry = RecordEntry.objects.latest("sequence")
    assert (entry.kind, entry.subject, entry.actor) == ("courses.release.made", made.uuid, author.uuid)
    author.is_active = False
    with pytest.raises(PermissionDenied):
        release(course, actor=author)


def test_a_language_in_which_something_is_missing_is_not_offered_and_read_page_by_page(course):
    LessonPage.objects.get(title="Lesson second fr").unpublish()
    made = release(course)
    assert made.languages == ["en", "ar"]
    outline = reading.outline(made.pk, "fr")
    assert [(step.title, step.language) for step in outline.activities] == [
        ("Lesson first fr", "fr"),
        ("Lesson second en", "en"),
        ("Quiz fr", "fr"),
    ]
    assert reading.languages_of(outline.activities[1].node_id) == ["ar", "en"]


def test_a_translation_that_is_ready_later_comes_with_the_next_release(course):
    LessonPage.objects.get(title="Lesson second fr").unpublish()
    first = release(course)
    LessonPage.objects.get(title="Lesson second fr").save_revision().publish()
    second = release(course)
    assert [reading.outline(each.pk, "fr").activities[1].language for each in (first, second)] == ["en", "fr"]
    assert second.languages == ["en", "ar", "fr"]


@pytest.mark.parametrize("lessons", [3, 30])
def test_looking_at_a_course_costs_the_same_whatever_its_number_of_lessons(course, lessons):
    """The course, its modules, its lessons, each with objectives, in all languages; quizzes and texts; each quiz."""
    module = ModulePage.objects.get(locale__language_code="en")
    for number in range(lessons):
        module.add_child(instance=LessonPage(title=f"Extra {number}", minutes=5, lede="x", body=[]))
    with CaptureQueriesContext(connection) as captured:
        check(CoursePage.objects.get(pk=course.pk))
    assert len(captured) <= 15


def test_everything_that_is_missing_is_named_and_nothing_is_written(course):
    module = ModulePage.objects.get(locale__language_code="en")
    ItemVersion.objects.filter(item__bank=module.quiz.bank, number=1).update(published_at=None)
    QuizText.objects.filter(language="en").delete()
    CoursePage.objects.get(pk=course.pk).unpublish()
    before = RecordEntry.objects.count()
    with pytest.raises(NotReleasable) as raised:
        release(course)
    problems = " ".join(raised.value.problems)
    assert "draws 3 items, and its bank has 0" in problems
    assert "no title in the language of the course" in problems
    assert "“Course en” is not published" in problems
    assert not Release.objects.exists()
    assert RecordEntry.objects.count() == before


def test_a_course_without_a_published_module_or_a_module_without_steps_is_not_released(course):
    module = ModulePage.objects.get(locale__language_code="en")
    module.quiz = None
    module.save_revision().publish()
    for lesson in LessonPage.objects.filter(locale__language_code="en"):
        lesson.unpublish()
    with pytest.raises(NotReleasable, match="neither a lesson nor a quiz"):
        release(course)
    module.unpublish()
    with pytest.raises(NotReleasable, match="no published module"):
        release(course)


@pytest.mark.parametrize("model", [Release, ReleaseNode, ReleaseBody])
def test_the_database_itself_keeps_a_release(course, model):
    release(course)
    row = model.objects.first()
    for change in (row.save, lambda: model.objects.filter(pk=row.pk)._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_each_text_carries_the_hash_of_its_words(course):
    made = release(course)
    bodies = ReleaseBody.objects.filter(node__release=made)
    assert all(body.sha256 == body.digest() for body in bodies)
    digests = {(body.title, body.language): body.sha256 for body in bodies}
    assert len(set(digests.values())) == len(digests)
    body = bodies.first()
    for field, value in (("title", "x"), ("html", "x"), ("content", {"shape": 1, "x": 1})):
        body.refresh_from_db()
        setattr(body, field, value)
        assert body.digest() != body.sha256


# --- Media ----------------------------------------------------------------------------------------------------------


MEDIA = {"picture", "video", "audio"}


def illustrated(image, document):
    """The first lesson in English, with a picture and a download."""
    lesson = LessonPage.objects.get(title="Lesson first en")
    shown = {"image": image.pk, "alt_text": "A seal", "decorative": False}
    lesson.body = lesson.body.stream_block.to_python(
        [
            {"type": "picture", "id": "p1", "value": {"picture": shown, "caption": "", "credit": ""}},
            {"type": "download", "id": "d1", "value": {"title": "Form", "file": document.pk, "note": ""}},
        ]
    )
    lesson.save_revision().publish()


def test_a_release_shows_its_pictures_and_documents_when_the_originals_are_deleted(course, client):
    image, document = an_image(), a_document()
    illustrated(image, document)
    made = release(course)
    image.file.delete(save=False)
    image.delete()
    document.file.delete(save=False)
    document.delete()
    [body] = ReleaseBody.objects.filter(node__release=made, language="en", title="Lesson first en")
    medium = body.content["media"]["p1"]
    addresses = re.findall(r"/media/released/[^ \"]+", medium["html"] + body.html)
    assert len(set(addresses)) == 3
    for address in addresses:
        assert b"".join(client.get(address).streaming_content)
    assert body.digest() == body.sha256


def test_a_course_whose_picture_was_deleted_is_not_released(course):
    image = an_image()
    illustrated(image, a_document())
    image.delete()
    with pytest.raises(NotReleasable, match="the file of a block .Picture. is missing"):
        release(course)


def test_a_lesson_of_every_block_is_released_and_read_in_its_language(course):
    page = LessonPage.objects.get(title="Lesson first en")
    blocks = one_of_each()
    page.body = lesson_of(*blocks)
    # Looked at once, parts of lists have their ids, as when an editor saves them.
    assert {block.block_type for block in page.body if block.value or block.block_type == "report"} == set(
        page.body.stream_block.child_blocks
    )
    page.save_revision().publish()
    for administration in Administration.objects.all():
        national.write(administration, "gift_limit", "en", text="Nothing.", actor=None, now=NOW)
    made = release(course)
    [body] = ReleaseBody.objects.filter(node__release=made, language="en", title="Lesson first en")
    assert body.digest() == body.sha256
    assert set(body.content["media"]) == {f"b{n}" for n, (kind, _value) in enumerate(blocks) if kind in MEDIA}
    assert not outlook_of(CoursePage.objects.get(pk=course.pk)).difference
