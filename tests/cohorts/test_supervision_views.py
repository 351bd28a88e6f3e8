"""The pages of supervised sittings: the learner's door, the invigilator's room, the code on the wall."""

import datetime
import html
import re
import uuid

import pytest
import time_machine
from django.test import Client

from cohorts.models import Irregularity, Sitting, SupervisedQuiz
from cohorts.supervision import invigilating, rules
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services as quiz_services
from quizzes.models import Attempt
from tests.factories.cohorts import a_group, a_place
from tests.factories.people import NOW, an_account, sign_in
from tests.factories.quizzes import raw_form
from tests.factories.sittings import a_sitting, a_supervised_place, a_tutor, quiz_of, start
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    return a_supervised_place()


@pytest.fixture
def sitting(place):
    return a_sitting(place)


@pytest.fixture
def learner(place):
    return sign_in(Client(), place.user)


@pytest.fixture
def invigilator(sitting):
    return sign_in(Client(), sitting.opened_by)


def door(place):
    return f"/en/learn/{place.uuid}/{quiz_of(place).key}/"


def enter(client, place, code, start_key=None):
    return client.post(f"{door(place)}start/", {"start_key": start_key or uuid.uuid4(), "code": code})


def key_cookies(client):
    return [name for name in client.cookies if name.startswith("attempt-")]


