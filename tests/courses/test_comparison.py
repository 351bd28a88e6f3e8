"""What differs between two releases, step by step."""

import random
import time
import uuid
from dataclasses import replace

import pytest

from courses.comparison import ComparedStep, compare

COURSE, MODULE, OTHER_MODULE = (uuid.UUID(int=number) for number in (1, 2, 3))


def step(number, **fields):
    return ComparedStep(
        **{
            "key": uuid.UUID(int=number),
            "parent": MODULE,
            "kind": "lesson",
            "title": f"Step {number}",
            "title_language": "en",
            "minutes": 30,
            "mandatory": True,
            "rad_factors": frozenset({7}),
            "quiz": None,
            "digests": {"en": f"en{number}", "fr": f"fr{number}"},
        }
        | fields
    )


def numbers(steps):
    return [each.key.int for each in steps]


def test_a_release_does_not_differ_from_itself():
    steps = [step(number) for number in range(10, 20)]
    assert not compare(steps, steps)


def test_steps_that_came_and_went_are_named_in_reading_order():
    found = compare([step(10), step(11), step(12)], [step(13), step(11), step(14)])
    assert (numbers(found.added), numbers(found.removed), found.moved, found.changed) == ([13, 14], [10, 12], [], [])


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        ([12, 10, 11, 13], [12]),
        ([11, 12, 13, 10], [10]),
        ([10, 99, 11, 12, 13], []),
        ([13, 12, 11, 10], [12, 11, 10]),
    ],
)
def test_the_fewest_steps_that_explain_the_order_have_moved(after, moved):
    found = compare([step(number) for number in (10, 11, 12, 13)], [step(number) for number in after])
    assert len(found.moved) == len(moved)
    if len(moved) == 1:
        assert numbers(found.moved) == moved


def test_a_step_under_another_parent_has_moved():
    found = compare([step(10), step(11)], [step(10), step(11, parent=OTHER_MODULE)])
    assert numbers(found.moved) == [11]


def test_words_are_compared_language_by_language():
    [change] = compare([step(10)], [step(10, digests={"en": "en10", "fr": "other", "ar": "ar10"})]).changed
    assert (change.reworded, change.languages_added, change.languages_removed) == ({"fr"}, {"ar"}, set())
    [change] = compare([step(10)], [step(10, digests={"en": "en10"})]).changed
    assert (change.reworded, change.languages_added, change.languages_removed) == (set(), set(), {"fr"})


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"minutes": 40}, "retimed"),
        ({"rad_factors": frozenset({1})}, "other_factors"),
        ({"quiz": 2}, "other_quiz"),
        ({"mandatory": False}, "other_duty"),
    ],
)
def test_each_other_change_is_told_apart(fields, what):
    [change] = compare([step(10)], [step(10, **fields)]).changed
    found = {name for name in ("retimed", "other_factors", "other_quiz", "other_duty") if getattr(change, name)}
    assert found == {what}


def test_the_minutes_of_a_module_are_a_sum_and_no_change_of_its_own():
    module = step(10, kind="module")
    assert not compare([module], [replace(module, minutes=300)])


def test_other_words_and_another_quiz_are_other_work_and_a_translation_or_a_time_is_not():
    def is_other_work(**fields):
        [change] = compare([step(10)], [step(10, **fields)]).changed
        return change.is_other_work

    assert is_other_work(digests={"en": "new", "fr": "fr10"})
    assert is_other_work(quiz=5)
    assert not is_other_work(minutes=5)
    assert not is_other_work(digests={"en": "en10", "fr": "fr10", "ar": "new"})


def test_a_thousand_steps_in_another_order_are_compared_in_a_moment():
    before = [step(number) for number in range(10, 1010)]
    after = random.Random(7).sample(before, len(before))
    started = time.perf_counter()
    assert compare(before, after).moved
    assert time.perf_counter() - started < 1
