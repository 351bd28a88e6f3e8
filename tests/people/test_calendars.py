"""Changing an administration's week and holidays: who may, what is refused, and what the record log says of it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from oversight.models import RecordEntry
from people import calendars, kept_calendars
from people.models import Holiday, Role
from people.working_days import MOST_YEARLY
from tests.factories.people import NOW, a_holiday, an_account, an_administration

pytestmark = pytest.mark.django_db
MAY_DAY = datetime.date(2026, 5, 1)
NAMES = {"en": "Labour Day", "ar": "عيد العمال"}


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


@pytest.fixture
def home(manager):
    return manager.administration


def set_week(administration, first=7, working=(7, 1, 2, 3, 4), actor=None):
    return calendars.set_week(administration, first_weekday=first, working_weekdays=working, actor=actor, now=NOW)


def told():
    """What the log says last: the kind, who did it, and the facts."""
    entry = RecordEntry.objects.select_related("detail").latest("sequence")
    return entry.kind, entry.actor, entry.detail.facts


def test_an_administration_works_from_monday_to_friday_until_it_says_otherwise(home):
    calendar = calendars.calendar_of(home)
    assert calendar.working_weekdays == {1, 2, 3, 4, 5}
    assert calendar.weekdays() == [1, 2, 3, 4, 5, 6, 7]


def test_a_week_from_sunday_to_thursday_is_kept_and_recorded_once(home, manager):
    assert set_week(home, actor=manager)
    assert told() == (
        "people.working_week.set",
        manager.uuid,
        {"shape": 1, "first_weekday": 7, "working_weekdays": "12347"},
    )
    home.refresh_from_db()
    calendar = calendars.calendar_of(home)
    assert calendar.weekdays() == [7, 1, 2, 3, 4, 5, 6]
    assert not calendar.is_working(datetime.date(2026, 3, 6))  # a Friday
    assert not set_week(home, actor=manager)
    assert RecordEntry.objects.filter(kind="people.working_week.set").count() == 1


def test_a_second_calendar_is_chosen_and_recorded_once(home, manager):
    assert calendars.set_second_calendar(home, "persian", actor=manager, now=NOW)
    assert told() == ("people.second_calendar.set", manager.uuid, {"shape": 1, "second_calendar": "persian"})
    assert not calendars.set_second_calendar(home, "persian", actor=manager, now=NOW)
    assert calendars.set_second_calendar(home, "", actor=manager, now=NOW)
    assert RecordEntry.objects.filter(kind="people.second_calendar.set").count() == 2


def test_a_calendar_that_nobody_knows_is_refused(home, manager):
    with pytest.raises(ValidationError, match="not known"):
        calendars.set_second_calendar(home, "maya", actor=manager, now=NOW)


def test_only_the_administration_s_own_manager_chooses_its_second_calendar(home):
    for stranger in (an_account(home), an_account(home, Role.AUTHOR), an_account(None, Role.TRAINING_MANAGER)):
        with pytest.raises(PermissionDenied):
            calendars.set_second_calendar(home, "persian", actor=stranger, now=NOW)


@pytest.mark.parametrize(("first", "working"), [(1, []), (0, [1]), (1, [8])])
def test_a_week_without_a_working_day_or_with_a_strange_one_is_refused(home, first, working):
    with pytest.raises(ValidationError):
        set_week(home, first, working)


def test_a_holiday_is_kept_with_its_names_and_recorded(home, manager):
    made = a_holiday(home, MAY_DAY, yearly=True, names=NAMES, actor=manager)
    facts = {"shape": 1, "day": "2026-05-01", "yearly": True, "names": NAMES}
    assert told() == ("people.holiday.added", manager.uuid, facts)
    [day_off] = calendars.calendar_of(home).days_off
    assert day_off == made.as_day_off()
    assert day_off.name_in("ar") == ("عيد العمال", "ar")


def test_one_administration_s_holidays_are_no_other_s(home):
    a_holiday(home)
    there = an_administration()
    assert calendars.calendar_of(there).days_off == ()
    a_holiday(there)


@pytest.mark.parametrize("yearly", [True, False])
def test_a_day_is_a_holiday_once(home, yearly):
    a_holiday(home, MAY_DAY, yearly=yearly)
    with pytest.raises(ValidationError) as refused:
        a_holiday(home, MAY_DAY)
    assert refused.value.message_dict == {"day": ["This day is a holiday already."]}


def test_a_second_yearly_holiday_on_the_same_day_of_the_year_is_refused(home):
    a_holiday(home, MAY_DAY, yearly=True)
    with pytest.raises(ValidationError):
        a_holiday(home, MAY_DAY.replace(year=2027), yearly=True)
    a_holiday(home, MAY_DAY.replace(year=2027))


def test_a_holiday_without_a_name_is_refused(home):
    with pytest.raises(ValidationError):
        a_holiday(home, names={})
    assert not Holiday.objects.exists()


def test_yearly_holidays_leave_enough_of_the_year_to_work_in(home):
    for number in range(MOST_YEARLY):
        a_holiday(home, MAY_DAY + datetime.timedelta(days=number), yearly=True)
    later = MAY_DAY + datetime.timedelta(days=MOST_YEARLY)
    with pytest.raises(ValidationError):
        a_holiday(home, later, yearly=True)
    a_holiday(home, later)
    calendars.calendar_of(home)


def test_a_holiday_is_corrected_and_the_record_says_how_it_stands_now(home, manager):
    made = a_holiday(home, MAY_DAY)
    new = {"day": MAY_DAY + datetime.timedelta(days=3), "yearly": True, "names": NAMES}
    assert calendars.change_holiday(made, **new, actor=manager, now=NOW)
    assert told() == (
        "people.holiday.changed",
        manager.uuid,
        {"shape": 1, "day": "2026-05-04", "yearly": True, "names": NAMES},
    )
    [day_off] = calendars.calendar_of(home).days_off
    assert (day_off.day, day_off.yearly, day_off.names) == tuple(new.values())
    assert not calendars.change_holiday(made, **new, actor=manager, now=NOW)


def test_a_removed_holiday_is_an_ordinary_day_and_the_record_keeps_what_it_was(home, manager):
    made = a_holiday(home, MAY_DAY)
    for _twice in range(2):
        calendars.remove_holiday(made, actor=manager, now=NOW)
    facts = {"shape": 1, "day": "2026-05-01", "yearly": False, "names": {"en": "Labour Day"}}
    assert told() == ("people.holiday.removed", manager.uuid, facts)
    assert RecordEntry.objects.filter(kind="people.holiday.removed").count() == 1
    assert calendars.calendar_of(home).is_working(MAY_DAY)


def test_only_a_training_manager_of_the_administration_changes_its_calendar(home):
    holiday = a_holiday(home)
    others = [an_account(home, *set(Role) - {Role.TRAINING_MANAGER}), an_account(None, *Role), an_account(home)]
    for actor in others:
        with pytest.raises(PermissionDenied):
            set_week(home, actor=actor)
        with pytest.raises(PermissionDenied):
            a_holiday(home, datetime.date(2026, 1, 1), actor=actor)
        with pytest.raises(PermissionDenied):
            calendars.change_holiday(holiday, day=MAY_DAY, yearly=True, names=NAMES, actor=actor, now=NOW)
        with pytest.raises(PermissionDenied):
            calendars.remove_holiday(holiday, actor=actor, now=NOW)
    assert Holiday.objects.count() == 1


def test_a_calendar_costs_two_queries_however_many_holidays_there_are(home, django_assert_num_queries):
    for number in range(20):
        a_holiday(home, MAY_DAY + datetime.timedelta(days=number), names=NAMES)
    with django_assert_num_queries(2):
        assert len(calendars.calendar_of(home).days_off) == 20


def test_a_process_that_keeps_a_calendar_learns_of_its_own_changes_at_once(home, django_assert_num_queries):
    kept_calendars.of_administration(home.pk)
    with django_assert_num_queries(0):
        assert kept_calendars.of_administration(home.pk).calendar.is_working(MAY_DAY)
    holiday = a_holiday(home, MAY_DAY)
    assert not kept_calendars.of_administration(home.pk).calendar.is_working(MAY_DAY)
    calendars.remove_holiday(holiday, actor=None, now=NOW)
    assert kept_calendars.of_administration(home.pk).calendar.is_working(MAY_DAY)
    set_week(home, working=[6])
    assert not kept_calendars.of_administration(home.pk).calendar.is_working(MAY_DAY)
