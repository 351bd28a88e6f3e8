"""Writing for oneself on the lesson's page, and seeing all of it again."""

import re
import uuid

import pytest
import time_machine

from cohorts import private
from cohorts.models import PrivateWriting
from core import slots
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_release
from tests.factories.people import NOW, an_account, sign_in
from tests.factories.quizzes import a_quiz_version
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

NOTE = {"kind": "note", "text": "Ask Leila about the register.", "sequence": 1}
IN_BACKGROUND = {"X-Requested-With": "fetch"}
BLOCK = "0a9c"


def with_boxes(lesson):
    """A first lesson with a reflection and a plan to write, as their blocks leave them."""
    marks = f"<p>Think.</p>{slots.mark('reflection', BLOCK)}{slots.mark('plan', BLOCK)}"
    return {"html": f"<h2>One</h2>{marks}<h2>Two</h2><h2>Three</h2>"} if lesson == 0 else {}


@pytest.fixture
def enrolment(client):
    with time_machine.travel(NOW, tick=False):
        release = a_release(a_quiz_version(languages=("en", "ar")), languages=("en", "ar"), words=with_boxes)
        enrolment = a_place(release=release)
        client.force_login(enrolment.user)
        yield enrolment


@pytest.fixture
def lesson(enrolment):
    return steps_of(enrolment, "lesson")[0]


def url(enrolment, step, suffix="", language="en"):
    return f"/{language}/learn/{enrolment.uuid}/{step.key}/{suffix}"


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


class TestOnTheLesson:
    def test_a_note_is_saved_by_its_button_and_stands_there_again(self, enrolment, lesson, client):
        where = url(enrolment, lesson)
        response = client.post(where + "write/", NOTE)
        assert response["Location"] == where + "#own-note"
        text = shown(client, where)
        assert "Ask Leila about the register." in text
        assert re.search(r"Saved [^<]*2026", text)
        assert re.search(r'name="sequence" value="2"', text)

    def test_what_is_saved_in_the_background_is_told_with_its_time(self, enrolment, lesson, client):
        answer = client.post(url(enrolment, lesson, "write/"), NOTE, headers=IN_BACKGROUND)
        assert answer.json() == {"saved": True, "saved_at": "09:30"}

    def test_a_background_save_that_comes_too_late_is_refused(self, enrolment, lesson, client):
        where = url(enrolment, lesson, "write/")
        client.post(where, NOTE | {"sequence": 5, "text": "Newest"}, headers=IN_BACKGROUND)
        answer = client.post(where, NOTE | {"sequence": 4, "text": "Old"}, headers=IN_BACKGROUND)
        assert (answer.status_code, answer.json()["saved"]) == (409, False)
        assert "\nNewest</textarea>" in shown(client, url(enrolment, lesson))

    @pytest.mark.parametrize("sequence", ["1", "", "-4", "x", "9" * 40, "٣"])
    def test_the_button_never_loses_words_whatever_the_form_says(self, enrolment, lesson, client, sequence):
        where = url(enrolment, lesson, "write/")
        client.post(where, NOTE | {"sequence": 5, "text": "From one window"}, headers=IN_BACKGROUND)
        assert client.post(where, NOTE | {"sequence": sequence, "text": "From another"}).status_code == 302
        text = shown(client, url(enrolment, lesson))
        assert "From one window" in text
        assert "From another" in text

    def test_reflections_and_plans_stand_where_their_blocks_are(self, enrolment, lesson, client):
        where = url(enrolment, lesson)
        client.post(where + "write/", {"kind": "reflection", "place": BLOCK, "text": "Mine", "sequence": 1})
        plan = {"kind": "plan", "place": BLOCK, "condition": "He lays a note", "response": "I push it back"}
        assert client.post(where + "write/", plan)["Location"] == f"{where}#own-plan-{BLOCK}"
        text = shown(client, where)
        assert text.index("Think.") < text.index("\nMine</textarea>") < text.index("\nHe lays a note</textarea>")
        assert "\nI push it back</textarea>" in text

    @pytest.mark.parametrize(
        "sent",
        [
            {"kind": "reflection", "place": "other"},
            {"kind": "reflection"},
            {"kind": "note", "place": BLOCK},
            {"kind": "bookmark"},
            {"kind": "diary"},
            {},
        ],
    )
    def test_a_place_that_the_lesson_does_not_have_takes_nothing(self, enrolment, lesson, client, sent):
        assert client.post(url(enrolment, lesson, "write/"), NOTE | {"kind": ""} | sent).status_code == 404
        assert not PrivateWriting.objects.exists()

    def test_a_text_that_is_too_long_is_refused_and_the_one_from_before_kept(self, enrolment, lesson, client):
        where = url(enrolment, lesson, "write/")
        client.post(where, NOTE)
        long = NOTE | {"text": "x" * (private.LONGEST + 1), "sequence": 2}
        assert client.post(where, long, headers=IN_BACKGROUND).status_code == 422
        assert "at most 10" in client.post(where, long).content.decode()
        assert "Ask Leila" in shown(client, url(enrolment, lesson))

    def test_another_language_and_a_newer_release_show_the_same_words(self, enrolment, lesson, client):
        client.post(url(enrolment, lesson, "write/"), NOTE)
        arabic = shown(client, url(enrolment, lesson, language="ar"))
        assert "Ask Leila" in arabic
        assert 'id="own-note" lang="ar" dir="rtl"' in arabic
        newer = a_place(enrolment.user, release=a_release(languages=("en",), keys=[lesson.key]))
        assert "Ask Leila" in shown(client, url(newer, lesson))

    def test_every_box_says_that_it_is_private_and_where_real_offences_belong(self, enrolment, lesson, client):
        enrolment.administration.reporting_channel = "Ethics line 1800"
        enrolment.administration.save()
        text = shown(client, url(enrolment, lesson))
        boxes = re.findall(r'<form method="post"[^>]*class="own".*?</form>', text, re.DOTALL)
        assert len(boxes) == 3
        for box in boxes:
            assert "Nobody but you can read this." in box
            assert "Report it to: Ethics line 1800" in box

    def test_a_lesson_with_boxes_costs_no_query_more(self, enrolment, lesson, client):
        for kind in ("reflection", "plan"):
            sent = {"kind": kind, "place": BLOCK, "text": "x", "condition": "x", "response": "y", "sequence": 1}
            client.post(url(enrolment, lesson, "write/"), sent)
        assert len(queries_of(lambda: client.get(url(enrolment, lesson)))) == 2


