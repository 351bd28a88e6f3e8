"""What a learner takes along into a newer release."""

import datetime
import uuid

from cohorts.carrying import Carried, Done, carried
from tests.factories.people import NOW

FIRST, SECOND, GONE = (uuid.UUID(int=number) for number in (1, 2, 3))
LATER = NOW + datetime.timedelta(days=1)


def test_what_is_done_stays_done_on_its_day_and_is_credited_no_second_time():
    assert carried([Done(5, FIRST, NOW)], {FIRST: 30}, {FIRST: 30, SECOND: 30}) == [Carried(FIRST, 5, NOW, 0)]


def test_a_step_that_is_gone_is_not_carried():
    assert carried([Done(5, GONE, NOW)], {GONE: 30}, {FIRST: 30}) == []


def test_more_time_is_added_and_less_is_not_taken_away():
    done = [Done(5, FIRST, NOW), Done(6, SECOND, LATER)]
    assert [each.added_minutes for each in carried(done, {FIRST: 30, SECOND: 30}, {FIRST: 45, SECOND: 10})] == [15, 0]


def test_time_added_by_an_earlier_move_counts_as_given():
    """30 minutes, then 45, then 40: the step never gives more than the most it was ever worth."""
    assert carried([Done(5, FIRST, NOW)], {FIRST: 45}, {FIRST: 40})[0].added_minutes == 0


def test_of_several_rows_for_one_step_the_newest_is_the_one_it_comes_from():
    done = [Done(5, FIRST, NOW), Done(9, FIRST, NOW)]
    assert carried(done, {FIRST: 30}, {FIRST: 30}) == [Carried(FIRST, 9, NOW, 0)]
