"""Looking for a course in the catalogue."""

import re

import pytest

from courses import search
from courses.models import CoursePage, LessonPage, ModulePage
from courses.search import Wishes
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def gifts(course):
    """A second course, of a whole day."""
    return a_course(course, "Gifts at the counter", "What to do with a hamper", minutes=540, rad_factors=[10])


def a_course(course, title, summary, minutes=30, **fields):
    home = course.get_parent()
    locale = {"locale": course.locale}
    page = CoursePage(title=title, slug=title.lower().replace(" ", "-"), summary=summary, **locale, **fields)
    made = home.add_child(instance=page)
    module = made.add_child(instance=ModulePage(title=f"Module of {title}", slug="m", summary="…", **locale))
    module.add_child(instance=LessonPage(title="Lesson", slug="l", lede="…", minutes=minutes, body=[], **locale))
    return made


def titles(client, query="", language="en"):
    response = client.get(f"/{language}/catalogue/{query}")
    assert response.status_code == 200
    return re.findall(r'class="card-title"><a href="[^"]+">([^<]+)</a>', response.content.decode())


class TestWords:
    @pytest.mark.parametrize("words", ["gift", "GIFTS", "hampers", "hamp", "counter gift"])
    def test_a_course_is_found_by_any_form_and_the_beginning_of_its_words(self, gifts, client, words):
        assert titles(client, f"?q={words}") == ["Gifts at the counter"]

    def test_every_word_must_be_somewhere(self, gifts, client):
        assert titles(client, "?q=gifts+extortion") == []
        assert "No course answers this" in client.get("/en/catalogue/?q=gifts+extortion").content.decode()

    def test_a_title_counts_more_than_a_remark(self, course, gifts, client):
        a_course(course, "Registers", "Also of gifts and hampers at the counter")
        assert titles(client, "?q=gifts") == ["Gifts at the counter", "Registers"]

    def test_words_of_lessons_and_objectives_lead_to_the_course(self, course, client):
        assert titles(client, "?q=lede+first") == ["Course en"]
        assert titles(client, "?q=know") == ["Course en"]

    def test_in_arabic_the_reader_need_not_write_as_the_author_did(self, course, client):
        arabic = CoursePage.objects.get(locale__language_code="ar")
        arabic.title, arabic.summary = "الهدايا والمكتب", "ماذا تفعل بالهديّة؟"
        arabic.save_revision().publish()
        for words in ("هدية", "مكتب", "المكتب"):
            assert titles(client, f"?q={words}", language="ar") == ["الهدايا والمكتب"]

    @pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 5000, "factor=99&length=huge&topic=%27", "language=xx"])
    def test_nonsense_is_answered_with_a_page(self, course, client, query):
        assert client.get(f"/en/catalogue/?{query}").status_code == 200


class TestFilters:
    def test_by_rad_factor(self, gifts, client):
        assert titles(client, "?factor=10") == ["Gifts at the counter"]
        assert titles(client, "?factor=7") == ["Course en"]

    def test_by_length(self, gifts, client):
        assert titles(client, "?length=long") == ["Gifts at the counter"]
        assert titles(client, "?length=short") == ["Course en"]

    def test_by_topic(self, gifts, client):
        topic = ModulePage.objects.get(title="Module of Gifts at the counter").translation_key
        assert titles(client, f"?topic={topic}") == ["Gifts at the counter"]

    def test_by_language_with_the_words_marked_as_what_they_are(self, course, client):
        assert titles(client, "?language=ar") == ["Course ar"]
        assert '<ul class="tiles" lang="ar" dir="rtl">' in client.get("/en/catalogue/?language=ar").content.decode()

    def test_what_was_asked_stands_in_the_form_again(self, gifts, client):
        text = client.get("/en/catalogue/?q=%22%3Eb&factor=10&length=long").content.decode()
        assert 'value="&quot;&gt;b"' in text
        assert re.search(r'<option value="10" selected>', text)
        assert '<option value="long" selected>' in text

    def test_only_what_there_is_can_be_chosen(self, gifts, client):
        text = client.get("/en/catalogue/").content.decode()
        factors = re.search(r'<select id="factor".*?</select>', text, re.DOTALL)[0]
        assert re.findall(r'<option value="(\d+)"', factors) == ["7", "10"]


class TestFreshness:
    def test_a_page_that_is_published_or_taken_back_is_noticed_at_once(self, course, client):
        assert titles(client, "?q=tariffs") == []
        course.title = "Course of tariffs"
        course.save_revision().publish()
        assert titles(client, "?q=tariffs") == ["Course of tariffs"]
        course.unpublish()
        assert titles(client, "?q=tariffs") == []

    @pytest.mark.parametrize("courses", [1, 12])
    def test_searching_costs_the_same_for_one_course_and_for_many(self, course, client, courses):
        for number in range(courses):
            a_course(course, f"Gifts {number}", "…")
        queries = queries_of(lambda: client.get("/en/catalogue/?q=gifts"))
        assert len(queries) <= 8, queries

    def test_a_thousand_lessons_are_read_once(self, course):
        search.everything("en")
        assert search.find(Wishes(words="gift"), "en") == []
        assert len(queries_of(lambda: search.find(Wishes(words="gift"), "en"))) == 2
