"""Rules 1 and 11 of the domain, without a database."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from cohorts.rules import Reason, Risk, RiskLimits, at_risk, missing, planned_minutes

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 2, 2, 0, 0, tzinfo=datetime.UTC)
LIMITS = RiskLimits(idle_days=14, behind_percent=20, failed_attempts=2)
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))


def reasons(**facts):
    usual = {
        "credited": 100,
        "planned": 100,
        "failed_attempts": 0,
        "last_activity": START + 5 * DAY,
        "section_start": START,
        "now": START + 10 * DAY,
        "limits": LIMITS,
    }
    return at_risk(**usual | facts)


class TestCompletion:
    def test_all_mandatory_steps_and_the_required_time_complete(self):
        assert not missing([1, 2, 3], [1, 2, 3], 90, 90)

    def test_what_is_missing_is_told_in_steps_and_minutes(self):
        lacks = missing([1, 2, 3], [2], 60, 90)
        assert (lacks.steps, lacks.minutes, bool(lacks)) == (2, 30, True)

    def test_one_step_or_one_minute_is_enough_to_be_missing(self):
        assert missing([1, 2], [1], 90, 90)
        assert missing([1, 2], [1, 2], 89, 90)

    @given(st.sets(st.integers(1, 20)), st.sets(st.integers(1, 20)), st.integers(0, 500), st.integers(0, 500))
    def test_more_never_makes_less_complete(self, mandatory, done, credited, required):
        before = missing(mandatory, done, credited, required)
        after = missing(mandatory, done | {1, 2}, credited + 10, required)
        assert after.steps <= before.steps
        assert after.minutes <= before.minutes
        assert before.minutes >= 0
        assert (not before) == (mandatory <= done and credited >= required)


class TestAtRisk:
    def test_nothing_is_no_reason(self):
        assert reasons() == []

    def test_fourteen_days_without_activity(self):
        last = START + 3 * DAY
        assert reasons(last_activity=last, now=last + 14 * DAY) == [Reason(Risk.IDLE, 14)]
        assert reasons(last_activity=last, now=last + 14 * DAY - datetime.timedelta(seconds=1)) == []

    def test_one_who_never_began_is_idle_since_the_section_started(self):
        assert reasons(last_activity=None, now=START + 13 * DAY) == []
        assert reasons(last_activity=None, now=START + 20 * DAY) == [Reason(Risk.IDLE, 20)]

    def test_nobody_is_idle_or_behind_before_the_section_starts(self):
        long_ago = START - 100 * DAY
        assert reasons(last_activity=long_ago, now=START - DAY, planned=0, credited=0) == []
        assert reasons(last_activity=long_ago, now=START + 13 * DAY) == []

    def test_twenty_per_cent_behind_the_plan(self):
        assert reasons(credited=80, planned=100) == [Reason(Risk.BEHIND, 20)]
        assert reasons(credited=81, planned=100) == []
        assert reasons(credited=801, planned=1000) == []
        assert reasons(credited=0, planned=1) == [Reason(Risk.BEHIND, 100)]

    def test_ahead_of_the_plan_is_no_risk(self):
        assert reasons(credited=500, planned=100) == []

    def test_two_failed_attempts(self):
        assert reasons(failed_attempts=1) == []
        assert reasons(failed_attempts=2) == [Reason(Risk.FAILED_ATTEMPTS, 2)]

    def test_all_reasons_are_told_each_with_its_figure(self):
        found = reasons(failed_attempts=3, credited=50, last_activity=None, now=START + 30 * DAY)
        assert found == [Reason(Risk.IDLE, 30), Reason(Risk.BEHIND, 50), Reason(Risk.FAILED_ATTEMPTS, 3)]

    def test_the_limits_are_the_administration_s(self):
        strict = RiskLimits(idle_days=3, behind_percent=5, failed_attempts=1)
        assert len(reasons(failed_attempts=1, credited=95, limits=strict)) == 3


class TestThePlan:
    def test_an_even_pace_from_the_first_day_to_the_last(self):
        first, last = datetime.date(2026, 2, 1), datetime.date(2026, 2, 10)
        planned = [planned_minutes(100, first, last, first + n * DAY) for n in range(-1, 12)]
        assert planned == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100, 100]

    def test_a_section_of_one_day(self):
        day = datetime.date(2026, 2, 1)
        assert [planned_minutes(60, day, day, day + n * DAY) for n in (-1, 0, 1)] == [0, 60, 60]

    @given(st.integers(0, 6000), days, st.integers(0, 400), days)
    def test_a_plan_never_shrinks_and_never_exceeds_what_is_required(self, required, first, length, on):
        last = first + length * DAY
        today = planned_minutes(required, first, last, on)
        assert 0 <= today <= planned_minutes(required, first, last, on + DAY) <= required
        assert planned_minutes(required, first, last, last) == required
