"""Grading runs: one grade for each, however often they are rung for and whoever dies on the way."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from kombu.exceptions import OperationalError

from oversight.models import RecordEntry
from quizzes import services, tasks
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, GradingRun, ItemVersion
from quizzes.rules import Refusal
from quizzes.services import grading as worker
from quizzes.services.grading import FIRST_RING_AGAIN, LAST_RING_AGAIN, LEASE
from quizzes.signals import attempt_graded
from tests.factories.people import NOW
from tests.factories.quizzes import (
    RULES,
    a_bank,
    a_graded_attempt,
    a_quiz_version,
    a_submitted_attempt,
    an_attempt,
    choose,
    give_grade,
    option_of,
    rows,
    run_of,
    save,
)

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)


def test_a_grading_that_takes_too_long_is_ended_before_another_worker_may_take_its_run():
    assert tasks.grade.time_limit < LEASE.total_seconds()


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
        claim = worker.claim

        def slowly(run_id, *, now):
            monkeypatch.setattr(worker, "claim", claim)
            lease = claim(run_id, now=now)
            assert give_grade(attempt, now=NOW + LEASE + MINUTE)
            return lease

        monkeypatch.setattr(worker, "claim", slowly)
        assert give_grade(attempt, now=NOW) is None
        assert attempt.grades.count() == 1
        assert RecordEntry.objects.filter(kind="quizzes.grade.given").count() == 1

    def test_a_worker_whose_run_is_in_other_hands_leaves_it_there(self, monkeypatch):
        attempt = a_submitted_attempt(Rating.BEST)
        claim = worker.claim

        def slowly(run_id, *, now):
            lease = claim(run_id, now=now)
            assert claim(run_id, now=NOW + LEASE + MINUTE)
            return lease

        monkeypatch.setattr(worker, "claim", slowly)
        assert give_grade(attempt, now=NOW) is None
        assert (run_of(attempt).state, attempt.grades.count()) == (GradingRun.State.TAKEN, 0)

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

    def test_a_second_grade_of_the_same_run_has_nowhere_to_go(self):
        attempt = a_graded_attempt(Rating.BEST)
        grade = attempt.grades.get()
        grade.pk, grade.uuid, grade.number = None, uuid.uuid4(), 2
        with pytest.raises(IntegrityError), transaction.atomic():
            grade.save(force_insert=True)

    def test_handing_in_leads_to_one_run_by_the_schema(self):
        attempt = a_submitted_attempt(Rating.BEST)
        with pytest.raises(IntegrityError), transaction.atomic():
            services.queue(attempt, GradingRun.Cause.SUBMISSION, now=NOW)

    @pytest.mark.parametrize(
        "fields",
        [{"state": "taken"}, {"lease": uuid.uuid4()}, {"state": "done"}, {"done_at": NOW}],
        ids=["taken by nobody", "lent while it waits", "done at no time", "done while it waits"],
    )
    def test_a_run_is_taken_by_a_lease_and_done_at_a_time(self, fields):
        run = run_of(a_submitted_attempt(Rating.BEST))
        with pytest.raises(IntegrityError), transaction.atomic():
            GradingRun.objects.filter(pk=run.pk).update(**fields)

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
            reason="Two people looked.",
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
        monkeypatch.setattr("core.bell.current_app.send_task", refused)
        assert services.ring_again(NOW + HOUR)["rung"] == 0
        assert len(asked) == 1
