"""A learner's own dates, on their page and in their calendar."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from cohorts import own_dates
from cohorts.models import CalendarFeed, Enrolment
from people import calendars
from tests.factories.cohorts import ENDS_ON, a_group, a_place
from tests.factories.people import NOW, a_holiday, an_account, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return a_place()


@pytest.fixture
def learner(place):
    return place.user


@pytest.fixture
def learning(client, learner):
    with time_machine.travel(NOW, tick=False):
        yield sign_in(client, learner)


def dates(user, now=NOW, language="en"):
    return own_dates.own_dates(user, language, now)


def ending(place, day):
    section = place.group.section
    section.ends_on = day
    section.save()


def test_the_last_day_of_a_place_is_a_date_of_its_learner_s_alone(place, learner):
    [last] = dates(learner)
    assert (last.kind, last.day, last.rest, last.is_past) == ("ends", ENDS_ON, None, False)
    assert last.enrolment == place.uuid
    assert dates(an_account(learner.administration)) == []


def test_a_place_that_nobody_learns_in_any_more_has_no_dates(place, learner):
    Enrolment.objects.update(state="withdrawn")
    assert dates(learner) == []


def test_a_last_day_on_a_day_of_rest_stays_where_it_is_and_is_told_with_the_working_day_before(place, learner):
    ending(place, datetime.date(2026, 5, 1))  # a Friday
    a_holiday(learner.administration, names={"en": "Labour Day", "fr": "Fête du Travail"})
    [last] = dates(learner, language="fr")
    assert last.day == datetime.date(2026, 5, 1)
    assert (last.rest.before, last.rest.name) == (datetime.date(2026, 4, 30), "Fête du Travail")


def test_the_week_is_the_administration_s(place, learner):
    ending(place, datetime.date(2026, 3, 6))  # a Friday
    assert dates(learner)[0].rest is None
    calendars.set_week(learner.administration, first_weekday=7, working_weekdays=[7, 1, 2, 3, 4], actor=None, now=NOW)
    learner.administration.refresh_from_db()
    assert dates(learner)[0].rest.before == datetime.date(2026, 3, 5)


def test_today_is_the_administration_s_day(place, learner):
    """In Bogotá the last day lasts five hours longer than in London."""
    late = datetime.datetime(2026, 7, 1, 3, tzinfo=datetime.UTC)
    assert not dates(learner, late)[0].is_past
    assert dates(learner, late + datetime.timedelta(hours=3))[0].is_past


def test_the_page_costs_the_same_with_one_place_and_with_many(place, learner, learning):
    few = queries_of(lambda: learning.get(reverse("my_dates")))
    for _number in range(4):
        a_place(learner, a_group(learner.administration, place.release))
    assert len(queries_of(lambda: learning.get(reverse("my_dates")))) == len(few)
    assert len(dates(learner)) == 5


def test_somebody_without_a_place_is_told_what_will_stand_there(client):
    html = sign_in(client, an_account()).get("/en/learn/dates/").content.decode()
    assert "No date yet" in html


def test_my_learning_tells_the_last_day(place, learning):
    ending(place, datetime.date(2026, 7, 4))
    html = learning.get("/en/learn/").content.decode()
    assert (
        "The last day is 4 July 2026. This is a day of rest; the last working day before it is Friday, 3 July 2026."
        in html
    )


def test_my_learning_and_my_dates_tell_the_second_calendar_s_day_too(place, learning):
    administration = place.administration
    administration.second_calendar = "islamic-umalqura"
    administration.save()
    ending(place, datetime.date(2026, 7, 4))
    text = learning.get("/en/learn/").content.decode()
    assert "The last day is 4 July 2026 (19 Muharram 1448 AH). This is a day of rest; the last working day" in text
    assert "before it is Friday, 3 July 2026 (18 Muharram 1448 AH)." in text
    assert (
        '4 July 2026<br><bdi class="soft">19 Muharram 1448 AH</bdi></time>'
        in learning.get("/en/learn/dates/").content.decode()
    )


class TestFeed:
    def address(self, client):
        client.post(reverse("open_feed"))
        return own_dates.address_of(CalendarFeed.objects.get())

    def test_a_calendar_reads_the_dates_without_signing_in(self, place, learning, client):
        address = self.address(learning)
        assert address in learning.get("/en/learn/dates/").content.decode()
        client.logout()
        response = client.get(address.removeprefix("http://localhost:8000"))
        text = response.content.decode()
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert "private" in response["Cache-Control"]
        assert "DTSTART;VALUE=DATE:20260630\r\n" in text
        assert "SUMMARY:Last day: course" in text
        assert f"UID:ends-{place.uuid}" in text.replace("\r\n ", "")

    def test_it_speaks_its_owner_s_language_whoever_asks(self, place, learner, learning):
        learner.language = "fr"
        learner.save()
        path = reverse("calendar_feed", args=[own_dates.token_of(own_dates.open_feed(learner, now=NOW))])
        text = learning.get(path, headers={"accept-language": "ru"}).content.decode()
        assert f"/fr/learn/{place.uuid}/" in text.replace("\r\n ", "")

    def test_a_closed_address_leads_nowhere_and_the_next_one_is_another(self, learning):
        first = self.address(learning)
        learning.post(reverse("close_feed"))
        second = self.address(learning)
        assert first != second
        assert learning.get(first.removeprefix("http://localhost:8000")).status_code == 404
        assert learning.get(second.removeprefix("http://localhost:8000")).status_code == 200

    def test_asking_twice_makes_one_address(self, learning):
        assert self.address(learning) == self.address(learning)

    def test_an_address_that_somebody_made_up_leads_nowhere(self, learner, client):
        feed = own_dates.open_feed(learner, now=NOW)
        for token in (str(feed.uuid), f"{feed.uuid}:x", "x", own_dates.token_of(feed) + "x"):
            assert client.get(reverse("calendar_feed", args=[token])).status_code == 404

    def test_who_may_not_sign_in_any_more_has_no_calendar(self, learner, client):
        token = own_dates.token_of(own_dates.open_feed(learner, now=NOW))
        learner.is_active = False
        learner.save()
        assert client.get(reverse("calendar_feed", args=[token])).status_code == 404

    def test_no_certificate_s_expiry_is_told_to_whoever_hosts_a_calendar(self, place, learner):
        assert {each.kind for each in dates(learner)} <= {own_dates.OPENS, own_dates.ENDS}
