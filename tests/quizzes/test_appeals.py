"""Appeals of results: handed in, taken, decided, and what follows from them."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from core.models import OutgoingMail
from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.errors import MayNotAppeal, NoReviewYet, Overtaken
from quizzes.models import Appeal, Grade, Mark
from tests.factories.disputes import a_failed_attempt, a_report, a_taken_appeal, an_appeal, decide
from tests.factories.markings import an_attempt_to_mark, have_marked
from tests.factories.people import NOW, a_holiday, an_account, an_administration
from tests.factories.quizzes import a_submitted_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]


def days(number):
    return NOW + datetime.timedelta(days=number)


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def attempt(here):
    return a_failed_attempt(an_account(here, email="learner@b.example"))


def officer(administration):
    return an_account(administration, Role.CERTIFYING_OFFICER)


def standing_of(attempt, now):
    grade = services.disputed_grade(attempt)
    return services.appeal_standing(attempt, grade, learner=attempt.learner, language="en", now=now)


def another_score(attempt, asker, seconder, score="85.0", now=NOW):
    asked = services.ask_for_override(attempt, score=Decimal(score), reason="So it is.", actor=asker, now=now)
    return four_eyes.approve(asked, reason="Yes.", actor=seconder, now=now)


def test_a_result_can_be_appealed_until_its_last_day_and_not_after(attempt):
    with pytest.raises(MayNotAppeal) as refused:
        an_appeal(attempt, now=days(15))
    assert "16 March 2026" in str(refused.value.message)
    assert not Appeal.objects.exists()
    assert an_appeal(attempt, now=days(14)).state == "submitted"


def test_only_the_learner_appeals_a_result_that_is_there(attempt):
    with pytest.raises(PermissionDenied):
        an_appeal(attempt, learner=an_account(attempt.learner.administration))
    with pytest.raises(NoReviewYet):
        an_appeal(a_submitted_attempt())
    with pytest.raises(ValidationError):
        an_appeal(attempt, grounds=" ")


def test_pressed_twice_it_is_one_appeal(attempt):
    assert an_appeal(attempt) == an_appeal(attempt, grounds="Again.")
    assert RecordEntry.objects.filter(kind="quizzes.appeal.made").count() == 1


def test_a_decided_grade_is_not_appealed_again_and_a_withdrawn_appeal_may_be(attempt):
    services.withdraw_appeal(an_appeal(attempt), learner=attempt.learner, now=NOW)
    decide(a_taken_appeal(attempt), "rejected", reply="It was judged rightly.")
    with pytest.raises(MayNotAppeal):
        an_appeal(attempt)


def test_a_new_grade_can_be_appealed_with_a_period_of_its_own(here, attempt):
    decide(a_taken_appeal(attempt), "rejected")
    another_score(attempt, officer(here), officer(here), "60.0", now=days(20))
    assert an_appeal(attempt, now=days(30)).grade.number == 2


def test_the_period_in_force_when_the_grade_was_given_counts(here, attempt):
    services.set_appeal_period(here, 30, actor=officer(here), now=days(1))
    standing = standing_of(attempt, days(2))
    assert standing.last_day == datetime.date(2026, 3, 16)
    later = a_failed_attempt(attempt.learner, now=days(2))
    assert standing_of(later, days(2)).last_day == datetime.date(2026, 4, 3)


@pytest.mark.parametrize("number", [6, 181])
def test_a_period_has_its_bounds_and_is_set_by_a_certifying_officer(here, number):
    with pytest.raises(ValidationError):
        services.set_appeal_period(here, number, actor=officer(here), now=NOW)
    for other in (an_account(here, Role.TRAINING_MANAGER), officer(None)):
        with pytest.raises(PermissionDenied):
            services.set_appeal_period(here, 20, actor=other, now=NOW)


def test_an_appeal_is_to_be_decided_within_fifteen_working_days(here, attempt):
    a_holiday(here, datetime.date(2026, 3, 10))
    assert an_appeal(attempt).due_on == datetime.date(2026, 3, 24)


def test_a_last_day_of_rest_is_told_with_the_working_day_before_it(here):
    a_holiday(here, datetime.date(2026, 3, 16))
    attempt = a_failed_attempt(an_account(here))
    rest = standing_of(attempt, NOW).rest
    assert (rest.name, rest.before) == ("Labour Day", datetime.date(2026, 3, 13))


def test_neither_the_learner_nor_who_made_the_result_decides(here):
    learner = officer(here)
    attempt = a_failed_attempt(learner)
    asker, seconder = officer(here), officer(here)
    another_score(attempt, asker, seconder, "50.0")
    appeal = an_appeal(attempt)
    for partial in (learner, asker, seconder):
        assert not services.may_decide_appeal(appeal, partial)
        with pytest.raises(PermissionDenied):
            services.assign_appeal(appeal, partial, before=None, actor=partial, now=NOW)
    independent = officer(here)
    services.assign_appeal(appeal, independent, before=None, actor=independent, now=NOW)
    with pytest.raises(ValidationError):
        services.assign_appeal(appeal, asker, before=independent.pk, actor=independent, now=NOW)


def test_who_has_marked_an_answer_does_not_decide_on_the_appeal_of_its_result(here):
    attempt = an_attempt_to_mark(an_account(here))
    have_marked(attempt)
    attempt.refresh_from_db()
    marker = Mark.objects.get().marked_by
    marker.roles = sorted([*marker.roles, Role.CERTIFYING_OFFICER])
    marker.save()
    appeal = an_appeal(attempt)
    assert not services.may_decide_appeal(appeal, marker)
    assert services.may_decide_appeal(appeal, officer(here))


def test_others_have_no_say(here, attempt):
    appeal = a_taken_appeal(attempt)
    for other in (an_account(here, Role.TRAINING_MANAGER), an_account(here, Role.TUTOR), officer(None)):
        with pytest.raises(PermissionDenied):
            services.assign_appeal(appeal, other, before=appeal.owner_id, actor=other, now=NOW)
        with pytest.raises(PermissionDenied):
            decide(appeal, actor=other)
        with pytest.raises(PermissionDenied):
            services.record_reading(appeal, actor=other, now=NOW)


def test_only_who_took_it_decides_and_once(here, attempt):
    appeal = an_appeal(attempt)
    first, second = officer(here), officer(here)
    with pytest.raises(Overtaken):
        decide(appeal, actor=first)
    services.assign_appeal(appeal, first, before=None, actor=first, now=NOW)
    with pytest.raises(Overtaken):
        services.assign_appeal(appeal, second, before=None, actor=second, now=NOW)
    with pytest.raises(Overtaken):
        decide(appeal, actor=second)
    decide(appeal, "rejected", actor=first)
    with pytest.raises(Overtaken):
        decide(appeal, "upheld", actor=first)
    assert Appeal.objects.get().state == "rejected"


def test_a_colleague_takes_over_what_another_cannot_finish(here, attempt):
    appeal = a_taken_appeal(attempt)
    colleague = officer(here)
    taken = services.assign_appeal(appeal, colleague, before=appeal.owner_id, actor=colleague, now=NOW)
    assert decide(taken).owner == colleague


def test_a_decision_is_one_of_three_and_has_a_reply(attempt):
    appeal = a_taken_appeal(attempt)
    for decision in ("withdrawn", "taken"):
        with pytest.raises(ValidationError):
            decide(appeal, decision)
    with pytest.raises(ValidationError):
        decide(appeal, reply=" ")


def test_the_learner_takes_it_back_until_it_is_decided(here, attempt):
    appeal = a_taken_appeal(attempt)
    with pytest.raises(PermissionDenied):
        services.withdraw_appeal(appeal, learner=an_account(here), now=NOW)
    assert services.withdraw_appeal(appeal, learner=attempt.learner, now=NOW).state == "withdrawn"
    with pytest.raises(Overtaken):
        decide(appeal)
    decided = decide(a_taken_appeal(attempt))
    with pytest.raises(Overtaken):
        services.withdraw_appeal(decided, learner=attempt.learner, now=NOW)


def test_the_learner_is_told_by_letter_that_there_is_a_decision_and_not_which(attempt, settings):
    settings.SITE_URL = "https://learn.example"
    decide(a_taken_appeal(attempt), reply="The second is right too.")
    letter = OutgoingMail.objects.get()
    assert f"https://learn.example/en/quiz/{attempt.uuid}/appeal/" in letter.body
    assert "The second is right too." not in letter.body


def test_a_decision_changes_no_score_and_waits_to_be_carried_out(here, attempt):
    appeal = decide(a_taken_appeal(attempt))
    assert Grade.objects.count() == 1
    assert list(Appeal.objects.to_carry_out()) == [appeal]
    asked = services.ask_for_override(attempt, score=Decimal(85), reason="So.", actor=appeal.owner, now=NOW)
    services.keep_score_with_appeal(appeal, asked, actor=appeal.owner, now=NOW)
    assert not Appeal.objects.to_carry_out().exists()
    four_eyes.refuse(asked, reason="No.", actor=officer(here), now=NOW)
    assert list(Appeal.objects.to_carry_out()) == [appeal]


def test_a_question_that_is_passed_on_carries_it_out_too_once(attempt):
    appeal = decide(a_taken_appeal(attempt), "partly_upheld")
    with pytest.raises(PermissionDenied):
        a_report(attempt, reporter=officer(appeal.administration), appeal=appeal)
    report = a_report(attempt, reporter=appeal.owner, appeal=appeal)
    assert a_report(attempt, reporter=appeal.owner, appeal=appeal) == report
    assert not Appeal.objects.to_carry_out().exists()


def test_a_score_is_kept_with_an_appeal_that_is_right_alone(here, attempt):
    appeal = decide(a_taken_appeal(attempt), "rejected")
    asked = services.ask_for_override(attempt, score=Decimal(85), reason="So.", actor=appeal.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        services.keep_score_with_appeal(appeal, asked, actor=appeal.owner, now=NOW)


def test_each_reading_of_the_answers_is_on_record(attempt):
    appeal = a_taken_appeal(attempt)
    for _time in range(2):
        services.record_reading(appeal, actor=appeal.owner, now=NOW)
    read = RecordEntry.objects.filter(kind="quizzes.appeal.read")
    assert [entry.actor for entry in read] == [appeal.owner.uuid] * 2


def test_the_record_log_vouches_for_appeals_reports_and_what_followed(attempt, capsys):
    decide(a_taken_appeal(attempt))
    a_report(attempt)
    call_command("verify_records")
    Appeal.objects.update(state="rejected")
    with pytest.raises(SystemExit):
        call_command("verify_records")
