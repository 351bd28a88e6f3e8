"""Days in a second calendar: what they are, how they are written, and how far each calendar reaches.

The days compared are public ones: the beginnings of Hijri years and months as Saudi Arabia kept them by the calendar
of Umm al-Qura, and of Iranian years (Nowruz) as the Calendar Centre of the University of Tehran announced them.
"""

from datetime import UTC, date, datetime, timedelta

import polib
import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from core import days, second_calendar
from core.second_calendar import CALENDARS, written

HIJRI, SOLAR = "islamic-umalqura", "persian"


@pytest.fixture
def in_persian(settings, tmp_path):
    """A seventh language: what its translation file would say."""
    folder = tmp_path / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
    for context, text, translated in (
        ("month of the Solar Hijri calendar", "Farvardin", "فروردین"),
        ("a day in the Solar Hijri calendar", "%(day)s %(month)s %(year)s SH", "%(day)s %(month)s %(year)s ه.ش"),
        ("the ten digits as days are written with them", "0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    ):
        catalogue.append(polib.POEntry(msgctxt=context, msgid=text, msgstr=translated))
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]
    settings.LANGUAGES = [*settings.LANGUAGES, ("fa", "Persian")]
    with translation.override("fa"):
        yield


@pytest.mark.parametrize(
    ("day", "calendar", "said"),
    [
        (date(2025, 6, 26), HIJRI, "1 Muharram 1447 AH"),
        (date(2024, 7, 7), HIJRI, "1 Muharram 1446 AH"),
        (date(2023, 7, 19), HIJRI, "1 Muharram 1445 AH"),
        (date(1979, 11, 20), HIJRI, "1 Muharram 1400 AH"),
        (date(2024, 3, 11), HIJRI, "1 Ramadan 1445 AH"),
        (date(2025, 3, 30), HIJRI, "1 Shawwal 1446 AH"),
        (date(2025, 6, 6), HIJRI, "10 Dhuʻl-Hijjah 1446 AH"),
        (date(2025, 3, 21), SOLAR, "1 Farvardin 1404 SH"),
        (date(2025, 3, 20), SOLAR, "30 Esfand 1403 SH"),
        (date(2024, 3, 20), SOLAR, "1 Farvardin 1403 SH"),
        (date(2021, 3, 21), SOLAR, "1 Farvardin 1400 SH"),
        (date(1996, 3, 20), SOLAR, "1 Farvardin 1375 SH"),
        (date(1979, 2, 11), SOLAR, "22 Bahman 1357 SH"),
    ],
)
def test_well_known_days_are_what_was_announced(day, calendar, said):
    assert written(day, calendar) == said


def test_the_leap_years_of_iran_are_those_that_were_kept_and_announced():
    """Four years apart, and five now and then: 1370 to 1375 and 1403 to 1408, where simple rules go wrong."""
    leap = [year for year in range(1366, 1413) if f"30 Esfand {year} SH" in _lasts_of(year)]
    assert leap == [1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412]


def _lasts_of(year):
    """What the days around an Iranian year's end are called."""
    return [written(date(year + 622, 3, number), SOLAR) for number in (18, 19, 20, 21)]


@pytest.mark.parametrize("name", CALENDARS)
def test_every_day_that_a_calendar_reaches_follows_the_day_before(name):
    calendar = CALENDARS[name]
    before = None
    for number in range((calendar.last - calendar.first).days + 1):
        year, month, day = here = calendar.convert(calendar.first + timedelta(days=number))
        assert 1 <= day <= 31
        assert 1 <= month <= 12
        if before is not None:
            last_year, last_month, last_day = before
            assert here in [
                (last_year, last_month, last_day + 1),
                (last_year, last_month + 1, 1),
                (last_year + 1, 1, 1),
            ]
        before = here


@pytest.mark.parametrize("name", CALENDARS)
def test_beyond_a_calendar_s_reach_the_gregorian_day_stands_alone(name):
    calendar, one = CALENDARS[name], timedelta(days=1)
    for day in (calendar.first - one, calendar.last + one, date.min, date.max):
        assert written(day, name) == ""
        assert days.in_words(day, name) == days.in_words(day)
    assert written(calendar.first, name)
    assert written(calendar.last, name)


def test_a_calendar_that_is_no_longer_known_is_none():
    assert days.in_words(date(2025, 6, 26), "maya") == "26 June 2025"


def test_a_day_is_told_in_the_gregorian_calendar_first():
    with second_calendar.shown(lambda: HIJRI):
        assert days.in_words(date(2025, 6, 26)) == "26 June 2025 (1 Muharram 1447 AH)"
        assert days.in_full(date(2025, 6, 26)) == "Thursday, 26 June 2025 (1 Muharram 1447 AH)"
    assert days.in_words(date(2025, 6, 26)) == "26 June 2025"


def test_a_further_language_brings_months_order_and_digits_in_its_translation_file(in_persian):
    assert days.in_words(date(2025, 3, 21), SOLAR) == "۲۱ مارس ۲۰۲۵ (۱ فروردین ۱۴۰۴ ه.ش)"


def test_a_moment_is_the_day_it_is_where_the_reader_is():
    """New Year's Eve in Riyadh is over while London still has it."""
    late = Template("{% load days %}{{ moment|in_words }}")
    moment = Context({"moment": datetime(2025, 6, 25, 22, 0, tzinfo=UTC)})
    with second_calendar.shown(lambda: HIJRI):
        with timezone.override("Asia/Riyadh"):
            assert late.render(moment) == "26 June 2025 (1 Muharram 1447 AH)"
        with timezone.override("Europe/London"):
            assert late.render(moment) == "25 June 2025 (29 Dhuʻl-Hijjah 1446 AH)"


def test_no_day_is_an_empty_text():
    assert days.in_words(None) == ""


def test_a_calendar_is_asked_for_only_when_a_day_is_written():
    def never():
        raise AssertionError("nobody wrote a day")

    with second_calendar.shown(never):
        pass
    assert second_calendar.active() == second_calendar.NONE
