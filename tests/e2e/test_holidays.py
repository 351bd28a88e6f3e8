"""A training manager's calendar, in a browser: holidays from a file, and days in a second calendar."""

import pytest
from playwright.sync_api import expect

from tests.e2e.tour.cast import MANAGER

pytestmark = pytest.mark.e2e

CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Ministry//Holidays//EN\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20280321\r
DTEND;VALUE=DATE:20280323\r
SUMMARY:Feast of spring\r
SUMMARY;LANGUAGE=ar:\xd8\xb9\xd9\x8a\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1\xd8\xa8\xd9\x8a\xd8\xb9\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20280301\r
SUMMARY:Market day\r
RRULE:FREQ=WEEKLY\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_holidays_come_from_a_file_after_a_look_and_days_are_told_in_two_calendars(language, page_of, look):
    page = page_of(MANAGER, locale=language)
    page.goto("/administration/calendar/second/")
    look(page, "second_calendar")
    page.locator("label.option").nth(1).click()
    page.locator("main form button").click()
    page.goto("/administration/calendar/holidays/import/")
    look(page, "holiday_import")
    page.locator("input[type=file]").set_input_files(
        {"name": "holidays.ics", "mimeType": "text/calendar", "buffer": CALENDAR}
    )
    page.locator("main form button").click()
    expect(page.locator("#holidays-added")).to_be_visible()
    look(page, "holiday_import_confirm")
    page.locator("main form button").click()
    expect(page.locator("time[datetime='2028-03-22']")).to_contain_text("1449")
    look(page, "working_calendar_in_two")
    for _each in range(2):
        page.locator("table a[href*='/holidays/']").first.click()
        page.locator("form[action*='/remove/'] button").click()
    page.goto("/administration/calendar/second/")
    page.locator("label.option").first.click()
    page.locator("main form button").click()
