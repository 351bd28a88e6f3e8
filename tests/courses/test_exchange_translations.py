"""How far a course is translated arrives with it: what was translated, out of date or in review is so again."""

import pytest

from courses.exchange import translations
from courses.exchange.importing import import_course
from courses.languages.board import board_of, show_changes
from courses.languages.models import TranslatedFrom
from courses.models import CoursePage, LessonPage, ModulePage
from tests import databases
from tests.factories.exchange import a_furnished_course, exported
from tests.factories.people import NOW
from tests.queries import queries_of

from .conftest import Files

THREE = ("en", "fr", "ar")


def states(course):
    """Every text's state in every language, by what is the same in two installations."""
    return {
        (str(row.text.kind), str(row.text.key), cell.language): str(cell.state)
        for row in board_of(course).rows
        for cell in row.cells
    }


def publish(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


@pytest.fixture(scope="module")
def travelling(tmp_path_factory, django_db_setup, django_db_blocker):
    """A course with translations in every state, its archive, and the states."""
    folder = tmp_path_factory.mktemp("travelling")
    with django_db_blocker.unblock(), databases.copy():
        course = a_furnished_course(Files(folder / "small-course"), THREE)
        publish(LessonPage.objects.get(title="Lesson second en"), lede="Lede second, changed en")
        publish(ModulePage.objects.get(title="Module ar"), summary="Changed past the desk")
        path = folder / "course.zip"
        path.write_bytes(exported(course)[0])
        yield path, states(course)


@pytest.fixture
def elsewhere(travelling, django_db_blocker, settings, tmp_path):
    """Another installation: an empty database and no media."""
    with django_db_blocker.unblock(), databases.copy():
        settings.MEDIA_ROOT = tmp_path / "media"
        yield travelling


def test_every_translation_stands_as_it_stood(elsewhere):
    path, before = elsewhere
    assert {"translated", "stale", "in_review", "missing"} <= set(before.values())
    course = import_course(path, actor=None, now=NOW).course
    assert states(course) == before
    assert exported()[0] == path.read_bytes()


def test_the_words_that_changed_are_shown_as_before_and_who_confirmed_stays_at_home(elsewhere):
    course = import_course(elsewhere[0], actor=None, now=NOW).course
    [row] = [row for row in board_of(course, ["fr"]).rows if row.text.title == "Lesson second en"]
    show_changes([row])
    shown = [part for passage in row.cells[0].changed for part in passage.changes]
    assert ("added", ", changed") in [(part.kind, part.text) for part in shown]
    assert not TranslatedFrom.objects.exclude(translator=None, reviewer=None).exists()


def test_an_update_leaves_what_is_confirmed_here_as_it_is(elsewhere):
    path, _before = elsewhere
    course = import_course(path, actor=None, now=NOW).course
    TranslatedFrom.objects.filter(kind="page").delete()
    publish(LessonPage.objects.get(title="Lesson first fr"), lede="Autre chose ici")
    here = states(course)
    import_course(path, actor=None, now=NOW, update=True)
    assert states(course) == here
    assert not TranslatedFrom.objects.filter(kind="page").exists()


def test_of_a_bank_that_was_here_before_nothing_is_confirmed(elsewhere):
    path, _before = elsewhere
    course = import_course(path, actor=None, now=NOW).course
    kept = TranslatedFrom.objects.exclude(kind="page")
    kept.delete()
    for page in CoursePage.objects.all():
        page.delete()
    course = import_course(path, actor=None, now=NOW).course
    assert not kept.exists()
    assert {state for (kind, _key, _language), state in states(course).items() if kind == "item"} <= {
        "in_review",
        "missing",
    }


def test_telling_costs_the_same_for_any_number_of_texts(elsewhere):
    course = import_course(elsewhere[0], actor=None, now=NOW).course
    cost = len(queries_of(lambda: translations.as_data(course)))
    for lesson in LessonPage.objects.filter(title__startswith="Lesson first").exclude(locale__language_code="en"):
        lesson.delete()
    assert len(queries_of(lambda: translations.as_data(course))) == cost
