"""Supervised sittings: who may open one, what its code lets begin, and what an invigilator does there."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cohorts import services
from cohorts.models import Candidate, Enrolment, Irregularity, Sitting, SupervisedAttempt, SupervisedQuiz
from cohorts.supervision import invigilating, reading, requiring, rules
from cohorts.supervision.admission import NotAdmitted, Reason
from oversight.models import RecordEntry
from people.models import Role
from quizzes import content, errors
from quizzes import services as quiz_services
from quizzes.errors import MayNotStart
from quizzes.kinds.choices import Rating
from quizzes.kinds.contract import Fields
from quizzes.models import Attempt
from tests.factories.cohorts import a_group, a_place
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import give_grade, option_of, values_of
from tests.factories.sittings import a_sitting, a_supervised_place, a_tutor, quiz_of, start
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db

MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
HERE, THERE = uuid.UUID(int=1), uuid.UUID(int=2)


def kinds():
    return list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True))


def wrong(sitting):
    """A code that the sitting does not have."""
    return ("Y" if sitting.code[0] != "Y" else "X") + sitting.code[1:]


def refused(place, code, now=NOW, **fields):
    with pytest.raises(NotAdmitted) as caught:
        start(place, code, start_key=fields.pop("start_key", HERE), now=now, **fields)
    return caught.value


@pytest.fixture
def place():
    return a_supervised_place()


@pytest.fixture
def sitting(place):
    return a_sitting(place)


@pytest.fixture
def tutor(sitting):
    return sitting.opened_by


class TestRequiring:
    def test_a_training_manager_requires_and_lifts_it_once_each_with_a_record(self):
        place = a_place()
        manager, step = an_account(place.administration, Role.TRAINING_MANAGER), quiz_of(place).key
        first = requiring.require(place.cohort, step, actor=manager, now=NOW)
        assert requiring.require(place.cohort, step, actor=manager, now=NOW) == first
        requiring.lift(place.cohort, step, actor=manager, now=NOW)
        requiring.lift(place.cohort, step, actor=manager, now=NOW)
        assert not SupervisedQuiz.objects.in_force().exists()
        assert kinds()[-2:] == ["cohorts.quiz.supervision_required", "cohorts.quiz.supervision_lifted"]

    @pytest.mark.parametrize("role", [None, Role.TUTOR, Role.CERTIFYING_OFFICER, Role.AUTHOR, Role.AUDITOR])
    def test_nobody_else_does(self, role):
        place = a_place()
        actor = an_account(place.administration, *[role] if role else [])
        with pytest.raises(PermissionDenied):
            requiring.require(place.cohort, quiz_of(place).key, actor=actor, now=NOW)

    def test_nor_a_training_manager_of_another_administration(self):
        place = a_place()
        with pytest.raises(PermissionDenied):
            requiring.require(place.cohort, quiz_of(place).key, actor=an_account(None, Role.TRAINING_MANAGER), now=NOW)

    def test_it_holds_in_its_own_run_alone(self, place):
        other = a_place(release=place.release)
        assert start(other, start_key=HERE).browser is None
        assert refused(place, "").reason == Reason.NONE_OPEN

    def test_only_a_quiz_of_the_course_can_be_supervised(self):
        place = a_place()
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        with pytest.raises(requiring.NoSuchQuiz):
            requiring.require(place.cohort, uuid.uuid4(), actor=manager, now=NOW)


class TestOpening:
    def test_a_tutor_opens_one_for_an_own_group_and_it_stands_in_the_log(self, place, sitting, tutor):
        assert (sitting.group, sitting.opened_by, sitting.administration) == (place.group, tutor, place.administration)
        entry = RecordEntry.objects.get(kind="cohorts.sitting.opened")
        assert (entry.subject, entry.actor) == (sitting.uuid, tutor.uuid)
        assert sitting.code not in str(entry.detail.facts)

    def test_a_training_manager_opens_one_for_a_whole_section(self, place):
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        times = {"opens_at": NOW, "closes_at": NOW + HOUR}
        sitting = invigilating.open_sitting(
            place.group.section, None, quiz_of(place).key, place="Hall", actor=manager, now=NOW, **times
        )
        assert start(place, sitting.code, start_key=HERE).supervised.sitting == sitting

    def test_a_tutor_does_not_open_one_for_others_groups(self, place):
        with pytest.raises(PermissionDenied):
            a_sitting(place, actor=a_tutor(a_group(place.administration)))

    @pytest.mark.parametrize("role", [None, Role.CERTIFYING_OFFICER, Role.AUTHOR, Role.AUDITOR])
    def test_nobody_else_opens_one(self, place, role):
        with pytest.raises(PermissionDenied):
            a_sitting(place, actor=an_account(place.administration, *[role] if role else []))

    def test_who_learns_in_the_run_looks_after_none_of_its_sittings(self, place, sitting):
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        assert invigilating.supervised_by(manager).get() == sitting
        services.enrol(manager, place.group, actor=None, now=NOW)
        assert not invigilating.supervised_by(manager).exists()
        with pytest.raises(PermissionDenied):
            a_sitting(place, actor=manager)
        with pytest.raises(PermissionDenied):
            invigilating.close(sitting, actor=manager, now=NOW)

    def test_nobody_sits_in_a_sitting_they_opened(self, place, sitting, tutor):
        own = services.enrol(tutor, place.group, actor=None, now=NOW)
        assert refused(own, sitting.code).reason == Reason.NONE_OPEN

    @pytest.mark.parametrize(
        ("opens_at", "closes_at"),
        [(NOW, NOW), (NOW - 2 * HOUR, NOW - HOUR), (NOW + 2 * HOUR, NOW + HOUR), (NOW, NOW + 13 * HOUR)],
    )
    def test_a_window_that_makes_no_sense_opens_nothing(self, place, opens_at, closes_at):
        with pytest.raises(ValueError, match="sitting"):
            a_sitting(place, opens_at=opens_at, closes_at=closes_at)
        assert not Sitting.objects.exists()

    def test_a_quiz_that_is_not_supervised_has_no_sittings(self):
        with pytest.raises(invigilating.NotSupervised):
            a_sitting(a_place())


class TestStarting:
    def test_the_right_code_starts_an_attempt_tied_to_the_sitting_and_the_browser(self, place, sitting):
        attempt = start(place, sitting.code.lower(), start_key=HERE)
        assert attempt.browser == HERE
        assert Attempt.objects.get().browser == HERE
        tie = SupervisedAttempt.objects.get()
        assert (tie.attempt, tie.sitting, tie.enrolment) == (attempt, sitting, place)
        assert kinds()[-1] == "cohorts.sitting.attempt_started"

    def test_the_tie_never_changes(self, place, sitting):
        start(place, sitting.code, start_key=HERE)
        other = a_sitting(place)
        for change in (
            lambda: SupervisedAttempt.objects.update(sitting=other),
            lambda: SupervisedAttempt.objects.all().delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_wrong_code_says_how_many_tries_are_left_and_then_asks_for_a_pause(self, place, sitting):
        left = [refused(place, wrong(sitting)).left for _ in range(rules.TRIES - 1)]
        assert left == [4, 3, 2, 1]
        last = refused(place, wrong(sitting))
        assert (last.reason, last.until) == (Reason.BARRED, NOW + rules.PAUSE)
        assert not Attempt.objects.exists()
        # Now the right one does not help either, until the pause is over.
        assert refused(place, sitting.code).reason == Reason.BARRED
        assert start(place, sitting.code, start_key=HERE, now=NOW + rules.PAUSE).browser == HERE

    def test_what_cannot_be_a_code_is_no_try(self, place, sitting):
        assert [refused(place, "O0O0").reason for _ in range(9)] == [Reason.MALFORMED] * 9
        assert refused(place, wrong(sitting)).left == 4

    def test_the_right_code_forgets_the_wrong_ones(self, place, sitting):
        refused(place, wrong(sitting))
        start(place, sitting.code, start_key=HERE)
        assert Candidate.objects.get().wrong_codes == 0

    def test_one_persons_wrong_codes_are_not_anothers(self, place, sitting):
        for _ in range(rules.TRIES):
            refused(place, wrong(sitting))
        fellow = a_place(group=place.group)
        assert start(fellow, sitting.code, start_key=THERE).browser == THERE

    def test_too_many_wrong_codes_of_all_block_the_code_until_it_is_renewed(self, place, sitting, tutor):
        Sitting.objects.update(wrong_codes=rules.WRONG_CODES - 1)
        refused(place, wrong(sitting))
        sitting.refresh_from_db()
        assert sitting.standing(NOW) == rules.Standing.BLOCKED
        assert refused(place, sitting.code).reason == Reason.NONE_OPEN
        invigilating.renew_code(sitting, actor=tutor, now=NOW)
        sitting.refresh_from_db()
        assert start(place, sitting.code, start_key=HERE).browser == HERE

    @pytest.mark.parametrize("now", [NOW - 2 * HOUR, NOW + 2 * HOUR])
    def test_outside_of_its_times_the_code_opens_nothing(self, place, sitting, now):
        assert refused(place, sitting.code, now=now).reason == Reason.NONE_OPEN

    def test_a_code_of_another_group_or_another_run_opens_nothing(self, place, sitting):
        elsewhere = a_supervised_place(release=place.release)
        assert refused(elsewhere, sitting.code).reason == Reason.NONE_OPEN

    def test_of_two_rooms_the_code_says_which_one(self, place, sitting):
        second = a_sitting(place, place="Room 5")
        attempt = start(place, second.code, start_key=HERE)
        assert attempt.supervised.sitting == second
        assert sitting.code != second.code

    def test_a_renewed_code_leaves_the_old_one_worthless_and_gives_all_tries_back(self, place, sitting, tutor):
        old = sitting.code
        for _ in range(rules.TRIES):
            refused(place, wrong(sitting))
        invigilating.renew_code(sitting, actor=tutor, now=NOW)
        sitting.refresh_from_db()
        assert refused(place, old).left == 4
        assert start(place, sitting.code, start_key=HERE).browser == HERE

    def test_a_withdrawn_code_opens_nothing_and_stops_nobody_who_has_started(self, place, sitting, tutor):
        attempt = start(place, sitting.code, start_key=HERE)
        invigilating.withdraw_code(sitting, actor=tutor, now=NOW)
        assert refused(a_place(group=place.group), sitting.code, start_key=THERE).reason == Reason.NONE_OPEN
        key = attempt.served_items[0]["arrangement"]["options"][0]
        assert carry(attempt, key, carried={HERE})

    def test_after_closing_nobody_starts_and_what_is_open_runs_to_its_deadline(self, place, sitting, tutor):
        attempt = start(place, sitting.code, start_key=HERE)
        invigilating.close(sitting, actor=tutor, now=NOW)
        assert refused(a_place(group=place.group), sitting.code, start_key=THERE).reason == Reason.NONE_OPEN
        attempt.refresh_from_db()
        assert (attempt.state, attempt.deadline) == (Attempt.State.IN_PROGRESS, NOW + 30 * MINUTE)
        with pytest.raises(invigilating.AlreadyClosed):
            invigilating.renew_code(sitting, actor=tutor, now=NOW)

    def test_a_second_click_and_a_second_start_in_the_same_browser_go_on_with_the_same_attempt(self, place, sitting):
        attempt = start(place, sitting.code, start_key=HERE)
        assert start(place, sitting.code, start_key=HERE) == attempt
        assert start(place, "", start_key=THERE, carried={HERE}) == attempt
        assert SupervisedAttempt.objects.count() == 1

    def test_the_rules_of_attempts_hold_as_ever(self, place, sitting):
        attempt = start(place, sitting.code, start_key=HERE)
        quiz_services.submit_attempt(attempt, learner=place.user, now=NOW)
        give_grade(attempt, now=NOW)
        with pytest.raises(MayNotStart):
            start(place, sitting.code, start_key=THERE)
        # The old form, sent once more, starts nothing new and changes nothing.
        assert start(place, sitting.code, start_key=HERE) == attempt
        assert SupervisedAttempt.objects.count() == 1

    def test_an_attempt_that_began_before_supervision_was_asked_for_goes_on(self):
        place = a_place()
        attempt = start(place, start_key=HERE)
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        requiring.require(place.cohort, quiz_of(place).key, actor=manager, now=NOW)
        assert start(place, start_key=THERE) == attempt
        assert not SupervisedAttempt.objects.exists()

    def test_starting_without_supervision_asks_the_database_as_often_as_it_did(self):
        place = a_place()
        place = Enrolment.objects.get(pk=place.pk)
        begun = start(place, start_key=HERE)  # remembers the outline and the pool
        content.item_versions(content.pool(begun.quiz_version_id))  # whichever are drawn
        again = Enrolment.objects.get(pk=a_place(release=place.release).pk)
        queries = queries_of_one(lambda: start(again, start_key=THERE))
        # Rules and supervision in one, quiz, series, what was seen, the attempt, invitation, last activity; and the
        # person, whom this test's place has not read yet.
        assert len(queries) <= 8, queries
        assert not [each for each in queries if "cohorts_sitting" in each or "cohorts_candidate" in each]


def carry(attempt, *keys, carried=(), sequence=1):
    """Save a choice from a browser that carries these keys."""
    return save_from(attempt, values_of(attempt, 0, *keys), carried, sequence)


def save_from(attempt, values, carried, sequence):
    return quiz_services.save_response(
        attempt.uuid,
        learner=attempt.learner,
        position=0,
        fields=Fields({"q1": list(values)}, "q1"),
        sequence=sequence,
        carried=carried,
        now=NOW,
    )


class TestAnotherComputer:
    @pytest.fixture
    def attempt(self, place, sitting):
        return start(place, sitting.code, start_key=HERE)

    def test_another_browser_saves_nothing(self, attempt):
        key = attempt.served_items[0]["arrangement"]["options"][0]
        for carried in ((), {THERE}):
            with pytest.raises(errors.AnsweredElsewhere):
                carry(attempt, key, carried=carried)
        assert carry(attempt, key, carried={HERE, THERE}).sequence == 1

    def test_with_the_code_alone_nobody_goes_on_elsewhere(self, place, sitting, attempt):
        assert refused(place, sitting.code, start_key=THERE).reason == Reason.NOT_RELEASED

    def test_the_form_that_began_it_and_the_code_begin_nothing_in_another_browser(self, place, sitting, attempt):
        again = {"start_key": HERE, "browser": THERE}
        assert refused(place, sitting.code, **again).reason == Reason.NOT_RELEASED
        assert refused(place, sitting.code, **again, now=NOW + MINUTE).reason == Reason.NOT_RELEASED
        attempt.refresh_from_db()
        assert attempt.browser == HERE

    def test_with_release_and_code_one_goes_on_once_and_the_computer_before_is_refused(
        self, place, sitting, tutor, attempt
    ):
        key = attempt.served_items[0]["arrangement"]["options"][0]
        carry(attempt, key, carried={HERE})
        invigilating.release(sitting, place, actor=tutor, now=NOW)
        assert refused(place, wrong(sitting), start_key=THERE).reason == Reason.WRONG
        moved = start(place, sitting.code, start_key=THERE)
        assert (moved, moved.browser) == (attempt, THERE)
        assert start(place, sitting.code, start_key=THERE).browser == THERE
        assert kinds().count("cohorts.sitting.went_on_elsewhere") == 1
        assert moved.responses.count() == 1
        with pytest.raises(errors.AnsweredElsewhere):
            carry(attempt, key, carried={HERE}, sequence=2)
        assert carry(attempt, key, carried={THERE}, sequence=2)
        assert refused(place, sitting.code, start_key=uuid.UUID(int=3)).reason == Reason.NOT_RELEASED
        assert kinds()[-2:] == ["cohorts.sitting.released_to_another_computer", "cohorts.sitting.went_on_elsewhere"]

    def test_a_release_runs_out(self, place, sitting, tutor, attempt):
        invigilating.release(sitting, place, actor=tutor, now=NOW)
        late = refused(place, sitting.code, start_key=THERE, now=NOW + rules.RELEASE)
        assert late.reason == Reason.NOT_RELEASED

    def test_it_works_in_a_sitting_that_is_closed(self, place, sitting, tutor, attempt):
        invigilating.close(sitting, actor=tutor, now=NOW)
        invigilating.release(sitting, place, actor=tutor, now=NOW)
        assert start(place, sitting.code, start_key=THERE).browser == THERE

    def test_it_works_when_supervision_was_lifted_meanwhile(self, place, sitting, tutor, attempt):
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        requiring.lift(place.cohort, quiz_of(place).key, actor=manager, now=NOW)
        assert refused(place, sitting.code, start_key=THERE).reason == Reason.NOT_RELEASED
        invigilating.release(sitting, place, actor=tutor, now=NOW)
        assert start(place, sitting.code, start_key=THERE).browser == THERE

    def test_only_who_has_an_attempt_open_can_be_let_go_on(self, place, sitting, tutor):
        with pytest.raises(invigilating.NothingOpen):
            invigilating.release(sitting, place, actor=tutor, now=NOW)


class TestLookingAfter:
    def test_the_page_knows_who_has_started_and_handed_in_and_nothing_of_answers(self, place, sitting):
        fellow, third = a_place(group=place.group), a_place(group=place.group)
        attempt = start(fellow, sitting.code, start_key=HERE)
        save_best(attempt, HERE)
        quiz_services.submit_attempt(attempt, learner=fellow.user, now=NOW + MINUTE)
        give_grade(attempt, now=NOW + MINUTE)
        start(third, sitting.code, start_key=THERE)
        people = {each.enrolment: each for each in reading.people_of(sitting, NOW + 2 * MINUTE)}
        assert people[place].started_at is None
        assert people[fellow].handed_in_at == NOW + MINUTE
        assert people[third].is_working
        assert (people[third].started_at, people[third].deadline) == (NOW, NOW + 30 * MINUTE)
        tally = reading.tally_of(list(people.values()))
        assert (tally.people, tally.present, tally.working, tally.handed_in) == (3, 0, 1, 1)
        shown = set(reading.Person.__dataclass_fields__)
        assert not {name for name in shown if any(word in name for word in ("score", "pass", "grade", "answer"))}

    def test_an_attempt_out_of_time_counts_as_handed_in_before_the_sweeper_comes(self, place, sitting):
        attempt = start(place, sitting.code, start_key=HERE)
        [person] = reading.people_of(sitting, NOW + HOUR)
        assert (person.is_working, person.handed_in_at) == (False, attempt.deadline)

    def test_who_changed_groups_after_starting_stays_in_the_list(self, place, sitting):
        start(place, sitting.code, start_key=HERE)
        Enrolment.objects.update(group=a_group(place.administration))
        assert [each.enrolment for each in reading.people_of(sitting, NOW)] == [place]

    def test_the_queries_do_not_grow_with_the_people(self, place, sitting):
        counts = []
        for _round in range(2):
            for _person in range(3):
                start(a_place(group=place.group), sitting.code, start_key=uuid.uuid4())
            counts.append(len(queries_of_one(lambda: reading.people_of(sitting, NOW))))
        assert counts == [4, 4]

    def test_presence_is_confirmed_once_and_recorded(self, place, sitting, tutor):
        for later in (NOW, NOW + MINUTE):
            invigilating.confirm_presence(sitting, place, actor=tutor, now=later)
        [person] = reading.people_of(sitting, NOW)
        assert person.present_at == NOW
        assert kinds().count("cohorts.sitting.presence_confirmed") == 1

    def test_a_note_is_kept_as_it_was_written_and_the_log_vouches_for_it(self, place, sitting, tutor):
        attempt = start(place, sitting.code, start_key=HERE)
        invigilating.note_irregularity(sitting, place, note=" A telephone rang. ", actor=tutor, now=NOW)
        noted = Irregularity.objects.get()
        assert (noted.note, noted.noted_by) == ("A telephone rang.", tutor)
        with pytest.raises(IntegrityError), transaction.atomic():
            Irregularity.objects.update(note="Nothing.")
        with pytest.raises(ValueError, match="says something"):
            invigilating.note_irregularity(sitting, place, note="  ", actor=tutor, now=NOW)
        attempt.refresh_from_db()
        assert attempt.state == Attempt.State.IN_PROGRESS
        call_command("verify_records")

    def test_only_people_of_the_sitting_are_seen_released_or_noted(self, sitting, tutor):
        stranger = a_place(group=a_group(sitting.administration))
        for deed in (
            lambda: invigilating.confirm_presence(sitting, stranger, actor=tutor, now=NOW),
            lambda: invigilating.note_irregularity(sitting, stranger, note="Who?", actor=tutor, now=NOW),
        ):
            with pytest.raises(PermissionDenied):
                deed()

    def test_another_tutor_does_none_of_it(self, place, sitting):
        other = a_tutor(a_group(place.administration))
        facts = {"actor": other, "now": NOW}
        for deed in (
            lambda: invigilating.close(sitting, **facts),
            lambda: invigilating.renew_code(sitting, **facts),
            lambda: invigilating.withdraw_code(sitting, **facts),
            lambda: invigilating.confirm_presence(sitting, place, **facts),
            lambda: invigilating.release(sitting, place, **facts),
            lambda: invigilating.note_irregularity(sitting, place, note="Hm.", **facts),
        ):
            with pytest.raises(PermissionDenied):
                deed()


def save_best(attempt, browser):
    carry(attempt, option_of(attempt.served_items[0], Rating.BEST), carried={browser})
