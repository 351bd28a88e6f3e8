"""The regrade of an item in all its attempts: asked for, approved by another person, and done once for each."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from oversight import evidence, four_eyes, verification
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.grading import Treatment
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, GradingRun, ItemAdjustment, ItemVersion, Regrade
from quizzes.review import review_of
from quizzes.services import foreseeing
from quizzes.services import regrading as module
from quizzes.services.grading import standing_before
from quizzes.services.proposing import Deed, Proposal
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import (
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
)
from tests.queries import queries_of_one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

LATER = NOW + datetime.timedelta(days=1)
REASON = "Both answers are right in law."
BEST, RISKY, BREACH = Rating.BEST, Rating.RISKY, Rating.BREACH


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def author(here):
    return an_account(here, Role.AUTHOR)


@pytest.fixture
def reviewer(here):
    return an_account(here, Role.SUBJECT_REVIEWER)


@pytest.fixture
def quiz():
    """Every attempt is served all ten items."""
    return a_quiz_version(a_bank(10), draw=10)


def served_at(attempt, position):
    return ItemVersion.objects.get(pk=attempt.served_items[position]["version"])


def an_attempt_with(version, rating, others, quiz, **fields):
    """A graded attempt that answers one item with a rating, and the others with `others`, best first."""
    attempt = an_attempt(quiz_version=quiz, **fields)
    places = [item["version"] for item in attempt.served_items]
    ratings = list(others)
    chosen = [rating if place == version.pk else ratings.pop(0) for place in places]
    choose(attempt, *chosen)
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    give_grade(attempt, now=NOW)
    return Attempt.objects.get(pk=attempt.pk)


def ask(author, version, deed, *, now=NOW, **key):
    return services.ask_for_regrade(Proposal(version, deed, **key), reason=REASON, actor=author, now=now)


def adjust(author, reviewer, version, deed, *, now=LATER, **key):
    four_eyes.approve(ask(author, version, deed, now=now, **key), reason="So it is.", actor=reviewer, now=now)
    return ItemAdjustment.objects.latest("pk")


def regrade(adjustment, now=LATER):
    """Make the runs and do them, as the workers do."""
    services.spread(adjustment.pk, now=now)
    return [services.grade(run.pk, now=now) for run in GradingRun.objects.filter(adjustment=adjustment)]


def foreseen_by(proposal):
    return [each for chunk in services.foresee(proposal) for each in chunk.foreseen]


def in_force(attempt):
    return Grade.objects.effective().get(attempt=attempt)


def rekeyed(version, best):
    """The structure with another option as the best; what was best is risky then."""
    options = [
        option | {"rating": "best" if option["key"] == best else "risky", "bright_line": False}
        for option in version.structure["options"]
    ]
    return version.structure | {"options": options}


class TestAskingAndApproving:
    def test_a_second_person_approves_and_nothing_is_changed_before(self, quiz, author, reviewer):
        attempt = a_graded_attempt(BEST, quiz_version=quiz)
        version = served_at(attempt, 0)
        before = rows()[:4]
        asked = ask(author, version, Deed.DROP)
        assert rows()[:4] == before
        assert not ItemAdjustment.objects.exists()
        four_eyes.approve(asked, reason="So it is.", actor=reviewer, now=LATER)
        made = ItemAdjustment.objects.get()
        assert (made.version, made.number, made.deed, made.reason) == (version, 1, Deed.DROP, REASON)
        assert (made.requested_by, made.approved_by, made.at) == (author, reviewer, LATER)
        entry = RecordEntry.objects.get(kind="quizzes.item.adjusted")
        assert (entry.subject, entry.actor) == (made.uuid, reviewer.uuid)
        assert rows()[:4] == before

    def test_nobody_approves_their_own_request_with_whatever_role(self, quiz, here):
        both = an_account(here, Role.AUTHOR, Role.SUBJECT_REVIEWER, is_superuser=True)
        asked = ask(both, served_at(an_attempt(quiz_version=quiz), 0), Deed.DROP)
        with pytest.raises(PermissionDenied):
            four_eyes.approve(asked, reason="Mine.", actor=both, now=LATER)
        assert not ItemAdjustment.objects.exists()

    def test_an_author_asks_and_does_not_approve_and_others_do_neither(self, quiz, here, author):
        version = served_at(an_attempt(quiz_version=quiz), 0)
        asked = ask(author, version, Deed.DROP)
        for role in (Role.AUTHOR, Role.TRAINING_MANAGER, Role.CERTIFYING_OFFICER, Role.AUDITOR):
            with pytest.raises(PermissionDenied):
                four_eyes.approve(asked, reason="So.", actor=an_account(here, role), now=LATER)
        for person in (an_account(here), an_account(here, Role.TRAINING_MANAGER), an_account(is_superuser=True)):
            with pytest.raises(PermissionDenied):
                ask(person, version, Deed.CREDIT_ALL)

    def test_a_reason_is_asked_for(self, quiz, author):
        proposal = Proposal(served_at(an_attempt(quiz_version=quiz), 0), Deed.DROP)
        with pytest.raises(ValidationError):
            services.ask_for_regrade(proposal, reason=" ", actor=author, now=NOW)

    def test_a_new_key_that_asks_something_else_is_refused_before_anybody_decides(self, quiz, author):
        version = served_at(an_attempt(quiz_version=quiz), 0)
        fewer = version.structure | {"options": version.structure["options"][:2]}
        with pytest.raises(ValidationError, match="no new key"):
            ask(author, version, Deed.CHANGE_KEY, structure=fewer)

    def test_one_request_about_a_version_waits_at_a_time_and_the_newest_adjustment_is_in_force(
        self, quiz, author, reviewer
    ):
        version = served_at(an_attempt(quiz_version=quiz), 0)
        asked = ask(author, version, Deed.DROP)
        with pytest.raises(four_eyes.ConflictError):
            ask(author, version, Deed.CREDIT_ALL)
        four_eyes.approve(asked, reason="So.", actor=reviewer, now=NOW)
        second = adjust(author, reviewer, version, Deed.CREDIT_ALL)
        assert second.number == 2
        assert ItemAdjustment.objects.in_force([version.pk]) == {version.pk: second}

    def test_an_adjustment_is_never_changed_and_the_log_vouches_for_it(self, quiz, author, reviewer):
        adjust(author, reviewer, served_at(an_attempt(quiz_version=quiz), 0), Deed.DROP)
        for change in (lambda: ItemAdjustment.objects.update(deed="credit_all"), ItemAdjustment.objects.all().delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


class TestForeseeing:
    def test_the_preview_counts_who_changes_and_writes_nothing(self, quiz, author):
        first = an_attempt(quiz_version=quiz)
        version = served_at(first, 0)
        passed_by_it = an_attempt_with(version, BEST, [BEST] * 7 + [RISKY] * 2, quiz)
        failed_by_it = an_attempt_with(version, RISKY, [BEST] * 8 + [RISKY], quiz)
        nearly = an_attempt_with(version, RISKY, [BEST] * 7 + [RISKY] * 2, quiz)
        perfect = an_attempt_with(version, BEST, [BEST] * 9, quiz)
        before = rows()
        counts = services.look(Proposal(version, Deed.DROP), now=NOW).counted
        assert rows() == before
        # 7 of 9 is below the mark; 8 of 9 above it, and higher than before; 7 of 9 is more than 7 of 10.
        assert (counts.in_doubt, counts.up, counts.unchanged, counts.attempts) == (1, 2, 1, 4)
        changes = {each.attempt.pk: each.change for each in foreseen_by(Proposal(version, Deed.CREDIT_ALL))}
        assert changes == {
            passed_by_it.pk: "unchanged",
            failed_by_it.pk: "up",
            nearly.pk: "newly_passed",
            perfect.pk: "unchanged",
        }

    def test_what_is_foreseen_is_what_comes(self, quiz, author, reviewer, monkeypatch):
        monkeypatch.setattr(foreseeing, "CHUNK", 2)
        version = served_at(an_attempt(quiz_version=quiz), 0)
        ratings = [BEST, BEST, RISKY, RISKY, BREACH, BREACH]
        right = [8, 7, 8, 7, 9, 5]
        for rating, count in zip(ratings, right, strict=True):
            an_attempt_with(version, rating, [BEST] * count + [RISKY] * (9 - count), quiz)
        proposal = Proposal(version, Deed.DROP)
        foreseen = {each.attempt.pk: each.change for each in foreseen_by(proposal)}
        before = {grade.attempt_id: grade for grade in Grade.objects.all()}
        given = regrade(adjust(author, reviewer, version, Deed.DROP))
        assert {grade.attempt_id for grade in given} == set(foreseen)
        for grade in given:
            old = before[grade.attempt_id]
            came = (
                "in_doubt"
                if grade.pass_stands
                else "newly_passed"
                if grade.passed and not old.passed
                else "unchanged"
                if grade.score == old.score
                else "up"
                if grade.score > old.score
                else "down"
            )
            assert came == foreseen[grade.attempt_id]

    def test_the_decider_reads_the_counts_and_no_name_nor_answer(self, quiz, author):
        attempt = a_graded_attempt(*[BEST] * 7, *[RISKY] * 3, quiz_version=quiz)
        said = four_eyes.consequence_of(ask(author, served_at(attempt, 9), Deed.CREDIT_ALL))
        assert "1 graded attempt was served it" in said
        assert "Newly passed: 1." in said
        assert attempt.learner.full_name not in said

    def test_looking_takes_as_many_queries_for_many_attempts_as_for_one(self, quiz):
        version = served_at(a_graded_attempt(BEST, quiz_version=quiz), 0)
        proposal = Proposal(version, Deed.DROP)
        services.look(proposal, now=NOW)
        few = len(queries_of_one(lambda: services.look(proposal, now=NOW)))
        for _attempt in range(4):
            a_graded_attempt(BEST, quiz_version=quiz)
        assert len(queries_of_one(lambda: services.look(proposal, now=NOW))) == few


class TestRegrading:
    def test_crediting_gives_everybody_the_points_and_a_second_grade_with_its_reason(self, quiz, author, reviewer):
        attempt = a_graded_attempt(*[BEST] * 7, *[RISKY] * 3, quiz_version=quiz)
        adjustment = adjust(author, reviewer, served_at(attempt, 9), Deed.CREDIT_ALL)
        [grade] = regrade(adjustment)
        assert (grade.number, grade.origin, grade.reason) == (2, Grade.Origin.REGRADED, REASON)
        assert (grade.score, grade.passed, grade.pass_stands) == (80, True, False)
        assert grade.run.adjustment == adjustment
        assert RecordEntry.objects.filter(kind="quizzes.grade.given", subject=grade.uuid).count() == 1
        grade.refresh_from_db()
        entry = RecordEntry.objects.get(subject=grade.uuid)
        assert entry.detail.facts == grade.record_facts()

    def test_a_task_delivered_again_and_a_regrade_spread_again_change_nothing(self, quiz, author, reviewer):
        attempts = [a_graded_attempt(RISKY, quiz_version=quiz) for _ in range(3)]
        adjustment = adjust(author, reviewer, served_at(attempts[0], 0), Deed.CREDIT_ALL)
        regrade(adjustment)
        before = rows()
        assert services.spread(adjustment.pk, now=LATER) == 0
        assert services.spread_unfinished(LATER) == 0
        for run in GradingRun.objects.all():
            assert services.grade(run.pk, now=LATER) is None
        assert rows() == before
        assert [attempt.grades.count() for attempt in attempts] == [2, 2, 2]
        assert Regrade.objects.get().queued == 3

    def test_a_new_key_judges_what_was_answered(self, quiz, author, reviewer):
        attempt = a_graded_attempt(*[BEST] * 7, *[RISKY] * 3, quiz_version=quiz)
        version = served_at(attempt, 9)
        risky = option_of(attempt.served_items[9], RISKY)
        [grade] = regrade(adjust(author, reviewer, version, Deed.CHANGE_KEY, structure=rekeyed(version, risky)))
        assert (grade.score, grade.passed) == (80, True)
        version.refresh_from_db()
        assert {option["key"]: option["rating"] for option in version.structure["options"]}[risky] == "risky"
        reviewed = review_of(Attempt.objects.get(pk=attempt.pk), "en", now=NOW).items[9]
        assert (reviewed.outcome, reviewed.rekeyed, reviewed.shown["rating"]) == ("right", True, "best")

    def test_attempts_that_were_not_served_the_item_or_not_handed_in_are_left_alone(self, author, reviewer):
        quiz = a_quiz_version(a_bank(40), draw=2)
        attempt = a_graded_attempt(RISKY, quiz_version=quiz)
        version = served_at(attempt, 0)
        others = [a_graded_attempt(RISKY, quiz_version=quiz) for _ in range(6)]
        an_attempt(quiz_version=quiz)
        adjustment = adjust(author, reviewer, version, Deed.CREDIT_ALL)
        regrade(adjustment)
        served = {
            each.pk for each in [attempt, *others] if version.pk in {item["version"] for item in each.served_items}
        }
        assert set(GradingRun.objects.filter(adjustment=adjustment).values_list("attempt", flat=True)) == served

    def test_who_is_served_it_later_is_judged_by_the_adjustment_at_once(self, quiz, author, reviewer):
        version = served_at(an_attempt(quiz_version=quiz), 0)
        adjust(author, reviewer, version, Deed.DROP)
        grade = a_graded_attempt(BEST, quiz_version=quiz).grades.get()
        assert (grade.maximum, grade.score, grade.origin) == (9, 100, Grade.Origin.GRADED)

    def test_an_attempt_that_waits_for_its_first_grade_gets_one_grade_by_the_adjustment(self, quiz, author, reviewer):
        attempt = a_submitted_attempt(BEST, quiz_version=quiz)
        first = run_of(attempt)
        adjustment = adjust(author, reviewer, served_at(attempt, 0), Deed.DROP)
        assert regrade(adjustment) == [None]
        grade = services.grade(first.pk, now=LATER)
        assert (grade.number, grade.maximum, grade.origin) == (1, 9, Grade.Origin.GRADED)

    def test_what_comes_into_force_once_a_worker_has_taken_it_counts(self, quiz, author, reviewer, monkeypatch):
        attempt = a_submitted_attempt(BEST, quiz_version=quiz)
        claim = services.grading.claim

        def meanwhile(run_id, *, now):
            lease = claim(run_id, now=now)
            adjust(author, reviewer, served_at(attempt, 0), Deed.DROP)
            return lease

        monkeypatch.setattr(services.grading, "claim", meanwhile)
        assert give_grade(attempt, now=LATER).maximum == 9

    def test_a_voided_attempt_is_not_graded_again(self, quiz, author, reviewer):
        attempt = a_graded_attempt(RISKY, quiz_version=quiz)
        adjustment = adjust(author, reviewer, served_at(attempt, 0), Deed.CREDIT_ALL)
        services.spread(adjustment.pk, now=LATER)
        Attempt.objects.update(state=Attempt.State.VOIDED)
        assert regrade(adjustment) == [None]
        assert attempt.grades.count() == 1

    def test_a_run_of_a_regrade_is_made_once_by_the_schema_and_has_its_adjustment(self, quiz, author, reviewer):
        attempt = a_graded_attempt(RISKY, quiz_version=quiz)
        adjustment = adjust(author, reviewer, served_at(attempt, 0), Deed.CREDIT_ALL)
        services.spread(adjustment.pk, now=LATER)
        for wrong in (adjustment, None):
            with pytest.raises(IntegrityError), transaction.atomic():
                GradingRun.objects.create(attempt=attempt, cause="regrade", adjustment=wrong, since=NOW)

    def test_every_run_is_rung_for_and_the_sweeper_goes_on_where_a_worker_died(
        self, quiz, author, reviewer, monkeypatch
    ):
        monkeypatch.setattr(foreseeing, "CHUNK", 2)
        attempts = [a_graded_attempt(RISKY, quiz_version=quiz) for _ in range(5)]
        adjustment = adjust(author, reviewer, served_at(attempts[0], 0), Deed.CREDIT_ALL)

        def dies(runs):
            raise KeyboardInterrupt

        ring_each = module._ring_each
        monkeypatch.setattr(module, "_ring_each", dies)
        with pytest.raises(KeyboardInterrupt):
            services.spread(adjustment.pk, now=LATER)
        monkeypatch.setattr(module, "_ring_each", ring_each)
        assert GradingRun.objects.filter(adjustment=adjustment).count() == 2
        assert services.spread_unfinished(LATER) == 3
        assert Regrade.objects.get().finished_at == LATER
        assert services.ring_again(LATER + datetime.timedelta(minutes=1))["rung"] == 5

    def test_one_regrade_that_fails_holds_up_no_other(self, quiz, author, reviewer, monkeypatch, caplog):
        attempt = a_graded_attempt(RISKY, quiz_version=quiz)
        failing, other = (adjust(author, reviewer, served_at(attempt, place), Deed.CREDIT_ALL) for place in (0, 1))
        queue_chunk = module._queue_chunk

        def fails_for_one(regrade, *rest):
            if regrade.adjustment_id == failing.pk:
                raise RuntimeError("a bug")
            return queue_chunk(regrade, *rest)

        monkeypatch.setattr(module, "_queue_chunk", fails_for_one)
        assert services.spread_unfinished(LATER) == 1
        assert Regrade.objects.get(finished_at=LATER).adjustment == other
        assert f"adjustment {failing.pk} could not be spread" in caplog.text
        monkeypatch.setattr(module, "_queue_chunk", queue_chunk)
        assert services.spread_unfinished(LATER) == 1
        assert not Regrade.objects.unfinished().exists()


class TestAPassIsNotTakenAway:
    def a_pass_in_doubt(self, quiz, author, reviewer):
        first = an_attempt(quiz_version=quiz)
        version = served_at(first, 0)
        attempt = an_attempt_with(version, BEST, [BEST] * 7 + [RISKY] * 2, quiz)
        regrade(adjust(author, reviewer, version, Deed.DROP))
        return attempt

    def test_a_regrade_that_would_fail_is_recorded_and_the_pass_stands(self, quiz, author, reviewer):
        attempt = self.a_pass_in_doubt(quiz, author, reviewer)
        grade = in_force(attempt)
        assert (grade.score, grade.passed, grade.pass_stands) == (Decimal("77.8"), True, True)
        assert grade.record_facts()["pass_stands"] is True
        assert list(Grade.objects.standing_passes()) == [grade]
        review = review_of(attempt, "en", now=NOW)
        assert (review.passed, review.pass_stands) == (True, True)

    def test_two_people_withdraw_it_and_one_alone_cannot(self, quiz, author, reviewer):
        attempt = self.a_pass_in_doubt(quiz, author, reviewer)
        here = attempt.learner.administration
        officer, second = (an_account(here, Role.CERTIFYING_OFFICER) for _ in range(2))
        asked = services.ask_for_withdrawal(attempt, reason="It was no pass.", actor=officer, now=LATER)
        for nobody in (officer, attempt.learner, an_account(here, Role.TRAINING_MANAGER)):
            with pytest.raises(PermissionDenied):
                four_eyes.approve(asked, reason="So.", actor=nobody, now=LATER)
        assert in_force(attempt).passed
        four_eyes.approve(asked, reason="So.", actor=second, now=LATER)
        grade = in_force(attempt)
        assert (grade.number, grade.origin, grade.reason) == (3, Grade.Origin.WITHDRAWN, "It was no pass.")
        assert (grade.score, grade.passed, grade.pass_stands) == (Decimal("77.8"), False, False)
        assert not Grade.objects.standing_passes().exists()

    def test_a_pass_that_no_regrade_speaks_against_cannot_be_withdrawn(self, quiz):
        attempt = a_graded_attempt(BEST, quiz_version=quiz)
        officer = an_account(attempt.learner.administration, Role.CERTIFYING_OFFICER)
        with pytest.raises(ValidationError):
            services.ask_for_withdrawal(attempt, reason="So.", actor=officer, now=LATER)

    def test_a_later_correction_takes_the_doubt_away(self, quiz, author, reviewer):
        attempt = self.a_pass_in_doubt(quiz, author, reviewer)
        version = ItemAdjustment.objects.get().version
        regrade(adjust(author, reviewer, version, Deed.CREDIT_ALL))
        grade = in_force(attempt)
        assert (grade.number, grade.score, grade.passed, grade.pass_stands) == (3, 80, True, False)

    def test_a_request_that_another_grade_has_overtaken_cannot_be_approved(self, quiz, author, reviewer):
        attempt = self.a_pass_in_doubt(quiz, author, reviewer)
        here = attempt.learner.administration
        officer, second = (an_account(here, Role.CERTIFYING_OFFICER) for _ in range(2))
        asked = services.ask_for_withdrawal(attempt, reason="It was no pass.", actor=officer, now=LATER)
        regrade(adjust(author, reviewer, ItemAdjustment.objects.get().version, Deed.CREDIT_ALL))
        with pytest.raises(four_eyes.ConflictError):
            four_eyes.approve(asked, reason="So.", actor=second, now=LATER)
        assert in_force(attempt).passed


class TestChangingAScore:
    @pytest.fixture
    def attempt(self):
        """78 per cent: 7 of 9 items."""
        return a_graded_attempt(*[BEST] * 7, RISKY, RISKY, quiz_version=a_quiz_version(a_bank(9), draw=9))

    @pytest.fixture
    def officers(self, attempt):
        return [an_account(attempt.learner.administration, Role.CERTIFYING_OFFICER) for _ in range(2)]

    def ask(self, attempt, actor, score="80.0"):
        return services.ask_for_override(
            attempt, score=Decimal(score), reason="The appeal is right.", actor=actor, now=LATER
        )

    def test_changing_78_to_80_needs_an_independent_second_approver_and_a_reason(self, attempt, officers):
        """Acceptance scenario 12."""
        asked = self.ask(attempt, officers[0])
        with pytest.raises(PermissionDenied):
            four_eyes.approve(asked, reason="Mine.", actor=officers[0], now=LATER)
        with pytest.raises(ValidationError):
            four_eyes.approve(asked, reason=" ", actor=officers[1], now=LATER)
        assert in_force(attempt).score == Decimal("77.8")
        four_eyes.approve(asked, reason="I have read it.", actor=officers[1], now=LATER)
        grade = in_force(attempt)
        assert (grade.score, grade.passed, grade.number) == (80, True, 2)
        assert (grade.origin, grade.reason) == (Grade.Origin.OVERRIDDEN, "The appeal is right.")
        entry = RecordEntry.objects.get(kind="quizzes.grade.given", subject=grade.uuid)
        assert entry.actor == officers[1].uuid

    def test_the_learner_a_manager_and_a_stranger_neither_ask_nor_decide(self, attempt, officers):
        learner, here = attempt.learner, attempt.learner.administration
        learner.roles = [str(Role.CERTIFYING_OFFICER)]
        learner.save(update_fields=["roles"])
        others = [learner, an_account(here, Role.TRAINING_MANAGER), an_account(None, Role.CERTIFYING_OFFICER)]
        for person in others:
            with pytest.raises(PermissionDenied):
                self.ask(attempt, person)
        asked = self.ask(attempt, officers[0])
        for person in others:
            with pytest.raises(PermissionDenied):
                four_eyes.approve(asked, reason="So.", actor=person, now=LATER)

    @pytest.mark.parametrize("score", ["-1", "100.1", "80.05", "77.8", "NaN"])
    def test_a_score_is_one_and_another(self, attempt, officers, score):
        with pytest.raises(ValidationError):
            self.ask(attempt, officers[0], score)

    def test_the_decider_reads_both_scores_and_what_comes_of_it(self, attempt, officers):
        said = four_eyes.consequence_of(self.ask(attempt, officers[0]))
        assert "from 77.8 to 80.0" in said
        assert "passes" in said

    def test_a_regrade_leaves_what_two_people_decided_unless_it_is_better(self, attempt, officers, author, reviewer):
        four_eyes.approve(self.ask(attempt, officers[0]), reason="So.", actor=officers[1], now=LATER)
        worse = adjust(author, reviewer, served_at(attempt, 0), Deed.DROP)
        assert regrade(worse) == [None]
        assert in_force(attempt).score == 80
        [better] = regrade(adjust(author, reviewer, served_at(attempt, 7), Deed.CREDIT_ALL))
        # One right answer is dropped, a wrong one credited: 7 of 8.
        assert (better.score, better.passed) == (Decimal("87.5"), True)

    def test_it_binds_every_later_regrade_also_after_one_that_was_better(self, attempt, officers, author, reviewer):
        four_eyes.approve(self.ask(attempt, officers[0], "85.0"), reason="So.", actor=officers[1], now=LATER)
        [better] = regrade(adjust(author, reviewer, served_at(attempt, 7), Deed.CREDIT_ALL))
        assert (better.score, better.passed) == (Decimal("88.9"), True)
        for position in (0, 1, 2):
            version = served_at(attempt, position)
            wrong_now = rekeyed(version, option_of(attempt.served_items[position], RISKY))
            assert regrade(adjust(author, reviewer, version, Deed.CHANGE_KEY, structure=wrong_now)) == [None]
        # By the keys of today it would be 5 of 9.
        assert services.judge_attempt(attempt).score == Decimal("55.6")
        grade = in_force(attempt)
        assert (grade.score, grade.passed, grade.pass_stands, grade.number) == (Decimal("88.9"), True, False, 3)

    def test_a_withdrawal_by_two_people_ends_what_two_people_decided_before(self):
        def grades(*origins):
            return [Grade(number=n, origin=origin, score=85, passed=True) for n, origin in enumerate(origins, start=1)]

        graded, regraded = Grade.Origin.GRADED, Grade.Origin.REGRADED
        overridden, withdrawn = Grade.Origin.OVERRIDDEN, Grade.Origin.WITHDRAWN
        assert standing_before([]) is None
        for origins, decided in (
            ((graded, regraded), False),
            ((graded, overridden), True),
            ((graded, overridden, regraded, regraded), True),
            ((graded, overridden, regraded, withdrawn), False),
            ((graded, overridden, withdrawn, regraded), False),
            ((graded, withdrawn, overridden, regraded), True),
        ):
            assert standing_before(grades(*origins)).decided == decided, origins
            assert standing_before(grades(*origins)[::-1]).decided == decided, origins


def test_the_log_vouches_for_everything_that_was_done_and_the_learner_is_told(quiz, author, reviewer):
    attempt = a_graded_attempt(*[BEST] * 7, *[RISKY] * 3, quiz_version=quiz)
    regrade(adjust(author, reviewer, served_at(attempt, 9), Deed.CREDIT_ALL))
    findings = verification.Findings()
    assert evidence.verify_rows(findings) >= 3
    assert findings.kept == []
    reviewed = review_of(Attempt.objects.get(pk=attempt.pk), "en", now=NOW)
    assert (reviewed.regraded, reviewed.items[9].treatment) == (True, Treatment.CREDITED)
