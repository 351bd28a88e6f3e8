"""The marker's pages. Who gets in: tests/elearning/test_rights.py."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from people.models import Role
from quizzes import services
from quizzes.models import Attempt, GradingRun, Mark, Marking
from quizzes.services import marking
from tests.factories.markings import (
    a_quiz_with_essays,
    an_attempt_to_mark,
    assessors,
    hand_in_files,
    levels,
    mark,
    places,
)
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.factories.quizzes import an_attempt, give_grade
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

QUEUE = "/assessment/marking/"
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
WORDS = {"m-comment": "Well seen.", "m-note": "The second page is thin."}
WHOLE = {"m-c1": "3", "m-c2": "2", "m-sequence": "5"} | WORDS


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here():
    return an_administration(time_zone="UTC")


@pytest.fixture
def learner(here):
    return an_account(here, full_name="Rosa Learner")


@pytest.fixture
def assessor(here):
    return assessors(here, 1)[0]


@pytest.fixture
def browser(assessor):
    return sign_in(Client(), assessor)


def said(response):
    return response.content.decode()


def page(browser, place):
    return browser.get(f"{QUEUE}{place.uuid}/")


def take(browser, **form):
    """Press the button; the place that is led to."""
    response = browser.post(f"{QUEUE}next/", form)
    return Marking.objects.get(uuid=response["Location"].split("/")[3])


class TestTheQueue:
    def test_it_says_how_much_waits_what_is_due_first_and_leads_to_it(self, browser, learner):
        attempt = an_attempt_to_mark(learner, now=NOW - datetime.timedelta(days=20))
        shown = said(browser.get(QUEUE))
        [place] = places(attempt).values()
        assert place.code in shown
        assert "20 days" in shown
        assert "Overdue" in shown
        assert "Rosa" not in shown
        assert take(browser) == place

    def test_where_nothing_waits_it_says_so_and_offers_no_button(self, browser):
        shown = said(browser.get(QUEUE))
        assert "Nothing waits for you" in shown
        assert "Mark the next answer" not in shown
        assert browser.post(f"{QUEUE}next/")["Location"] == QUEUE

    def test_a_language_is_offered_where_there_are_several(self, browser, here, learner):
        an_attempt_to_mark(learner)
        assert "Only answers in one language" not in said(browser.get(QUEUE))
        arabic = an_attempt_to_mark(an_account(here), language="ar")
        assert "العربيّة (1)" in said(browser.get(QUEUE)).replace("</span>", "")
        place = take(browser, only="ar")
        assert place.attempt == arabic
        response = browser.post(f"{QUEUE}{place.uuid}/?only=ar", WHOLE)
        assert response["Location"] == QUEUE

    def test_it_costs_the_same_however_much_waits(self, browser, here, learner):
        an_attempt_to_mark(learner)
        few = len(queries_of(lambda: browser.get(QUEUE)))
        for _ in range(6):
            an_attempt_to_mark(an_account(here), markers=2)
        assert len(queries_of(lambda: browser.get(QUEUE))) == few
        assert few <= 9


class TestAnAnswer:
    def test_a_marker_sees_question_answer_and_rubric_and_nothing_of_whose_it_is(self, browser, learner):
        attempt = an_attempt_to_mark(learner, text="أرفض العرض", language="ar")
        shown = said(page(browser, take(browser)))
        for each in ("What would you do? (en)", "level 2 of c1 in en", "Article 5, in en.", "أرفض العرض"):
            assert each in shown
        assert 'lang="ar" dir="auto"' in shown
        for secret in ("Rosa", learner.staff_number, str(attempt.uuid), str(attempt.registration)):
            assert secret not in shown

    def test_a_marker_sees_nothing_of_the_other_marker(self, browser, here, learner):
        an_attempt_to_mark(learner, markers=2)
        other, *_ = assessors(here)
        mark(other, comment="Other words", note="Other note")
        place = take(browser)
        shown = said(page(browser, place))
        assert place.seat == 2
        assert "Other" not in shown
        assert " checked" not in shown

    def test_the_mark_is_saved_and_the_next_answer_comes(self, browser, here, learner, assessor):
        first, second = an_attempt_to_mark(learner), an_attempt_to_mark(an_account(here))
        place = take(browser)
        response = browser.post(f"{QUEUE}{place.uuid}/", WHOLE, follow=True)
        given = Mark.objects.get()
        assert (given.marking, given.chosen, given.marked_by) == (place, levels(2, 1), assessor)
        assert (given.comment, given.note) == tuple(WORDS.values())
        shown = said(response)
        assert f"The mark of {place.code} is saved." in shown
        assert "1 marked today, 0 more wait" in shown
        rest = ({first, second} - {place.attempt}).pop()
        assert [each.code in shown for each in places(rest).values()] == [True]

    @pytest.mark.parametrize("missing", [{"m-c1": ""}, {"m-c2": "9"}, {"m-c1": "x"}])
    def test_without_a_level_for_each_criterion_nothing_is_saved_and_nothing_is_lost(self, browser, learner, missing):
        an_attempt_to_mark(learner)
        place = take(browser)
        response = browser.post(f"{QUEUE}{place.uuid}/", WHOLE | missing)
        assert response.status_code == 422
        assert "Choose a level for each criterion" in said(response)
        assert "Well seen." in said(response)
        assert said(response).count(" checked") == 1
        assert not Mark.objects.exists()

    def test_what_is_typed_is_kept_in_the_background_and_there_again(self, browser, learner):
        an_attempt_to_mark(learner)
        place = take(browser)
        kept = browser.post(f"{QUEUE}{place.uuid}/", {"m-c1": "2", "m-sequence": "1"} | WORDS, **FETCH)
        assert kept.json() == {"saved": True, "saved_at": "09:30"}
        shown = said(page(browser, place))
        assert "Well seen." in shown
        assert shown.count(" checked") == 1
        assert 'name="m-sequence" value="2"' in shown

    def test_what_is_in_other_hands_by_now_says_so(self, browser, here, learner, assessor):
        an_attempt_to_mark(learner)
        place = take(browser)
        other, *_ = assessors(here)
        marking.take_next(other, now=NOW + 2 * marking.LEASE)
        for where in (page(browser, place), browser.post(f"{QUEUE}{place.uuid}/", WHOLE)):
            assert where["Location"] == QUEUE
        assert browser.post(f"{QUEUE}{place.uuid}/", WHOLE, **FETCH).status_code == 409
        assert "not in your hands any more" in said(browser.get(QUEUE))

    def test_who_cannot_mark_it_is_not_offered_it_again(self, browser, here, learner):
        an_attempt_to_mark(learner)
        place = take(browser)
        assert browser.post(f"{QUEUE}{place.uuid}/decline/")["Location"] == QUEUE
        assert "Nothing waits for you" in said(browser.get(QUEUE))
        assert sign_in(Client(), assessors(here, 1)[0]).post(f"{QUEUE}next/")["Location"] != QUEUE

    def test_it_costs_the_same_for_any_rubric_and_queue(self, browser, here, learner):
        an_attempt_to_mark(learner)
        place = take(browser)
        few = len(queries_of(lambda: page(browser, place)))
        for _ in range(4):
            an_attempt_to_mark(an_account(here), essays=2)
        assert len(queries_of(lambda: page(browser, place))) == few
        assert few <= 9


class TestModerating:
    @pytest.fixture
    def place(self, browser, here, learner):
        an_attempt_to_mark(learner, markers=2)
        first, second, _ = assessors(here)
        mark(first, levels(0, 0), comment="Empty.", note="Nothing is there.")
        mark(second, levels(2, 1), note="All is there.")
        return take(browser)

    def test_who_decides_sees_both_marks_and_not_whose_they_are(self, browser, place):
        shown = said(page(browser, place))
        assert "Decide between two markers" in shown
        for each in ("Empty.", "Nothing is there.", "All is there."):
            assert each in shown
        assert shown.count("<b>First marker</b>") == shown.count("<b>Second marker</b>") == 2
        assert "Person" not in shown.replace(place.marker.full_name, "")

    def test_a_decision_says_why(self, browser, place):
        form = {"m-c1": "2", "m-c2": "1", "m-sequence": "1"}
        assert browser.post(f"{QUEUE}{place.uuid}/", form).status_code == 422
        assert not place.marks.exists()
        browser.post(f"{QUEUE}{place.uuid}/", form | {"m-reason": "The first is too harsh."})
        assert place.marks.get().reason == "The first is too harsh."
        assert GradingRun.objects.filter(cause="marking").count() == 1

    def test_a_tutor_decides_nothing(self, here, place):
        tutor = sign_in(Client(), an_account(here, Role.TUTOR))
        assert page(tutor, place)["Location"] == QUEUE


def test_what_can_still_be_corrected_costs_the_queue_the_same_for_many(browser, learner, assessor):
    an_attempt_to_mark(learner, essays=4)
    counts = []
    for _ in range(3):
        mark(assessor)
        counts.append(len(queries_of(lambda: browser.get(QUEUE))))
    assert marking.correctable(assessor).count() == 3
    assert len(set(counts)) == 1


def test_a_mark_is_corrected_with_a_reason_while_the_rest_waits(browser, learner, assessor):
    an_attempt_to_mark(learner, essays=2)
    place = take(browser)
    browser.post(f"{QUEUE}{place.uuid}/", WHOLE)
    assert place.code in said(browser.get(QUEUE))
    shown = said(page(browser, place))
    assert "Correct your mark" in shown
    assert "Well seen." in shown
    assert browser.post(f"{QUEUE}{place.uuid}/", WHOLE | {"m-c1": "1"}).status_code == 422
    browser.post(f"{QUEUE}{place.uuid}/", WHOLE | {"m-c1": "1", "m-reason": "Misread."})
    assert place.marks.count() == 2


class TestFiles:
    @pytest.fixture
    def attempt(self, learner):
        attempt = an_attempt(learner, a_quiz_with_essays(2, files=1))
        hand_in_files(attempt, ("Rosa Learner.txt", b"I refuse."))
        services.submit_attempt(attempt, learner=learner, now=NOW)
        give_grade(attempt, now=NOW)
        return Attempt.objects.get(pk=attempt.pk)

    def test_a_marker_saves_a_file_under_a_name_that_tells_nothing(self, browser, attempt):
        place = take(browser)
        file = attempt.files.get()
        assert "Rosa" not in said(page(browser, place))
        response = browser.get(f"{QUEUE}{place.uuid}/files/{file.uuid}/")
        assert b"".join(response.streaming_content) == b"I refuse."
        assert response["Content-Disposition"] == f'attachment; filename="{place.code}-{file.pk}.txt"'
        assert "no-store" in response["Cache-Control"]

    def test_only_while_the_answer_is_in_their_hands(self, browser, here, attempt):
        place, file = take(browser), attempt.files.get()
        other = sign_in(Client(), assessors(here, 1)[0])
        assert other.get(f"{QUEUE}{place.uuid}/files/{file.uuid}/").status_code == 404
        marking.decline(place.uuid, marker=place.marker, now=NOW)
        assert browser.get(f"{QUEUE}{place.uuid}/files/{file.uuid}/").status_code == 404


class TestTheLearner:
    def test_waiting_says_that_a_person_reads_it_and_by_when(self, client, learner):
        attempt = an_attempt_to_mark(learner)
        client.force_login(learner)
        shown = said(client.get(f"/en/quiz/{attempt.uuid}/result/"))
        assert "A marker reads your answers" in shown
        assert "16 March 2026" in shown
        assert client.get(f"/en/quiz/{attempt.uuid}/state/").json() == {"ready": True}
        with time_machine.travel(NOW + datetime.timedelta(days=30), tick=False):
            client.force_login(learner)
            assert "is late" in said(client.get(f"/en/quiz/{attempt.uuid}/result/"))

    @pytest.mark.parametrize(("given", "tells_levels"), [(levels(2, 1), True), (levels(1, 0), False)])
    def test_the_review_shows_points_and_comment_and_the_rubric_only_once_it_is_passed(
        self, client, here, learner, given, tells_levels
    ):
        attempt = an_attempt_to_mark(learner)
        [assessor] = assessors(here, 1)
        mark(assessor, given, comment="Well seen.", note="A secret note")
        services.grade(GradingRun.objects.get(cause="marking").pk, now=NOW)
        client.force_login(learner)
        shown = said(client.get(f"/en/quiz/{attempt.uuid}/result/"))
        assert "Well seen." in shown
        assert ("You were given 4 of 4 points." if tells_levels else "You were given 1 of 4 points.") in shown
        assert ("level 2 of c1 in en" in shown) == tells_levels
        assert shown.count("Given to you") == (2 if tells_levels else 0)
        for secret in ("A secret note", assessor.full_name, "Article 5"):
            assert secret not in shown

    def test_of_two_markers_the_mean_and_both_comments_are_told_of_a_moderated_mark_the_decision_alone(
        self, client, here, learner
    ):
        near = an_attempt_to_mark(learner, markers=2, tolerance="1")
        far = an_attempt_to_mark(learner, markers=2, tolerance="0")
        first, second, third = assessors(here)
        for attempt in (near, far):
            for person, given, comment in ((first, levels(0, 1), "From one."), (second, levels(2, 1), "From two.")):
                place = next(
                    each for each in attempt.markings.filter(state="waiting") if marking._take(each, person, NOW)
                )
                mark(person, given, place=place, comment=comment)
        mark(third, levels(1, 1), comment="From three.", reason="Between them.")
        for run in GradingRun.objects.filter(cause="marking"):
            services.grade(run.pk, now=NOW)
        client.force_login(learner)
        shown = said(client.get(f"/en/quiz/{near.uuid}/result/"))
        assert "You were given 3 of 4 points." in shown
        assert [each in shown for each in ("From one.", "From two.", "From three.")] == [True, True, False]
        shown = said(client.get(f"/en/quiz/{far.uuid}/result/"))
        assert "You were given 3 of 4 points." in shown
        assert [each in shown for each in ("From one.", "From two.", "From three.")] == [False, False, True]
        assert "Between them." not in shown


def test_the_page_names_only_scripts_that_it_can_fetch(browser, learner):
    """A controller that the import map does not know fails silently, and its keys with it."""
    an_attempt_to_mark(learner)
    shown = said(page(browser, take(browser)))
    for name in ("answer", "marking", "submit-once"):
        assert f'"plumbline/{name}"' in shown
    kept = re.search(r'data-answer-name-value="(\w+)"', shown)[1]
    form = re.search(r"<form[^>]*data-answer-name-value.*?</form>", shown, re.S)[0]
    names = set(re.findall(r' name="([^"]+)"', form)) - {"csrfmiddlewaretoken"}
    assert {each.partition("-")[0] for each in names} == {kept}
