"""Quizzes in Wagtail: authors plan them; what is released stays as it is."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from people.models import Role
from people.services import authors
from quizzes.models import Quiz, QuizVersion
from quizzes.services import freeze_quiz
from tests.factories.people import NOW, an_account, sign_in
from tests.factories.quizzes import a_bank, a_quiz, sections_of_form
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(client):
    """A client in which an author is signed in who may read banks and change quizzes."""
    author = an_account(None, Role.AUTHOR)
    author.groups.add(authors())
    authors().permissions.add(
        *Permission.objects.filter(
            content_type__app_label="quizzes", codename__in=("view_itembank", "view_quiz", "change_quiz")
        )
    )
    return sign_in(client, author)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def in_french(client):
    client.cookies["django_language"] = "fr"


def test_a_list_of_quizzes_costs_the_same_for_few_and_for_many(writing):
    a_quiz()
    for address in ("/cms/quizzes/", reverse("quiz_chooser:choose")):
        few = len(queries_of(lambda address=address: page(writing, address)))
        for _number in range(3):
            a_quiz(a_bank(8))
        assert len(queries_of(lambda address=address: page(writing, address))) == few


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_changes_a_bank_s_title_or_makes_quizzes_in_wagtail(client, writing, superuser):
    quiz = a_quiz()
    if superuser:
        sign_in(client, an_account(is_superuser=True))
    closed = [
        reverse("itembank:edit", args=[quiz.bank.pk]),
        reverse("itembank:delete", args=[quiz.bank.pk]),
        reverse("quiz:add"),
        reverse("quiz:delete", args=[quiz.pk]),
    ]
    for address in closed:
        for send in (client.get, client.post):
            response = send(address)
            assert (response.status_code, response.get("Location")) == (302, "/cms/"), address
    assert Quiz.objects.filter(pk=quiz.pk).exists()


def edit(client, quiz, **fields):
    sent = {"draw": 8, "time_limit_minutes": 30, "minutes": 15} | sections_of_form() | fields
    return client.post(reverse("quiz:edit", args=[quiz.pk]), sent)


def test_an_author_changes_a_quiz_and_its_released_version_stays(writing):
    quiz = a_quiz()
    released = freeze_quiz(quiz, now=NOW)
    assert "with the next release of the course, not before" in page(writing, reverse("quiz:edit", args=[quiz.pk]))
    assert edit(writing, quiz, draw=5, time_limit_minutes=20).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.draw, quiz.time_limit_minutes) == (5, 20)
    frozen = QuizVersion.objects.get(pk=released.pk)
    assert (frozen.draw, frozen.time_limit_minutes) == (8, 30)


@pytest.mark.parametrize("fields", [{"draw": 11}, {"draw": 0}, {"time_limit_minutes": 0}])
def test_a_quiz_that_nobody_could_sit_is_not_saved(writing, fields):
    quiz = a_quiz()
    response = edit(writing, quiz, **fields)
    assert response.status_code == 200
    assert "could not be saved" in response.content.decode()
    quiz.refresh_from_db()
    assert (quiz.draw, quiz.time_limit_minutes) == (8, 30)


def test_a_quiz_is_chosen_by_its_title(writing):
    quiz = a_quiz(languages=("en", "fr"))
    assert "Quiz in en" in page(writing, reverse("quiz_chooser:choose"))
    in_french(writing)
    assert writing.get(reverse("quiz_chooser:chosen", args=[quiz.pk])).json()["result"]["title"] == "Quiz in fr"


def test_who_is_no_author_sees_no_items(client):
    bank = a_bank(1)
    sign_in(client, an_account(None, Role.TRAINING_MANAGER))
    for address in (
        reverse("itembank:inspect", args=[bank.pk]),
        reverse("itembank:item", args=[bank.pk, "item-0"]),
        reverse("quiz_chooser:choose"),
    ):
        assert client.get(address).status_code == 403
