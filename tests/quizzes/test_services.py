"""Freezing a quiz and sitting an attempt: what is kept, what is refused, and that a refusal changes nothing."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from quizzes import content, errors, services
from quizzes.drawing import arrange, draw
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, GradingRun, ItemVersion, QuizVersion, Response
from quizzes.rules import Refusal
from quizzes.services import sitting
from quizzes.services.grading import FIRST_RING_AGAIN
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import (
    RULES,
    a_bank,
    a_bank_of,
    a_graded_attempt,
    a_quiz,
    a_quiz_version,
    a_submitted_attempt,
    an_attempt,
    answers,
    give_grade,
    rows,
    run_of,
    save,
    send,
    weighed,
)

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
BOXES = weighed("multiple_choice", a="0.5", b="0.5", c="-0.5")


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
        with pytest.raises(ValueError, match="section 1 of .* draws 8 items and finds 7 published"):
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

    def test_what_is_drawn_and_its_arrangement_follow_from_a_secret_seed_and_not_from_the_attempt_s_address(
        self, monkeypatch
    ):
        version = a_quiz_version(a_bank(20))
        first, other = an_attempt(quiz_version=version), an_attempt(quiz_version=version)
        assert first.served["seed"] != other.served["seed"]
        assert first.served_items != other.served_items
        # Another learner, another address, the same seed: the same attempt.
        monkeypatch.setattr(sitting.secrets, "randbits", lambda bits: int(first.served["seed"], 16))
        again = an_attempt(quiz_version=version)
        assert again.uuid != first.uuid
        assert again.served == first.served

    def test_an_auditor_repeats_the_draw_and_the_arrangements_from_the_seed(self):
        attempt = an_attempt()
        seed = int(attempt.served["seed"], 16)
        drawn = draw(content.blueprint(attempt.quiz_version_id).sections, {}, seed)
        assert drawn == [item["version"] for item in attempt.served_items]
        for item in attempt.served_items:
            structure = content.item_version(item["version"]).structure
            assert arrange(content.kind_of(item["version"]), structure, seed, item["version"]) == item["arrangement"]

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

    def test_what_cannot_be_let_go_of_is_not_emptied_by_an_empty_form(self):
        """A radio button that nobody pressed says nothing, whatever was answered before and in another window."""
        attempt = an_attempt()
        save(attempt, 0, "a", sequence=4)
        before = rows()
        for sequence in (1, 4, 5):
            assert send(attempt, 0, sequence=sequence) is None
        assert rows() == before

    def test_boxes_can_all_be_let_go_of_and_ticked_again(self):
        attempt = an_attempt(quiz_version=a_quiz_version(a_bank_of(BOXES), draw=1))
        save(attempt, 0, "a", "c", sequence=1)
        emptied = send(attempt, 0, sequence=2)
        assert (emptied.answer, emptied.sequence) == (None, 2)
        with pytest.raises(errors.ChangedElsewhere):
            save(attempt, 0, "a", "c", sequence=2)
        assert save(attempt, 0, "b", sequence=3).answer == {"shape": 1, "choices": ["b"]}
        assert attempt.responses.count() == 3

    def test_a_question_that_was_emptied_again_is_graded_as_left_open(self):
        attempt = an_attempt(quiz_version=a_quiz_version(a_bank_of(BOXES), draw=1))
        save(attempt, 0, "a", "b", sequence=1)
        send(attempt, 0, sequence=2)
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
        assert give_grade(attempt, now=NOW).points == 0

    def test_an_answer_keeps_the_language_in_which_it_was_given(self):
        attempt = an_attempt()
        assert send(attempt, 0, "1", language="fr").language == "fr"

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

        monkeypatch.setattr("core.bell.current_app.send_task", fails)
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

    def test_one_attempt_that_cannot_be_handed_in_keeps_none_of_the_others(self, monkeypatch, caplog):
        first, failing, last = (an_attempt() for _attempt in range(3))
        submit = sitting._submit

        def fails_for_one(attempt, *rest):
            if attempt == failing:
                raise RuntimeError("a bug")
            return submit(attempt, *rest)

        late = first.deadline + datetime.timedelta(seconds=1)
        monkeypatch.setattr(sitting, "_submit", fails_for_one)
        assert services.submit_out_of_time(late) == 2
        assert set(Attempt.objects.filter(state=Attempt.State.SUBMITTED)) == {first, last}
        assert f"attempt {failing.uuid} could not be handed in" in caplog.text
        monkeypatch.setattr(sitting, "_submit", submit)
        assert services.submit_out_of_time(late) == 1