class TestBookmarks:
    def test_a_bookmark_leads_back_to_the_heading(self, enrolment, lesson, client):
        where = url(enrolment, lesson)
        assert client.post(where + "bookmark/", {"heading": "h-2"})["Location"] == where + "#h-2"
        assert 'aria-pressed="true"' in shown(client, where)
        assert f'href="{where}#h-2"' in shown(client, "/en/learn/mine/")

    @pytest.mark.parametrize("heading", ["", "main", "h-1#x", "javascript:"])
    def test_anything_else_keeps_the_lesson_alone(self, enrolment, lesson, client, heading):
        where = url(enrolment, lesson)
        assert client.post(where + "bookmark/", {"heading": heading})["Location"] == where
        assert f'href="{where}"' in shown(client, "/en/learn/mine/")

    def test_it_can_be_moved_and_taken_away(self, enrolment, lesson, client):
        where = url(enrolment, lesson, "bookmark/")
        client.post(where, {"heading": "h-1"})
        client.post(where, {"heading": "h-3"})
        assert PrivateWriting.objects.count() == 1
        client.post(where, {"forget": "1"})
        assert not PrivateWriting.objects.exists()


class TestMine:
    def test_everything_one_wrote_stands_by_lesson(self, enrolment, lesson, client):
        second = steps_of(enrolment, "lesson")[1]
        client.post(url(enrolment, second, "write/"), NOTE | {"text": "Of the second"})
        client.post(url(enrolment, lesson, "write/"), NOTE | {"text": "Of the first"})
        text = shown(client, "/en/learn/mine/")
        assert text.index(lesson.title) < text.index("Of the first") < text.index(second.title)

    def test_it_shows_nobody_elses(self, enrolment, lesson, client):
        private.write_own_plan("Hers", "hers", writer=an_account(), now=NOW)
        private.write_own_plan("Mine", "mine", writer=enrolment.user, now=NOW)
        for page in ("/en/learn/mine/", "/en/learn/mine/card/", "/en/learn/mine/download/"):
            text = shown(client, page)
            assert "Mine" in text
            assert "Hers" not in text

    def test_it_costs_the_same_however_much_was_written(self, enrolment, client):
        for number in range(private.MOST_OWN_PLANS):
            private.write_own_plan(f"If {number}", "then", writer=enrolment.user, now=NOW)
        assert len(queries_of(lambda: client.get("/en/learn/mine/"))) == 3

    def test_what_hangs_on_a_lesson_that_is_gone_is_still_there(self, enrolment, client):
        sent = {"text": "From an earlier course"}
        private.write(private.Kind.NOTE, uuid.uuid4(), "", sent, sequence=1, writer=enrolment.user, now=NOW)
        assert "From an earlier course" in shown(client, "/en/learn/mine/")

    def test_one_piece_or_all_of_it_can_be_deleted(self, enrolment, lesson, client):
        client.post(url(enrolment, lesson, "write/"), NOTE)
        private.write_own_plan("If", "then", writer=enrolment.user, now=NOW)
        [note, _plan] = private.everything_of(enrolment.user)
        client.post("/en/learn/mine/forget/", {"which": note.uuid})
        assert len(private.everything_of(enrolment.user)) == 1
        client.post("/en/learn/mine/forget/", {"everything": "1"})
        assert not PrivateWriting.objects.exists()

    @pytest.mark.parametrize("which", ["", "x", str(uuid.UUID(int=7))])
    def test_what_is_not_there_cannot_be_deleted(self, enrolment, client, which):
        assert client.post("/en/learn/mine/forget/", {"which": which}).status_code == 404

    def test_the_file_has_it_all_in_plain_text(self, enrolment, lesson, client):
        client.post(url(enrolment, lesson, "write/"), NOTE | {"text": "Tom & Ana's <register>"})
        response = client.get("/en/learn/mine/download/")
        assert response["Content-Disposition"].startswith("attachment")
        assert "no-store" in response["Cache-Control"]
        assert "Tom & Ana's <register>" in response.content.decode()

    def test_a_person_without_any_course_has_an_empty_page(self, client):
        sign_in(client, an_account())
        assert "Nothing written yet" in shown(client, "/en/learn/mine/")


