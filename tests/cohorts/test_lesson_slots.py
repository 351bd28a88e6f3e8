"""A lesson's places are filled for its reader when it is read, and cost nothing where nothing is to be asked."""

from functools import cache

import pytest
from django.urls import reverse
from django.utils import translation

from core import slots
from courses import national, reading
from courses.models import ReleaseBody, ReleaseNode
from tests.factories.cohorts import a_place
from tests.factories.courses import a_release
from tests.factories.people import NOW
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


MARKS = slots.mark("national", "gift_limit") + slots.mark("media", "p1") + slots.mark("media", "gone")
MEDIA = {"p1": {"shape": 1, "kind": "picture", "bytes": 1, "html": '<img alt="A seal">'}}


@pytest.fixture
def marked(monkeypatch):
    """A learner's place in a course whose lesson has a national slot and a picture."""

    @cache
    def with_marks(node_id, language):
        body = ReleaseBody.objects.select_related("node").get(node_id=node_id, language=language)
        if body.node.kind == ReleaseNode.Kind.LESSON:
            body.html, body.content = body.html + MARKS, body.content | {"media": MEDIA}
        return body

    # A release cannot be changed, and making one from pages is another test's affair.
    monkeypatch.setattr(reading, "body", with_marks)
    place = a_place(release=a_release(lessons=1))
    national.write(place.administration, "gift_limit", "en", text="Nothing at all.", actor=None, now=NOW)
    national.forget()
    return place


def lesson_of(place, language="en"):
    lesson = place.release.nodes.get(kind="lesson")
    with translation.override(language):
        return reverse("learn", args=[place.uuid, lesson.key])


def test_a_reader_sees_the_nation_s_words_and_the_picture_and_no_mark(client, marked):
    client.force_login(marked.user)
    text = client.get(lesson_of(marked)).content.decode()
    assert "Nothing at all." in text
    assert '<img alt="A seal">' in text
    assert "<!--slot" not in text


def test_words_in_another_language_carry_their_own(client, marked):
    client.force_login(marked.user)
    text = client.get(lesson_of(marked, "ar")).content.decode()
    assert '<aside class="national" lang="ar" dir="rtl">' in text
    assert 'lang="en" dir="ltr"><p>Nothing at all.</p>' in text


def test_filled_places_cost_no_query_once_they_are_known(client, marked):
    client.force_login(marked.user)
    address = lesson_of(marked)
    assert len(queries_of(lambda: client.get(address))) == 2
