"""The data files become pages and items, in all their languages, as often as one likes."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Revision, Site

from courses import curriculum
from courses.curriculum import CurriculumError, load_course
from courses.models import CoursePage, HomePage, LessonPage, ModulePage
from courses.releases import release_course
from quizzes.models import Item, ItemBank, ItemText, ItemVersion, Quiz
from quizzes.services import pool_of
from tests.factories.people import NOW

from .conftest import ITEMS, LANGUAGES, item_words, lesson_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def state():
    """Everything that a second load could add to or touch."""
    return (
        list(Page.objects.order_by("pk").values("pk", "path", "title", "live", "latest_revision")),
        Revision.objects.count(),
        list(ItemVersion.objects.order_by("pk").values("pk", "number", "structure")),
        ItemText.objects.count(),
        list(Quiz.objects.values("pk", "draw", "minutes")),
    )


def test_a_course_becomes_pages_and_items_in_every_language(course):
    assert (course.title, course.live) == ("Course en", True)
    assert HomePage.objects.count() == CoursePage.objects.count() == ModulePage.objects.count() == 3
    assert LessonPage.objects.count() == 6
    assert {lesson.locale.language_code for lesson in LessonPage.objects.all()} == set(LANGUAGES)
    assert (
        Site.objects.get(is_default_site=True).root_page == HomePage.objects.get(locale__language_code="en").page_ptr
    )
    assert Item.objects.count() == ItemVersion.objects.count() == ITEMS
    assert ItemText.objects.count() == ITEMS * 3
    module = ModulePage.objects.get(locale__language_code="ar")
    assert [objective.text for objective in module.objectives.all()] == ["Know ar"]
    assert module.quiz.title_in("ar") == ("Quiz ar", "ar")


def test_loading_twice_changes_nothing(files):
    before = state()
    load_course(files.course, now=NOW)
    assert state() == before


def test_a_lesson_is_one_lesson_in_all_languages_and_so_are_its_blocks():
    for lesson in LessonPage.objects.filter(locale__language_code="en"):
        others = LessonPage.objects.filter(translation_key=lesson.translation_key)
        assert others.count() == 3
        ids = {tuple(block.id for block in other.body) for other in others}
        assert len(ids) == 1
        [ids] = ids
        assert len(set(ids)) == 2
    every = [block.id for lesson in LessonPage.objects.filter(locale__language_code="en") for block in lesson.body]
    assert len(set(every)) == len(every)


def test_another_installation_gives_the_same_names(course):
    assert course.translation_key == uuid.uuid5(curriculum.NAMESPACE, "small-course")


def test_a_changed_item_becomes_a_new_version_and_the_old_one_stays(files):
    files.change("items.fr", lambda data: data["items"]["item-2"].update(stem="Une autre question"))
    load_course(files.course, now=NOW)
    versions = ItemVersion.objects.filter(item__key="item-2").order_by("number")
    assert [version.number for version in versions] == [1, 2]
    stems = [version.texts.get(language="fr").content["stem"] for version in versions]
    assert stems == ["Stem 2 fr", "Une autre question"]
    assert ItemVersion.objects.count() == ITEMS + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.update(difficulty=3),
        lambda item: item["options"][1].update(rating="acceptable"),
        lambda item: item["options"][2].update(bright_line=False),
        lambda item: item.update(tags=["recognise"]),
    ],
)
def test_a_changed_key_becomes_a_new_version(files, change):
    files.change("items", lambda data: change(data["items"][0]))
    load_course(files.course, now=NOW)
    assert ItemVersion.objects.filter(item__key="item-0").count() == 2
    assert ItemVersion.objects.count() == ITEMS + 1


def test_changed_words_of_a_lesson_are_published_on_the_same_page(files):
    before = LessonPage.objects.get(title="Lesson first fr")

    def edit(data):
        data["lessons"]["first"]["blocks"]["opening"]["html"] = "<p>D’autres mots.</p>"

    files.change("lessons.fr", edit)
    load_course(files.course, now=NOW)
    after = LessonPage.objects.get(title="Lesson first fr")
    assert after.pk == before.pk
    assert [block.id for block in after.body] == [block.id for block in before.body]
    assert "D’autres mots" in str(after.body)
    assert LessonPage.objects.count() == 6


def test_a_language_that_is_added_later_joins_the_pages_that_are_there(files):
    files.write("lessons.pt", lesson_words("pt"))
    files.write("items.pt", item_words("pt"))
    load_course(files.course, now=NOW)
    assert CoursePage.objects.count() == 4
    assert LessonPage.objects.count() == 8
    assert len(set(LessonPage.objects.values_list("translation_key", flat=True))) == 2


@pytest.mark.parametrize(
    ("name", "edit", "words"),
    [
        ("module", lambda data: data.update(shape=2), "expected shape 1"),
        ("items", lambda data: data["items"][0]["options"][0].update(rating="good"), "item-0"),
        ("items", lambda data: data["items"][0]["options"][0].update(rating="risky"), "exactly one best"),
        ("items", lambda data: data["items"][0]["options"][1].update(rating="best"), "exactly one best"),
        ("items", lambda data: data["items"][0]["options"][1].update(key="a"), "same key"),
        ("items", lambda data: data["items"][0]["options"][1].update(bright_line=True), "no breach"),
        ("items", lambda data: data["items"][0]["options"][2].update(mechanism="greed"), "greed"),
        ("items.fr", lambda data: data["items"].pop("item-1"), "item-1"),
        ("items.ar", lambda data: data["items"]["item-1"]["options"].pop("c"), "item-1"),
        ("lessons.fr", lambda data: data["lessons"].pop("second"), "second"),
        ("lessons.fr", lambda data: data["lessons"]["second"]["blocks"]["rule"].pop("text"), "rule"),
        ("module", lambda data: data["lessons"][0]["blocks"][0].update(type="film"), "film"),
    ],
)
def test_a_mistake_in_a_file_is_named_and_changes_nothing(files, name, edit, words):
    files.change(name, edit)
    before = state()
    with pytest.raises(CurriculumError, match=words):
        load_course(files.course, now=NOW)
    assert state() == before


def test_a_file_that_is_no_yaml_is_named(files):
    (files.module / "items.yaml").write_text("items: [", encoding="utf-8")
    before = state()
    with pytest.raises(CurriculumError, match=r"items\.yaml"):
        load_course(files.course, now=NOW)
    assert state() == before


def test_the_curriculum_that_ships_loads_in_all_languages(settings):
    """Its content has tests of its own; here it goes through the loader."""
    call_command("load_curriculum", stdout=io.StringIO())
    bank = ItemBank.objects.exclude(slug="small-bank").get()
    versions = ItemVersion.objects.filter(item__bank=bank)
    assert versions.count() == 32
    assert ItemText.objects.filter(version__in=versions).count() == 32 * len(settings.LANGUAGES)
    [course] = CoursePage.objects.filter(locale__language_code="en").exclude(slug="small-course")
    made = release_course(course, actor=None, now=NOW)
    assert sorted(made.languages) == sorted(code for code, _name in settings.LANGUAGES)
    assert [node.quiz_version.pool.count() for node in made.nodes.filter(kind="quiz")] == [32]


# --- What authors have changed since ---------------------------------------------------------------------------------


def edit_on_the_platform():
    lesson = LessonPage.objects.get(title="Lesson first fr")
    lesson.lede = "Nos propres mots"
    lesson.save_revision().publish()
    return lesson


def ship_a_new_lede(files, words="Un nouveau chapeau"):
    files.change("lessons.fr", lambda data: data["lessons"]["first"].update(lede=words))


def test_an_authors_newer_words_stay_and_loading_says_so(files):
    edit_on_the_platform()
    ship_a_new_lede(files)
    told = []
    load_course(files.course, now=NOW, told=told.append)
    lesson = LessonPage.objects.get(title="Lesson first fr")
    assert (lesson.lede, lesson.live_revision, lesson.has_unpublished_changes) == (
        "Nos propres mots",
        lesson.latest_revision,
        False,
    )
    assert [("Lesson first fr" in line, "stays" in line) for line in told] == [(True, True)]


def test_an_authors_newer_words_stay_silently_while_the_files_are_the_same(files):
    edit_on_the_platform()
    told = []
    load_course(files.course, now=NOW, told=told.append)
    assert (LessonPage.objects.get(title="Lesson first fr").lede, told) == ("Nos propres mots", [])


def test_a_draft_in_work_is_not_published_over(files):
    lesson = LessonPage.objects.get(title="Lesson first fr")
    lesson.lede = "En chantier"
    lesson.save_revision()
    ship_a_new_lede(files)
    load_course(files.course, now=NOW)
    lesson.refresh_from_db()
    assert (lesson.lede, lesson.get_latest_revision_as_object().lede) == ("Lede first fr", "En chantier")


def test_an_edited_page_does_not_keep_the_others_from_what_ships(files):
    edit_on_the_platform()
    files.change("lessons.ar", lambda data: data["lessons"]["first"].update(lede="جديد"))
    load_course(files.course, now=NOW)
    assert LessonPage.objects.get(title="Lesson first ar").lede == "جديد"


def test_a_quiz_that_an_author_has_planned_anew_stays(files):
    Quiz.objects.update(draw=2)
    files.change("module", lambda data: data["quiz"].update(minutes=20))
    load_course(files.course, now=NOW)
    assert Quiz.objects.values_list("draw", "minutes").get() == (2, 15)


def test_an_item_that_was_changed_on_the_platform_stays(files):
    text = ItemText.objects.get(version__item__key="item-1", language="fr")
    newer = ItemVersion.objects.create(
        item=text.version.item, number=2, difficulty=3, structure=text.version.structure, published_at=NOW
    )
    ItemText.objects.create(version=newer, language="fr", content=text.content)
    files.change("items.fr", lambda data: data["items"]["item-1"].update(stem="Une autre question"))
    load_course(files.course, now=NOW)
    assert Item.objects.get(key="item-1").versions.count() == 2


def test_an_item_that_has_gone_from_the_files_leaves_the_pool_and_may_come_back(files):
    kept = [(name, files.read(name)) for name in ("items", "items.en", "items.fr", "items.ar")]
    files.change("items", lambda data: data["items"].pop(0))
    load_course(files.course, now=NOW)
    pool = ItemVersion.objects.filter(pk__in=pool_of(Quiz.objects.get()))
    assert sorted(pool.values_list("item__key", flat=True)) == ["item-1", "item-2", "item-3"]
    assert ItemVersion.objects.count() == ITEMS
    for name, data in kept:
        files.write(name, data)
    load_course(files.course, now=NOW)
    assert len(pool_of(Quiz.objects.get())) == ITEMS


def test_an_item_from_elsewhere_is_not_retired(files):
    bank = ItemBank.objects.get()
    Item.objects.create(bank=bank, key="our-own")
    load_course(files.course, now=NOW)
    assert Item.objects.get(key="our-own").retired_at is None


def test_a_course_that_does_not_exist_is_named():
    with pytest.raises(CommandError, match="curriculum/none"):
        call_command("load_curriculum", "none")
