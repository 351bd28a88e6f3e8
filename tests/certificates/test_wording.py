"""Days, hours and directions as readers write them."""

from datetime import date

import pytest

from certificates import wording


@pytest.mark.parametrize(
    ("language", "day", "hours"),
    [
        ("en", "1 March 2025", "12.5 hours"),
        ("fr", "1 mars 2025", "12,5 heures"),
        ("es", "1 de marzo de 2025", "12,5 horas"),
        ("ar", "1 مارس 2025", "12.5 ساعة"),
        ("pt", "1 de março de 2025", "12,5 horas"),
        ("ru", "1 марта 2025 г.", "12,5 часа"),
    ],
)
def test_days_and_hours_follow_the_language(language, day, hours):
    plain = {0xA0: " ", 0x202F: " "}
    assert wording.day(date(2025, 3, 1), language).translate(plain) == day
    assert wording.hours(750, language).translate(plain) == hours


@pytest.mark.parametrize(("minutes", "hours"), [(60, "1 hour"), (6000, "100 hours"), (5970, "99.5 hours")])
def test_hours_are_counted_to_a_tenth(minutes, hours):
    assert wording.hours(minutes, "en") == hours


def test_a_language_nobody_has_described_is_written_in_english():
    assert wording.hours(60, "x-unknown") == "1 hour"


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Ana", "ltr"), ("Анна", "ltr"), ("عبد الرحمن", "rtl"), ("(عبد)", "rtl"), ("2025", "ltr"), ("", "ltr")],
)
def test_a_name_has_the_direction_of_its_first_letter(text, direction):
    assert wording.direction(text) == direction
