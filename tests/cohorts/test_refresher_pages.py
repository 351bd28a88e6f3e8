"""What a learner sees of a refresher: the reason first, the steps, and on each page the words that are new."""

import re

import pytest
import time_machine

from cohorts import refreshers, services
from cohorts.models import Enrolment
from courses.models import ReleaseBody
from tests.factories.cohorts import steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.quizzes import a_quiz_version
from tests.factories.refreshers import (
    LATER,
    REASON,
    a_completed_place,
    a_material_change,
    a_refresher,
    asked_of,
    do_all,
    mark,
)
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

REASONS = REASON | {"fr": "Une loi nouvelle interdit tout cadeau."}


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(refreshers, "ring", lambda refresher_id: None)


@pytest.fixture
def place():
    return a_completed_place(release=a_release(a_quiz_version(), languages=("en", "fr")))


@pytest.fixture
def own(place, client):
    """A place in a refresher of the first two lessons, its learner signed in."""
    a_material_change(place.release, lessons(place)[:2])
    return opened(place, client)


def opened(place, client):
    client.force_login(place.user)
    a_refresher(place.cohort, reason=REASONS)
    return Enrolment.objects.get(delta__isnull=False)


def lessons(place):
    return [step.key for step in steps_of(place, "lesson")]


def url(own, key, language="en"):
    return f"/{language}/learn/{own.uuid}/{key}/"


def course(own, language="en"):
    [step] = steps_of(own, "course")
    return url(own, step.key, language)


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_list_of_ones_courses_tells_the_reason_the_minutes_and_the_day(own, client):
    page = text(client.get("/en/learn/"))
    for said in ("Refresher", REASONS["en"], "0 of 2 steps, about 60 minutes left", "of 1 hour", "30 April 2026"):
        assert said in page, said


def test_the_reason_stands_first_and_in_the_readers_language(own, client):
    for language, reason in REASONS.items():
        page = text(client.get(course(own, language)))
        assert page.index(reason) < page.index("lesson 2")
        assert f'<div lang="{language}" dir="auto"><p>{reason}' in page


def test_a_reason_that_is_missing_in_a_language_is_given_in_the_courses_own(own, client):
    assert f'<div lang="en" dir="auto"><p>{REASONS["en"]}' in text(client.get(course(own, "ar")))


def test_only_its_steps_can_be_opened(place, own, client):
    first, second, third = lessons(place)
    page = text(client.get(course(own)))
    assert url(own, first) in page
    assert url(own, second) in page
    assert url(own, third) not in page
    assert client.get(url(own, third)).status_code == 404
    assert client.post(url(own, third) + "done/").status_code == 404
    [quiz] = steps_of(place, "quiz")
    assert client.get(url(own, quiz.key)).status_code == 404


def test_new_words_are_marked_for_eyes_and_ears_and_the_old_ones_can_be_read(own, client):
    page = text(client.get(url(own, asked_of(own)[0].key)))
    assert "This lesson has changed since you did it" in page
    [stretch] = re.findall(r'<p><ins class="new-words">(.*?)</ins>', page)
    assert stretch == (
        '<span class="unseen" lang="en">New: </span>Words, said better.'
        '<span class="unseen" lang="en"> End of what is new. </span>'
    )
    assert "<del>Words of lesson 2 in en</del>" in page


def test_the_announcement_speaks_the_readers_language_beside_other_words(own, client):
    """A page that exists in English alone, for a reader of Arabic."""
    assert '<span class="unseen" lang="ar">' in text(client.get(url(own, asked_of(own)[0].key, "ar")))


def test_a_first_sentence_that_changed_is_marked_and_escaped(place, client):
    first = lessons(place)[0]
    newer = a_newer_release(place.release)
    for release, lede in ((place.release, "Take no gift."), (newer, "Take no <gift> & say so.")):
        node = release.nodes.get(key=first)
        content = {"shape": 1, "lede": lede}
        ReleaseBody.objects.create(node=node, language="es", title="x", content=content, sha256="0" * 64)
    mark(newer, [first])
    page = text(client.get(url(opened(place, client), first, "es")))
    [lede] = re.findall(r'<p class="lede" lang="es" dir="auto">(.*?)</p>', page)
    assert re.sub(r"<span.*?</span>", "", lede) == (
        'Take no <ins class="new-words">&lt;</ins>gift<ins class="new-words">&gt; &amp; say so</ins>.'
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lessons": 1}, "This lesson is new"),
        ({}, "In this language the words are the same"),
    ],
)
def test_a_page_without_new_words_says_why_it_is_there(place, client, changes, said):
    newer = a_newer_release(place.release, **changes)
    mark(newer, [newer.nodes.filter(kind="lesson").last().key])
    own = opened(place, client)
    page = text(client.get(url(own, asked_of(own)[0].key)))
    assert said in page
    assert "<del>" not in page


