"""Pages of reports and appeals, on both sides. Who gets in: tests/elearning/test_rights.py."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from oversight import four_eyes
from oversight.models import FourEyesRequest, RecordEntry
from people.models import Role
from people.services import grant_role
from quizzes.kinds.choices import Rating
from quizzes.models import Appeal, QuestionCase, QuestionReport
from tests.factories.disputes import a_report, a_taken_appeal, a_taken_case, an_appeal, answer, decide
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.factories.quizzes import a_bank, a_bank_of, a_graded_attempt, a_quiz_version
from tests.queries import queries_of
from tests.quizzes import every_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

BEST, RISKY = Rating.BEST, Rating.RISKY
REPORT = {"reason": "wrong_key", "words": "The second is right too."}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here():
    return an_administration(reporting_channel="Internal affairs")


@pytest.fixture
def attempt(here):
    quiz = a_quiz_version(a_bank(4, languages=("en", "ar")), draw=4)
    return a_graded_attempt(BEST, RISKY, learner=an_account(here, full_name="Amina Haddad"), quiz_version=quiz)


@pytest.fixture
def learner(attempt):
    return sign_in(Client(), attempt.learner)


def staff(administration, role):
    person = an_account(administration)
    grant_role(person, role, actor=None, now=NOW)
    person.refresh_from_db()
    return person


@pytest.fixture
def reviewer(here):
    return staff(here, Role.SUBJECT_REVIEWER)


@pytest.fixture
def officer(here):
    return staff(here, Role.CERTIFYING_OFFICER)


def browser(person):
    return sign_in(Client(), person)


def said(response):
    return response.content.decode()


def press(client, address, deed):
    """What a button of a page sends, with whom the page shows as the owner."""
    [before] = set(re.findall(r'name="before" value="([^"]*)"', said(client.get(address))))
    return {"deed": deed, "before": before}


def assert_the_second_is_told(first, second, address, owner):
    """Both have opened the page before either presses; who presses twice has pressed once."""
    taking, late = press(first, address, "take"), press(second, address, "take")
    for _click in range(2):
        assert first.post(address, taking).status_code == 302
    response = second.post(address, late)
    assert response.status_code == 409
    assert f"A colleague was quicker. It is with {owner.full_name} now" in said(response)


def result_of(attempt):
    return f"/en/quiz/{attempt.uuid}/result/"


class TestTheLearner:
    def test_each_question_of_a_result_can_be_reported_and_says_then_what_becomes_of_it(self, attempt, learner):
        page = said(learner.get(result_of(attempt)))
        assert page.count("Report this question") == 4
        address = f"/en/quiz/{attempt.uuid}/2/report/"
        form = said(learner.get(address))
        assert "Report it to: Internal affairs" in form
        assert "without your name" in form
        response = learner.post(address, REPORT)
        assert response["Location"] == result_of(attempt) + "#question-2"
        page = said(learner.get(result_of(attempt)))
        assert page.count("You have reported this question") == 1
        assert "An answer is due by 16 March 2026." in page
        assert page.count(">Report this question") == 3

    def test_a_double_click_reports_once(self, attempt, learner):
        for _click in range(2):
            assert learner.post(f"/en/quiz/{attempt.uuid}/2/report/", REPORT).status_code == 302
        assert QuestionReport.objects.count() == 1

    def test_a_form_that_says_too_little_comes_back_with_what_was_written(self, attempt, learner):
        address = f"/en/quiz/{attempt.uuid}/1/report/"
        empty = learner.post(address, {"words": "Half a thought"})
        assert empty.status_code == 422
        assert "Half a thought" in said(empty)
        assert "Please choose what is wrong." in said(empty)
        assert "Please say which translation is wrong." in said(
            learner.post(address, {"reason": "mistranslated", "words": "It says the opposite.", "language": ""})
        )
        assert not QuestionReport.objects.exists()

    def test_the_answer_stands_in_the_result_in_the_language_it_was_written_in(self, attempt, learner, reviewer):
        case = a_taken_case(attempt, reviewer)
        answer(case, reply="نعم، كلا الجوابين صحيح.", reply_language="ar")
        page = said(learner.get(result_of(attempt)))
        assert '<blockquote class="written" lang="ar" dir="auto"><p>نعم، كلا الجوابين صحيح.</p></blockquote>' in page
        assert "Your report is right" in page
        assert reviewer.full_name not in page
        assert "Report this question once more" in page

    def test_a_question_that_is_none_or_another_s_cannot_be_reported(self, attempt, learner):
        for address in (f"/en/quiz/{attempt.uuid}/0/report/", f"/en/quiz/{attempt.uuid}/5/report/"):
            assert learner.get(address).status_code == 404
            assert learner.post(address, REPORT).status_code == 404
        stranger = browser(an_account(attempt.learner.administration))
        assert stranger.post(f"/en/quiz/{attempt.uuid}/1/report/", REPORT).status_code == 404

    def test_a_result_is_appealed_once_however_often_it_is_sent(self, attempt, learner):
        assert "You can appeal it until 16 March 2026." in said(learner.get(result_of(attempt)))
        address = f"/en/quiz/{attempt.uuid}/appeal/"
        assert "with your name" in said(learner.get(address))
        for _click in range(2):
            assert learner.post(address, {"grounds": "Both are right."}).status_code == 302
        assert Appeal.objects.count() == 1
        page = said(learner.get(address))
        assert "A decision is due by 23 March 2026." in page
        assert "Send the appeal" not in page
        assert "Waiting for an officer to take it" in said(learner.get(result_of(attempt)))

    def test_after_the_last_day_it_is_said_which_day_that_was(self, attempt, learner):
        address = f"/en/quiz/{attempt.uuid}/appeal/"
        with time_machine.travel(NOW + datetime.timedelta(days=15), tick=False):
            learner = sign_in(learner, attempt.learner)
            assert "The last day to appeal it was 16 March 2026." in said(learner.get(result_of(attempt)))
            page = said(learner.get(address))
            assert "It cannot be appealed any more." in page
            assert "Send the appeal" not in page
            response = learner.post(address, {"grounds": "Both are right."})
            assert response.status_code == 409
            assert "The last day to appeal this result was 16 March 2026." in said(response)
        assert not Appeal.objects.exists()

    def test_an_appeal_is_withdrawn_and_a_decided_one_stays(self, attempt, learner, officer):
        an_appeal(attempt)
        withdraw = f"/en/quiz/{attempt.uuid}/appeal/withdraw/"
        learner.post(withdraw)
        assert Appeal.objects.get().state == "withdrawn"
        decided = decide(a_taken_appeal(attempt, officer), "rejected", reply="It was judged rightly.")
        assert "Nothing was changed." in said(learner.post(withdraw, follow=True))
        decided.refresh_from_db()
        assert decided.state == "rejected"
        page = said(learner.get(f"/en/quiz/{attempt.uuid}/appeal/"))
        assert "It was judged rightly." in page
        assert officer.full_name not in page

    def test_all_of_them_stand_on_one_page_which_says_what_it_is_for_when_it_is_empty(self, attempt, learner):
        assert "You have reported and appealed nothing" in said(learner.get(reverse("my_disputes")))
        a_report(attempt, 3)
        an_appeal(attempt)
        page = said(learner.get(reverse("my_disputes")))
        assert "Question 3" in page
        assert "Waiting for an officer to take it" in page

    def test_the_page_of_all_of_them_costs_the_same_for_many(self, attempt, learner):
        a_report(attempt, 1)
        an_appeal(attempt)
        few = len(queries_of(lambda: learner.get(reverse("my_disputes"))))
        for number in (2, 3, 4):
            a_report(attempt, number)
            an_appeal(a_graded_attempt(BEST, learner=attempt.learner))
        assert len(queries_of(lambda: learner.get(reverse("my_disputes")))) == few

    def test_the_title_of_a_quiz_that_is_in_another_language_than_the_page_says_in_which(self, here):
        quiz = a_quiz_version(a_bank(4, languages=("en", "es")), draw=4, languages=("es",))
        attempt = a_graded_attempt(BEST, learner=an_account(here), quiz_version=quiz)
        a_report(attempt, 1)
        an_appeal(attempt)
        page = said(browser(attempt.learner).get(reverse("my_disputes")))
        assert page.count('<bdi lang="es">Quiz in es</bdi>') == 2
        assert page.count("Quiz in es") == 2

    def test_in_arabic_the_pages_are_read_from_right_to_left(self, attempt, learner):
        page = said(learner.get(f"/ar/quiz/{attempt.uuid}/1/report/"))
        assert 'dir="rtl"' in page
        assert 'lang="ar" dir="rtl"' in page


class TestThoseWhoAnswerForQuestions:
    def test_a_case_is_found_taken_and_answered_and_names_no_reporter(self, attempt, reviewer):
        case = a_report(attempt).case
        page = browser(reviewer)
        address = reverse("question_case", args=[case.uuid])
        assert address in said(page.get(reverse("question_cases")))
        shown = said(page.get(address))
        assert "Learner 1" in shown
        assert "The second answer is right too." in shown
        for secret in (attempt.learner.full_name, attempt.learner.staff_number, str(attempt.uuid)):
            assert secret not in shown
        assert "Your answer" not in shown
        assert page.post(address, {"deed": "take"}).status_code == 302
        assert "Your answer" in said(page.get(address))
        form = {"deed": "answer", "outcome": "partly", "reply": "It is unclear.", "reply_language": "en"}
        assert page.post(address, form).status_code == 302
        assert QuestionCase.objects.get().outcome == "partly"
        assert address in said(page.get(reverse("question_cases"), {"show": "answered"}))

    def test_the_regrade_that_a_case_leads_to_is_linked_to_it(self, attempt, reviewer, here):
        case = a_taken_case(attempt, reviewer)
        page = browser(reviewer)
        address = reverse("question_case", args=[case.uuid])
        regrade = reverse("regrade_item", args=[case.version.uuid]) + f"?case={case.uuid}"
        assert regrade in said(page.get(address))
        page.post(regrade, {"deed": "credit_all", "reason": "Both are right.", "ask": "1"})
        asked = FourEyesRequest.objects.get()
        assert reverse("oversight:request", args=[asked.uuid]) in said(page.get(address))
        four_eyes.approve(asked, reason="Yes.", actor=staff(here, Role.SUBJECT_REVIEWER), now=NOW)
        assert "Two people have agreed on 2 March 2026." in said(page.get(address))

    def test_a_stranger_s_case_is_no_reason_for_a_regrade(self, attempt, reviewer, here):
        case = a_taken_case(attempt, reviewer)
        other = browser(staff(here, Role.AUTHOR))
        form = {"deed": "credit_all", "reason": "Both are right.", "ask": "1"}
        regrade = reverse("regrade_item", args=[case.version.uuid])
        assert other.post(f"{regrade}?case={case.uuid}", form).status_code == 403
        assert other.post(f"{regrade}?case=nonsense", form).status_code == 404
        assert not FourEyesRequest.objects.exists()

    def test_a_case_is_handed_over_to_a_colleague_by_name(self, attempt, reviewer, here):
        case = a_taken_case(attempt, reviewer)
        author, page = staff(here, Role.AUTHOR), browser(reviewer)
        stranger = staff(an_administration(), Role.AUTHOR)
        address = reverse("question_case", args=[case.uuid])
        shown = said(page.get(address))
        assert author.full_name in shown
        assert stranger.full_name not in shown
        assert page.post(address, {**press(page, address, "hand_over"), "to": stranger.uuid}).status_code == 422
        assert page.post(address, {**press(page, address, "hand_over"), "to": author.uuid}).status_code == 302
        assert QuestionCase.objects.get().owner == author

    def test_of_two_who_take_it_at_once_the_second_reads_who_has_it(self, attempt, reviewer, here):
        case = a_report(attempt).case
        address, second = reverse("question_case", args=[case.uuid]), browser(staff(here, Role.AUTHOR))
        assert_the_second_is_told(browser(reviewer), second, address, reviewer)
        assert QuestionCase.objects.get().owner == reviewer
        assert RecordEntry.objects.filter(kind="quizzes.case.taken").count() == 1
        # Who has read whose it is may take it over, knowing it.
        assert second.post(address, press(second, address, "take")).status_code == 302
        assert QuestionCase.objects.get().owner != reviewer

    def test_who_comes_too_late_is_told_and_shown_how_it_stands(self, attempt, reviewer, here):
        case = a_taken_case(attempt, reviewer)
        page = browser(reviewer)
        answer(case)
        form = {"deed": "answer", "outcome": "right", "reply": "So it is.", "reply_language": "en"}
        response = page.post(reverse("question_case", args=[case.uuid]), form)
        assert response.status_code == 409
        assert "A colleague was quicker" in said(response)

    def test_nobody_is_offered_to_answer_their_own_report(self, here, attempt):
        author = staff(here, Role.AUTHOR)
        mine = a_graded_attempt(BEST, learner=author, quiz_version=attempt.quiz_version)
        case = a_report(mine).case
        shown = said(browser(author).get(reverse("question_case", args=[case.uuid])))
        assert "You have reported this question yourself" in shown
        assert 'value="take"' not in shown

    def test_what_is_overdue_is_counted_and_stands_first(self, attempt, reviewer):
        first, second = a_report(attempt, 1).case, a_report(attempt, 2).case
        QuestionCase.objects.filter(pk=second.pk).update(due_on=NOW.date() - datetime.timedelta(days=1))
        page = browser(reviewer).get(reverse("question_cases"))
        assert [row.case for row in page.context["rows"]] == [second, first]
        assert "1 overdue" in said(page)
        overdue = browser(reviewer).get(reverse("question_cases"), {"show": "overdue"})
        assert [row.case for row in overdue.context["rows"]] == [second]

    @pytest.mark.parametrize("show", ["open", "overdue", "mine", "answered"])
    def test_an_empty_list_says_what_would_stand_in_it(self, reviewer, show):
        assert 'class="empty' in said(browser(reviewer).get(reverse("question_cases"), {"show": show}))
        assert browser(reviewer).get(reverse("question_cases"), {"show": "nonsense"}).status_code == 404

    def test_another_administration_s_cases_do_not_exist(self, attempt, reviewer):
        case = a_report(attempt).case
        stranger = browser(staff(an_administration(), Role.AUTHOR))
        assert str(case.uuid) in said(browser(reviewer).get(reverse("question_cases")))
        assert str(case.uuid) not in said(stranger.get(reverse("question_cases")))

    def test_a_question_of_every_kind_is_shown_in_all_its_languages(self, here, reviewer):
        items = list(every_kind.items())
        quiz = a_quiz_version(a_bank_of(*items), draw=len(items), languages=every_kind.LANGUAGES)
        attempt = a_graded_attempt(learner=an_account(here), quiz_version=quiz)
        page = browser(reviewer)
        for number in range(1, len(items) + 1):
            case = a_report(attempt, number).case
            for language in ("en", "ar"):
                response = page.get(reverse("question_case", args=[case.uuid]), {"language": language})
                assert response.context["question"].language == language
                assert "disabled" in said(response)

    def test_the_list_and_a_case_cost_the_same_for_many(self, here, attempt, reviewer):
        case = a_taken_case(attempt, reviewer)
        page = browser(reviewer)
        address = reverse("question_case", args=[case.uuid])
        few = [len(queries_of(lambda url=url: page.get(url))) for url in (reverse("question_cases"), address)]
        for _learner in range(3):
            another = a_graded_attempt(BEST, learner=an_account(here), quiz_version=attempt.quiz_version)
            for number in range(1, 5):
                a_report(another, number)
        many = [len(queries_of(lambda url=url: page.get(url))) for url in (reverse("question_cases"), address)]
        assert many == few


class TestTheOfficer:
    def test_an_appeal_is_taken_read_and_decided(self, attempt, officer, learner):
        appeal = an_appeal(attempt)
        page, address = browser(officer), reverse("appeal", args=[appeal.uuid])
        assert address in said(page.get(reverse("appeals")))
        answers = reverse("appeal_answers", args=[appeal.uuid])
        assert page.get(answers).status_code == 403
        assert answers not in said(page.get(address))
        page.post(address, {"deed": "take"})
        assert answers in said(page.get(address))
        assert "You chose:" in said(page.get(answers))
        assert RecordEntry.objects.filter(kind="quizzes.appeal.read", actor=officer.uuid).count() == 1
        form = {"deed": "decide", "decision": "upheld", "reply": "You are right.", "reply_language": "en"}
        assert page.post(address, form).status_code == 302
        assert "You are right." in said(learner.get(f"/en/quiz/{attempt.uuid}/appeal/"))
        assert address in said(page.get(reverse("appeals"), {"show": "to_carry_out"}))

    def test_of_two_who_take_it_at_once_the_second_reads_who_has_it(self, attempt, officer, here):
        appeal, other = an_appeal(attempt), staff(here, Role.CERTIFYING_OFFICER)
        address, second = reverse("appeal", args=[appeal.uuid]), browser(other)
        assert_the_second_is_told(browser(officer), second, address, officer)
        assert Appeal.objects.get().owner == officer
        assert RecordEntry.objects.filter(kind="quizzes.appeal.taken").count() == 1
        assert second.post(address, press(second, address, "take")).status_code == 302
        assert Appeal.objects.get().owner == other

    def test_it_is_not_handed_on_by_who_does_not_see_any_more_that_it_is_theirs(self, attempt, officer, here):
        appeal = a_taken_appeal(attempt, officer)
        address, page = reverse("appeal", args=[appeal.uuid]), browser(officer)
        other, third = staff(here, Role.CERTIFYING_OFFICER), staff(here, Role.CERTIFYING_OFFICER)
        shown = press(page, address, "hand_over")
        taker = browser(other)
        taker.post(address, press(taker, address, "take"))
        assert page.post(address, {**shown, "to": third.uuid}).status_code == 409
        assert Appeal.objects.get().owner == other

    def test_the_decider_sees_what_is_right_though_the_learner_has_failed(self, attempt, officer, learner):
        a_taken_appeal(attempt, officer)
        assert "Stronger still:" not in said(learner.get(result_of(attempt)))
        page = browser(officer).get(reverse("appeal_answers", args=[Appeal.objects.get().uuid]))
        assert "Stronger still:" in said(page)

    def test_the_score_that_follows_is_asked_for_from_the_appeal_and_linked_to_it(self, attempt, officer, here):
        appeal = decide(a_taken_appeal(attempt, officer))
        page, address = browser(officer), reverse("appeal", args=[appeal.uuid])
        score = reverse("change_score", args=[attempt.uuid]) + f"?appeal={appeal.uuid}"
        assert score in said(page.get(address))
        page.post(score, {"score": "85", "reason": "The appeal is right."})
        asked = FourEyesRequest.objects.get()
        assert reverse("oversight:request", args=[asked.uuid]) in said(page.get(address))
        assert "Nothing is left to carry out" in said(page.get(reverse("appeals"), {"show": "to_carry_out"}))
        four_eyes.approve(asked, reason="Yes.", actor=staff(here, Role.CERTIFYING_OFFICER), now=NOW)
        learner = browser(attempt.learner)
        assert "Two people have agreed to another score." in said(learner.get(f"/en/quiz/{attempt.uuid}/appeal/"))

    def test_a_question_is_passed_on_in_the_officer_s_words(self, attempt, officer, reviewer):
        appeal = a_taken_appeal(attempt, officer)
        address = reverse("pass_question_on", args=[appeal.uuid, 2])
        assert browser(officer).post(address, REPORT)["Location"] == reverse("appeal", args=[appeal.uuid])
        case = QuestionCase.objects.get()
        shown = said(browser(reviewer).get(reverse("question_case", args=[case.uuid])))
        assert "Passed on by a certifying officer" in shown
        assert attempt.learner.full_name not in shown
        assert "Question 2 was passed on" in said(browser(officer).get(reverse("appeal", args=[appeal.uuid])))

    def test_one_s_own_appeal_is_not_in_the_list_and_cannot_be_opened(self, here, attempt, officer):
        mine = an_appeal(a_graded_attempt(BEST, learner=officer, quiz_version=attempt.quiz_version))
        page = browser(officer)
        assert str(mine.uuid) not in said(page.get(reverse("appeals")))
        assert page.get(reverse("appeal", args=[mine.uuid])).status_code == 403

    def test_what_is_overdue_is_counted_and_stands_first(self, attempt, officer, here):
        first, second = an_appeal(attempt), an_appeal(a_graded_attempt(BEST, learner=an_account(here)))
        Appeal.objects.filter(pk=second.pk).update(due_on=NOW.date() - datetime.timedelta(days=1))
        page = browser(officer).get(reverse("appeals"))
        assert [row.appeal for row in page.context["rows"]] == [second, first]
        assert "1 overdue" in said(page)

    def test_a_late_decision_is_refused_and_said(self, attempt, officer):
        appeal = a_taken_appeal(attempt, officer)
        decide(appeal, "rejected")
        form = {"deed": "decide", "decision": "upheld", "reply": "You are right.", "reply_language": "en"}
        response = browser(officer).post(reverse("appeal", args=[appeal.uuid]), form)
        assert response.status_code == 409
        assert Appeal.objects.get().state == "rejected"

    @pytest.mark.parametrize("show", ["open", "overdue", "mine", "to_carry_out", "closed"])
    def test_an_empty_list_says_what_would_stand_in_it(self, officer, show):
        assert 'class="empty' in said(browser(officer).get(reverse("appeals"), {"show": show}))

    def test_the_list_and_an_appeal_cost_the_same_for_many(self, here, attempt, officer):
        appeal = a_taken_appeal(attempt, officer)
        page = browser(officer)
        addresses = [reverse("appeals"), reverse("appeal", args=[appeal.uuid])]
        few = [len(queries_of(lambda url=url: page.get(url))) for url in addresses]
        for _learner in range(3):
            an_appeal(a_graded_attempt(BEST, learner=an_account(here)))
        assert [len(queries_of(lambda url=url: page.get(url))) for url in addresses] == few

    def test_the_period_is_set_for_grades_from_then_on(self, officer):
        page = browser(officer)
        assert "Appeal period: 14 days" in said(page.get(reverse("appeals")))
        assert page.post(reverse("appeal_period"), {"days": "3"}).status_code == 422
        assert page.post(reverse("appeal_period"), {"days": "30"}).status_code == 302
        assert "Appeal period: 30 days" in said(page.get(reverse("appeals")))
