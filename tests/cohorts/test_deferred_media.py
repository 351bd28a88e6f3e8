"""A spared line loads no picture before it is asked for."""

import re

import pytest

from cohorts.deferred_media import Media
from core import slots
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_release
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

PICTURES = {
    name: {"shape": 1, "kind": "picture", "bytes": 44_000, "html": f'<img src="/media/kept/{name}.webp" alt="">'}
    for name in ("one", "two")
}


@pytest.fixture
def lesson(client):
    """The address of a lesson with two pictures, of somebody who is signed in."""
    content = {"shape": 1, "lede": "", "media": PICTURES}
    html = "".join(f"<figure>{slots.mark('media', name)}</figure>" for name in PICTURES)
    enrolment = a_place(release=a_release(words=lambda number: {"content": content, "html": html}))
    client.force_login(enrolment.user)
    return f"/en/learn/{enrolment.uuid}/{steps_of(enrolment, 'lesson')[0].key}/"


def shown(client, address, **headers):
    """The page, the names of the pictures in it, and the addresses of those that are offered."""
    text = client.get(address, headers=headers).content.decode()
    return text, re.findall(r'<img src="/media/kept/(\w+)', text), re.findall(r'href="(\?media=[^"]+)"', text)


def test_on_a_good_line_pictures_are_in_their_place(client, lesson):
    text, pictures, offers = shown(client, lesson)
    assert (pictures, offers) == (["one", "two"], [])
    assert "data-line" not in text


def test_a_browser_that_saves_data_gets_none_and_is_told_their_weight(client, lesson):
    text, pictures, offers = shown(client, lesson, **{"Save-Data": "on"})
    assert pictures == []
    assert offers == ["?media=one#media-one", "?media=two#media-two"]
    assert "Show the picture (43.0\xa0KB)" in text
    assert '<html lang="en" dir="ltr" data-line="low">' in text


def test_each_is_shown_when_it_is_asked_for_and_stays(client, lesson):
    client.cookies["line"] = "low"
    text, pictures, offers = shown(client, lesson + "?media=two")
    assert pictures == ["two"]
    assert offers == ["?media=two&amp;media=one#media-one"]
    assert 'id="media-two"' in text
    assert shown(client, lesson + "?media=two&media=one")[1] == ["one", "two"]


def test_what_does_not_exist_cannot_be_asked_for(client, lesson):
    client.cookies["line"] = "low"
    text, pictures, _offers = shown(client, lesson + "?media=%3Cscript%3E&media=three")
    assert pictures == []
    assert "three" not in "".join(re.findall(r'href="\?[^"]+"', text))


def test_the_choice_is_kept_on_this_device_and_by_the_account(client, lesson):
    back = client.post("/line/low/", {"next": lesson})
    assert back["Location"] == lesson
    assert client.cookies["line"].value == "low"
    assert shown(client, lesson)[1] == []
    del client.cookies["line"]
    assert shown(client, lesson)[1] == []
    client.post("/line/full/", {"next": lesson})
    assert shown(client, lesson)[1] == ["one", "two"]


def test_looking_at_the_choice_changes_nothing_and_nobody_is_sent_elsewhere(client, lesson):
    assert client.get("/line/low/?next=" + lesson)["Location"] == lesson
    assert shown(client, lesson)[1] == ["one", "two"]
    assert client.post("/line/low/", {"next": "https://elsewhere.example/"})["Location"] == "/"
    assert client.post("/line/fast/").status_code == 404


def test_a_spared_page_costs_no_query_more(client, lesson):
    client.cookies["line"] = "low"
    assert len(queries_of(lambda: client.get(lesson))) == 2


def test_a_mark_without_its_medium_leaves_nothing():
    assert Media({}, is_spared=True)("gone") == Media({}, is_spared=False)("gone") == ""