def text(response):
    words = re.sub(r"<(head|script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(words).split())


class TestTheDoor:
    def test_the_quiz_s_page_asks_for_the_code_and_names_place_and_invigilator(self, place, sitting, learner):
        page = learner.get(door(place))
        assert 'name="code"' in page.content.decode()
        assert "Room 4" in text(page)
        assert sitting.opened_by.full_name in text(page)
        assert sitting.code not in page.content.decode()

    def test_without_a_sitting_it_says_who_to_ask_and_offers_no_start(self, place, learner):
        tutor = a_tutor(place.group, full_name="Rosa Quintero")
        page = learner.get(door(place))
        assert "No sitting is open for you now" in text(page)
        assert tutor.full_name in text(page)
        assert "Start the quiz" not in text(page)
        assert 'name="code"' not in page.content.decode()

    def test_without_a_tutor_either_it_names_the_training_office(self, place, learner):
        assert "training office" in text(learner.get(door(place)))

    def test_one_that_is_planned_is_told_with_its_time(self, place, learner):
        a_sitting(place, opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
        page = learner.get(door(place))
        assert "A sitting begins on" in text(page)
        assert 'name="code"' not in page.content.decode()

    def test_a_wrong_code_is_told_with_the_tries_left_and_nothing_begins(self, place, sitting, learner):
        page = enter(learner, place, "YYYYYY")
        assert page.status_code == 422
        assert "You can try 4 more times." in text(page)
        assert 'aria-invalid="true"' in page.content.decode()
        assert not Attempt.objects.exists()

    def test_after_five_it_says_from_when_it_can_be_tried_again(self, place, sitting, learner):
        for _ in range(rules.TRIES):
            page = enter(learner, place, "YYYYYY")
        assert "Too many codes were wrong" in text(page)

    def test_no_code_and_what_cannot_be_one_are_no_try(self, place, sitting, learner):
        assert "This cannot be the code" in text(enter(learner, place, ""))
        assert "This cannot be the code" in text(enter(learner, place, "x" * 500))
        assert "4 more times" in text(enter(learner, place, "YYYYYY"))

    def test_the_right_code_starts_and_the_browser_carries_the_key(self, place, sitting, learner):
        begun = enter(learner, place, f"{sitting.code[:3].lower()} {sitting.code[3:]}")
        attempt = Attempt.objects.get()
        assert begun["Location"].startswith(f"/en/quiz/{attempt.uuid}/")
        [cookie] = [each for name, each in begun.cookies.items() if name.startswith("attempt-")]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert learner.get(begun["Location"]).status_code == 200
        answered = learner.post(f"/en/quiz/{attempt.uuid}/1/", raw_form(0, "1"), **FETCH)
        assert answered.json()["saved"]

    def test_a_double_click_lands_in_the_attempt_with_its_key(self, place, sitting, learner):
        key = uuid.uuid4()
        enter(learner, place, sitting.code, key)
        for name in key_cookies(learner):
            del learner.cookies[name]  # the browser has thrown the first answer away
        assert not key_cookies(learner)
        begun = enter(learner, place, sitting.code, key)
        assert learner.get(begun["Location"]).status_code == 200
        assert Attempt.objects.count() == 1

    def test_no_page_shows_the_key(self, place, sitting, learner):
        key = uuid.uuid4()
        begun = enter(learner, place, sitting.code, key)
        browser = Attempt.objects.get().browser
        assert browser != key
        for address in (begun["Location"], door(place)):
            page = learner.get(address).content.decode()
            assert str(browser) not in page
            assert browser.hex not in page

    def test_the_page_of_a_quiz_without_supervision_says_nothing_of_it(self):
        place = a_place()
        page = sign_in(Client(), place.user).get(door(place))
        assert "supervision" not in text(page)
        assert 'name="code"' not in page.content.decode()
        assert "Start the quiz" in text(page)

    def test_the_page_asks_the_database_a_constant_number_of_times(self, place, sitting, learner):
        a_sitting(place, place="Room 5")
        assert len(queries_of(lambda: learner.get(door(place)))) <= 8


class TestAnotherComputer:
    @pytest.fixture
    def attempt(self, place, sitting, learner):
        enter(learner, place, sitting.code)
        return Attempt.objects.get()

    @pytest.fixture
    def other(self, attempt, place):
        """The same person at another computer."""
        return sign_in(Client(), place.user)

    @pytest.mark.parametrize("name", ["1", "check", "result", "state"])
    def test_its_pages_do_not_open_there(self, attempt, other, name):
        page = other.get(f"/en/quiz/{attempt.uuid}/{name}/")
        assert page.status_code == 409
        assert "goes on at another computer" in text(page)

    def test_nothing_is_saved_or_handed_in_from_there(self, attempt, other):
        refused = other.post(f"/en/quiz/{attempt.uuid}/1/", raw_form(0, "1"), **FETCH)
        assert refused.status_code == 409
        assert not refused.json()["saved"]
        assert other.post(f"/en/quiz/{attempt.uuid}/1/", raw_form(0, "1")).status_code == 409
        assert other.post(f"/en/quiz/{attempt.uuid}/submit/").status_code == 409
        attempt.refresh_from_db()
        assert attempt.state == Attempt.State.IN_PROGRESS
        assert not attempt.responses.exists()

    def test_the_quiz_s_page_there_says_what_to_do(self, attempt, place, other):
        page = other.get(door(place))
        assert "ask the invigilator to let you change computers" in text(page)
        assert 'name="code"' in page.content.decode()

    def test_who_is_let_go_on_goes_on_there_and_not_at_the_first_any_more(
        self, attempt, place, sitting, other, learner, invigilator
    ):
        assert "has not let you change computers" in text(enter(other, place, sitting.code))
        person = f"/runs/sittings/{sitting.uuid}/people/{place.uuid}/"
        assert sitting.code[:3] in text(invigilator.post(person, {"deed": "release"}, follow=True))
        moved = enter(other, place, sitting.code)
        assert other.get(moved["Location"]).status_code == 200
        assert learner.get(moved["Location"]).status_code == 409

    def test_who_passes_the_form_on_passes_nothing_on(self, place, sitting, learner):
        key = uuid.uuid4()
        begun = enter(learner, place, sitting.code, key)
        accomplice = sign_in(Client(), place.user)
        for _press in range(2):
            assert "has not let you change computers" in text(enter(accomplice, place, sitting.code, key))
        assert not key_cookies(accomplice)
        assert accomplice.get(begun["Location"]).status_code == 409
        assert learner.get(begun["Location"]).status_code == 200

    def test_a_double_click_of_who_is_let_go_on_goes_on_there(self, attempt, place, sitting, other, invigilator):
        key = uuid.uuid4()
        invigilator.post(f"/runs/sittings/{sitting.uuid}/people/{place.uuid}/", {"deed": "release"})
        enter(other, place, sitting.code, key)
        for name in key_cookies(other):
            del other.cookies[name]
        moved = enter(other, place, sitting.code, key)
        assert other.get(moved["Location"]).status_code == 200

    def test_after_handing_in_the_result_is_read_anywhere(self, attempt, other):
        quiz_services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        assert other.get(f"/en/quiz/{attempt.uuid}/result/").status_code == 200

    def test_another_person_learns_nothing_of_it(self, attempt):
        stranger = sign_in(Client(), an_account(attempt.learner.administration))
        assert stranger.get(f"/en/quiz/{attempt.uuid}/1/").status_code == 404


class TestTheRoom:
    def test_it_shows_who_has_started_and_handed_in_and_no_score(self, place, sitting, invigilator):
        fellow = a_place(group=place.group)
        attempt = start(fellow, sitting.code, start_key=uuid.uuid4())
        quiz_services.submit_attempt(attempt, learner=fellow.user, now=NOW)
        page = text(invigilator.get(f"/runs/sittings/{sitting.uuid}/"))
        assert f"{place.user.full_name} {place.user.staff_number} Seen {place.user.full_name} Not started" in page
        assert "Handed in at" in page
        assert "%" not in page
        assert not re.search(r"\b(passed|score|graded)\b", page, re.IGNORECASE)

    def test_it_loads_itself_again_only_for_who_asks_and_without_a_script(self, sitting, invigilator):
        address = f"/runs/sittings/{sitting.uuid}/"
        assert "Refresh" not in invigilator.get(address)
        live = invigilator.get(f"{address}?live=1")
        assert live["Refresh"] == "30"
        assert "Stop that" in text(live)

    def test_presence_is_one_press(self, place, sitting, invigilator):
        person = f"/runs/sittings/{sitting.uuid}/people/{place.uuid}/"
        assert "Seen at" in text(invigilator.post(person, {"deed": "present"}, follow=True))

    def test_a_note_is_kept_and_an_empty_one_is_asked_for_again(self, place, sitting, invigilator):
        person = f"/runs/sittings/{sitting.uuid}/people/{place.uuid}/"
        assert invigilator.post(person, {"deed": "note", "note": " "}).status_code == 422
        page = invigilator.post(person, {"deed": "note", "note": "A telephone rang <twice>."}, follow=True)
        assert "A telephone rang <twice>." in text(page)
        assert Irregularity.objects.get().noted_by == sitting.opened_by
        assert RecordEntry.objects.filter(kind="cohorts.irregularity.noted").count() == 1

    def test_the_code_is_renewed_withdrawn_and_the_sitting_closed(self, sitting, invigilator):
        code, first = f"/runs/sittings/{sitting.uuid}/code/", sitting.code
        invigilator.post(code, {"deed": "renew"})
        sitting.refresh_from_db()
        assert sitting.code != first
        page = text(invigilator.post(code, {"deed": "withdraw"}, follow=True))
        assert "The code is withdrawn" in page
        assert sitting.code[:3] not in page
        page = text(invigilator.post(f"/runs/sittings/{sitting.uuid}/close/", follow=True))
        assert "The sitting is closed" in page
        assert "This sitting is closed" in text(invigilator.post(code, {"deed": "renew"}, follow=True))

    def test_the_page_takes_as_many_queries_for_forty_people_as_for_one(self, place, sitting, invigilator):
        def look():
            return invigilator.get(f"/runs/sittings/{sitting.uuid}/")

        before = len(queries_of(look))
        for _ in range(39):
            start(a_place(group=place.group), sitting.code, start_key=uuid.uuid4())
        assert len(queries_of(look)) == before
        assert before <= 10

    def test_the_page_of_a_run_takes_as_many_queries_for_ten_sittings_as_for_one(self, place, sitting, invigilator):
        address = f"/runs/{place.cohort.uuid}/sittings/"
        before = len(queries_of(lambda: invigilator.get(address)))
        for number in range(9):
            a_sitting(place, actor=sitting.opened_by, place=f"Room {number}")
        assert len(queries_of(lambda: invigilator.get(address))) == before
        assert before <= 9


class TestTheWall:
    def test_it_shows_the_code_left_to_right_and_names_nobody_who_sits(self, place, sitting, invigilator):
        page = invigilator.get(f"/runs/sittings/{sitting.uuid}/code/")
        shown = page.content.decode()
        assert f"<bdi>{sitting.code[:3]}</bdi> <bdi>{sitting.code[3:]}</bdi>" in shown
        assert 'dir="ltr" translate="no"' in shown
        assert place.user.full_name not in text(page)

    @pytest.mark.parametrize("end", ["withdraw_code", "close"])
    def test_a_code_that_opens_nothing_is_not_shown(self, sitting, invigilator, end):
        getattr(invigilating, end)(sitting, actor=sitting.opened_by, now=NOW)
        assert sitting.code[:3] not in text(invigilator.get(f"/runs/sittings/{sitting.uuid}/code/"))


class TestOpening:
    @pytest.fixture
    def tutor(self, place):
        return sign_in(Client(), a_tutor(place.group))

    def form(self, enrolment, **fields):
        # In the time zone of the person, which is UTC here.
        return {
            "step": quiz_of(enrolment).key,
            "who": f"group-{enrolment.group.uuid}",
            "place": "Room 7",
            "opens_at": "2026-03-02T09:30",
            "closes_at": "2026-03-02T11:00",
        } | fields

    def test_a_tutor_opens_one_for_an_own_group(self, place, tutor):
        address = f"/runs/{place.cohort.uuid}/sittings/"
        assert "Section 1, group 1" in text(tutor.get(address))
        assert "Section 1, all groups" not in text(tutor.get(address))
        opened = tutor.post(address, self.form(place))
        sitting = Sitting.objects.get()
        assert opened["Location"] == f"/runs/sittings/{sitting.uuid}/"
        assert (sitting.opens_at, sitting.closes_at) == (NOW, NOW + 1.5 * HOUR)

    def test_a_training_manager_opens_one_for_a_section_and_decides_what_is_supervised(self):
        place = a_place()
        manager = sign_in(Client(), an_account(place.administration, Role.TRAINING_MANAGER))
        address = f"/runs/{place.cohort.uuid}/sittings/"
        page = manager.get(address)
        assert "Have it supervised" in text(page)
        assert "Open a sitting" not in text(page)
        manager.post(f"{address}{quiz_of(place).key}/", {"deed": "require"})
        assert SupervisedQuiz.objects.in_force().exists()
        manager.post(address, self.form(place, who=f"section-{place.group.section.uuid}"))
        assert Sitting.objects.get().group is None
        manager.post(f"{address}{quiz_of(place).key}/", {"deed": "lift"})
        assert not SupervisedQuiz.objects.in_force().exists()

    def test_a_tutor_decides_nothing_about_supervision(self, place, tutor):
        address = f"/runs/{place.cohort.uuid}/sittings/"
        assert "A training manager decides" in text(tutor.get(address))
        assert tutor.post(f"{address}{quiz_of(place).key}/", {"deed": "lift"}).status_code == 403

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"closes_at": "2026-03-02T09:00"}, "This time has gone by."),
            ({"opens_at": "2026-03-02T12:00"}, "It ends before it begins."),
            ({"closes_at": "2026-03-04T09:00"}, "A sitting lasts half a day at most."),
            ({"closes_at": ""}, "Please give a day and a time."),
            ({"place": ""}, "Please say where it is sat."),
            ({"step": uuid.uuid4()}, "Select a valid choice."),
        ],
    )
    def test_what_makes_no_sense_is_said_at_its_field(self, place, tutor, wrong, said):
        page = tutor.post(f"/runs/{place.cohort.uuid}/sittings/", self.form(place, **wrong))
        assert page.status_code == 422
        assert said in text(page)
        assert not Sitting.objects.exists()

    def test_a_group_of_others_cannot_be_chosen(self, place, tutor):
        other = a_group(place.administration)
        page = tutor.post(f"/runs/{place.cohort.uuid}/sittings/", self.form(place, who=f"group-{other.uuid}"))
        assert page.status_code == 422

    def test_who_learns_in_the_run_is_told_that_somebody_else_does_it(self, place):
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        a_place(manager, place.group)
        client = sign_in(Client(), manager)
        page = client.get(f"/runs/{place.cohort.uuid}/sittings/")
        assert "You learn in this run yourself" in text(page)
        assert client.post(f"/runs/{place.cohort.uuid}/sittings/", self.form(place)).status_code == 403

    def test_the_board_of_the_run_leads_there(self, place, tutor):
        assert f"/runs/{place.cohort.uuid}/sittings/" in tutor.get(f"/dashboard/{place.cohort.uuid}/").content.decode()
