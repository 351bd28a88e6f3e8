"""Pages of a regrade, of another score, of a withdrawal. Who gets in: tests/elearning/test_rights.py."""

import pytest
from django.test import Client
from django.urls import reverse

from oversight.models import FourEyesRequest
from people.models import Role
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, ItemAdjustment, ItemVersion
from tests.factories.people import an_account, an_administration, sign_in
from tests.factories.quizzes import (
    a_bank,
    a_bank_of,
    a_graded_attempt,
    a_quiz_version,
    option_of,
    rows,
)
from tests.queries import queries_of
from tests.quizzes import every_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

BEST, RISKY = Rating.BEST, Rating.RISKY


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def attempt(here):
    return a_graded_attempt(
        *[BEST] * 7,
        *[RISKY] * 3,
        learner=an_account(here),
        quiz_version=a_quiz_version(a_bank(10, languages=("en", "ar")), draw=10),
    )


@pytest.fixture
def author(here):
    return sign_in(Client(), an_account(here, Role.AUTHOR))


@pytest.fixture
def officer(here):
    return sign_in(Client(), an_account(here, Role.CERTIFYING_OFFICER))


def address(attempt, position=9):
    version = ItemVersion.objects.get(pk=attempt.served_items[position]["version"])
    return reverse("regrade_item", args=[version.uuid])


def said(response):
    return response.content.decode()


def doubtful(attempt):
    """A regrade has left this attempt a pass that it would not give."""
    first = attempt.grades.get()
    Grade.objects.create(
        attempt=attempt,
        number=2,
        origin=Grade.Origin.REGRADED,
        reason="It was wrong.",
        score=70,
        points=7,
        maximum=10,
        bright_line=False,
        passed=True,
        pass_stands=True,
        grading_version=1,
        given_at=first.given_at,
    )
    return attempt


def test_a_look_tells_who_would_change_and_writes_nothing(attempt, author):
    before = rows()
    response = author.post(address(attempt), {"deed": "credit_all", "reason": "Both are right.", "look": "1"})
    assert response.status_code == 200
    assert (response.context["preview"].newly_passed, response.context["preview"].attempts) == (1, 1)
    assert attempt.learner.full_name not in said(response)
    assert rows() == before
    assert not FourEyesRequest.objects.exists()


def test_asking_leads_to_the_request_and_a_reviewer_approves_it_on_the_same_pages(attempt, author, here):
    response = author.post(address(attempt), {"deed": "credit_all", "reason": "Both are right.", "ask": "1"})
    asked = FourEyesRequest.objects.get()
    assert response["Location"] == reverse("oversight:request", args=[asked.uuid])
    decide = reverse("oversight:decide", args=[asked.uuid])
    decision = {"decision": "approve", "reason": "So it is."}
    assert author.post(decide, decision).status_code == 403
    reviewer = sign_in(Client(), an_account(here, Role.SUBJECT_REVIEWER))
    assert "Newly passed: 1." in said(reviewer.get(reverse("oversight:request", args=[asked.uuid])))
    assert reviewer.post(decide, decision).status_code == 302
    assert ItemAdjustment.objects.get().deed == "credit_all"


def test_a_new_key_is_looked_at_option_by_option(attempt, author):
    risky = option_of(attempt.served_items[9], RISKY)
    form = {"deed": "change_key", "reason": "The other is best.", "look": "1"}
    for option in ItemVersion.objects.get(pk=attempt.served_items[9]["version"]).structure["options"]:
        form[f"rating-{option['key']}"] = "best" if option["key"] == risky else "risky"
    assert author.post(address(attempt), form).context["preview"].newly_passed == 1
    for key in list(form):
        if key.startswith("rating-"):
            form[key] = "risky"
    for button in ("look", "ask"):
        wrong = author.post(address(attempt), {**form, button: "1"} | ({"look": ""} if button == "ask" else {}))
        assert "exactly one best option" in said(wrong)
    assert not FourEyesRequest.objects.exists()


def test_a_form_that_says_nothing_is_answered_with_what_is_missing(attempt, author):
    response = author.post(address(attempt), {"ask": "1"})
    assert response.status_code == 422
    assert "Please give a reason." in said(response)


def test_every_kind_of_choosing_has_its_key_on_the_page(author):
    choosing = ("single_choice", "multiple_choice", "true_false")
    bank = a_bank_of(*(item for item in every_kind.items() if item[0] in choosing))
    for version in ItemVersion.objects.filter(item__bank=bank):
        page = said(author.get(reverse("regrade_item", args=[version.uuid])))
        assert 'value="change_key"' in page
        assert 'name="correct"' in page if version.kind == "true_false" else 'name="fraction-a"' in page


