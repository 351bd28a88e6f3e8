"""Marking by people, from the tasks that a grading leaves to the grade that they lead to."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import errors, services
from quizzes.marking import MODERATOR, Marker, Task, may_mark
from quizzes.models import Attempt, Grade, GradingRun, ItemOutcomes, ItemVersion, Mark, Marking
from quizzes.services import marking
from quizzes.services.marking import Given
from quizzes.services.proposing import Deed, Proposal
from tests.factories.cohorts import a_group, a_place
from tests.factories.markings import (
    a_quiz_with_essays,
    an_attempt_to_mark,
    assessors,
    levels,
    mark,
    places,
)
from tests.factories.people import NOW, a_holiday, an_account, an_administration
from tests.factories.quizzes import an_attempt, give_grade, run_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
State = Marking.State


@pytest.fixture
def here():
    return an_administration(time_zone="UTC")


@pytest.fixture
def learner(here):
    return an_account(here)


def grade_of(attempt):
    """Do the run that the last mark has asked for."""
    run = GradingRun.objects.get(attempt=attempt, cause="marking")
    return services.grade(run.pk, now=NOW)


class TestTasks:
    def test_a_grading_that_meets_an_essay_leaves_a_task_and_no_grade(self, learner):
        attempt = an_attempt_to_mark(learner, language="ar")
        assert attempt.state == Attempt.State.GRADING
        assert run_of(attempt).state == GradingRun.State.DONE
        assert not Grade.objects.exists()
        [place] = Marking.objects.all()
        assert (place.position, place.seat, place.state, place.language) == (0, 1, State.WAITING, "ar")

    def test_of_two_markers_each_has_a_place_at_each_answer(self, learner):
        attempt = an_attempt_to_mark(learner, essays=2, markers=2)
        assert set(places(attempt)) == {(0, 1), (0, 2), (1, 1), (1, 2)}

    def test_an_essay_left_open_earns_nothing_and_bothers_nobody(self, learner):
        attempt = an_attempt(learner, a_quiz_with_essays())
        services.submit_attempt(attempt, learner=learner, now=NOW)
        assert give_grade(attempt, now=NOW).score == 0
        assert not Marking.objects.exists()

    def test_it_is_due_ten_working_days_after_handing_in_where_it_is_handed_in(self, here, learner):
        a_holiday(here, datetime.date(2026, 3, 4))
        attempt = an_attempt_to_mark(learner)
        # Monday 2 March; the Wednesday is a holiday.
        assert places(attempt)[0, 1].due_on == datetime.date(2026, 3, 17)

    def test_graded_twice_the_tasks_stand_once(self, learner):
        attempt = an_attempt_to_mark(learner)
        assert services.grade(run_of(attempt).pk, now=NOW + HOUR) is None
        assert Marking.objects.count() == 1


class TestTheGrade:
    def test_the_last_mark_leads_to_one_grade_of_what_was_marked(self, here, learner, rung):
        attempt = an_attempt_to_mark(learner, essays=2)
        [assessor] = assessors(here, 1)
        mark(assessor, levels(2, 1))
        assert not GradingRun.objects.filter(cause="marking").exists()
        mark(assessor, levels(1, 0))
        grade = grade_of(attempt)
        # All of one and a quarter of the other.
        assert (grade.points, grade.maximum, str(grade.score)) == (1.25, 2, "62.5")
        assert (grade.grading_version, grade.number, grade.origin) == (2, 1, Grade.Origin.GRADED)
        attempt.refresh_from_db()
        assert attempt.state == Attempt.State.GRADED
        assert services.grade(grade.run_id, now=NOW + HOUR) is None
        assert ItemOutcomes.objects.get().outcomes["fractions"] == [1.0, 0.25]

    def test_what_a_program_reads_and_what_people_mark_add_up(self, here, learner):
        attempt = an_attempt(learner, a_quiz_with_essays(1, others=1))
        essay = next(n for n, item in enumerate(attempt.served_items) if not item["arrangement"].get("options"))
        for position in range(2):
            if position == essay:
                send(attempt, position, "I refuse.")
            else:
                send(attempt, position, "1")
        services.submit_attempt(attempt, learner=learner, now=NOW)
        assert give_grade(attempt, now=NOW) is None
        mark(*assessors(here, 1), levels(0, 1))
        assert grade_of(attempt).points in (0.5, 1.5)

    def test_the_mean_of_two_markers_is_exact(self, here, learner):
        attempt = an_attempt_to_mark(learner, markers=2, tolerance="0.5")
        first, second, _third = assessors(here)
        mark(first, levels(1, 0))
        assert not GradingRun.objects.filter(cause="marking").exists()
        mark(second, levels(2, 0))
        assert grade_of(attempt).score == 37.5

    def test_markers_too_far_apart_call_for_a_third_person_whose_word_counts(self, here, learner):
        attempt = an_attempt_to_mark(learner, markers=2, tolerance="0.25")
        first, second, third = assessors(here)
        mark(first, levels(0, 0))
        mark(second, levels(2, 1))
        assert not GradingRun.objects.filter(cause="marking").exists()
        place = places(attempt)[0, MODERATOR]
        assert place.state == State.WAITING
        assert marking.take_next(first, now=NOW) is None
        taken = marking.take_next(third, now=NOW)
        assert taken == place
        with pytest.raises(errors.ReasonMissing):
            mark(third, levels(1, 0), place=taken)
        mark(third, levels(1, 0), place=taken, reason="The second read what is not there.")
        assert grade_of(attempt).points == 0.25

    def test_each_mark_is_in_the_log(self, here, learner):
        an_attempt_to_mark(learner)
        [assessor] = assessors(here, 1)
        given = mark(assessor, comment="Well seen.")
        entry = RecordEntry.objects.get(kind="quizzes.mark.given")
        assert (entry.actor, entry.subject) == (assessor.uuid, given.uuid)
        assert entry.detail.facts == given.record_facts() | {"shape": 1}

    def test_a_mark_is_never_changed_or_deleted(self, here, learner):
        an_attempt_to_mark(learner)
        given = mark(*assessors(here, 1))
        for change in (
            lambda: Mark.objects.update(comment="Other"),
            lambda: Mark.objects.filter(pk=given.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestTaking:
    def test_whoever_is_due_first_is_next_and_what_is_in_hands_comes_before(self, here, learner):
        [assessor] = assessors(here, 1)
        later = an_attempt_to_mark(learner, now=NOW + 3 * DAY)
        sooner = an_attempt_to_mark(an_account(here), now=NOW)
        taken = marking.take_next(assessor, now=NOW)
        assert taken.attempt == sooner
        assert marking.take_next(assessor, now=NOW + 10 * HOUR) == taken
        mark(assessor, place=taken)
        assert marking.take_next(assessor, now=NOW).attempt == later

    def test_two_markers_get_different_places_and_nobody_both_of_an_answer(self, here, learner):
        an_attempt_to_mark(learner, markers=2)
        first, second, third = assessors(here)
        assert {marking.take_next(each, now=NOW).seat for each in (first, second)} == {1, 2}
        assert marking.take_next(third, now=NOW) is None
        mark(first)
        assert marking.take_next(first, now=NOW) is None

    def test_the_schema_lets_nobody_sit_twice_at_an_answer(self, here, learner):
        attempt = an_attempt_to_mark(learner, markers=2)
        first, *_ = assessors(here)
        mark(first)
        with pytest.raises(IntegrityError), transaction.atomic():
            Marking.objects.filter(attempt=attempt).update(marker=first, state="taken", lease_until=NOW, done_at=None)

    def test_what_was_laid_aside_is_free_again_without_the_draft(self, here, learner):
        an_attempt_to_mark(learner)
        first, second, _ = assessors(here)
        place = marking.take_next(first, now=NOW)
        marking.keep_draft(place.uuid, Given({}, comment="My own words"), sequence=1, marker=first, now=NOW + HOUR)
        assert marking.take_next(second, now=NOW + marking.LEASE) is None
        again = marking.take_next(second, now=NOW + HOUR + marking.LEASE + HOUR)
        assert (again, again.marker, again.draft) == (place, second, None)
        with pytest.raises(errors.NotInYourHands):
            mark(first, place=place)
        with pytest.raises(errors.NotInYourHands):
            marking.keep_draft(place.uuid, Given({}), sequence=2, marker=first, now=NOW)

    def test_whose_lease_has_run_out_may_still_give_the_mark_if_nobody_else_came(self, here, learner):
        attempt = an_attempt_to_mark(learner)
        [first] = assessors(here, 1)
        mark(first, place=marking.take_next(first, now=NOW), now=NOW + 3 * DAY)
        assert grade_of(attempt).passed

    def test_what_a_marker_declines_comes_to_others(self, here, learner):
        an_attempt_to_mark(learner)
        first, second, _ = assessors(here)
        place = marking.take_next(first, now=NOW)
        marking.decline(place.uuid, marker=first, now=NOW)
        assert marking.take_next(first, now=NOW) is None
        assert marking.take_next(second, now=NOW) == place
        with pytest.raises(errors.NotInYourHands):
            marking.decline(place.uuid, marker=first, now=NOW)

    def test_a_marker_may_ask_for_answers_in_one_language(self, here, learner):
        an_attempt_to_mark(learner, language="en")
        an_attempt_to_mark(an_account(here), language="ar")
        [assessor] = assessors(here, 1)
        assert marking.take_next(assessor, now=NOW, language="ar").language == "ar"
        assert marking.take_next(assessor, now=NOW, language="fr") is None

    def test_a_draft_that_comes_late_overwrites_nothing(self, here, learner):
        an_attempt_to_mark(learner)
        [assessor] = assessors(here, 1)
        place = marking.take_next(assessor, now=NOW)
        for sequence, words in ((2, "newer"), (1, "older")):
            marking.keep_draft(place.uuid, Given({}, comment=words), sequence=sequence, marker=assessor, now=NOW)
        place.refresh_from_db()
        assert Given.of_draft(place.draft).comment == "newer"


class TestWhoseAnswers:
    """The query and the rule say the same."""

    def test_tutors_mark_those_they_teach_assessors_everybody_of_theirs_nobody_their_own(self, here):
        group, other = a_group(here), a_group(here)
        tutor, stranger = an_account(here, Role.TUTOR), an_account(here, Role.TUTOR)
        both = an_account(here, Role.TUTOR, Role.ASSESSOR)
        manager, far = an_account(here, Role.TRAINING_MANAGER), an_account(None, *Role)
        group.tutors.add(tutor)
        other.tutors.add(stranger)
        quiz, attempts = a_quiz_with_essays(markers=2), []
        for learner, of_group in ((an_account(here), group), (tutor, other), (both, group)):
            enrolment = a_place(learner, of_group)
            attempt = an_attempt(learner, quiz, registration=enrolment.uuid)
            send(attempt, 0, "I refuse.")
            services.submit_attempt(attempt, learner=learner, now=NOW)
            give_grade(attempt, now=NOW)
            attempts.append((attempt, of_group))
        Marking.objects.create(
            attempt=attempts[0][0], position=0, seat=MODERATOR, language="en", since=NOW, due_on=NOW
        )
        for person in (tutor, stranger, both, manager, far):
            allowed = set()
            for attempt, of_group in attempts:
                marker = Marker(
                    person.pk,
                    assesses=person.holds(Role.ASSESSOR),
                    teaches=person.holds(Role.TUTOR) and person in of_group.tutors.all(),
                )
                if person.administration == here:
                    allowed |= {
                        place.pk
                        for place in attempt.markings.all()
                        if may_mark(marker, Task(place.seat, attempt.learner_id))
                    }
            assert set(Marking.objects.for_marker(person).values_list("pk", flat=True)) == allowed, person.roles
        assert Marking.objects.for_marker(tutor).count() == 4
        assert Marking.objects.for_marker(both).count() == 5

    def test_nobody_marks_for_an_attempt_that_was_voided(self, here, learner):
        attempt = an_attempt_to_mark(learner)
        [assessor] = assessors(here, 1)
        place = marking.take_next(assessor, now=NOW)
        Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.VOIDED)
        with pytest.raises(errors.GradedMeanwhile):
            mark(assessor, place=place)
        assert marking.take_next(assessor, now=NOW) is None


class TestCorrecting:
    def test_a_mark_is_corrected_by_a_new_one_with_a_reason_until_the_grade_is_asked_for(self, here, learner):
        attempt = an_attempt_to_mark(learner, essays=2)
        [assessor] = assessors(here, 1)
        place = marking.take_next(assessor, now=NOW)
        mark(assessor, levels(2, 1), place=place)
        assert list(marking.correctable(assessor)) == [place]
        with pytest.raises(errors.ReasonMissing):
            mark(assessor, levels(0, 0), place=place)
        mark(assessor, levels(0, 0), place=place, reason="I read the wrong page.")
        assert [each.number for each in place.marks.all()] == [1, 2]
        mark(assessor, levels(2, 1))
        assert not marking.correctable(assessor)
        with pytest.raises(errors.GradedMeanwhile):
            mark(assessor, levels(2, 1), place=place, reason="Too late.")
        assert grade_of(attempt).points == 1

    def test_a_correction_that_brings_two_together_calls_the_moderator_off_and_back(self, here, learner):
        attempt = an_attempt_to_mark(learner, essays=2, markers=2)
        first, second, _third = assessors(here)
        own = marking.take_next(first, now=NOW)
        mark(first, levels(0, 0), place=own)
        mark(second, levels(2, 1))

        def state():
            return places(attempt)[own.position, MODERATOR].state

        assert state() == State.WAITING
        mark(first, levels(2, 1), place=own, reason="The second page was stuck to the first.")
        assert state() == State.CALLED_OFF
        mark(first, levels(0, 0), place=own, reason="It was another's second page.")
        assert state() == State.WAITING

    def test_what_a_moderator_has_decided_no_marker_corrects(self, here, learner):
        attempt = an_attempt_to_mark(learner, essays=2, markers=2)
        first, second, third = assessors(here)
        own = marking.take_next(first, now=NOW)
        mark(first, levels(0, 0), place=own)
        mark(second, levels(2, 1))
        Marking.objects.filter(seat=MODERATOR).update(due_on=datetime.date(2026, 1, 1))
        decided = marking.take_next(third, now=NOW)
        assert decided.is_moderation
        mark(third, levels(1, 1), place=decided, reason="So it is.")
        assert own not in marking.correctable(first)
        assert decided in marking.correctable(third)
        with pytest.raises(errors.GradedMeanwhile):
            mark(first, levels(1, 1), place=own, reason="Now I see.")
        assert attempt.markings.open().count() == 2


class TestAQuestionThatWasWrong:
    def adjust(self, attempt, here, position=0, deed=Deed.DROP):
        version = ItemVersion.objects.get(pk=attempt.served_items[position]["version"])
        asked = services.ask_for_regrade(
            Proposal(version, deed), reason="It is wrong.", actor=an_account(here, Role.AUTHOR), now=NOW
        )
        four_eyes.approve(asked, reason="Yes.", actor=an_account(here, Role.SUBJECT_REVIEWER), now=NOW)
        services.spread_unfinished(NOW)
        for run in GradingRun.objects.filter(cause="regrade", state="waiting"):
            services.grade(run.pk, now=NOW)

    def test_one_that_is_dropped_while_it_waits_is_nobody_s_task_and_the_rest_decides(self, here, learner):
        attempt = an_attempt_to_mark(learner, essays=2)
        [assessor] = assessors(here, 1)
        place = marking.take_next(assessor, now=NOW)
        mark(assessor, levels(1, 0), place=place)
        self.adjust(attempt, here, 1 - place.position)
        assert places(attempt)[1 - place.position, 1].state == State.CALLED_OFF
        grade = grade_of(attempt)
        assert (grade.points, grade.maximum) == (0.25, 1)

    def test_one_that_is_credited_needs_no_marker_either(self, here, learner):
        attempt = an_attempt_to_mark(learner)
        self.adjust(attempt, here, deed=Deed.CREDIT_ALL)
        assert grade_of(attempt).points == 1

    def test_dropped_before_the_first_grading_it_never_goes_to_markers(self, here, learner):
        version = a_quiz_with_essays(2)
        first = an_attempt_to_mark(learner, version)
        self.adjust(first, here, 0)
        second = an_attempt_to_mark(an_account(here), version)
        dropped = first.served_items[0]["version"]
        positions = {each.position for each in Marking.objects.filter(attempt=second)}
        assert [second.served_items[each]["version"] for each in positions] != [dropped]
        assert len(positions) == 1

    def test_a_regrade_after_the_grade_keeps_what_people_marked(self, here, learner):
        attempt = an_attempt_to_mark(learner, essays=2)
        [assessor] = assessors(here, 1)
        marked = mark(assessor, levels(1, 0))
        mark(assessor, levels(2, 1))
        grade_of(attempt)
        self.adjust(attempt, here, 1 - marked.marking.position)
        newest = Grade.objects.effective().get()
        assert (newest.origin, newest.points, newest.maximum) == (Grade.Origin.REGRADED, 0.25, 1)


def test_the_counts_at_a_glance(here, learner):
    an_attempt_to_mark(learner, markers=2)
    first, *_ = assessors(here)
    marking.take_next(first, now=NOW)
    counts = marking.at_a_glance(Marking.objects.all(), now=NOW)
    assert (counts.waiting, counts.overdue, counts.moderations) == (1, 0, 0)
    later = marking.at_a_glance(Marking.objects.all(), now=NOW + 30 * DAY)
    assert (later.waiting, later.overdue) == (2, 2)
    assert services.ring_again(NOW + DAY)["waiting"] == 0
