"""Authors plan sections in Wagtail and see what each finds."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from courses.differences import changes_of_quiz
from people.models import Role
from people.services import authors
from quizzes.models import Attempt, ItemVersion, Quiz
from quizzes.services import freeze_quiz
from tests.factories.people import NOW, an_account, sign_in
from tests.factories.quizzes import a_bank, a_bank_of_two_tags, a_quiz, sections_of_form, with_sections
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

GIFTS, DATA = {"draw": "2", "tags": ["gifts"]}, {"draw": "3", "tags": ["data"]}


@pytest.fixture
def author(client):
    author = an_account(None, Role.AUTHOR)
    author.groups.add(authors())
    authors().permissions.add(
        *Permission.objects.filter(
            content_type__app_label="quizzes", codename__in=("view_itembank", "view_quiz", "change_quiz")
        )
    )
    return sign_in(client, author)


@pytest.fixture
def quiz():
    return a_quiz(a_bank_of_two_tags(languages=("en", "ar")))


def send(client, quiz, *sections, kept=(), to="quiz:edit", **fields):
    sent = {"draw": "", "time_limit_minutes": 30, "minutes": 15} | sections_of_form(*sections, kept=kept) | fields
    return client.post(reverse(to, args=[quiz.pk]), sent)


def saved(quiz):
    return Quiz.objects.get(pk=quiz.pk)


def test_an_author_plans_sections_and_the_draw_is_their_sum(author, quiz):
    second = DATA | {"weight": "2.5", "keeps_order": "on", "title_en": "Data", "title_ar": "بيانات", "rad_factors": []}
    assert send(author, quiz, GIFTS, second).status_code == 302
    first, last = saved(quiz).section_plans()
    assert saved(quiz).draw == 5
    assert (first.draw, first.tags, first.titles, first.weight) == (2, {"gifts"}, {}, 1)
    assert (last.draw, last.weight, last.keeps_order) == (3, 2.5, True)
    assert last.titles == {"en": "Data", "ar": "بيانات"}


def test_a_section_is_changed_moved_and_taken_away(author, quiz):
    with_sections(quiz, {"draw": 2, "tags": ["gifts"]}, {"draw": 3, "tags": ["data"], "difficulties": [3]})
    gifts, data = saved(quiz).sections.all()
    changed = DATA | {"draw": "4", "difficulties": ["2", "3"], "ORDER": 1}
    assert send(author, quiz, GIFTS | {"ORDER": 2}, changed, kept=[gifts, data]).status_code == 302
    assert [(plan.draw, plan.difficulties) for plan in saved(quiz).section_plans()] == [(4, {2, 3}), (2, set())]
    assert send(author, quiz, GIFTS, DATA | {"DELETE": "on"}, kept=[gifts, data]).status_code == 302
    assert [plan.tags for plan in saved(quiz).section_plans()] == [{"gifts"}]
    assert saved(quiz).draw == 2


def test_a_quiz_whose_last_section_goes_draws_from_the_whole_bank_again(author, quiz):
    with_sections(quiz, {"draw": 2, "tags": ["gifts"]})
    gone = GIFTS | {"DELETE": "on"}
    assert send(author, quiz, gone, kept=list(saved(quiz).sections.all())).status_code == 200
    assert send(author, quiz, gone, kept=list(saved(quiz).sections.all()), draw="6").status_code == 302
    [everything] = saved(quiz).section_plans()
    assert (everything.draw, everything.tags) == (6, set())


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        ([{"draw": "5", "tags": ["gifts"]}], "This section finds 4 published items."),
        ([{"draw": "1"}, DATA], "This section finds 0 published items. 4 more fit, but go to sections above."),
        ([{"draw": "0", "tags": ["gifts"]}], "greater than or equal to 1"),
        ([GIFTS | {"weight": "0"}], "greater than or equal to 0.01"),
        ([GIFTS | {"weight": "11"}], "less than or equal to 10"),
        ([{"draw": "1", "tags": ["unknown"]}], "unknown is not one of the available choices"),
        ([GIFTS | {"rad_factors": ["11"]}], "11 is not one of the available choices"),
    ],
)
def test_a_section_that_nobody_could_sit_is_not_saved_and_says_why(author, quiz, sections, problem):
    response = send(author, quiz, *sections)
    assert response.status_code == 200
    assert problem in response.content.decode()
    assert not saved(quiz).sections.exists()


def test_the_page_counts_what_each_section_finds_in_every_language(author, quiz):
    [arabic, *_others] = ItemVersion.objects.filter(item__bank=quiz.bank)
    arabic.texts.filter(language="ar").delete()
    with_sections(quiz, {"draw": 4, "tags": ["gifts"]}, {"draw": 1})
    shown = author.get(reverse("quiz:edit", args=[quiz.pk])).content.decode()
    table = shown[shown.index('<div class="quiz-found"') :]
    assert "fewer than drawn" in table[: table.index("</table>")]


def test_the_counts_follow_the_form_before_it_is_saved(author, quiz):
    response = send(author, quiz, {"draw": "5", "tags": ["gifts"]}, {"draw": "3"}, to="quiz:found")
    assert response.status_code == 200
    assert response.content.decode().count("<tr>") == 3
    assert "too few" in response.content.decode()
    assert not saved(quiz).sections.exists()
    assert author.get(reverse("quiz:found", args=[quiz.pk])).status_code == 405


def test_the_form_costs_the_same_for_few_items_and_for_many(author):
    few, many = (a_quiz(a_bank(items), draw=1) for items in (1, 40))
    for name in ("quiz:edit", "quiz:sample"):
        addresses = [reverse(name, args=[quiz.pk]) + "?seed=1" for quiz in (few, many)]
        costs = [len(queries_of(lambda address=address: author.get(address))) for address in addresses]
        assert costs[0] == costs[1], name


def test_a_sample_is_what_somebody_might_be_served_and_nothing_is_kept(author, quiz):
    with_sections(
        quiz, {"draw": 2, "tags": ["gifts"], "words": {"shape": 1, "titles": {"en": "On gifts"}}}, {"draw": 3}
    )
    address = reverse("quiz:sample", args=[quiz.pk])
    shown = author.get(address, {"seed": "7"}).content.decode()
    assert "On gifts" in shown
    assert "Section 2" in shown
    assert shown.count("asks in en.") == 5
    table = shown[shown.index("<table") :]
    assert table == author.get(address, {"seed": "7"}).content.decode()[shown.index("<table") :]
    assert not Attempt.objects.exists()


def test_without_enough_items_there_is_no_sample(author):
    shown = author.get(reverse("quiz:sample", args=[a_quiz(a_bank(3)).pk])).content.decode()
    assert "too few published items" in shown


def test_who_is_no_author_neither_counts_nor_draws(client, quiz):
    sign_in(client, an_account(None, Role.TRAINING_MANAGER))
    assert client.get(reverse("quiz:sample", args=[quiz.pk])).status_code == 403
    assert client.post(reverse("quiz:found", args=[quiz.pk])).status_code == 403


def test_an_author_says_when_a_quiz_may_be_sat_and_what_is_shown_afterwards(author, quiz):
    plan = {
        "opens_at": "2026-11-02 08:00",
        "closes_at": "2026-11-06 17:00",
        "grace_seconds": 60,
        "review": "after_close",
    }
    assert send(author, quiz, draw="4", **plan).status_code == 302
    kept = saved(quiz)
    assert (kept.opens_at.day, kept.closes_at.day, kept.grace_seconds, kept.review) == (2, 6, 60, "after_close")
    assert [name for name in changes_of_quiz(freeze_quiz(quiz, now=NOW), kept) if "Items" not in name] == [
        "Other days on which the quiz opens or closes.",
        "Another grace period after the end of the quiz.",
        "Learners see other parts of their answers after the grade.",
    ]


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ({"opens_at": "2026-11-06 17:00", "closes_at": "2026-11-02 08:00"}, "A quiz opens before it closes."),
        ({"review": "after_close"}, "Say when the quiz closes"),
        ({"grace_seconds": 301}, "less than or equal to 300"),
    ],
)
def test_a_window_that_never_is_or_a_review_that_never_comes_is_not_saved(author, quiz, plan, problem):
    response = send(author, quiz, draw="4", **plan)
    assert response.status_code == 200
    assert problem in response.content.decode()
