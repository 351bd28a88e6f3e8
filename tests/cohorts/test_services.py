"""A learner's way through a course: places, steps, hours, completion."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum

from cohorts import services
from cohorts.models import CreditedHours, Enrolment, NodeProgress, RuleSet
from cohorts.signals import enrolment_completed
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services as quiz_services
from quizzes.errors import MayNotStart
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt
from tests.factories.cohorts import a_group, a_place, a_rule_set, finish_lessons, hand_in_quiz, steps_of
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import give_grade
from tests.factories.sittings import start

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
State = Enrolment.State


def rows():
    """All that tells what somebody did. Where they were last is a bookmark and tells nothing."""
    return (
        [{**row, "last_step": None} for row in Enrolment.objects.order_by("pk").values()],
        list(NodeProgress.objects.order_by("pk").values()),
        list(CreditedHours.objects.order_by("pk").values()),
        list(Attempt.objects.order_by("pk").values()),
        RecordEntry.objects.count(),
    )


def pass_quiz(enrolment, now=NOW):
    attempt = hand_in_quiz(enrolment, Rating.BEST, now=now)
    return give_grade(attempt, now=now)


def kinds():
    return list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True))


@pytest.fixture
def enrolment():
    return a_place()


@pytest.fixture
def completions():
    heard = []

    def hear(sender, enrolment, now, **kwargs):
        heard.append(enrolment.pk)

    enrolment_completed.connect(hear)
    yield heard
    enrolment_completed.disconnect(hear)


class TestPlaces:
    def test_a_place_is_held_to_the_release_and_the_rules_of_the_day_it_was_given(self):
        group = a_group()
        cohort = group.section.cohort
        enrolment = a_place(group=group)
        before = (cohort.release_id, cohort.rule_set_id)
        cohort.rule_set = a_rule_set(cohort.administration, pass_mark=100, max_attempts=1)
        cohort.save()
        enrolment.refresh_from_db()
        assert (enrolment.release_id, enrolment.rule_set_id) == before
        assert hand_in_quiz(enrolment, Rating.BEST).pass_mark == 80

    def test_rules_that_somebody_is_held_to_never_change(self, enrolment):
        for change in (lambda: RuleSet.objects.update(pass_mark=10), enrolment.rule_set.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_second_place_in_the_same_cohort_is_the_first_one(self, enrolment):
        before = rows()
        assert services.enrol(enrolment.user, enrolment.group, actor=None, now=NOW) == enrolment
        assert rows() == before

    def test_only_a_training_manager_of_the_same_administration_gives_places(self):
        group = a_group()
        ours = group.section.cohort.administration
        user = an_account(ours)
        for actor in (
            an_account(ours),
            an_account(ours, Role.TUTOR, Role.AUDITOR, Role.CERTIFYING_OFFICER, Role.AUTHOR),
            an_account(None, Role.TRAINING_MANAGER),
        ):
            with pytest.raises(PermissionDenied):
                services.enrol(user, group, actor=actor, now=NOW)
        manager = an_account(ours, Role.TRAINING_MANAGER)
        with pytest.raises(PermissionDenied):
            services.enrol(an_account(), group, actor=manager, now=NOW)
        assert not Enrolment.objects.exists()
        made = services.enrol(user, group, actor=manager, now=NOW)
        entry = RecordEntry.objects.latest("sequence")
        assert (entry.kind, entry.subject, entry.actor) == ("cohorts.enrolment.made", made.uuid, manager.uuid)


class TestVisibility:
    def test_managers_and_auditors_see_their_administration_tutors_their_groups_learners_nobody(self):
        ours = an_administration()
        mine, other, foreign = a_group(ours), a_group(ours), a_group()
        tutor = an_account(ours, Role.TUTOR)
        mine.tutors.add(tutor)
        places = {group: a_place(group=group) for group in (mine, other, foreign)}

        def seen(user):
            return {e.group for e in Enrolment.objects.overseen_by(user)}

        assert seen(an_account(ours, Role.TRAINING_MANAGER)) == {mine, other}
        assert seen(an_account(ours, Role.AUDITOR)) == {mine, other}
        assert seen(tutor) == {mine}
        assert seen(an_account(ours, Role.AUTHOR)) == set()
        assert seen(places[mine].user) == set()
        assert list(Enrolment.objects.of(places[mine].user)) == [places[mine]]


class TestLessons:
    def test_a_lesson_credits_its_nominal_time_once(self, enrolment):
        [first, *_others] = steps_of(enrolment, "lesson")
        assert services.complete_lesson(enrolment, first, learner=enrolment.user, now=NOW) is True
        before = rows()
        assert services.complete_lesson(enrolment, first, learner=enrolment.user, now=NOW + HOUR) is False
        assert rows() == before
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.started_at, enrolment.last_activity_at) == (State.ACTIVE, NOW, NOW)
        assert enrolment.credited_minutes == 30
        assert [credit.minutes for credit in enrolment.credits.all()] == [30]

    def test_the_credit_and_its_record_say_the_same(self, enrolment):
        [first, *_others] = steps_of(enrolment, "lesson")
        services.complete_lesson(enrolment, first, learner=enrolment.user, now=NOW)
        credit = enrolment.credits.get()
        entry = RecordEntry.objects.get(kind="cohorts.hours.credited")
        assert (entry.subject, entry.detail.facts) == (credit.uuid, credit.record_facts())
        assert entry.administration == enrolment.administration.uuid

    def test_the_sum_is_the_ledger_s(self, enrolment):
        finish_lessons(enrolment)
        pass_quiz(enrolment)
        enrolment.refresh_from_db()
        assert enrolment.credited_minutes == enrolment.credits.aggregate(n=Sum("minutes"))["n"] == 105

    def test_the_ledger_only_grows(self, enrolment):
        finish_lessons(enrolment)
        credit = enrolment.credits.first()
        for change in (lambda: CreditedHours.objects.update(minutes=600), credit.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        credit.pk, credit.uuid = None, uuid.uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            credit.save(force_insert=True)

    def test_nobody_completes_somebody_else_s_lesson_nor_a_quiz_by_a_click(self, enrolment):
        [lesson, *_others] = steps_of(enrolment, "lesson")
        [quiz] = steps_of(enrolment, "quiz")
        before = rows()
        with pytest.raises(PermissionDenied):
            services.complete_lesson(enrolment, lesson, learner=an_account(enrolment.administration), now=NOW)
        for step in (quiz, *steps_of(enrolment, "module"), *steps_of(enrolment, "course")):
            with pytest.raises(PermissionDenied):
                services.complete_lesson(enrolment, step, learner=enrolment.user, now=NOW)
        assert rows() == before

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.FAILED, State.LAPSED])
    def test_a_closed_enrolment_takes_nothing(self, enrolment, state):
        Enrolment.objects.update(state=state)
        enrolment.refresh_from_db()
        [lesson, *_others] = steps_of(enrolment, "lesson")
        before = rows()
        with pytest.raises(services.NotOpen):
            services.complete_lesson(enrolment, lesson, learner=enrolment.user, now=NOW)
        with pytest.raises(services.NotOpen):
            start(enrolment, start_key=uuid.uuid4())
        assert rows() == before


class TestQuizzes:
    def start(self, enrolment, now, learner=None):
        return start(enrolment, start_key=uuid.uuid4(), now=now, learner=learner)

    def test_three_attempts_a_day_apart_under_the_rules_of_the_enrolment(self, enrolment):
        now = NOW
        for number in (1, 2, 3):
            attempt = self.start(enrolment, now)
            assert (attempt.number, attempt.registration) == (number, enrolment.uuid)
            quiz_services.submit_attempt(attempt, learner=enrolment.user, now=now + HOUR / 2)
            give_grade(attempt, now=now + HOUR)
            with pytest.raises(MayNotStart):
                self.start(enrolment, now + HOUR / 2 + 24 * HOUR - datetime.timedelta(seconds=1))
            now += HOUR / 2 + 24 * HOUR
        with pytest.raises(MayNotStart):
            self.start(enrolment, now + 1000 * HOUR)
        enrolment.refresh_from_db()
        assert enrolment.failed_attempts == 3

    def test_nobody_starts_for_somebody_else(self, enrolment):
        before = rows()
        with pytest.raises(PermissionDenied):
            self.start(enrolment, NOW, learner=an_account(enrolment.administration))
        assert rows() == before

    def test_a_pass_completes_the_step_and_credits_its_time_once(self, enrolment):
        grade = pass_quiz(enrolment)
        assert grade.passed
        [quiz] = steps_of(enrolment, "quiz")
        assert [(p.node_id, p.completed_at) for p in enrolment.progress.all()] == [(quiz.node_id, NOW)]
        assert [credit.minutes for credit in enrolment.credits.all()] == [15]
        give_grade(grade.attempt, now=NOW + HOUR)
        assert enrolment.credits.count() == 1

    def test_a_fail_credits_nothing_and_is_counted(self, enrolment):
        attempt = hand_in_quiz(enrolment, Rating.BREACH)
        give_grade(attempt, now=NOW)
        enrolment.refresh_from_db()
        assert (enrolment.failed_attempts, enrolment.credited_minutes) == (1, 0)
        assert not enrolment.progress.exists()

    def test_an_attempt_of_no_enrolment_touches_none(self, enrolment):
        attempt = hand_in_quiz(enrolment, Rating.BEST)
        Attempt.objects.update(registration=uuid.uuid4())
        assert give_grade(attempt, now=NOW).passed
        assert not NodeProgress.objects.exists()

    def test_a_grade_that_came_late_does_not_move_the_last_activity_back(self, enrolment):
        attempt = hand_in_quiz(enrolment, Rating.BEST, now=NOW)
        finish_lessons(enrolment, now=NOW + 2 * HOUR)
        give_grade(attempt, now=NOW + 3 * HOUR)
        enrolment.refresh_from_db()
        assert enrolment.last_activity_at == NOW + 2 * HOUR


class TestCompletion:
    def test_lessons_quiz_and_hours_complete_the_enrolment_once_and_it_is_recorded(self, enrolment, completions):
        finish_lessons(enrolment)
        enrolment.refresh_from_db()
        assert enrolment.state == State.ACTIVE
        pass_quiz(enrolment, NOW + HOUR)
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.completed_at) == (State.COMPLETED, NOW + HOUR)
        assert completions == [enrolment.pk]
        assert kinds().count("cohorts.enrolment.completed") == 1
        entry = RecordEntry.objects.get(kind="cohorts.enrolment.completed")
        assert (entry.subject, entry.detail.facts["credited_minutes"]) == (enrolment.uuid, 105)

    def test_the_last_thing_may_be_a_lesson(self, enrolment, completions):
        pass_quiz(enrolment)
        [first, second, third] = steps_of(enrolment, "lesson")
        for step in (third, first):
            services.complete_lesson(enrolment, step, learner=enrolment.user, now=NOW)
        assert completions == []
        services.complete_lesson(enrolment, second, learner=enrolment.user, now=NOW)
        services.complete_lesson(enrolment, second, learner=enrolment.user, now=NOW)
        assert completions == [enrolment.pk]

    def test_without_the_quiz_there_is_no_completion_however_many_lessons(self, enrolment, completions):
        finish_lessons(enrolment)
        give_grade(hand_in_quiz(enrolment, Rating.RISKY), now=NOW)
        assert completions == []

    def test_a_place_that_was_withdrawn_meanwhile_is_not_completed_by_a_late_grade(self, enrolment, completions):
        finish_lessons(enrolment)
        attempt = hand_in_quiz(enrolment, Rating.BEST)
        Enrolment.objects.update(state=State.WITHDRAWN)
        assert give_grade(attempt, now=NOW).passed
        enrolment.refresh_from_db()
        assert (enrolment.state, completions) == (State.WITHDRAWN, [])

    def test_finishing_in_another_language_counts_once(self, completions):
        """Rule 7: the step is the same step, whatever language it was read in."""
        from_french = a_place()
        finish_lessons(from_french)
        finish_lessons(from_french)
        assert from_french.progress.count() == 3
