"""A release's outline, and rule 7: which language a reader gets, and that it is marked."""

import uuid
from dataclasses import replace

import pytest

from courses import reading
from tests.factories.courses import a_release
from tests.factories.quizzes import a_quiz_version

pytestmark = pytest.mark.django_db


def test_an_outline_knows_what_follows_and_what_stands_where():
    release = a_release(a_quiz_version(), lessons=2)
    outline = reading.outline(release.pk, "en")
    first, second, quiz = outline.activities
    module = outline.parent_of(first)
    assert (module.kind, outline.parent_of(module), outline.parent_of(outline.course)) == (
        "module",
        outline.course,
        None,
    )
    assert [outline.after(step) for step in (first, second, quiz, module)] == [second, quiz, None, None]
    assert outline.within(module.key) == outline.within(outline.course.key) == (first, second, quiz)
    assert outline.find(first.key) == first
    assert outline.find(uuid.uuid4()) is None


def test_a_narrowed_outline_has_the_steps_asked_and_what_they_stand_in_and_requires_them_all():
    release = a_release(a_quiz_version(), lessons=3)
    whole = reading.outline(release.pk, "en")
    whole = reading.Outline(tuple(replace(step, mandatory=False) for step in whole.steps))
    first, _second, third, quiz = whole.activities
    narrowed = whole.narrowed({third.key, first.key, uuid.uuid4()})
    assert [step.key for step in narrowed.activities] == [first.key, third.key]
    assert all(step.mandatory for step in narrowed.activities)
    assert [step.kind for step in narrowed.steps] == ["course", "module", "lesson", "lesson"]
    assert narrowed.after(narrowed.activities[0]).key == third.key
    assert narrowed.find(quiz.key) is None


def test_a_narrowed_programme_is_open_and_keeps_the_courses_it_needs():
    course, other, lesson, unasked = (_step(kind) for kind in ("course", "course", "lesson", "lesson"))
    programme = _step("programme")
    course, other = replace(course, parent=programme.key), replace(other, parent=programme.key)
    lesson, unasked = replace(lesson, parent=course.key), replace(unasked, parent=other.key)
    steps = (programme, course, lesson, other, unasked)
    outline = reading.Outline(steps, {course.key: reading.Opening((other.key,), 30)})
    narrowed = outline.narrowed({lesson.key})
    assert narrowed.steps == (programme, course, lesson)
    assert narrowed.openings == {}


def _step(kind):
    return reading.Step(1, uuid.uuid4(), None, kind, kind, "en", 10, True, None)


def test_a_reader_gets_their_own_language_where_it_is_there():
    release = a_release(languages=("en", "fr"))
    assert {step.language for step in reading.outline(release.pk, "fr").steps} == {"fr"}
    node = release.nodes.get(position=0)
    assert reading.body(node.pk, "fr").language == "fr"


def test_a_reader_gets_the_source_s_words_marked_as_such_where_their_own_are_missing():
    release = a_release(languages=("en", "pt", "ar"))
    outline = reading.outline(release.pk, "ru")
    assert {step.language for step in outline.steps} == {"en"}
    assert outline.course.title == "course 0 in en"
    node = release.nodes.get(position=0)
    assert reading.body(node.pk, outline.course.language).title == "course 0 in en"
    assert reading.languages_of(node.pk) == ["ar", "en", "pt"]


def test_one_missing_step_falls_back_alone():
    release = a_release(a_quiz_version(), languages=("en", "fr"), missing={("quiz", "fr")})
    outline = reading.outline(release.pk, "fr")
    assert [step.language for step in outline.activities] == ["fr", "fr", "fr", "en"]
    assert reading.body(outline.activities[-1].node_id, "en").title == "quiz 5 in en"


def test_the_source_language_need_not_be_english():
    release = a_release(languages=("es", "fr"))
    assert {step.language for step in reading.outline(release.pk, "en").steps} == {"es"}


def test_an_outline_is_read_once_for_each_process(django_assert_num_queries):
    release = a_release(lessons=50)
    with django_assert_num_queries(2):
        reading.outline(release.pk, "en")
    with django_assert_num_queries(0):
        reading.outline(release.pk, "en")