class TestPocketCard:
    def test_plans_of_lessons_and_of_the_card_stand_on_it(self, enrolment, lesson, client):
        plan = {"kind": "plan", "place": BLOCK, "condition": "He lays a note", "response": "I push it back"}
        client.post(url(enrolment, lesson, "write/"), plan | {"sequence": 1})
        own = {"condition": "My chief says release", "response": "I write the objection"}
        assert client.post("/en/learn/mine/card/", own)["Location"] == "/en/learn/mine/card/"
        text = shown(client, "/en/learn/mine/card/")
        for words in (plan["condition"], plan["response"], *own.values()):
            assert words in text

    @pytest.mark.parametrize("sent", [{}, {"condition": "If"}, {"condition": " ", "response": "then"}])
    def test_half_a_plan_is_sent_back_with_what_was_written(self, enrolment, client, sent):
        response = client.post("/en/learn/mine/card/", sent)
        assert response.status_code == 422
        assert sent.get("condition", "").strip() in response.content.decode()
        assert not PrivateWriting.objects.exists()

    def test_a_full_card_says_so(self, enrolment, client):
        for number in range(private.MOST_OWN_PLANS):
            private.write_own_plan(f"If {number}", "then", writer=enrolment.user, now=NOW)
        response = client.post("/en/learn/mine/card/", {"condition": "One more", "response": "then"})
        assert "The card is full" in response.content.decode()
