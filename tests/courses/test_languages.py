"""One course, its languages: what ships is translated, a changed source makes stale, a second person approves."""

import time
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from wagtail.models import Locale

from courses.curriculum import load_course
from courses.languages import services, texts
from courses.languages.board import board_of, show_changes
from courses.languages.models import TranslatedFrom, TranslationWork
from courses.languages.services import BadPassages, Refused
from courses.languages.status import Gate, State
from courses.models import LessonPage, ModulePage
from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from quizzes.models import ItemText, ItemVersion, QuizText
from tests.factories.people import NOW, an_account
from tests.queries import queries_of

from .conftest import ITEMS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def an_author():
    author = grant_role(an_account(), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    return author


def cells(course, language):
    """The board's cells in one language, by the title of their text."""
    return {row.text.title: row.cells[0] for row in board_of(course, [language]).rows}


def states(course, language):
    return {cell.state for cell in cells(course, language).values()}


def lesson(language="en", name="first"):
    return LessonPage.objects.get(title=f"Lesson {name} {language}")


def text_of(page):
    return texts.text_of("page", page.translation_key)


def publish(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def handed_in(text, language="fr", words="Mots nouveaux", translator=None):
    """A translation of everything in a text, awaiting review."""
    translator = translator or an_author()
    written = {passage.path: f"{words} {n}" for n, passage in enumerate(text.passages)}
    services.save_draft(text, language, written, actor=translator, now=NOW)
    return services.hand_in(text, language, actor=translator, now=NOW)


# --- What ships -----------------------------------------------------------------------------------------------------


def test_what_ships_is_translated_at_once_and_its_gate_is_open(course):
    board = board_of(course)
    assert [column.code for column in board.columns] == ["fr", "es", "ar", "pt", "ru"]
    assert states(course, "fr") == states(course, "ar") == {State.TRANSLATED}
    assert states(course, "ru") == {State.MISSING}
    assert [column.gate for column in board.columns] == [Gate.OPEN, Gate.CLOSED, Gate.OPEN, Gate.CLOSED, Gate.CLOSED]
    russian = board.columns[-1]
    assert (russian.todo, russian.words, russian.missing_pages) == (board.words, board.words, 4)
    assert board.columns[0].todo == 0


def test_the_board_goes_from_the_course_down_to_the_items(course):
    rows = [(row.text.kind, row.text.depth, row.text.title) for row in board_of(course).rows]
    assert rows[:5] == [
        ("page", 0, "Course en"),
        ("page", 1, "Module en"),
        ("page", 2, "Lesson first en"),
        ("page", 2, "Lesson second en"),
        ("quiz", 2, "Quiz en"),
    ]
    assert [row[0] for row in rows[5:]] == ["item"] * ITEMS


def test_loading_again_confirms_nothing_again(files):
    before = list(TranslatedFrom.objects.order_by("pk").values())
    load_course(files.course, now=NOW)
    assert list(TranslatedFrom.objects.order_by("pk").values()) == before


def test_files_with_other_words_are_confirmed_anew(course, files):
    files.change("lessons.en", lambda data: data["lessons"]["first"].update(lede="Other words"))
    files.change("lessons.fr", lambda data: data["lessons"]["first"].update(lede="Autres mots"))
    files.change("items.en", lambda data: data["items"]["item-1"].update(stem="Another question"))
    load_course(files.course, now=NOW)
    assert states(course, "fr") == states(course, "ar") == {State.TRANSLATED}


# --- Stale ----------------------------------------------------------------------------------------------------------


def test_a_published_change_makes_the_translations_stale_and_shows_the_words(course):
    publish(lesson(), lede="Lede first, changed en")
    cell = cells(course, "fr")["Lesson first en"]
    assert (cell.state, cell.todo) == (State.STALE, 4)
    row = next(row for row in board_of(course, ["fr"]).rows if row.text.title == "Lesson first en")
    show_changes([row])
    [changed] = row.cells[0].changed
    assert [(part.kind, part.text) for part in changed.changes] == [
        ("same", "Lede first"),
        ("added", ", changed"),
        ("same", " en"),
    ]
    assert board_of(course, ["fr"]).columns[0].gate == Gate.WITH_REMARKS


def test_a_draft_of_the_source_changes_nothing_yet(course):
    page = lesson()
    page.lede = "Not yet"
    page.save_revision()
    assert states(course, "fr") == {State.TRANSLATED}


def test_publishing_the_same_words_again_makes_nothing_stale(course):
    publish(lesson())
    assert states(course, "fr") == {State.TRANSLATED}


def test_a_translation_edited_on_its_page_is_in_review_until_somebody_else_confirms_it(course):
    editor = an_author()
    page = lesson("fr")
    page.lede = "Mieux dit"
    page.save_revision(user=editor).publish(user=editor)
    assert cells(course, "fr")["Lesson first en"].state == State.IN_REVIEW
    with pytest.raises(PermissionDenied):
        services.confirm_as_it_stands(text_of(lesson()), "fr", actor=editor, now=NOW)
    services.confirm_as_it_stands(text_of(lesson()), "fr", actor=an_author(), now=NOW)
    assert cells(course, "fr")["Lesson first en"].state == State.TRANSLATED


def test_a_page_translated_past_the_desk_is_in_review(course):
    TranslatedFrom.objects.filter(key=lesson().translation_key, language="fr").delete()
    assert cells(course, "fr")["Lesson first en"].state == State.IN_REVIEW


def test_an_unpublished_translation_is_missing(course):
    lesson("fr").unpublish()
    assert cells(course, "fr")["Lesson first en"].state == State.MISSING
    assert board_of(course, ["fr"]).columns[0].gate == Gate.CLOSED


# --- From a draft to its approval -----------------------------------------------------------------------------------


def test_a_translation_goes_live_when_somebody_else_approves_it(course):
    text = text_of(lesson())
    work = handed_in(text)
    assert cells(course, "fr")["Lesson first en"].state == State.IN_REVIEW
    assert lesson("fr").lede == "Lede first fr"
    row = services.approve(text, "fr", actor=an_author(), now=NOW)
    page = LessonPage.objects.get(translation_key=text.key, locale__language_code="fr")
    assert (page.title, page.lede) == ("Mots nouveaux 0", "Mots nouveaux 1")
    assert str(page.body[0].value) == "<p>Mots nouveaux 2</p>"
    assert [block.id for block in page.body] == [block.id for block in lesson().body]
    assert not TranslationWork.objects.filter(pk=work.pk).exists()
    assert cells(course, "fr")["Lesson first en"].state == State.TRANSLATED
    entry = RecordEntry.objects.get(kind="courses.translation.confirmed")
    assert entry.subject == row.uuid


def test_nobody_approves_their_own_translation_superusers_included(course):
    text, translator = text_of(lesson()), an_author()
    handed_in(text, translator=translator)
    translator.is_superuser = True
    with pytest.raises(PermissionDenied):
        services.approve(text, "fr", actor=translator, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        TranslatedFrom.objects.filter(key=text.key).update(translator=translator, reviewer=translator)


def test_handing_in_another_s_words_makes_neither_of_them_their_reviewer(course):
    text, writer, other = text_of(lesson()), an_author(), an_author()
    written = {passage.path: f"Mots {n}" for n, passage in enumerate(text.passages)}
    services.save_draft(text, "fr", written, actor=writer, now=NOW)
    services.save_draft(text, "fr", written | {"title": "Un autre titre"}, actor=other, now=NOW)
    services.hand_in(text, "fr", actor=other, now=NOW)
    for author in (writer, other):
        with pytest.raises(PermissionDenied):
            services.approve(text, "fr", actor=author, now=NOW)
    services.approve(text, "fr", actor=an_author(), now=NOW)


def test_who_does_not_write_courses_neither_translates_nor_approves(course):
    text, learner = text_of(lesson()), an_account()
    with pytest.raises(PermissionDenied):
        services.save_draft(text, "fr", {"title": "Moi"}, actor=learner, now=NOW)
    handed_in(text)
    with pytest.raises(PermissionDenied):
        services.approve(text, "fr", actor=learner, now=NOW)


def test_a_reviewer_sends_back_with_a_note_and_the_words_are_kept(course):
    text, translator, reviewer = text_of(lesson()), an_author(), an_author()
    handed_in(text, translator=translator)
    work = services.send_back(text, "fr", "The title is too long.", actor=reviewer, now=NOW)
    assert (work.stage, work.note) == ("returned", "The title is too long.")
    assert cells(course, "fr")["Lesson first en"].state == State.TRANSLATED
    work = services.hand_in(text, "fr", actor=translator, now=NOW)
    assert work.passages["passages"]["title"]["text"] == "Mots nouveaux 0"


def test_only_what_has_changed_is_translated_again(course):
    publish(lesson(), lede="Another lede")
    text, translator = text_of(lesson()), an_author()
    services.save_draft(text, "fr", {"lede": "Un autre chapeau"}, actor=translator, now=NOW)
    services.hand_in(text, "fr", actor=translator, now=NOW)
    services.approve(text, "fr", actor=an_author(), now=NOW)
    page = lesson("fr")
    assert page.lede == "Un autre chapeau"
    assert "Words of first in fr" in str(page.body[0].value)
    assert states(course, "fr") == {State.TRANSLATED}


def test_an_incomplete_translation_is_not_handed_in(course):
    text, translator = text_of(lesson()), an_author()
    services.save_draft(text, "ru", {"title": "Урок"}, actor=translator, now=NOW)
    with pytest.raises(Refused, match="incomplete"):
        services.hand_in(text, "ru", actor=translator, now=NOW)


def test_a_source_that_changes_during_review_is_not_published_over(course):
    text = text_of(lesson())
    handed_in(text)
    publish(lesson(), lede="Changed meanwhile")
    assert cells(course, "fr")["Lesson first en"].state == State.STALE
    with pytest.raises(Refused, match="source_changed"):
        services.approve(text_of(lesson()), "fr", actor=an_author(), now=NOW)


def test_two_who_write_at_once_do_not_overwrite_each_other(course):
    text = text_of(lesson())
    services.save_draft(text, "fr", {"title": "Un"}, actor=an_author(), now=NOW, turn=0)
    with pytest.raises(Refused, match="changed_meanwhile"):
        services.save_draft(text, "fr", {"title": "Deux"}, actor=an_author(), now=NOW, turn=0)


def test_markup_that_would_not_stand_is_refused_with_its_passage(course):
    text = text_of(lesson())
    path = next(passage.path for passage in text.passages if passage.rich)
    with pytest.raises(BadPassages) as refused:
        services.save_draft(text, "fr", {path: "<b>ouvert", "title": "<b>"}, actor=an_author(), now=NOW)
    assert refused.value.problems == {path: "unbalanced"}


def test_a_first_translation_makes_the_pages_above_it_and_publishes_none_of_them(course):
    text = text_of(lesson())
    handed_in(text, "ru", "Слова")
    services.approve(text, "ru", actor=an_author(), now=NOW)
    page = LessonPage.objects.get(translation_key=text.key, locale__language_code="ru")
    assert page.live
    module = ModulePage.objects.get(locale__language_code="ru")
    assert (module.live, page.get_parent().specific) == (False, module)
    found = cells(course, "ru")
    assert (found["Lesson first en"].state, found["Module en"].state) == (State.TRANSLATED, State.MISSING)


def test_a_module_s_objectives_are_translated_with_it(course):
    module = ModulePage.objects.get(locale__language_code="en")
    text = text_of(module)
    handed_in(text, "ru", "Слова")
    services.approve(text, "ru", actor=an_author(), now=NOW)
    made = ModulePage.objects.get(locale__language_code="ru")
    [objective], [source] = made.objectives.all(), module.objectives.all()
    assert (objective.text, objective.rad_factors) == ("Слова 2", [7])
    assert (objective.translation_key, objective.locale) == (source.translation_key, made.locale)
    assert (made.quiz, made.position) == (module.quiz, module.position)


def test_an_item_s_translation_is_a_new_version_with_the_other_languages_as_they_were(course):
    [row, *_others] = [row for row in board_of(course).rows if row.text.kind == "item"]
    handed_in(row.text, "ru", "Слова")
    services.approve(row.text, "ru", actor=an_author(), now=NOW)
    versions = ItemVersion.objects.filter(item__uuid=row.text.key).order_by("number")
    assert [version.number for version in versions] == [1, 2]
    contents = [{text.language: text.content for text in version.texts.all()} for version in versions]
    assert contents[1].pop("ru")["stem"] == "Слова 0"
    assert contents[0] == contents[1]
    assert ItemText.objects.filter(version=versions[0], language="ru").count() == 0
    assert {code for code in ("fr", "ar", "ru") if cells(course, code)[row.text.title].state != State.TRANSLATED} == (
        set()
    )


def test_a_quiz_s_title_is_translated(course):
    [row] = [row for row in board_of(course).rows if row.text.kind == "quiz"]
    handed_in(row.text, "ru", "Слова")
    services.approve(row.text, "ru", actor=an_author(), now=NOW)
    assert QuizText.objects.get(language="ru").title == "Слова 0"


# --- Size -----------------------------------------------------------------------------------------------------------


def test_the_board_costs_as_many_queries_for_a_large_course(course):
    before = len(queries_of(lambda: board_of(course)))
    module = ModulePage.objects.get(locale__language_code="en")
    locale = Locale.objects.get(language_code="en")
    for number in range(12):
        page = LessonPage(title=f"L{number}", lede="Words", minutes=1, locale=locale)
        module.add_child(instance=page)
    assert len(board_of(course).rows) == 5 + ITEMS + 12
    assert len(queries_of(lambda: board_of(course))) == before
    assert before <= 20


@pytest.mark.long
def test_a_board_of_a_thousand_pages_costs_as_many_queries_and_is_there_in_seconds(course):
    before = len(queries_of(lambda: board_of(course)))
    source = lesson()
    for language in ("en", "fr"):
        module = ModulePage.objects.get(locale__language_code=language)
        for number in range(1000):
            page = LessonPage(
                title=f"L{number}", lede="Words", minutes=1, body=source.body.raw_data, locale=module.locale
            )
            page.translation_key = uuid.uuid5(source.translation_key, str(number))
            module.add_child(instance=page)
    services.confirm_shipped(texts.texts_of(course).texts, now=NOW)
    began = time.monotonic()
    board = board_of(course)
    assert time.monotonic() - began < 10
    assert len(board.rows) == 1005 + ITEMS
    assert len(queries_of(lambda: board_of(course))) == before
