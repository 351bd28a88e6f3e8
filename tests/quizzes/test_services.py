"""Sitting an attempt and grading it: what is kept, what is refused, and that a refusal changes nothing."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from kombu.exceptions import OperationalError

from oversight.models import RecordEntry
from quizzes import errors, grading, services
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, GradingRun, ItemVersion, QuizVersion, Response
from quizzes.rules import Refusal
from quizzes.services import grading as worker
from quizzes.services.grading import FIRST_RING_AGAIN, LAST_RING_AGAIN, LEASE
from quizzes.signals import attempt_graded
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import (
    RULES,
    a_bank,
    a_graded_attempt,
    a_quiz,
    a_quiz_version,
    a_submitted_attempt,
    an_attempt,
    choose,
    give_grade,
    option_of,
    run_of,
    save,
    send,
)

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)


def rows():
    """Everything an attempt could leave behind."""
    return (
        list(Attempt.objects.order_by("pk").values()),
        list(Response.objects.order_by("pk").values()),
        list(GradingRun.objects.order_by("pk").values()),
        list(Grade.objects.order_by("pk").values()),
        RecordEntry.objects.count(),
    )


def answers(attempt):
    """What is saved, oldest first: position, sequence and the option that was chosen, or None where it was emptied."""
    saved = attempt.responses.order_by("position", "sequence")
    return [(each.position, each.sequence, each.answer and each.answer["choice"]) for each in saved]


@pytest.fixture
def rung(monkeypatch):
    """What was rung for. Bells ring on commit, which a test that is rolled back never reaches: see `committed`."""
    calls = []
    monkeypatch.setattr(worker.current_app, "send_task", lambda name, args: calls.append((name, args)))
    return calls


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


class TestFreezing:
    def test_a_quiz_that_has_not_changed_keeps_its_version(self):
        quiz = a_quiz()
        assert services.freeze_quiz(quiz, now=NOW) == services.freeze_quiz(quiz, now=NOW + HOUR)

    def test_a_version_holds_the_newest_published_version_of_each_item_and_never_changes(self):
        quiz = a_quiz(a_bank(8))
        before = services.freeze_quiz(quiz, now=NOW)
        old = ItemVersion.objects.filter(item__bank=quiz.bank).first()
        fields = {"item": old.item, "difficulty": 1, "structure": old.structure}
        new = ItemVersion.objects.create(number=2, published_at=NOW, **fields)
        draft = ItemVersion.objects.create(number=3, published_at=None, **fields)
        after = services.freeze_quiz(quiz, now=NOW)
        assert (before.number, after.number) == (1, 2)
        assert old in before.pool.all()
        assert new not in before.pool.all()
        assert new in after.pool.all()
        assert not {old, draft} & set(after.pool.all())

    def test_a_bank_that_is_too_small_is_an_error(self):
        with pytest.raises(ValueError, match="draws 8 items and its bank has 7"):
            services.freeze_quiz(a_quiz(a_bank(7)), now=NOW)

    def test_the_database_itself_keeps_a_frozen_quiz(self):
        version = a_quiz_version()
        for change in (
            lambda: QuizVersion.objects.update(draw=1),
            lambda: version.pool.clear(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


class TestStarting:
    def test_an_attempt_freezes_what_decides_its_outcome(self):
        version = a_quiz_version(time_limit_minutes=20)
        attempt = an_attempt(quiz_version=version)
        assert (attempt.state, attempt.number, attempt.pass_mark) == (Attempt.State.IN_PROGRESS, 1, 80)
        assert (attempt.started_at, attempt.deadline) == (NOW, NOW + 20 * MINUTE)
        assert len({item["version"] for item in attempt.served_items}) == 8
        assert all(sorted(item["arrangement"]["options"]) == ["a", "b", "c", "d"] for item in attempt.served_items)

    def test_a_double_click_starts_one_attempt(self):
        key, learner, registration, activity = uuid.uuid4(), an_account(), uuid.uuid4(), uuid.uuid4()
        where = {"learner": learner, "registration": registration, "activity": activity, "start_key": key}
        first = an_attempt(**where)
        before = rows()
        assert an_attempt(quiz_version=first.quiz_version, **where) == first
        assert rows() == before

    def test_two_windows_share_the_open_attempt(self):
        first = an_attempt()
        again = an_attempt(first.learner, first.quiz_version, registration=first.registration, activity=first.activity)
        assert again == first

    def test_the_form_of_a_finished_attempt_leads_to_that_attempt_and_starts_none(self):
        first = a_graded_attempt(Rating.RISKY)
        again = an_attempt(
            first.learner,
            first.quiz_version,
            registration=first.registration,
            activity=first.activity,
            start_key=first.start_key,
            now=NOW + 48 * HOUR,
        )
        assert again == first

    def test_a_start_key_of_somebody_else_starts_nothing_and_shows_nothing(self):
        theirs = an_attempt()
        before = rows()
        with pytest.raises(errors.MayNotStart):
            an_attempt(quiz_version=theirs.quiz_version, start_key=theirs.start_key)
        assert rows() == before

    @pytest.mark.parametrize(
        ("rating", "later", "refusal"),
        [(Rating.BEST, 48 * HOUR, Refusal.PASSED), (Rating.RISKY, 23 * HOUR, Refusal.TOO_SOON)],
    )
    def test_a_refused_start_says_why_and_changes_nothing(self, rating, later, refusal):
        first = a_graded_attempt(rating)
        before = rows()
        with pytest.raises(errors.MayNotStart) as raised:
            an_attempt(
                first.learner,
                first.quiz_version,
                registration=first.registration,
                activity=first.activity,
                now=NOW + later,
            )
        assert raised.value.standing.refusal == refusal
        assert rows() == before

    def test_none_starts_while_the_last_one_waits_for_its_grade(self):
        first = a_submitted_attempt(Rating.BEST)
        with pytest.raises(errors.MayNotStart) as raised:
            an_attempt(first.learner, first.quiz_version, registration=first.registration, activity=first.activity)
        assert raised.value.standing.refusal == Refusal.UNFINISHED

    def test_the_next_attempt_serves_what_was_not_seen_first(self):
        version = a_quiz_version(a_bank(20))
        first = a_graded_attempt(Rating.RISKY, quiz_version=version)
        second = an_attempt(
            first.learner,
            version,
            registration=first.registration,
            activity=first.activity,
            now=NOW + 25 * HOUR,
        )
        assert second.number == 2
        assert not {i["version"] for i in first.served_items} & {i["version"] for i in second.served_items}

    def test_an_item_with_a_comma_mended_counts_as_seen(self):
        quiz = a_quiz(a_bank(16))
        first = a_graded_attempt(Rating.RISKY, quiz_version=services.freeze_quiz(quiz, now=NOW))
        for old in ItemVersion.objects.filter(pk__in=[item["version"] for item in first.served_items]):
            ItemVersion.objects.create(
                item=old.item, number=2, difficulty=1, structure=old.structure, published_at=NOW
            )
        second = an_attempt(first.learner, services.freeze_quiz(quiz, now=NOW))
        served = ItemVersion.objects.filter(pk__in=[item["version"] for item in second.served_items])
        assert {version.number for version in served} == {1}

    def test_a_voided_attempt_takes_none_of_the_three_but_keeps_its_number(self):
        first = an_attempt()
        Attempt.objects.update(state=Attempt.State.VOIDED)
        where = {"registration": first.registration, "activity": first.activity}
        [standing] = [services.standing_of(services.series(**where), RULES, NOW)]
        assert (standing.refusal, standing.remaining) == (None, 3)
        assert an_attempt(first.learner, first.quiz_version, **where).number == 2


class TestSaving:
    def test_each_answer_is_a_row_and_the_newest_counts(self):
        attempt = an_attempt()
        save(attempt, 0, "a", sequence=1)
        save(attempt, 0, "b", sequence=2)
        save(attempt, 3, "c", sequence=1)
        assert answers(attempt) == [(0, 1, "a"), (0, 2, "b"), (3, 1, "c")]

    def test_a_repeated_request_is_answered_as_the_first_one_was(self):
        attempt = an_attempt()
        first = save(attempt, 0, "a", sequence=1)
        before = rows()
        assert save(attempt, 0, "a", sequence=1, now=NOW + MINUTE) == first
        assert rows() == before

    def test_a_request_held_up_on_the_line_never_overtakes_a_newer_answer(self):
        """A, then B, then A again: B arrives last."""
        attempt = an_attempt()
        save(attempt, 0, "a", sequence=1)
        save(attempt, 0, "a", sequence=3)
        before = rows()
        with pytest.raises(errors.ChangedElsewhere):
            save(attempt, 0, "b", sequence=2)
        assert rows() == before
        assert answers(attempt)[-1] == (0, 3, "a")

    @pytest.mark.parametrize("sequence", [1, 2])
    def test_a_stale_answer_of_another_window_is_refused(self, sequence):
        attempt = an_attempt()
        save(attempt, 0, "a", sequence=2)
        before = rows()
        with pytest.raises(errors.ChangedElsewhere):
            save(attempt, 0, "b", sequence=sequence)
        assert rows() == before

    @pytest.mark.parametrize("sequence", [0, -1, 2**31, 10**30])
    def test_a_sequence_that_is_no_number_of_an_answer_is_refused(self, sequence):
        attempt = an_attempt()
        before = rows()
        with pytest.raises(errors.MalformedSequence):
            save(attempt, 0, "a", sequence=sequence)
        assert rows() == before

    @pytest.mark.parametrize("position", [-1, 8, 10**30])
    def test_an_unknown_question_is_refused(self, position):
        attempt = an_attempt()
        before = rows()
        with pytest.raises(errors.UnknownQuestion):
            send(attempt, position, "1")
        assert rows() == before

    @pytest.mark.parametrize(
        "values", [["0"], ["5"], ["-1"], ["01"], ["1.0"], ["a"], ["1\x00"], ["٣"], ["9" * 5000], ["1", "2"]], ids=ascii
    )
    def test_an_answer_that_the_page_did_not_offer_is_refused(self, values):
        attempt = an_attempt()
        before = rows()
        with pytest.raises(errors.UnknownOption):
            send(attempt, 0, *values)
        assert rows() == before

    def test_the_server_s_clock_keeps_the_time_limit(self):
        attempt = an_attempt()
        save(attempt, 0, "a", now=attempt.deadline)
        before = rows()
        with pytest.raises(errors.TimeIsUp):
            save(attempt, 0, "b", sequence=2, now=attempt.deadline + datetime.timedelta(microseconds=1))
        assert rows() == before

    def test_an_answer_after_handing_in_is_refused_even_where_the_page_is_older(self):
        attempt = an_attempt()
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        before = rows()
        with pytest.raises(errors.AlreadySubmitted):
            save(attempt, 0, "a")
        assert rows() == before

    def test_somebody_else_s_attempt_does_not_exist(self):
        attempt = an_attempt()
        before = rows()
        with pytest.raises(Attempt.DoesNotExist):
            save(attempt, 0, "a", learner=an_account(attempt.learner.administration))
        assert rows() == before

    def test_saved_answers_cannot_be_changed_or_removed(self):
        attempt = an_attempt()
        saved = save(attempt, 0, "a")
        for change in (lambda: Response.objects.update(answer=None), saved.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        assert answers(attempt) == [(0, 1, "a")]


class TestHandingIn:
    def test_the_bell_rings_after_the_commit_and_once(self, rung, committed):
        attempt = an_attempt()
        with committed():
            assert services.submit_attempt(attempt, learner=attempt.learner, now=NOW) is True
            assert rung == []
        with committed():
            assert services.submit_attempt(attempt, learner=attempt.learner, now=NOW + MINUTE) is False
        assert rung == [("quizzes.tasks.grade", [run_of(attempt).pk])]
        attempt.refresh_from_db()
        assert (attempt.state, attempt.submitted_at) == (Attempt.State.SUBMITTED, NOW)

    def test_an_attempt_of_two_windows_is_handed_in_once(self):
        attempt = an_attempt()
        other_window = Attempt.objects.get(pk=attempt.pk)
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        assert services.submit_attempt(other_window, learner=attempt.learner, now=NOW + MINUTE) is False
        other_window.refresh_from_db()
        assert other_window.submitted_at == NOW

    def test_nobody_hands_in_for_somebody_else(self):
        attempt = an_attempt()
        before = rows()
        with pytest.raises(PermissionDenied):
            services.submit_attempt(attempt, learner=an_account(), now=NOW)
        assert rows() == before

    def test_handing_in_late_counts_from_the_deadline(self):
        """Otherwise waiting would move the pause before the next attempt."""
        attempt = an_attempt()
        services.submit_attempt(attempt, learner=attempt.learner, now=attempt.deadline + HOUR)
        attempt.refresh_from_db()
        assert attempt.submitted_at == attempt.deadline

    @pytest.mark.parametrize("problem", [OperationalError("refused"), OSError("no route"), RuntimeError("bug")])
    def test_a_bell_that_fails_is_no_error_and_loses_nothing(self, problem, committed, monkeypatch):
        def fails(name, args):
            raise problem

        monkeypatch.setattr(worker.current_app, "send_task", fails)
        attempt = an_attempt()
        with committed():
            services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        assert run_of(attempt) in GradingRun.objects.to_ring(NOW + FIRST_RING_AGAIN)

    def test_the_sweeper_hands_in_what_ran_out_of_time_with_what_was_saved(self, rung, committed):
        late, in_time = an_attempt(), an_attempt(now=NOW + MINUTE)
        save(late, 0, "a")
        with committed():
            assert services.submit_out_of_time(late.deadline + datetime.timedelta(seconds=1)) == 1
        late.refresh_from_db()
        in_time.refresh_from_db()
        assert (late.state, late.submitted_at) == (Attempt.State.SUBMITTED, late.deadline)
        assert in_time.state == Attempt.State.IN_PROGRESS
        assert rung == [("quizzes.tasks.grade", [run_of(late).pk])]


class TestGrading:
    def test_one_transaction_writes_the_grade_the_state_and_the_record(self):
        attempt = a_submitted_attempt(*[Rating.BEST] * 7, Rating.ACCEPTABLE)
        grade = give_grade(attempt, now=NOW + MINUTE)
        attempt.refresh_from_db()
        assert (grade.score, grade.points, grade.maximum, grade.passed) == (Decimal("93.8"), Decimal("7.5"), 8, True)
        run = run_of(attempt)
        assert (attempt.state, grade.run) == (Attempt.State.GRADED, run)
        assert (run.state, run.done_at, run.lease, run.ring_after) == ("done", NOW + MINUTE, None, None)
        entry = RecordEntry.objects.latest("sequence")
        assert (entry.kind, entry.subject, entry.actor) == ("quizzes.grade.given", grade.uuid, None)
        assert entry.administration == attempt.learner.administration.uuid
        grade.refresh_from_db()
        assert entry.detail.facts == grade.record_facts()

    def test_the_newest_answer_is_the_one_that_is_graded(self):
        attempt = an_attempt()
        choose(attempt, Rating.BREACH)
        for position, item in enumerate(attempt.served_items):
            save(attempt, position, option_of(item, Rating.BEST), sequence=2)
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        assert give_grade(attempt, now=NOW).passed

    def test_a_task_delivered_twice_leaves_one_grade(self):
        """Acceptance scenario 6."""
        attempt = a_submitted_attempt(Rating.BEST)
        first = give_grade(attempt, now=NOW)
        before = rows()
        assert give_grade(attempt, now=NOW + HOUR) is None
        assert rows() == before
        assert list(attempt.grades.all()) == [first]

    def test_9_of_10_points_with_the_choice_accept_fails(self):
        """Acceptance scenario 6, through the database."""
        version = a_quiz_version(a_bank(10), draw=10)
        attempt = a_graded_attempt(*[Rating.BEST] * 9, Rating.BREACH, quiz_version=version)
        [grade] = attempt.grades.all()
        assert (grade.points, grade.score, grade.bright_line, grade.passed) == (9, 90, True, False)

    def test_an_attempt_that_nobody_handed_in_has_no_run_and_a_run_that_nobody_made_grades_nothing(self):
        attempt = an_attempt()
        choose(attempt, Rating.BEST)
        assert not GradingRun.objects.exists()
        before = rows()
        assert services.grade(1, now=NOW) is None
        assert rows() == before

    def test_an_attempt_that_was_voided_while_it_waited_earns_no_grade_and_waits_no_longer(self):
        attempt = a_submitted_attempt(Rating.BEST)
        Attempt.objects.update(state=Attempt.State.VOIDED)
        assert give_grade(attempt, now=NOW) is None
        attempt.refresh_from_db()
        assert (attempt.state, attempt.grades.count()) == (Attempt.State.VOIDED, 0)
        assert not GradingRun.objects.to_ring(NOW + 100 * HOUR).exists()

    def test_the_judgement_uses_the_pass_mark_and_the_items_that_were_frozen(self):
        attempt = a_submitted_attempt(*[Rating.BEST] * 6, Rating.RISKY, Rating.RISKY)
        for item in attempt.served_items:
            old = ItemVersion.objects.get(pk=item["version"])
            structure = {**old.structure, "options": [o | {"rating": "best"} for o in old.structure["options"]]}
            ItemVersion.objects.create(item=old.item, number=2, difficulty=1, structure=structure, published_at=NOW)
        grade = give_grade(attempt, now=NOW)
        assert (grade.score, grade.passed) == (75, False)

    def test_a_lease_keeps_others_away_until_it_has_run_out(self):
        attempt = a_submitted_attempt(Rating.BEST)
        assert services.claim(run_of(attempt).pk, now=NOW)
        assert give_grade(attempt, now=NOW + LEASE) is None
        assert give_grade(attempt, now=NOW + LEASE + MINUTE).passed

    def test_a_worker_whose_lease_was_taken_over_writes_nothing(self, monkeypatch):
        attempt = a_submitted_attempt(Rating.BEST)
        judge = grading.judge

        def slowly(*arguments):
            monkeypatch.setattr(grading, "judge", judge)
            assert give_grade(attempt, now=NOW + LEASE + MINUTE)
            return judge(*arguments)

        monkeypatch.setattr(grading, "judge", slowly)
        assert give_grade(attempt, now=NOW) is None
        assert attempt.grades.count() == 1
        assert RecordEntry.objects.filter(kind="quizzes.grade.given").count() == 1

    def test_a_listener_that_fails_undoes_the_grade_and_the_attempt_waits_for_the_next_worker(self):
        def fails(sender, **kwargs):
            raise RuntimeError("a bug above")

        attempt = a_submitted_attempt(Rating.BEST)
        attempt_graded.connect(fails)
        try:
            with pytest.raises(RuntimeError):
                give_grade(attempt, now=NOW)
        finally:
            attempt_graded.disconnect(fails)
        assert not Grade.objects.exists()
        assert not RecordEntry.objects.filter(kind="quizzes.grade.given").exists()
        assert give_grade(attempt, now=NOW + LEASE + MINUTE).passed

    def test_a_second_grade_of_the_same_number_has_nowhere_to_go(self):
        attempt = a_graded_attempt(Rating.BEST)
        grade = attempt.grades.get()
        grade.pk, grade.uuid = None, uuid.uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            grade.save(force_insert=True)

    def test_grades_cannot_be_changed_or_removed(self):
        grade = a_graded_attempt(Rating.RISKY).grades.get()
        for change in (lambda: Grade.objects.update(score=80), grade.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_grade_that_crossed_a_bright_line_cannot_say_passed(self):
        attempt = a_submitted_attempt()
        fields = {"score": 90, "points": 9, "maximum": 10, "grading_version": 1, "given_at": NOW}
        with pytest.raises(DatabaseError), transaction.atomic():
            Grade.objects.create(attempt=attempt, bright_line=True, passed=True, **fields)

    def test_the_highest_number_is_the_grade_in_force(self):
        attempt = a_graded_attempt(Rating.RISKY)
        fields = {"score": 80, "points": 8, "maximum": 10, "grading_version": 1, "given_at": NOW}
        newer = Grade.objects.create(
            attempt=attempt,
            number=2,
            origin=Grade.Origin.OVERRIDDEN,
            bright_line=False,
            passed=True,
            **fields,
        )
        assert list(Grade.objects.effective()) == [newer]
        assert attempt.grade_in_force == newer
        where = {"registration": attempt.registration, "activity": attempt.activity}
        assert services.standing_of(services.series(**where), RULES, NOW).refusal == Refusal.PASSED


class TestRingingAgain:
    def test_each_row_is_rung_at_its_own_growing_interval(self, rung):
        attempt = a_submitted_attempt(Rating.BEST)
        moment, pauses = NOW, []
        for _ring in range(8):
            due = run_of(attempt).ring_after
            pauses.append(due - moment)
            assert services.ring_again(due - datetime.timedelta(seconds=1))["rung"] == 0
            moment = due
            assert services.ring_again(moment)["rung"] == 1
        assert pauses == sorted(pauses)
        assert pauses[0] == FIRST_RING_AGAIN
        assert pauses[-1] == LAST_RING_AGAIN
        assert len(rung) == 8

    def test_a_worker_that_died_is_replaced_when_its_lease_has_run_out(self, rung):
        attempt = a_submitted_attempt(Rating.BEST)
        services.claim(run_of(attempt).pk, now=NOW)
        assert services.ring_again(NOW + LEASE)["rung"] == 0
        assert services.ring_again(NOW + LEASE + MINUTE)["rung"] == 1

    def test_what_is_graded_or_open_is_never_rung_for(self, rung):
        a_graded_attempt(Rating.BEST)
        an_attempt()
        assert services.ring_again(NOW + 100 * HOUR) == {"rung": 0, "waiting": 0, "oldest_seconds": 0}
        assert rung == []

    def test_the_age_of_the_oldest_ungraded_attempt_is_told(self, rung):
        a_submitted_attempt(Rating.BEST)
        a_submitted_attempt(Rating.BEST, now=NOW + HOUR)
        state = services.ring_again(NOW + 2 * HOUR)
        assert (state["waiting"], state["oldest_seconds"]) == (2, 7200)

    def test_a_dead_broker_is_asked_once_and_not_for_each_row(self, monkeypatch):
        asked = []

        def refused(name, args):
            asked.append(args)
            raise OperationalError("refused")

        version = a_quiz_version()
        for _attempt in range(5):
            a_submitted_attempt(Rating.BEST, quiz_version=version)
        monkeypatch.setattr(worker.current_app, "send_task", refused)
        assert services.ring_again(NOW + HOUR)["rung"] == 0
        assert len(asked) == 1
