"""The letter about a last day that is near: once, in time, and not on a day of rest."""

import datetime
import zoneinfo

import pytest
import time_machine

from cohorts import reminders
from cohorts.models import Enrolment, LastDayReminder
from cohorts.tasks import remind_of_last_days
from core.models import OutgoingMail
from people import calendars
from tests.factories.cohorts import a_group, a_place
from tests.factories.people import NOW, a_holiday, an_account, an_administration
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

BOGOTA = zoneinfo.ZoneInfo("America/Bogota")
LAST_DAY = datetime.date(2026, 6, 30)  # a Tuesday


def at(day, hour=9, zone=BOGOTA):
    """A moment of a day in June 2026."""
    return datetime.datetime(2026, 6, day, hour, tzinfo=zone).astimezone(datetime.UTC)


@pytest.fixture
def home():
    return an_administration()


@pytest.fixture
def group(home):
    return a_group(home)


def a_learner(group, zone="America/Bogota", **fields):
    number = Enrolment.objects.count()
    account = {"email": f"{number}@customs.example", "time_zone": zone} | fields
    return a_place(an_account(group.section.cohort.administration, **account), group)


def ending(group, day):
    group.section.ends_on = day
    group.section.save()


def told():
    return [letter.to_address for letter in OutgoingMail.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(22), False),
        (at(23, 7), False),  # a week before, but offices are closed
        (at(23, 8), True),
        (at(26, 22), True),
        (at(27), False),  # a Saturday
        (at(30, 12), True),
        (datetime.datetime(2026, 7, 1, 14, tzinfo=datetime.UTC), False),
    ],
)
def test_the_letter_comes_in_the_last_week_on_a_working_day(group, now, due):
    a_learner(group)
    assert reminders.remind(now=now) == due


def test_it_comes_once_however_often_and_again_for_another_last_day(group):
    a_learner(group)
    for _again in range(3):
        reminders.remind(now=at(24))
    assert len(told()) == 1
    ending(group, LAST_DAY + datetime.timedelta(days=1))
    reminders.remind(now=at(25))
    assert len(told()) == 2


def test_it_waits_while_the_administration_rests(home, group):
    a_learner(group)
    a_holiday(home, datetime.date(2026, 6, 24))
    assert reminders.remind(now=at(24)) == 0
    calendars.set_week(home, first_weekday=7, working_weekdays=[7, 1, 2, 3], actor=None, now=NOW)
    assert reminders.remind(now=at(25)) == 0  # a Thursday
    assert reminders.remind(now=at(28)) == 1  # a Sunday


def test_the_day_is_that_of_the_learner_s_office(group):
    """Monday 9.00 in Bogotá is 2.00 of the next morning in Auckland, where offices are closed."""
    a_learner(group, "America/Bogota", email="bogota@customs.example")
    a_learner(group, "Pacific/Auckland", email="auckland@customs.example")
    a_learner(group, "Nowhere/Atall", email="unknown@customs.example")
    reminders.remind(now=at(29))
    assert told() == ["bogota@customs.example", "unknown@customs.example"]


def test_who_is_done_or_gone_or_has_no_address_gets_none(group):
    finished, blocked = a_learner(group), a_learner(group)
    a_learner(group, email=None)
    Enrolment.objects.filter(pk=finished.pk).update(state="completed", completed_at=NOW)
    blocked.user.is_active = False
    blocked.user.save()
    assert reminders.remind(now=at(24)) == 0


def test_it_speaks_the_learner_s_language_and_names_the_last_working_day(home, group):
    ending(group, datetime.date(2026, 6, 28))  # a Sunday
    place = a_learner(group, full_name="Rosa Díaz")
    reminders.remind(now=at(24))
    letter = OutgoingMail.objects.get()
    assert letter.language == "en"
    assert letter.subject.endswith("ends on Sunday, 28 June 2026")
    assert "That is a day of rest. The last working day before it is Friday, 26 June 2026." in letter.body
    assert f"/en/learn/{place.uuid}/" in letter.body


def test_the_letter_tells_the_day_in_the_administration_s_second_calendar_too(home, group):
    home.second_calendar = "persian"
    home.save()
    a_learner(group)
    ending(group, LAST_DAY)
    reminders.remind(now=at(24))
    assert "Tuesday, 30 June 2026 (9 Tir 1405 SH)" in OutgoingMail.objects.get().body


def test_on_a_working_day_nothing_is_said_of_rest(group):
    a_learner(group)
    reminders.remind(now=at(24))
    assert "day of rest" not in OutgoingMail.objects.get().body


def test_looking_costs_the_same_for_one_learner_and_for_many_and_nothing_is_written_twice(group):
    a_learner(group)
    reminders.remind(now=at(24))
    few = queries_of(lambda: reminders.remind(now=at(24)))
    for _number in range(10):
        a_learner(group)
    reminders.remind(now=at(24))
    assert len(queries_of(lambda: reminders.remind(now=at(24)))) == len(few)
    assert LastDayReminder.objects.count() == 11


def test_the_beat_s_task_writes_them_by_its_own_clock(group):
    a_learner(group)
    with time_machine.travel(at(24), tick=False):
        remind_of_last_days()
    assert len(told()) == 1
