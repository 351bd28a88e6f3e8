"""Which steps are asked of somebody who knows a course from before."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cohorts.delta import Asked, delta, latest_marks

LESSON, CASE, QUIZ, CHOICE = KEYS = [UUID(int=number) for number in range(1, 5)]
MANDATORY = {LESSON, CASE, QUIZ}
NEWEST = 9

releases = st.integers(1, NEWEST)
by_key = st.dictionaries(st.sampled_from(KEYS), releases)


def asked(marks, done):
    return delta(KEYS, MANDATORY, marks, done)


def test_a_step_marked_after_one_did_it_is_asked_with_the_release_one_knows():
    assert asked({LESSON: 2}, dict.fromkeys(KEYS, 1)) == (Asked(LESSON, 1),)


def test_a_step_done_in_the_release_that_marks_it_or_later_is_not_asked():
    assert asked({LESSON: 2, QUIZ: 2}, {LESSON: 2, CASE: 1, QUIZ: 3}) == ()


def test_a_new_step_is_asked_and_one_of_free_choice_is_not():
    assert asked({CASE: 2, CHOICE: 2}, {LESSON: 1, QUIZ: 1}) == (Asked(CASE, None),)


def test_a_chosen_step_that_changed_is_asked():
    assert asked({CHOICE: 2}, {CHOICE: 1}) == (Asked(CHOICE, 1),)


def test_a_marked_step_that_the_release_no_longer_has_is_not_asked():
    assert delta([QUIZ], MANDATORY, {LESSON: 2}, {LESSON: 1, QUIZ: 1}) == ()


def test_the_newest_mark_of_a_step_counts():
    assert latest_marks([(2, [LESSON]), (5, [LESSON, QUIZ]), (3, [QUIZ])]) == {LESSON: 5, QUIZ: 5}
    assert latest_marks([]) == {}


@given(by_key, by_key)
def test_only_marked_steps_are_asked_in_reading_order_and_each_once(marks, done):
    keys = [each.key for each in asked(marks, done)]
    assert keys == [key for key in KEYS if key in keys]
    assert set(keys) <= set(marks)


@given(by_key, by_key)
def test_whoever_has_done_what_was_asked_is_asked_nothing(marks, done):
    read = dict.fromkeys((each.key for each in asked(marks, done)), NEWEST)
    assert asked(marks, done | read) == ()


@given(by_key, by_key, by_key)
def test_doing_more_never_asks_for_more(marks, done, more):
    later = {key: max(done.get(key, 0), more.get(key, 0)) for key in done | more}
    started = {each.key for each in asked(marks, done)} | set(more)
    assert {each.key for each in asked(marks, later)} <= started


@given(by_key, by_key, st.lists(st.tuples(releases, st.lists(st.sampled_from(KEYS)))))
def test_a_further_mark_never_takes_a_step_away(marks, done, further):
    before = {each.key for each in asked(marks, done)}
    together = latest_marks([*further, *((number, [key]) for key, number in marks.items())])
    assert before <= {each.key for each in asked(together, done)}
