"""Whom a manager means by what they type."""

import datetime

import pytest

from people.finding import find, offices_of
from people.models import Officer, Posting, User
from tests.factories.people import a_post, an_account, an_administration, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return an_administration()


@pytest.fixture
def ana(home):
    return an_account(
        home, staff_number="K-100", email="ana.diaz@customs.example", full_name="Ana María Díaz", latin_name=""
    )


@pytest.fixture
def ivan(home):
    return an_account(home, staff_number="K-1001", full_name="Иванов Пётр", latin_name="Ivanov Petr")


def found(typed, home):
    return list(find(typed, User.objects.filter(administration=home)))


@pytest.mark.parametrize(
    "typed", ["k-100", "K-1", " Ana  Díaz ", "díaz", "DÍAZ", "diaz ana", "ana.diaz@", "ANA.DIAZ@customs.example"]
)
def test_a_staff_number_an_e_mail_or_the_words_of_a_name_in_either_case(typed, home, ana):
    if typed == "diaz ana":
        ana.latin_name = "Ana Diaz"
        ana.save()
    assert ana in found(typed, home)


@pytest.mark.parametrize("typed", ["иванов", "ИВАНОВ пётр", "ivanov", "petr iv"])
def test_a_name_in_another_script_and_in_latin_letters(typed, home, ivan):
    assert found(typed, home) == [ivan]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "Ana Petrova", "diaz@customs", "100"])
def test_what_names_nobody_finds_nobody(typed, home, ana, ivan):
    assert found(typed, home) == []


def test_the_whole_staff_number_stands_before_those_that_begin_with_it(home, ana, ivan):
    ana.full_name = "Zoé"
    ana.save()
    assert found("K-100", home) == [ana, ivan]


def test_where_people_are_posted_today_and_not_before(home):
    today = datetime.date(2026, 3, 2)
    officer = Officer.objects.create(administration=home, user=an_account(home), category="employee")
    for name, since, until in (("Port", today - datetime.timedelta(days=9), today), ("Airport", today, None)):
        day_before = until and until - datetime.timedelta(days=1)
        post = a_post(an_office(home, name=name))
        Posting.objects.create(officer=officer, post=post, since=since, until=day_before)
    nobody = an_account(home)
    assert offices_of([officer.user, nobody], today) == {officer.user.pk: "Airport"}
