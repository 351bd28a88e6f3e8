"""Rule 2 of the domain: three attempts, 24 hours apart."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.rules import AttemptRules, PastAttempt, Refusal, standing

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
