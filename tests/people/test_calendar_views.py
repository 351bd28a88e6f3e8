"""A training manager's pages about working days and holidays."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from people.models import Administration, Holiday, Role
from tests.factories.people import a_holiday, an_account, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
CALENDAR = "/administration/calendar/"


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


@pytest.fixture
def home(manager):
    return manager.administration


@pytest.fixture
def managing(client, manager):
    return sign_in(client, manager)


def page(client, address=CALENDAR, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_administration_without_holidays_is_told_how_to_begin(managing):
    html = page(managing, year="2026")
    assert "No holiday in 2026 yet" in html
    assert "Monday · Tuesday · Wednesday · Thursday · Friday" in html


def test_a_holiday_is_entered_in_several_languages_and_stands_in_every_year(managing, home):
    sent = {"day": "2026-05-01", "yearly": "on", "name_en": "Labour Day", "name_ar": "عيد العمال"}
    response = managing.post(reverse("add_holiday"), sent)
    assert response["Location"] == f"{CALENDAR}?year=2026"
    for year in ("2026", "2031"):
        html = page(managing, year=year)
        assert f'<time datetime="{year}-05-01">' in html
        assert 'lang="en" dir="auto">Labour Day</td>' in html
    assert "Labour Day" not in page(managing, year="2025")


def test_a_holiday_is_named_in_the_reader_s_language_else_in_the_administration_s(managing, home):
    a_holiday(home, names={"en": "Labour Day", "ar": "عيد العمال"})
    a_holiday(home, datetime.date(2026, 6, 1), names={"en": "Harbour Day"})
    managing.cookies["django_language"] = "ar"
    html = page(managing, year="2026")
    assert '<html lang="ar" dir="rtl"' in html
    assert 'lang="ar" dir="auto">عيد العمال</td>' in html
    assert 'lang="en" dir="auto">Harbour Day</td>' in html


def test_the_week_s_first_day_begins_every_month(managing, home):
    assert page(managing).index("Monday</span></th>") < page(managing).index("Sunday</span></th>")
    sent = {"working_weekdays": ["7", "1", "2", "3", "4"], "first_weekday": "7"}
    assert managing.post(reverse("working_week"), sent)["Location"] == CALENDAR
    html = page(managing)
    assert html.index("Sunday</span></th>") < html.index("Monday</span></th>")
    assert "Sunday · Monday · Tuesday · Wednesday · Thursday" in html


@time_machine.travel("2026-03-02T03:00:00Z", tick=False)
def test_the_year_and_today_are_those_of_the_administration(managing):
    """It is still the first of March in Bogotá."""
    html = page(managing)
    assert html.count('aria-current="date"') == 1
    assert '<td class="rest" aria-current="date">1<' in html


def test_days_of_rest_and_holidays_are_said_in_words_too(managing, home):
    a_holiday(home)
    html = page(managing, year="2026")
    assert '<td class="holiday">1<span class="unseen" lang="en"> Labour Day</span></td>' in html
    assert '<td class="rest">2<span class="unseen"> day of rest</span></td>' in html


@pytest.mark.parametrize("year", ["1989", "2200", "x", "", "٢٠٢٦", "99999999999"])
def test_a_year_that_cannot_be_is_this_year(managing, year):
    assert f"Holidays of {datetime.datetime.now(tz=datetime.UTC).year}" in page(managing, year=year)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"day": "2026-05-01"}, "Give the holiday a name in the main language of your administration."),
        ({"day": "2026-05-01", "name_fr": "Fête"}, "Give the holiday a name in the main language"),
        ({"day": "1066-10-14", "name_en": "Battle"}, "Choose a day between 1990 and 2199."),
        ({"day": "tomorrow", "name_en": "Soon"}, "Enter a valid date."),
        ({"day": "2026-06-01", "name_en": "Twice"}, "This day is a holiday already."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(managing, home, sent, says):
    a_holiday(home, datetime.date(2026, 6, 1))
    response = managing.post(reverse("add_holiday"), sent)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert Holiday.objects.count() == 1


def test_a_week_without_working_days_is_not_saved(managing, home):
    response = managing.post(reverse("working_week"), {"first_weekday": "1"})
    assert response.status_code == 422
    assert "Choose at least one working day." in response.content.decode()


def test_a_second_calendar_is_offered_with_today_s_day_in_it_and_then_stands_on_every_page(managing, home):
    a_holiday(home, datetime.date(2026, 3, 21), names={"en": "Spring"})
    with time_machine.travel("2026-03-21T12:00:00Z", tick=False):
        html = page(managing, reverse("second_calendar"))
        assert "Solar Hijri (Iran) – today is 1 Farvardin 1405 SH" in html
        assert "Hijri (Umm al-Qura) – today is 2 Shawwal 1447 AH" in html
        assert "1 Farvardin" not in page(managing, year="2026")
        assert managing.post(reverse("second_calendar"), {"calendar": "persian"})["Location"] == CALENDAR
        html = page(managing, year="2026")
    assert 'Saturday, 21 March 2026<br><bdi class="soft">1 Farvardin 1405 SH</bdi></time>' in html
    assert 'datetime="2026-03-21"' in html
    assert "and beside it in another: Solar Hijri (Iran)." in html
    managing.post(reverse("second_calendar"), {"calendar": ""})
    assert "Farvardin" not in page(managing, year="2026")


def test_a_choice_shows_at_once_also_where_another_process_made_it(managing, home):
    a_holiday(home, datetime.date(2026, 3, 21))
    page(managing, year="2026")
    Administration.objects.update(second_calendar="persian")  # nobody here hears of it
    assert "1 Farvardin 1405 SH" in page(managing, year="2026")


def test_a_calendar_that_is_not_offered_is_not_taken(managing, home):
    response = managing.post(reverse("second_calendar"), {"calendar": "maya"})
    assert response.status_code == 422
    home.refresh_from_db()
    assert home.second_calendar == ""


def test_where_the_second_calendar_does_not_reach_the_year_has_its_gregorian_days(managing, home):
    home.second_calendar = "islamic-umalqura"
    home.save()
    a_holiday(home, datetime.date(2190, 5, 1))
    assert "Saturday, 1 May 2190</time>" in page(managing, year="2190")


def test_a_second_calendar_costs_no_query(managing, home):
    a_holiday(home)
    without = queries_of(lambda: page(managing, year="2026"))
    home.second_calendar = "islamic-umalqura"
    home.save()
    assert len(queries_of(lambda: page(managing, year="2026"))) == len(without)


def test_the_names_are_asked_for_in_every_language_the_administration_s_own_first(managing, home):
    home.language = "ar"
    home.save()
    html = page(managing, reverse("add_holiday"))
    assert html.index('name="name_ar"') < html.index('name="name_en"')
    field = html[html.index('name="name_ar"') :].partition(">")[0]
    assert 'lang="ar" dir="rtl"' in field
    assert "required" in field


def test_a_holiday_is_changed_and_removed(managing, home):
    holiday = a_holiday(home)
    address = reverse("change_holiday", args=[holiday.uuid])
    assert 'value="Labour Day"' in page(managing, address)
    managing.post(address, {"day": "2026-05-04", "name_en": "Labour Day, moved"})
    holiday.refresh_from_db()
    assert holiday.day == datetime.date(2026, 5, 4)
    assert managing.post(reverse("remove_holiday", args=[holiday.uuid]))["Location"] == f"{CALENDAR}?year=2026"
    assert not Holiday.objects.exists()


def test_another_administration_s_holiday_does_not_exist(managing):
    far = a_holiday(an_account().administration)
    assert managing.get(reverse("change_holiday", args=[far.uuid])).status_code == 404
    assert managing.post(reverse("remove_holiday", args=[far.uuid])).status_code == 404


def test_the_year_costs_the_same_with_one_holiday_and_with_many(managing, home):
    a_holiday(home)
    few = queries_of(lambda: page(managing, year="2026"))
    for number in range(1, 30):
        a_holiday(home, datetime.date(2026, 5, 1) + datetime.timedelta(days=number))
    assert len(queries_of(lambda: page(managing, year="2026"))) == len(few)
