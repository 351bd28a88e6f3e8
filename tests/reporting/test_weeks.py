from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reporting.plot import Field, round_steps, spread
from reporting.weeks import after, judging, planned_by, week_ends

BOGOTA = ZoneInfo("America/Bogota")
days = st.dates(date(2019, 1, 1), date(2022, 1, 1))


def test_a_run_under_way_is_judged_today():
    now = datetime(2020, 8, 3, 12, tzinfo=UTC)
    judged = judging(now, date(2020, 11, 14), BOGOTA)
    assert (judged.day, judged.moment, judged.ended) == (date(2020, 8, 3), now, False)


def test_a_run_that_ended_is_judged_at_the_end_of_its_last_day():
    judged = judging(datetime(2026, 1, 1, tzinfo=UTC), date(2020, 11, 14), BOGOTA)
    assert (judged.day, judged.ended) == (date(2020, 11, 14), True)
    assert judged.moment == datetime(2020, 11, 15, 5, tzinfo=UTC)


def test_today_is_that_of_the_administration():
    judged = judging(datetime(2020, 11, 15, 3, tzinfo=UTC), date(2020, 11, 14), BOGOTA)
    assert (judged.day, judged.ended) == (date(2020, 11, 14), False)


def test_a_day_ends_at_the_administrations_midnight():
    assert after(date(2020, 7, 4), BOGOTA) == datetime(2020, 7, 5, 5, tzinfo=UTC)


def test_the_run_of_2020_has_twenty_weeks():
    ends = week_ends(date(2020, 7, 4), date(2020, 11, 14))
    assert (len(ends), ends[0], ends[-2], ends[-1]) == (
        20, date(2020, 7, 10), date(2020, 11, 13), date(2020, 11, 14)
    )  # fmt: skip


@given(days, st.integers(-10, 400))
def test_weeks_cover_every_day_once_and_end_with_the_day_asked_for(starts_on, length):
    through = starts_on + timedelta(days=length)
    ends = week_ends(starts_on, through)
    assert bool(ends) == (through >= starts_on)
    if ends:
        assert ends[-1] == through
        edges = [starts_on - timedelta(days=1), *ends]
        spans = [(b - a).days for a, b in zip(edges, ends, strict=False)]
        assert set(spans[:-1]) <= {7}
        assert 1 <= spans[-1] <= 7


@given(st.lists(st.tuples(days, st.integers(0, 50)), max_size=6), st.lists(days, max_size=6).map(sorted))
def test_a_plan_never_falls_and_counts_everyone_in_the_end(sections, ends):
    planned = planned_by([*ends, date(2030, 1, 1)], sections)
    assert planned == sorted(planned)
    assert planned[-1] == sum(learners for _day, learners in sections)


def test_the_plan_rises_by_a_section_on_its_last_day():
    sections = [(date(2020, 9, 19), 160), (date(2020, 9, 26), 159)]
    assert planned_by([date(2020, 9, 18), date(2020, 9, 19), date(2020, 9, 26)], sections) == [0, 160, 319]


@given(st.integers(1, 60), st.integers(1, 5000), st.booleans())
def test_lines_stay_within_the_field_and_begin_at_zero(weeks, top, right_to_left):
    field = Field(weeks, top, right_to_left)
    assert field.across(0) == (1 if right_to_left else 0)
    assert field.across(weeks) == (0 if right_to_left else 1)
    assert (field.down(0), field.down(top)) == (1, 0)


def test_time_runs_the_other_way_in_arabic():
    assert Field(2, 10, right_to_left=False).line([5, 10]) == "M0.0 100.00 L500.0 50.00 L1000.0 0.00"
    assert Field(2, 10, right_to_left=True).line([5, 10]) == "M1000.0 100.00 L500.0 50.00 L0.0 0.00"


def test_a_plan_rises_in_steps():
    assert Field(2, 10, right_to_left=False).steps([0, 10]) == "M0.0 100.00 L500.0 100.00 L1000.0 100.00 L1000.0 0.00"


@given(st.integers(1, 100_000))
def test_the_grid_has_few_round_lines(top):
    lines = round_steps(top)
    assert 1 <= len(lines) <= 3
    assert lines[-1] <= top


def test_the_grid_of_1210_is_500_and_1000():
    assert round_steps(1210) == [500, 1000]


@given(st.integers(1, 200))
def test_the_axis_names_its_first_and_last_week(weeks):
    named = spread(weeks)
    assert (named[0], named[-1]) == (0, weeks)
    assert named == sorted(set(named))
