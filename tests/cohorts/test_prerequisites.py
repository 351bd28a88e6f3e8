"""When a course of a programme opens (pure)."""

import uuid
from datetime import date

import pytest

from cohorts.prerequisites import closed_courses, counts_days, is_completed, opening_days
from cohorts.reader import next_step
from courses.reading import Opening, Outline, Step

START = date(2026, 3, 2)


def a_step(number, kind, parent=None, *, mandatory=True):
    return Step(
        node_id=number,
        key=uuid.UUID(int=number),
        parent=parent and uuid.UUID(int=parent),
        kind=kind,
        title=f"{kind} {number}",
        language="en",
        minutes=10,
        mandatory=mandatory,
        quiz_version_id=None,
    )


def a_programme(*, second_required=True, **openings):
    """Courses 10, 20 and 30, each of one module (11 …) with two lessons (12 and 13 …). `c20=([10], None)` is an
    opening."""
    steps = [a_step(1, "programme")]
    for course in (10, 20, 30):
        required = course != 20 or second_required
        steps += [
            a_step(course, "course", 1, mandatory=required),
            a_step(course + 1, "module", course, mandatory=required),
            a_step(course + 2, "lesson", course + 1, mandatory=required),
            a_step(course + 3, "lesson", course + 1, mandatory=required),
        ]
    return Outline(
        tuple(steps),
        {
            uuid.UUID(int=int(name[1:])): Opening(tuple(uuid.UUID(int=key) for key in after), days)
            for name, (after, days) in openings.items()
        },
    )


def closed(outline, done=(), today=START):
    found = closed_courses(outline, set(done), starts_on=START, today=today)
    return {key.int: ([step.node_id for step in one.after], one.opens_on) for key, one in found.items()}


def test_a_course_without_a_condition_is_open_from_the_start():
    assert closed(a_programme(c20=([10], None))).keys() == {20}


def test_a_course_opens_when_the_one_before_is_completed():
    programme = a_programme(c20=([10], None))
    assert closed(programme) == {20: ([10], None)}
    assert closed(programme, done=[12]) == {20: ([10], None)}
    assert closed(programme, done=[12, 13]) == {}


def test_a_course_opens_when_a_module_of_another_is_completed():
    assert closed(a_programme(c20=([11], None)), done=[12]) == {20: ([11], None)}
    assert closed(a_programme(c20=([11], None)), done=[12, 13]) == {}


def test_a_course_opens_on_a_day_counted_from_the_section_s_first():
    programme = a_programme(c20=([], 14))
    assert closed(programme, today=date(2026, 3, 15)) == {20: ([], date(2026, 3, 16))}
    assert closed(programme, today=date(2026, 3, 16)) == {}


def test_both_conditions_hold_where_both_are_given():
    programme = a_programme(c20=([10], 14))
    assert closed(programme, today=date(2026, 4, 1)) == {20: ([10], None)}
    assert closed(programme, done=[12, 13], today=START) == {20: ([], date(2026, 3, 16))}
    assert closed(programme, done=[12, 13], today=date(2026, 4, 1)) == {}


def test_only_what_is_required_counts_and_where_nothing_is_all_of_it():
    free = a_programme(second_required=False, c30=([20], None))
    assert closed(free, done=[22]) == {30: ([20], None)}
    assert closed(free, done=[22, 23]) == {}
    assert is_completed(a_programme(), uuid.UUID(int=10), {12, 13})


def test_a_condition_that_the_release_does_not_hold_locks_nobody_out():
    assert closed(a_programme(c20=([99], None))) == {}


@pytest.mark.parametrize(("opening", "expected"), [(([10], None), False), (([], 0), True), (([10], 7), True)])
def test_days_are_asked_for_only_where_they_count(opening, expected):
    assert counts_days(a_programme(c20=opening)) is expected


def test_a_learner_goes_on_with_the_first_open_step():
    """The second course is closed: after the first, the third is next; after all else, the closed one is shown."""
    programme = a_programme(c20=([], 14))
    shut = closed_courses(programme, set(), starts_on=START, today=START)
    assert next_step(programme, {12}, shut).node_id == 13
    assert next_step(programme, {12, 13}, shut).node_id == 32
    assert next_step(programme, {12, 13, 32, 33}, shut).node_id == 22
    assert next_step(programme, {12, 13, 22, 23, 32, 33}, shut) is None


def test_an_outline_knows_what_stands_where():
    programme = a_programme()
    lesson = programme.find(uuid.UUID(int=22))
    assert programme.course_of(lesson).node_id == 20
    assert programme.module_of(lesson).node_id == 21
    assert programme.module_of(programme.find(uuid.UUID(int=20))) is None
    assert [step.node_id for step in programme.within(uuid.UUID(int=20))] == [22, 23]
    assert len(programme.within(programme.course.key)) == 6
    assert [module.node_id for module in programme.modules_of(programme.courses[2])] == [31]


def test_the_days_on_which_courses_open_are_counted_from_the_section_s_first():
    programme = a_programme(c20=([10], None), c30=([], 14))
    assert [(step.node_id, day) for step, day in opening_days(programme, START)] == [(30, date(2026, 3, 16))]