def test_a_language_that_is_new_has_nothing_to_be_compared_with(client):
    place = a_completed_place(release=a_release(a_quiz_version(), languages=("en", "fr"), missing=[("lesson", "fr")]))
    first = lessons(place)[0]
    newer = a_newer_release(place.release)
    node = newer.nodes.get(key=first)
    body = node.bodies.get()
    ReleaseBody.objects.create(
        node=node, language="fr", title="Leçon", content=body.content, html="x", sha256="0" * 64
    )
    mark(newer, [first])
    own = opened(place, client)
    before = text(client.get(url(own, first, "en")))
    assert "In this language the words are the same" in before
    assert 'class="new-words"' not in text(client.get(url(own, first, "fr")))


def test_a_changed_quiz_says_so_and_is_passed_again(place, client):
    [quiz] = steps_of(place, "quiz")
    newer = a_newer_release(place.release, quiz_version=a_quiz_version())
    mark(newer, [quiz.key])
    own = opened(place, client)
    page = text(client.get(url(own, quiz.key)))
    assert "This quiz has changed since you passed it." in page
    assert "Start the quiz" in page


def test_after_the_last_step_the_learner_is_told_that_nothing_more_is_asked(own, client):
    first, second = (step.key for step in asked_of(own))
    assert client.post(url(own, first) + "done/")["Location"] == url(own, second)
    assert client.post(url(own, second) + "done/")["Location"] == course(own)
    page = text(client.get(course(own)))
    assert "You know what has changed" in page
    assert "certificate is made" not in page
    assert "Completed on" in text(client.get("/en/learn/"))


@pytest.mark.parametrize(
    ("moment", "said"), [("2026-05-01T04:59Z", "Please do it by"), ("2026-05-01T05:00Z", "was due")]
)
def test_it_is_overdue_after_midnight_in_ones_office_and_can_still_be_done(own, client, moment, said):
    with time_machine.travel(moment, tick=False):
        client.force_login(own.user)
        assert said in text(client.get(course(own)))
        assert client.post(url(own, asked_of(own)[0].key) + "done/").status_code == 302


def test_one_that_a_newer_has_replaced_says_so(place, own, client):
    a_material_change(own.release, lessons(place)[2:])
    a_refresher(place.cohort, now=LATER.replace(day=LATER.day + 1))
    assert "A newer refresher has taken the place of this one" in text(client.get(course(own)))
    assert "Replaced by a newer one" in text(client.get("/en/learn/"))
    assert client.post(url(own, asked_of(own)[0].key) + "done/").status_code == 409


@pytest.mark.parametrize("count", [3, 60])
def test_its_pages_cost_the_same_whatever_the_course(client, count):
    place = a_completed_place(release=a_release(a_quiz_version(), lessons=count))
    a_material_change(place.release, lessons(place)[:-1])
    own = opened(place, client)
    for path, most in ((course(own), 4), (url(own, asked_of(own)[0].key), 3), ("/en/learn/", 5)):
        assert len(queries_of(lambda path=path: client.get(path))) <= most, path


def test_what_was_written_in_the_lesson_is_there_again(place, own, client):
    first = asked_of(own)[0].key
    answer = client.post(url(own, first) + "write/", {"kind": "note", "text": "Ask my chief.", "sequence": 1})
    assert answer.status_code == 302
    assert "Ask my chief." in text(client.get(url(place, first)))
    assert url(own, first) in text(client.get("/en/learn/mine/"))


def test_notes_of_other_lessons_still_lead_to_the_whole_course(place, own, client):
    third = lessons(place)[2]
    client.post(url(place, third) + "write/", {"kind": "note", "text": "Ask my chief.", "sequence": 1})
    assert url(place, third) in text(client.get("/en/learn/mine/"))


def test_the_quizs_pages_lead_back_into_the_refresher(place, client):
    [quiz] = steps_of(place, "quiz")
    newer = a_newer_release(place.release, quiz_version=a_quiz_version())
    mark(newer, [quiz.key])
    own = opened(place, client)
    do_all(own)
    assert Enrolment.objects.get(pk=own.pk).state == Enrolment.State.COMPLETED
    assert services.step_ever_held(own, quiz.key, "en").key == quiz.key
