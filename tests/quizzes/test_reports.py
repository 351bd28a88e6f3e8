"""Questions that learners report, and who answers them."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.models import OutgoingMail
from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.errors import NoReviewYet, Overtaken, UnknownQuestion
from quizzes.models import ItemAdjustment, QuestionCase, QuestionReport
from quizzes.services.proposing import Deed, Proposal
from quizzes.services.regrading import ask_for_regrade
from tests.factories.disputes import a_failed_attempt, a_report, a_taken_case, answer
from tests.factories.people import NOW, a_holiday, an_account, an_administration
from tests.factories.quizzes import a_bank, a_quiz_version, a_submitted_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

LATER = NOW + datetime.timedelta(hours=1)


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def quiz():
    return a_quiz_version(a_bank(4), draw=4)


def same_question(attempt, other):
    """The number in the other attempt of the first question of this one."""
    version = attempt.served_items[0]["version"]
    return [item["version"] for item in other.served_items].index(version) + 1


def kinds():
    return list(RecordEntry.objects.filter(kind__startswith="quizzes.").values_list("kind", flat=True))


def test_reports_of_one_question_gather_in_one_case_of_the_administration(here, quiz):
    first, second = (a_failed_attempt(an_account(here), quiz_version=quiz) for _ in range(2))
    case = a_report(first).case
    assert a_report(second, same_question(first, second)).case == case
    stranger = a_failed_attempt(quiz_version=quiz)
    assert a_report(stranger, same_question(first, stranger)).case != case
    assert case.reports.count() == 2


def test_a_second_report_of_the_same_question_is_the_first_while_it_is_open(here):
    attempt = a_failed_attempt(an_account(here))
    first = a_report(attempt)
    again = a_report(attempt, words="I press twice.")
    assert again == first
    assert again.words == first.words
    assert QuestionReport.objects.count() == 1
    assert kinds().count("quizzes.report.made") == 1


def test_a_report_after_the_answer_opens_a_new_case():
    case = answer(a_taken_case())
    attempt = case.reports.get().attempt
    assert a_report(attempt).case != case


def test_a_case_is_to_be_answered_within_ten_working_days(here):
    a_holiday(here, datetime.date(2026, 3, 10))
    assert a_report(a_failed_attempt(an_account(here))).case.due_on == datetime.date(2026, 3, 17)


def test_only_one_s_own_graded_attempt_can_be_reported_about_and_only_its_questions():
    attempt = a_failed_attempt()
    with pytest.raises(PermissionDenied):
        a_report(attempt, reporter=an_account(attempt.learner.administration))
    with pytest.raises(NoReviewYet):
        a_report(a_submitted_attempt())
    for number in (0, 9):
        with pytest.raises(UnknownQuestion):
            a_report(attempt, number)
    with pytest.raises(ValidationError):
        a_report(attempt, words="  ")
    assert not QuestionCase.objects.exists()


def test_the_language_is_kept_where_it_is_the_translation_that_is_wrong():
    attempt = a_failed_attempt()
    assert a_report(attempt, 1, reason="mistranslated", language="ar").language == "ar"
    assert a_report(attempt, 2, reason="unclear", language="ar").language == ""


def test_who_answers_for_items_takes_a_case_and_hands_it_over(here):
    case = a_report(a_failed_attempt(an_account(here))).case
    author, reviewer = an_account(here, Role.AUTHOR), an_account(here, Role.SUBJECT_REVIEWER)
    taken = services.assign_case(case, author, before=None, actor=author, now=NOW)
    assert (taken.state, taken.owner) == ("taken", author)
    assert services.assign_case(case, reviewer, before=author.pk, actor=author, now=NOW).owner == reviewer


def test_others_neither_take_nor_answer(here):
    case = a_taken_case(a_failed_attempt(an_account(here)))
    for stranger in (an_account(here), an_account(here, Role.TUTOR), an_account(None, Role.AUTHOR)):
        with pytest.raises(PermissionDenied):
            services.assign_case(case, stranger, before=case.owner_id, actor=stranger, now=NOW)
        with pytest.raises(PermissionDenied):
            answer(case, actor=stranger)
        with pytest.raises(ValidationError):
            services.assign_case(case, stranger, before=case.owner_id, actor=case.owner, now=NOW)


def test_who_comes_second_is_told_and_changes_nothing(here):
    case = a_taken_case(a_failed_attempt(an_account(here)))
    late = an_account(here, Role.AUTHOR)
    with pytest.raises(Overtaken):
        services.assign_case(case, late, before=None, actor=late, now=NOW)
    with pytest.raises(Overtaken):
        answer(case, actor=late)
    answer(case)
    with pytest.raises(Overtaken):
        answer(case, reply="Once more.")
    assert QuestionCase.objects.get().reply == "You are right."


def test_nobody_answers_their_own_report(here):
    author = an_account(here, Role.AUTHOR)
    case = a_report(a_failed_attempt(author)).case
    services.assign_case(case, author, before=None, actor=author, now=NOW)
    with pytest.raises(PermissionDenied):
        answer(QuestionCase.objects.get(), actor=author)


def test_an_answer_needs_words():
    case = a_taken_case()
    with pytest.raises(ValidationError):
        answer(case, reply=" ")
    assert QuestionCase.objects.get().state == "taken"


def test_all_reporters_are_told_once_each_in_their_language(here, quiz, settings):
    settings.SITE_URL = "https://learn.example"
    first, second, third = (
        a_failed_attempt(an_account(here, language=language, email=address), quiz_version=quiz)
        for language, address in (("en", "a@b.example"), ("fr", "c@d.example"), ("en", None))
    )
    a_report(second, same_question(first, second))
    a_report(third, same_question(first, third))
    case = a_taken_case(first)
    assert services.tell_reporters(LATER) == 0
    answer(case)
    assert services.tell_reporters(LATER) == 3
    assert services.tell_reporters(LATER) == 0
    letters = {letter.to_address: letter for letter in OutgoingMail.objects.all()}
    assert letters.keys() == {"a@b.example", "c@d.example"}
    assert f"https://learn.example/en/quiz/{first.uuid}/result/#question-1" in letters["a@b.example"].body
    assert "You are right" not in letters["a@b.example"].body


def test_the_regrade_that_follows_stays_with_the_case(here):
    case = a_taken_case(a_failed_attempt(an_account(here)))
    asked = ask_for_regrade(Proposal(case.version, Deed.DROP), reason="Two are right.", actor=case.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        services.keep_regrade_with_case(case, asked, actor=an_account(here, Role.AUTHOR), now=NOW)
    services.keep_regrade_with_case(case, asked, actor=case.owner, now=NOW)
    answer(case)
    four_eyes.approve(asked, reason="So it is.", actor=an_account(here, Role.SUBJECT_REVIEWER), now=LATER)
    assert QuestionCase.objects.get().adjustment == ItemAdjustment.objects.get()


def test_the_record_log_vouches_for_each_step_and_holds_no_words(here):
    case = a_taken_case(a_failed_attempt(an_account(here)))
    answer(case)
    assert [kind for kind in kinds() if "grade" not in kind] == [
        "quizzes.case.opened",
        "quizzes.report.made",
        "quizzes.case.taken",
        "quizzes.case.answered",
    ]
    told = str(list(RecordEntry.objects.values_list("detail__facts", flat=True)))
    assert "You are right." not in told
    assert "The second answer" not in told
