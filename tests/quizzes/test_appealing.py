"""When a result can be appealed and by whom an appeal is decided: pure rules."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import appealing
from quizzes.appealing import DECIDED, MOVES, OPEN, Graded, Refusal, State

BOGOTA = ZoneInfo("America/Bogota")
# The evening of 2 March in Bogota is the third of March in UTC.
EVENING = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)


def graded(**fields):
    return Graded(**{"given_at": EVENING, "period_days": 14, "zone": BOGOTA} | fields)


def test_the_last_day_is_counted_from_the_day_of_the_grade_where_the_administration_is():
    assert graded().last_day == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 16, 23, 59, tzinfo=BOGOTA), None),
        (datetime(2026, 3, 17, 0, 0, tzinfo=BOGOTA), Refusal.PERIOD_OVER),
    ],
)
def test_the_whole_of_the_last_day_belongs_to_the_learner(now, expected):
    assert appealing.refusal(graded(), now) == expected


def test_without_a_result_there_is_nothing_to_appeal_and_a_grade_is_appealed_once():
    assert appealing.refusal(None, EVENING) == Refusal.NO_RESULT
    assert appealing.refusal(graded(appealed=True), EVENING) == Refusal.APPEALED


@given(st.integers(0, 200), st.integers(7, 180), st.booleans(), st.booleans())
def test_nothing_is_let_go_while_a_result_can_still_be_disputed(later, period, is_disputed, is_being_graded):
    result, now = graded(period_days=period), EVENING + timedelta(days=later)
    if appealing.may_let_go(result, is_disputed=is_disputed, is_being_graded=is_being_graded, now=now):
        assert later > period
        assert not is_disputed
        assert not is_being_graded
        assert appealing.refusal(result, now) == Refusal.PERIOD_OVER


def test_what_is_decided_or_withdrawn_stays_so():
    assert {state for state in State if state not in MOVES} == DECIDED | {State.WITHDRAWN}
    assert set(MOVES) == OPEN


def test_nobody_decides_what_they_have_not_taken():
    assert all(appealing.befores(decision) == {State.TAKEN} for decision in DECIDED)


def test_the_learner_and_those_who_made_the_result_do_not_decide():
    assert not appealing.is_independent(1, learner=1, judges=set())
    assert not appealing.is_independent(1, learner=2, judges={1, 3})
    assert appealing.is_independent(4, learner=2, judges={1, 3})


def test_the_picture_of_the_states_shows_each_of_them():
    _title, picture, _prose = appealing.__doc__.split("\n\n", 2)
    assert all(state in picture for state in State)
