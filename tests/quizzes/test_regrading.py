"""What a second judgement comes to: the rules alone, without a database."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import Judgement, Treatment, judge
from quizzes.kinds.contract import EVERYTHING
from quizzes.regrading import Change, Outcome, Preview, Standing, change_of, outcome_of
from tests.factories.quizzes import choice
from tests.quizzes.test_grading import CHOICES, FOUR, pass_marks

scores = st.integers(0, 100).map(Decimal)


def judged(choices, treatments=None, pass_mark=Decimal(80)):
    answers = {place: choice(key) for place, key in enumerate(choices) if key}
    return judge([FOUR] * len(choices), answers, pass_mark, treatments)


def a_judgement(score, passed):
    return Judgement((), Decimal(0), Decimal(1), Decimal(score), bright_line=False, passed=passed)


attempts = st.lists(CHOICES, min_size=1, max_size=20)


@given(attempts, st.data(), pass_marks)
def test_crediting_an_item_never_lowers_a_score_nor_takes_a_pass(choices, data, pass_mark):
    credited = data.draw(st.sets(st.integers(0, len(choices) - 1)))
    before = judged(choices, pass_mark=pass_mark)
    after = judged(choices, dict.fromkeys(credited, Treatment.CREDITED), pass_mark)
    assert after.score >= before.score
    assert after.passed >= before.passed
    assert after.maximum == before.maximum
    assert all(after.items[place].fraction == EVERYTHING for place in credited)


@given(attempts, st.data(), pass_marks)
def test_dropping_an_item_that_earned_nothing_never_lowers_a_score_nor_takes_a_pass(choices, data, pass_mark):
    wrong = [place for place, item in enumerate(judged(choices).items) if not item.fraction]
    dropped = data.draw(st.sets(st.sampled_from(wrong))) if wrong else set()
    before = judged(choices, pass_mark=pass_mark)
    after = judged(choices, dict.fromkeys(dropped, Treatment.DROPPED), pass_mark)
    assert after.maximum == len(choices) - len(dropped)
    if after.maximum:
        assert after.score >= before.score
        assert after.passed >= before.passed


@given(attempts, st.data())
def test_a_dropped_item_counts_as_if_it_had_never_been_served(choices, data):
    dropped = data.draw(st.sets(st.integers(0, len(choices) - 1)))
    after = judged(choices, dict.fromkeys(dropped, Treatment.DROPPED))
    without = judged([key for place, key in enumerate(choices) if place not in dropped])
    assert (after.score, after.points, after.maximum, after.bright_line, after.passed) == (
        without.score,
        without.points,
        without.maximum,
        without.bright_line,
        without.passed,
    )


@given(attempts, st.data())
def test_a_score_stays_between_nothing_and_everything_whatever_is_done(choices, data):
    treatments = data.draw(
        st.dictionaries(st.integers(0, len(choices) - 1), st.sampled_from([Treatment.DROPPED, Treatment.CREDITED]))
    )
    after = judged(choices, treatments)
    assert 0 <= after.score <= 100
    assert 0 <= after.points <= after.maximum


def test_points_that_are_credited_buy_no_bright_line_back():
    after = judged(["o3"] * 9 + ["o0"], {9: Treatment.CREDITED})
    assert (after.score, after.bright_line, after.passed) == (100, True, False)


def test_a_bright_line_in_a_dropped_item_counts_for_nothing():
    after = judged(["o3"] * 9 + ["o0"], {9: Treatment.DROPPED})
    assert (after.score, after.maximum, after.bright_line, after.passed) == (100, 9, False, True)


def test_where_nothing_is_left_that_counts_nothing_is_passed():
    after = judged(["o3", "o3"], dict.fromkeys((0, 1), Treatment.DROPPED))
    assert (after.score, after.points, after.maximum, after.passed) == (0, 0, 0, False)


@given(scores, st.booleans(), st.booleans(), scores, st.booleans())
def test_no_regrade_takes_a_pass_away_by_itself(score, passed, decided, again, passes):
    outcome = outcome_of(Standing(score, passed, decided), a_judgement(again, passes))
    if outcome is not None:
        assert outcome.passed == (passed or passes)
        assert outcome.pass_stands == (passed and not passes)


@given(scores, st.booleans(), scores, st.booleans())
def test_what_two_people_decided_gives_way_only_to_something_better(score, passed, again, passes):
    outcome = outcome_of(Standing(score, passed, decided=True), a_judgement(again, passes))
    is_better = passes if passes != passed else again > score
    assert outcome == (Outcome(passes, pass_stands=False) if is_better else None)


def test_a_first_grade_says_what_was_judged():
    assert outcome_of(None, a_judgement(70, False)) == Outcome(False, False)
    assert outcome_of(None, a_judgement(90, True)) == Outcome(True, False)


def test_each_attempt_is_counted_once_by_what_matters_most_to_its_learner():
    foreseen = [
        change_of(Standing(Decimal(70), False), a_judgement(80, True)),
        change_of(Standing(Decimal(80), True), a_judgement(78, False)),
        change_of(Standing(Decimal(80), True), a_judgement(90, True)),
        change_of(Standing(Decimal(90), True), a_judgement(85, True)),
        change_of(Standing(Decimal(90), True), a_judgement(90, True)),
        change_of(Standing(Decimal(90), True, decided=True), a_judgement(60, False)),
    ]
    assert foreseen == [
        Change.NEWLY_PASSED,
        Change.IN_DOUBT,
        Change.UP,
        Change.DOWN,
        Change.UNCHANGED,
        Change.DECIDED,
    ]
    counts = Preview.of((change, change is Change.IN_DOUBT) for change in foreseen)
    assert (counts.attempts, counts.emptied) == (6, 1)
    assert {getattr(counts, change.value) for change in Change} == {1}
