"""A deadline on a day of rest is told before it is taken."""

import datetime

import pytest
from django import forms

from people import kept_calendars
from people.calendar_forms import DeadlineForm
from tests.factories.people import a_holiday, an_administration

pytestmark = pytest.mark.django_db


class Asking(DeadlineForm):
    deadline = "by"
    by = forms.DateField()


@pytest.fixture
def calendar():
    home = an_administration()
    a_holiday(home)  # Friday, 1 May 2026
    return kept_calendars.of_administration(home.pk)


def asked(calendar, **sent):
    return Asking(sent, calendar=calendar)


def test_a_working_day_is_taken_as_it_is(calendar):
    form = asked(calendar, by="2026-04-30")
    assert form.is_valid()
    assert list(form.fields) == ["by"]


def test_a_day_of_rest_comes_back_with_the_working_days_around_it_and_a_box(calendar):
    form = asked(calendar, by="2026-05-02")
    assert form.errors["by"] == [
        "Saturday, 2 May 2026 is a day of rest. The last working day before it is Thursday, 30 April 2026, the next"
        " one after it Monday, 4 May 2026. Choose one of them, or say below that you mean the day."
    ]
    assert list(form.fields) == ["by", "meant_2026-05-02"]


def test_a_holiday_is_named(calendar):
    assert "is a holiday (Labour Day)" in asked(calendar, by="2026-05-01").errors["by"][0]


def test_whoever_means_the_day_gets_it(calendar):
    form = asked(calendar, **{"by": "2026-05-02", "meant_2026-05-02": "on"})
    assert form.is_valid()
    assert form.cleaned_data["by"] == datetime.date(2026, 5, 2)


def test_the_box_of_one_day_says_nothing_about_another(calendar):
    assert not asked(calendar, **{"by": "2026-05-03", "meant_2026-05-02": "on"}).is_valid()


def test_without_a_day_there_is_nothing_to_tell(calendar):
    assert asked(calendar, by="").errors["by"] == ["This field is required."]
