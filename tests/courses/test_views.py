"""The public side of a course."""

import pytest

from courses.models import CoursePage, LessonPage
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_catalogue_shows_the_courses_of_the_reader_s_language(course, client, language):
    text = client.get(f"/{language}/catalogue/").content.decode()
    assert f"Course {language}" in text
    assert "2 " in text
    assert sum(f"Course {other}" in text for other in ("en", "fr", "ar")) == 1


def test_a_course_that_is_not_published_is_not_in_the_catalogue(course, client):
    CoursePage.objects.get(pk=course.pk).unpublish()
    assert "Course en" not in client.get("/en/catalogue/").content.decode()


def test_the_front_door_and_the_course_are_public(course, client):
    assert "Course en" in client.get("/en/").content.decode()
    response = client.get("/en/small-course/")
    assert response.status_code == 200
    assert "Module en" in response.content.decode()


def test_visitors_do_not_read_lessons(course, client):
    lesson = LessonPage.objects.get(title="Lesson first en")
    response = client.get(lesson.get_url())
    assert (response.status_code, response["Location"]) == (302, "/en/small-course/")


def test_authors_preview_a_lesson(course):
    lesson = LessonPage.objects.get(title="Lesson first en")
    response = lesson.make_preview_request()
    assert response.status_code == 200
    assert "Words of first in en." in response.rendered_content


def test_the_catalogue_costs_the_same_for_one_course_and_for_many(course, client):
    one = len(queries_of(lambda: client.get("/en/catalogue/")))
    home = course.get_parent()
    for number in range(10):
        home.add_child(
            instance=CoursePage(title=f"Course {number}", slug=f"c{number}", summary="x", locale=course.locale)
        )
    assert len(queries_of(lambda: client.get("/en/catalogue/"))) == one
