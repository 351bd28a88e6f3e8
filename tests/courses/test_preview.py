"""A lesson before anybody learns from it: in every language, and with what differs by reader only named."""

import pytest

from courses.models import LessonPage
from courses.preview import preview_html
from people.models import Role
from people.services import grant_role
from tests.core.test_blocks import a_picture, lesson
from tests.factories.people import NOW, an_account, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def page(course):
    return LessonPage.objects.get(title="Lesson first en")


@pytest.fixture
def writing(client):
    author = an_account()
    grant_role(author, Role.AUTHOR, actor=None, now=NOW)
    author.refresh_from_db()
    return sign_in(client, author)


def test_the_preview_offers_every_language_and_a_telephone(page):
    assert [name for name, _label in page.preview_modes] == ["", "ar", "fr"]
    assert page.preview_sizes[0]["device_width"] == 360


def test_another_language_is_shown_as_last_saved_in_its_own_direction(page, writing):
    arabic = LessonPage.objects.get(title="Lesson first ar")
    arabic.title = "Draft ar"
    arabic.save_revision()
    response = page.make_preview_request(preview_mode="ar")
    text = response.content.decode()
    assert '<html lang="ar" dir="rtl"' in text
    assert "Draft ar" in text
    assert "Words of first in ar." in text


def test_an_author_s_own_draft_is_shown_in_its_language(page):
    page.body.append(("key_point", {"text": "Only a draft."}))
    text = page.make_preview_request(preview_mode="").content.decode()
    assert '<html lang="en" dir="ltr"' in text
    assert "Only a draft." in text


def test_the_editor_s_preview_answers_in_every_language(page, writing):
    for mode in ("", "ar", "fr"):
        response = writing.get(f"/cms/pages/{page.pk}/edit/preview/", {"mode": mode})
        assert response.status_code == 200, mode


def test_media_are_shown_and_places_are_named():
    body = lesson(
        ("picture", a_picture()),
        ("reflection", {"question": "What would you say?"}),
        ("national", {"slot": "gift_limit"}),
    )
    html = preview_html(body)
    assert "<img " in html
    assert "Here learners write what nobody else reads." in html
    assert "Here each administration says: Gift limit." in html
    assert "<!--slot" not in html
