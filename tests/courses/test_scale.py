"""A course of a thousand pages: it is released, read and moved at the cost of one of ten."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts import move_preview
from courses import reading
from courses.models import CoursePage, LessonPage, ModulePage, ReleaseBody
from courses.releases import release_course, steps_of
from tests.factories.cohorts import a_place
from tests.factories.cohorts import steps_of as steps_of_place
from tests.factories.courses import a_newer_release, a_release
from tests.factories.people import NOW
from tests.factories.quizzes import a_quiz_version
from tests.queries import queries_of, queries_of_one

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PAGES = (10, 1000)


@pytest.fixture(scope="module")
def queries():
    """How many queries each look took with each number of pages."""
    return {}


@pytest.mark.parametrize("pages", PAGES)
def test_every_page_of_the_reader_costs_the_same_for_ten_pages_and_for_a_thousand(client, queries, pages):
    place = a_place(release=a_release(a_quiz_version(), lessons=pages, languages=("en", "ar")))
    client.force_login(place.user)
    looks = {
        kind: f"/en/learn/{place.uuid}/{steps_of_place(place, kind)[0].key}/"
        for kind in ("lesson", "module", "course")
    }
    looks["my learning"] = "/en/learn/"
    looks["in a missing language"] = looks["lesson"].replace("/en/", "/ru/")
    for look, address in looks.items():
        took = len(queries_of(lambda address=address: client.get(address)))
        assert queries.setdefault(look, took) == took, look
    assert queries["lesson"] <= 3


@pytest.mark.parametrize("pages", PAGES)
def test_a_look_at_what_a_move_would_change_costs_the_same(queries, pages):
    place = a_place(release=a_release(a_quiz_version(), lessons=pages))
    newer = a_newer_release(place.release, reworded=[step.key for step in steps_of_place(place, "lesson")])
    took = len(queries_of_one(lambda: move_preview.previews(place.cohort, newer)))
    assert queries.setdefault("preview", took) == took


@pytest.mark.usefixtures("loaded")
def test_a_course_of_a_thousand_pages_is_released(course, queries):
    module = ModulePage.objects.get(locale__language_code="en")
    prose = [("key_point", {"text": "One sentence to keep."})]
    for number in range(1000):
        module.add_child(instance=LessonPage(title=f"Extra {number}", minutes=5, lede="x", body=prose))
    with CaptureQueriesContext(connection) as captured:
        assert len(list(steps_of(CoursePage.objects.get(pk=course.pk)))) == 1005
    assert len(captured) <= 15
    started = time.perf_counter()
    made = release_course(CoursePage.objects.get(pk=course.pk), actor=None, now=NOW)
    assert time.perf_counter() - started < 120
    assert made.nodes.count() == 1005
    assert ReleaseBody.objects.filter(node__release=made).count() == 1000 + 5 * 3
    assert len(reading.outline(made.pk, "en").activities) == 1003
