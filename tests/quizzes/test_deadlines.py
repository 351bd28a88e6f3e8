"""Days by which learners are answered: those who answer are reminded, and those above them told, once a stage."""

import datetime
import zoneinfo

import pytest
from django.urls import reverse

from core.models import OutgoingMail
from oversight import evidence, verification
from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from people.working_days import DayOff, WorkingCalendar
from quizzes import services
from quizzes.deadlines import Stage, stage_of
from quizzes.models import Appeal, DeadlineReminder, QuestionCase
from quizzes.tasks import tell_of_deadlines
from tests.factories.disputes import a_failed_attempt, a_report, a_taken_appeal, a_taken_case, an_appeal, answer
from tests.factories.people import NOW, a_holiday, an_account, an_administration, sign_in
from tests.queries import queries_of, queries_of_one

UTC = zoneinfo.ZoneInfo("UTC")
WEDNESDAY, FRIDAY = datetime.date(2026, 3, 11), datetime.date(2026, 3, 13)


def at(day, hour=10):
    return datetime.datetime(2026, 3, day, hour, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (at(10), None),
        (at(11, 7), None),  # two working days before, but offices are closed
        (at(11), Stage.NEAR),
        (at(13, 23), Stage.NEAR),  # the day itself is whole
        (at(14), None),  # a Saturday
        (at(16, 7), None),
        (at(16), Stage.OVERDUE),
        (at(17), Stage.OVERDUE),
    ],
)
def test_a_day_is_near_two_working_days_before_and_over_when_offices_open_after_it(now, stage):
    assert stage_of(FRIDAY, WorkingCalendar(), UTC, now) == stage


def test_a_holiday_makes_a_day_near_earlier():
    holiday = WorkingCalendar(days_off=(DayOff(datetime.date(2026, 3, 12)),))
    assert stage_of(FRIDAY, holiday, UTC, at(10)) == Stage.NEAR


def test_the_day_is_that_of_the_administration():
    friday_evening_in_bogota = datetime.datetime(2026, 3, 14, 3, tzinfo=datetime.UTC)
    assert stage_of(FRIDAY, WorkingCalendar(), zoneinfo.ZoneInfo("America/Bogota"), friday_evening_in_bogota) == "near"


def a_holder(administration, role, email):
    """Somebody who holds a role, by a grant, so that they are found by it."""
    person = an_account(administration, email=email)
    grant_role(person, role, actor=None, now=NOW)
    person.refresh_from_db()
    return person


@pytest.fixture
def here():
    return an_administration(time_zone="UTC")


@pytest.fixture
def manager(here):
    return a_holder(here, Role.TRAINING_MANAGER, "manager@b.example")


def due(matter, day=FRIDAY):
    """The same, due on a day."""
    type(matter).objects.filter(pk=matter.pk).update(due_on=day)
    matter.refresh_from_db()
    return matter


def a_case(here):
    owner = a_holder(here, Role.SUBJECT_REVIEWER, "owner@b.example")
    return due(a_taken_case(a_failed_attempt(an_account(here)), owner))


def an_open_appeal(here):
    officer = a_holder(here, Role.CERTIFYING_OFFICER, "officer@b.example")
    return due(a_taken_appeal(a_failed_attempt(an_account(here)), officer))


def told():
    return {(letter.to_address, letter.subject) for letter in OutgoingMail.objects.all()}


