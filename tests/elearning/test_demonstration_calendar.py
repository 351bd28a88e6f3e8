"""The demonstration's holidays: plausible, and named in every language of the platform."""

import datetime

import pytest

from core import languages
from elearning.demonstration import calendar
from people import calendars
from tests.factories.people import NOW, an_administration

pytestmark = pytest.mark.django_db


def test_every_holiday_of_the_demonstration_has_a_name_in_every_language_of_ours():
    home = an_administration()
    calendar.fill(home, NOW)
    found = calendars.calendar_of(home)
    assert all(set(day_off.names) == set(languages.codes()) for day_off in found.days_off)
    assert not found.is_working(datetime.date(2026, 4, 3))  # Good Friday
    assert found.next_working_day(datetime.date(2026, 5, 1)) == datetime.date(2026, 5, 4)