def test_the_page_is_read_from_right_to_left_in_arabic_with_the_question_in_its_own_language(attempt, author):
    author.cookies["django_language"] = "ar"
    page = said(author.get(address(attempt), headers={"accept-language": "ar"}))
    assert 'dir="rtl"' in page
    assert 'lang="ar" dir="auto"' in page


def test_a_certifying_officer_finds_the_passes_in_doubt_of_the_own_administration_alone(attempt, officer):
    quiz = attempt.quiz_version
    doubtful(attempt)
    stranger = doubtful(a_graded_attempt(BEST, quiz_version=quiz))
    page = said(officer.get(reverse("standing_passes")))
    assert attempt.learner.full_name in page
    assert stranger.learner.full_name not in page
    assert reverse("withdraw_pass", args=[attempt.uuid]) in page


def test_a_certifying_officer_reads_whose_pass_would_change_and_no_score(attempt, author, officer, here):
    untouched = a_graded_attempt(BEST, learner=an_account(here), quiz_version=attempt.quiz_version)
    stranger = a_graded_attempt(*[BEST] * 7, *[RISKY] * 3, quiz_version=attempt.quiz_version)
    author.post(address(attempt), {"deed": "credit_all", "reason": "Both are right.", "ask": "1"})
    where = reverse("foreseen", args=[FourEyesRequest.objects.get().uuid])
    assert where in said(officer.get(reverse("standing_passes")))
    page = said(officer.get(where))
    assert attempt.learner.full_name in page
    assert untouched.learner.full_name not in page
    assert stranger.learner.full_name not in page
    assert "Score" not in page


def test_the_list_takes_as_many_queries_for_many_passes_as_for_one(attempt, officer, here):
    doubtful(attempt)
    few = len(queries_of(lambda: officer.get(reverse("standing_passes"))))
    for _learner in range(3):
        doubtful(a_graded_attempt(BEST, learner=an_account(here), quiz_version=a_quiz_version()))
    assert len(queries_of(lambda: officer.get(reverse("standing_passes")))) == few


def test_a_withdrawal_is_asked_for_and_approved_by_a_colleague_on_the_pages(attempt, officer, here):
    doubtful(attempt)
    response = officer.post(reverse("withdraw_pass", args=[attempt.uuid]), {"reason": "It was no pass."})
    asked = FourEyesRequest.objects.get()
    assert response["Location"] == reverse("oversight:request", args=[asked.uuid])
    decide, decision = reverse("oversight:decide", args=[asked.uuid]), {"decision": "approve", "reason": "So."}
    assert officer.post(decide, decision).status_code == 403
    colleague = sign_in(Client(), an_account(here, Role.CERTIFYING_OFFICER))
    assert colleague.post(decide, decision).status_code == 302
    assert not Attempt.objects.get(pk=attempt.pk).grade_in_force.passed


def test_changing_a_score_on_the_pages_needs_a_colleague(attempt, officer, here):
    """Acceptance scenario 12, by the pages."""
    form = {"score": "80", "reason": "The appeal is right."}
    assert officer.post(reverse("change_score", args=[attempt.uuid]), form).status_code == 302
    asked = FourEyesRequest.objects.get()
    decide, decision = reverse("oversight:decide", args=[asked.uuid]), {"decision": "approve", "reason": "So."}
    assert officer.post(decide, decision).status_code == 403
    colleague = sign_in(Client(), an_account(here, Role.CERTIFYING_OFFICER))
    assert colleague.post(decide, decision).status_code == 302
    grade = Attempt.objects.get(pk=attempt.pk).grade_in_force
    assert (grade.score, grade.passed) == (80, True)


def test_a_second_request_about_the_same_score_is_refused_and_says_so(attempt, officer):
    form = {"score": "80", "reason": "The appeal is right."}
    where = reverse("change_score", args=[attempt.uuid])
    officer.post(where, form)
    again = officer.post(where, form)
    assert again.status_code == 409
    assert "already waiting for a decision" in said(again)


def test_nobody_asks_about_their_own_result(attempt):
    learner = attempt.learner
    learner.roles = [str(Role.CERTIFYING_OFFICER)]
    learner.save(update_fields=["roles"])
    client = sign_in(Client(), learner)
    for name in ("change_score", "withdraw_pass"):
        assert client.get(reverse(name, args=[attempt.uuid])).status_code == 403


def test_the_learner_is_told_that_a_question_was_corrected_and_that_the_pass_stands(attempt):
    doubtful(attempt)
    page = said(sign_in(Client(), attempt.learner).get(reverse("quiz_result", args=[attempt.uuid])))
    assert "You passed before, and that stands." in page