@pytest.mark.django_db
@pytest.mark.usefixtures("rung")
class TestTelling:
    @pytest.mark.parametrize("make", [a_case, an_open_appeal])
    def test_the_owner_is_reminded_once_and_then_they_and_the_one_above_are_told(self, here, manager, make):
        matter = make(here)
        owner = matter.owner.email
        assert services.tell_of_deadlines(at(10)) == 0
        assert services.tell_of_deadlines(at(11)) == 1
        assert services.tell_of_deadlines(at(12)) == 0
        assert told() == {(owner, "An answer is due by 13 March 2026")}
        OutgoingMail.objects.all().delete()
        assert services.tell_of_deadlines(at(16)) == 1
        assert services.tell_of_deadlines(at(17)) == 0
        assert told() == {
            (owner, "An answer is overdue"),
            ("manager@b.example", "In your administration an answer is overdue"),
        }

    def test_letters_lead_to_the_page_and_name_nobody(self, here, manager, settings):
        settings.SITE_URL = "https://learn.example"
        appeal = an_open_appeal(here)
        services.tell_of_deadlines(at(16))
        letters = {letter.to_address: letter.body for letter in OutgoingMail.objects.all()}
        assert f"https://learn.example{reverse('appeal', args=[appeal.uuid])}" in letters["officer@b.example"]
        assert f"https://learn.example{reverse('overdue_answers')}" in letters["manager@b.example"]
        for body in letters.values():
            assert "13 March 2026" in body
            assert appeal.attempt.learner.full_name not in body
            assert appeal.grounds not in body

    def test_who_was_told_stands_in_the_record_log_which_still_verifies(self, here, manager):
        owner = a_holder(here, Role.SUBJECT_REVIEWER, "owner@b.example")
        case = a_taken_case(a_failed_attempt(an_account(here)), owner)
        services.tell_of_deadlines(at(17))
        entry = RecordEntry.objects.get(kind="quizzes.case.deadline_told")
        assert (entry.subject, entry.actor, entry.administration) == (case.uuid, None, here.uuid)
        assert entry.detail.facts == {
            "shape": 1,
            "stage": "overdue",
            "due_on": "2026-03-16",
            "answering": [str(owner.uuid)],
            "above": [str(manager.uuid)],
        }
        findings = verification.Findings()
        evidence.verify_chain(findings)
        evidence.verify_rows(findings)
        assert list(findings.kept) == []

    def test_what_nobody_has_taken_all_are_told_of_who_may_take_it(self, here):
        learner = a_holder(here, Role.CERTIFYING_OFFICER, "learner@b.example")
        due(an_appeal(a_failed_attempt(learner)))
        a_holder(here, Role.CERTIFYING_OFFICER, "one@b.example")
        a_holder(here, Role.CERTIFYING_OFFICER, "two@b.example")
        a_holder(an_administration(), Role.CERTIFYING_OFFICER, "far@b.example")
        services.tell_of_deadlines(at(12))
        assert {address for address, _subject in told()} == {"one@b.example", "two@b.example"}

    def test_a_case_whose_owner_answers_for_questions_no_more_is_everybody_s(self, here):
        case = a_case(here)
        a_holder(here, Role.AUTHOR, "author@b.example")
        type(case.owner).objects.filter(pk=case.owner_id).update(is_active=False)
        services.tell_of_deadlines(at(12))
        assert {address for address, _subject in told()} == {"author@b.example"}

    def test_nobody_sees_to_the_answer_of_their_own_appeal(self, here):
        manager = a_holder(here, Role.TRAINING_MANAGER, "manager@b.example")
        officer = a_holder(here, Role.CERTIFYING_OFFICER, "officer@b.example")
        due(a_taken_appeal(a_failed_attempt(manager), officer))
        services.tell_of_deadlines(at(16))
        assert {address for address, _subject in told()} == {"officer@b.example"}

    def test_what_was_answered_in_time_is_not_told(self, here, manager):
        answer(a_case(here))
        assert services.tell_of_deadlines(at(16)) == 0
        assert not DeadlineReminder.objects.exists()

    def test_the_administration_s_rest_is_kept(self, here, manager):
        case = a_case(here)
        a_holiday(here, datetime.date(2026, 3, 16))
        assert services.tell_of_deadlines(at(16)) == 0
        assert services.tell_of_deadlines(at(17)) == 1
        assert DeadlineReminder.objects.get().case == case

    def test_the_clock_s_task_tells_and_may_run_twice(self, here, manager):
        due(a_case(here), NOW.date() - datetime.timedelta(days=400))
        tell_of_deadlines()
        tell_of_deadlines()
        # On a day of rest, or at night, it waits.
        assert DeadlineReminder.objects.count() <= 1

    def test_looking_takes_two_queries_however_much_waits(self, here, manager):
        an_open_appeal(here)
        one = queries_of(lambda: services.tell_of_deadlines(at(9)))
        for _each in range(3):
            due(a_report(a_failed_attempt(an_account(here))).case)
        assert len(queries_of_one(lambda: services.tell_of_deadlines(at(9)))) == len(one) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("rung")
class TestThePage:
    def test_it_shows_with_whom_an_answer_is_and_nothing_of_the_learner(self, client, here, manager):
        case, appeal = a_case(here), an_open_appeal(here)
        for each in (case, appeal):
            due(each, datetime.date(2020, 1, 2))
        sign_in(client, manager)
        page = client.get(reverse("overdue_answers")).content.decode()
        assert page.count("2 January 2020") == 2
        assert case.owner.full_name in page
        assert appeal.owner.full_name in page
        assert appeal.attempt.learner.full_name not in page
        assert reverse("appeal", args=[appeal.uuid]) not in page

    def test_a_manager_s_own_appeal_and_what_is_another_administration_s_are_not_there(self, client, here, manager):
        due(an_appeal(a_failed_attempt(manager)), datetime.date(2020, 1, 2))
        due(an_appeal(a_failed_attempt()), datetime.date(2020, 1, 2))
        assert Appeal.objects.count() == 2
        sign_in(client, manager)
        assert b"Nothing is overdue" in client.get(reverse("overdue_answers")).content

    def test_its_queries_do_not_grow(self, client, here, manager):
        sign_in(client, manager)
        due(a_report(a_failed_attempt(an_account(here))).case, datetime.date(2020, 1, 2))
        few = queries_of(lambda: client.get(reverse("overdue_answers")))
        for _each in range(3):
            due(a_report(a_failed_attempt(an_account(here))).case, datetime.date(2020, 1, 2))
        assert len(queries_of_one(lambda: client.get(reverse("overdue_answers")))) == len(few)
        assert QuestionCase.objects.count() == 4
