"""Weeks, holidays and days of rest: pure rules."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.working_days import MOST_YEARLY, DayOff, WorkingCalendar, rest_on, when_worked

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
days_off = st.builds(DayOff, days, st.booleans())
calendars = st.builds(
    WorkingCalendar,
    working_weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    days_off=st.lists(days_off, max_size=MOST_YEARLY).map(tuple),
    first_weekday=st.integers(1, 7),
)
zones = st.sampled_from(["America/Bogota", "Asia/Riyadh", "Pacific/Kiritimati", "UTC"]).map(ZoneInfo)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds

SUNDAY_TO_THURSDAY = WorkingCalendar(working_weekdays=frozenset({7, 1, 2, 3, 4}), first_weekday=7)
FRIDAY = date(2026, 3, 6)
LABOUR_DAY = DayOff(date(2020, 5, 1), yearly=True, names={"en": "Labour Day", "fr": "Fête du Travail"})


@given(calendars, days)
def test_the_next_working_day_is_worked_and_never_earlier_and_nothing_between_is(calendar, day):
    found = calendar.next_working_day(day)
    assert found >= day
    assert calendar.is_working(found)
    assert not any(calendar.is_working(day + timedelta(days=n)) for n in range((found - day).days))


@given(calendars, days, st.integers(1, 15))
def test_so_many_working_days_later_so_many_days_have_been_worked(calendar, day, number):
    found = calendar.after_working_days(day, number)
    assert calendar.is_working(found)
    assert sum(calendar.is_working(day + timedelta(days=n + 1)) for n in range((found - day).days)) == number


@given(calendars, days)
def test_the_last_working_day_is_worked_and_never_later_and_nothing_between_is(calendar, day):
    found = calendar.last_working_day(day)
    assert found <= day
    assert calendar.is_working(found)
    assert not any(calendar.is_working(day - timedelta(days=n)) for n in range((day - found).days))


@given(calendars, days)
def test_looking_twice_finds_the_same_working_day(calendar, day):
    assert calendar.next_working_day(calendar.next_working_day(day)) == calendar.next_working_day(day)


@given(calendars, days, days)
def test_a_later_day_never_has_an_earlier_working_day(calendar, one, other):
    first, second = sorted([one, other])
    assert calendar.next_working_day(first) <= calendar.next_working_day(second)


@given(st.integers(1, 7), days)
def test_one_working_day_a_week_and_as_many_yearly_holidays_as_there_may_be_still_leave_a_day_to_work(weekday, day):
    """The worst case: every holiday falls on the one day that is worked."""
    first = day - timedelta(days=(day.isoweekday() - weekday) % 7)
    holidays = (DayOff(first + timedelta(weeks=number), yearly=True) for number in range(MOST_YEARLY))
    calendar = WorkingCalendar(frozenset({weekday}), tuple(holidays))
    assert calendar.next_working_day(day) - day < timedelta(days=2 * 366)


@pytest.mark.parametrize(
    "wrong",
    [
        {"working_weekdays": frozenset()},
        {"working_weekdays": frozenset({0})},
        {"first_weekday": 8},
        {"days_off": tuple(DayOff(date(2026, 1, 1), True) for _ in range(MOST_YEARLY + 1))},
    ],
)
def test_a_calendar_without_a_day_to_work_is_refused(wrong):
    with pytest.raises(ValueError, match="there may be|a week has"):
        WorkingCalendar(**wrong)


def test_where_friday_and_saturday_are_the_days_of_rest_work_goes_on_on_sunday():
    assert SUNDAY_TO_THURSDAY.next_working_day(FRIDAY) == FRIDAY + timedelta(days=2)
    assert SUNDAY_TO_THURSDAY.last_working_day(FRIDAY) == FRIDAY - timedelta(days=1)
    assert WorkingCalendar().next_working_day(FRIDAY) == FRIDAY


def test_a_yearly_holiday_returns_from_its_year_on_and_another_only_once():
    once = DayOff(date(2026, 4, 3))
    calendar = WorkingCalendar(days_off=(LABOUR_DAY, once))
    assert calendar.holiday_on(date(2031, 5, 1)) == LABOUR_DAY
    assert calendar.holiday_on(date(2019, 5, 1)) is None
    assert calendar.holiday_on(date(2026, 4, 3)) == once
    assert calendar.holiday_on(date(2027, 4, 3)) is None


def test_a_holiday_on_the_29th_of_february_is_kept_in_leap_years_alone():
    calendar = WorkingCalendar(days_off=(DayOff(date(2024, 2, 29), yearly=True),))
    kept = [day for day, _ in calendar.holidays_between(date(2024, 1, 1), date(2032, 12, 31))]
    assert kept == [date(2024, 2, 29), date(2028, 2, 29), date(2032, 2, 29)]


def test_a_holiday_of_one_day_is_named_before_a_yearly_one_on_the_same_day():
    election = DayOff(date(2026, 5, 1), names={"en": "Election"})
    assert WorkingCalendar(days_off=(LABOUR_DAY, election)).holiday_on(date(2026, 5, 1)) == election


def test_a_holiday_is_named_in_the_reader_s_language_or_the_next_best_one_and_says_which():
    assert LABOUR_DAY.name_in("fr", "en") == ("Fête du Travail", "fr")
    assert LABOUR_DAY.name_in("ru", "fr") == ("Fête du Travail", "fr")
    assert LABOUR_DAY.name_in("ru") == ("Labour Day", "en")
    assert DayOff(date(2026, 1, 1)).name_in("en") == ("", "")


@given(st.integers(1, 7), days)
def test_a_month_is_written_in_whole_weeks_that_begin_on_the_first_day_of_the_week(first, day):
    calendar = WorkingCalendar(first_weekday=first)
    weeks = calendar.weeks_of(day.year, day.month)
    assert calendar.weekdays()[0] == first
    assert all([each.isoweekday() for each in week] == calendar.weekdays() for week in weeks)
    assert day in {each for week in weeks for each in week}


def test_a_day_of_rest_is_told_with_the_working_days_around_it_and_a_working_day_is_not():
    calendar = WorkingCalendar(days_off=(LABOUR_DAY,))
    rest = rest_on(calendar, date(2026, 5, 1), "fr", "en")  # a Friday
    assert (rest.before, rest.after) == (date(2026, 4, 30), date(2026, 5, 4))
    assert (rest.name, rest.language) == ("Fête du Travail", "fr")
    assert rest_on(calendar, date(2026, 5, 2)).name == ""
    assert rest_on(calendar, date(2026, 4, 30)) is None


@given(calendars, moments, zones)
def test_what_waits_for_a_working_day_is_never_early_and_on_a_working_day_of_the_place(calendar, moment, zone):
    found = when_worked(calendar, moment, zone)
    assert found >= moment
    assert calendar.is_working(found.astimezone(zone).date())
    assert when_worked(calendar, found, zone) == found


def test_the_day_is_the_one_of_the_place_not_of_the_server():
    """Saturday 1.00 in London is still Friday evening in Bogotá, and no more Friday in Riyadh."""
    moment = datetime(2026, 3, 7, 1, tzinfo=UTC)
    assert when_worked(WorkingCalendar(), moment, ZoneInfo("America/Bogota")) == moment
    riyadh = when_worked(WorkingCalendar(), moment, ZoneInfo("Asia/Riyadh"))
    assert riyadh.isoformat() == "2026-03-09T08:00:00+03:00"


def test_before_offices_open_it_is_not_yet_the_working_day():
    early = datetime(2026, 3, 6, 5, tzinfo=UTC)
    assert when_worked(WorkingCalendar(), early, ZoneInfo("UTC")) == datetime(2026, 3, 6, 8, tzinfo=UTC)
