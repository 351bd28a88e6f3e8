"""Rule 2 of the domain: three attempts, 24 hours apart."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.rules import AttemptRules, PastAttempt, Refusal, Window, deadline, standing

RULES = AttemptRules(pass_mark=Decimal(80), max_attempts=3, spacing=datetime.timedelta(hours=24))
START = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)


def failed(started_at):
    return PastAttempt(started_at, started_at + HOUR, False)


def test_a_first_attempt_may_start():
    now = standing([], RULES, START)
    assert (now.refusal, now.number, now.remaining, now.opens_at) == (None, 1, 3, None)


def test_the_pause_is_24_hours_from_the_end_of_the_last_attempt():
    history = [failed(START)]
    opens_at = START + HOUR + 24 * HOUR
    early = standing(history, RULES, opens_at - SECOND)
    assert (early.refusal, early.opens_at, early.remaining) == (Refusal.TOO_SOON, opens_at, 2)
    assert standing(history, RULES, opens_at).refusal is None


def test_after_the_third_attempt_there_is_none_however_long_one_waits():
    history = [failed(START + day * 48 * HOUR) for day in range(3)]
    late = standing(history, RULES, START + 10_000 * HOUR)
    assert (late.refusal, late.remaining) == (Refusal.NONE_LEFT, 0)


@pytest.mark.parametrize("passed_at", [0, 1, 2])
def test_after_a_pass_there_is_none(passed_at):
    history = [
        PastAttempt(START + n * 48 * HOUR, START + n * 48 * HOUR + HOUR, n == passed_at) for n in range(passed_at + 1)
    ]
    assert standing(history, RULES, START + 10_000 * HOUR).refusal == Refusal.PASSED


@pytest.mark.parametrize("finished_at", [None, START + HOUR])
def test_none_starts_while_one_is_open_or_waits_for_its_grade(finished_at):
    history = [PastAttempt(START, finished_at, None)]
    assert standing(history, RULES, START + 100 * HOUR).refusal == Refusal.UNFINISHED


@given(st.lists(st.sampled_from([True, False, None]), max_size=6), st.integers(0, 2000), st.integers(1, 5))
def test_an_attempt_starts_only_with_one_left_all_judged_and_none_passed(outcomes, hours, most):
    rules = AttemptRules(Decimal(80), most, 24 * HOUR)
    history = [PastAttempt(START + n * HOUR, START + (n + 1) * HOUR, outcome) for n, outcome in enumerate(outcomes)]
    now = START + hours * HOUR
    answer = standing(history, rules, now)
    may_start = (
        len(outcomes) < most
        and all(outcome is False for outcome in outcomes)
        and (not outcomes or now >= START + (len(outcomes) + 24) * HOUR)
    )
    assert (answer.refusal is None) == may_start
    assert answer.remaining == max(most - len(outcomes), 0)


# --- The window ------------------------------------------------------------------------------------------------------

OPENS, CLOSES = START + 24 * HOUR, START + 48 * HOUR
WINDOW = Window(OPENS, CLOSES)


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (OPENS - SECOND, Refusal.NOT_YET_OPEN),
        (OPENS, None),
        (CLOSES - SECOND, None),
        (CLOSES, Refusal.CLOSED),
        (CLOSES + HOUR, Refusal.CLOSED),
    ],
)
def test_an_attempt_starts_while_the_window_is_open(now, refusal):
    answer = standing([], RULES, now, WINDOW)
    assert (answer.refusal, answer.closes_at) == (refusal, CLOSES)
    assert answer.opens_at == (OPENS if refusal == Refusal.NOT_YET_OPEN else None)


def test_what_lasts_longer_is_what_is_told_the_pause_or_the_window():
    history = [failed(START)]
    pause_ends = START + HOUR + 24 * HOUR
    before = standing(history, RULES, START + 2 * HOUR, Window(pause_ends + HOUR, None))
    assert (before.refusal, before.opens_at) == (Refusal.NOT_YET_OPEN, pause_ends + HOUR)
    before = standing(history, RULES, START + 2 * HOUR, Window(pause_ends - HOUR, None))
    assert (before.refusal, before.opens_at) == (Refusal.TOO_SOON, pause_ends)


def test_a_pause_that_outlasts_the_window_leaves_no_attempt():
    history = [failed(OPENS)]
    answer = standing(history, RULES, OPENS + 2 * HOUR, Window(OPENS, OPENS + 24 * HOUR))
    assert (answer.refusal, answer.closes_at) == (Refusal.CLOSED, OPENS + 24 * HOUR)


@pytest.mark.parametrize("passed", [True, None])
def test_a_pass_and_an_open_attempt_are_told_whatever_the_window(passed):
    history = [PastAttempt(START, START + HOUR, passed)]
    wanted = Refusal.PASSED if passed else Refusal.UNFINISHED
    assert {standing(history, RULES, at, WINDOW).refusal for at in (START, OPENS, CLOSES)} == {wanted}


def a_window(opens, length):
    """Opening so many hours from the start, or at once; and closing so many hours later, or never."""
    return Window(
        None if opens is None else START + opens * HOUR,
        None if length is None else START + ((opens or 0) + length) * HOUR,
    )


windows = st.builds(a_window, st.none() | st.integers(-100, 100), st.none() | st.integers(1, 100))


@given(st.lists(st.booleans(), max_size=4), st.integers(-200, 200), windows)
def test_a_window_only_takes_away_and_a_time_that_was_told_comes_true(outcomes, hours, window):
    history = [
        PastAttempt(START + (n - 9) * HOUR, START + (n - 8) * HOUR, outcome) for n, outcome in enumerate(outcomes)
    ]
    now = START + hours * HOUR
    without, answer = standing(history, RULES, now), standing(history, RULES, now, window)
    if answer.refusal is None:
        assert without.refusal is None
    if answer.opens_at is not None:
        assert standing(history, RULES, answer.opens_at - SECOND, window).refusal is not None
        assert standing(history, RULES, answer.opens_at, window).refusal is None


@given(st.integers(0, 100), st.integers(1, 300), windows)
def test_an_attempt_ends_after_its_limit_or_with_the_window_whichever_is_first(hours, minutes, window):
    started, limit = START + hours * HOUR, datetime.timedelta(minutes=minutes)
    ends = deadline(started, limit, window)
    assert ends == started + limit or (ends == window.closes_at and ends < started + limit)
