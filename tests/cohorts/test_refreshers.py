"""A delta refresher: whom it concerns, what it asks, and what it leaves as it was."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from certificates.models import Certificate
from certificates.services import issue
from certificates.tasks import sweep as certificates_sweep
from cohorts import moving, refreshers, services
from cohorts.concerned import completed_places, concerned, latest_change
from cohorts.models import Cohort, Delta, Enrolment, Refresher, RefresherPlace
from cohorts.tasks import fill_refresher, sweep
from core.models import OutgoingMail
from oversight.evidence import verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from people.models import Officer, Posting, Role
from quizzes.kinds.choices import Rating
from tests.factories.cohorts import a_group, a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.people import NOW, a_post, an_account, an_administration, an_office
from tests.factories.quizzes import a_quiz_version, give_grade
from tests.factories.refreshers import (
    DUE_ON,
    LATER,
    REASON,
    a_completed_place,
    a_material_change,
    a_refresher,
    asked_of,
    complete,
    do_all,
    mark,
)
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    """No broker is asked: the worker here is the test."""
    monkeypatch.setattr(refreshers, "ring", lambda refresher_id: None)
    monkeypatch.setattr(moving, "ring", lambda move_id: None)


@pytest.fixture
def place():
    return a_completed_place(release=a_release(a_quiz_version()))


def lessons(place):
    return [step.key for step in steps_of(place, "lesson")]


def the_place(refresher, user=None):
    places = Enrolment.objects.filter(cohort=refresher.cohort)
    return (places.filter(user=user) if user else places).get()


def keys_asked(place):
    return [step.key for step in asked_of(place)]


class TestWhatIsAsked:
    def test_only_what_its_authors_marked_in_reading_order(self, place):
        first, second, third = lessons(place)
        newer = a_material_change(place.release, [third, first], reworded=[first, second, third], lessons=1)
        own = the_place(a_refresher(place.cohort))
        assert own.release == newer
        assert keys_asked(own) == [first, third]

    def test_a_new_step_and_a_changed_quiz(self, place):
        [quiz] = [step.key for step in steps_of(place, "quiz")]
        newer = a_newer_release(place.release, lessons=1, quiz_version=a_quiz_version())
        new = newer.nodes.filter(kind="lesson").last().key
        mark(newer, [new, quiz])
        assert keys_asked(the_place(a_refresher(place.cohort))) == [quiz, new]

    def test_what_two_releases_marked_is_read_in_the_newest_words(self, place):
        first, second, _third = lessons(place)
        middle = a_material_change(place.release, [first])
        newest = a_newer_release(a_material_change(middle, [second]))
        own = the_place(a_refresher(place.cohort))
        assert own.release == newest
        assert keys_asked(own) == [first, second]

    def test_whoever_was_carried_past_a_change_is_asked_to_read_it(self):
        """A move leaves done what was done; that its words are others now is what a refresher is for."""
        place = a_place(release=a_release(a_quiz_version()))
        first, second, _third = lessons(place)
        services.complete_lesson(place, steps_of(place, "lesson")[0], learner=place.user, now=NOW)
        newer = a_material_change(place.release, [first, second])
        order = moving.begin(place.cohort, newer, reason="x", actor=None, now=NOW)
        moving.carry_on(order.pk, now=NOW)
        place.refresh_from_db()
        complete(place)
        assert keys_asked(the_place(a_refresher(place.cohort))) == [first]


class TestWhoIsConcerned:
    def people(self, cohort, audience="run"):
        change = latest_change(cohort.release.course)
        places = completed_places(change, audience=audience, cohort=cohort, now=LATER)
        return {one.place.user for one in concerned(change, places)}

    def test_those_who_completed_and_nobody_else(self, place):
        for state in ("withdrawn", "failed", "lapsed"):
            Enrolment.objects.filter(pk=a_place(group=place.group).pk).update(state=state)
        a_place(group=place.group)
        gone = a_completed_place(group=place.group)
        gone.user.is_active = False
        gone.user.save()
        a_completed_place(group=a_group(place.administration, place.release))
        a_material_change(place.release, lessons(place)[:1])
        assert self.people(place.cohort) == {place.user}

    def test_nobody_where_nothing_is_marked(self, place):
        a_newer_release(place.release, reworded=lessons(place))
        assert latest_change(place.release.course) is None
        with pytest.raises(refreshers.NothingMarked):
            a_refresher(place.cohort)

    def test_whoever_reads_the_whole_course_anew_is_left_to_it(self, place):
        newer = a_material_change(place.release, lessons(place)[:1])
        again = a_place(place.user, a_group(place.administration, newer))
        assert self.people(place.cohort) == set()
        Enrolment.objects.filter(pk=again.pk).update(state=Enrolment.State.WITHDRAWN)
        assert self.people(place.cohort) == {place.user}

    def test_whoever_completed_the_change_elsewhere_knows_it(self, place):
        newer = a_material_change(place.release, lessons(place)[:1])
        complete(a_place(place.user, a_group(place.administration, newer)))
        assert self.people(place.cohort) == set()

    def test_all_with_a_valid_certificate_whatever_their_run(self, place):
        other = a_completed_place(group=a_group(place.administration, place.release))
        expired = a_completed_place(group=place.group, user=an_account(place.administration))
        foreign = a_completed_place(group=a_group(None, place.release))
        a_completed_place(group=place.group, user=an_account(place.administration))  # without a certificate
        for each in (place, other, foreign):
            issue(each.pk, now=LATER - datetime.timedelta(days=1))
        issue(expired.pk, now=LATER - datetime.timedelta(days=400))
        a_material_change(place.release, lessons(place)[:1])
        assert self.people(place.cohort, "certified") == {place.user, other.user}

    def test_a_person_with_two_completed_places_gets_one(self, place):
        second = complete(a_place(place.user, a_group(place.administration, place.release)), now=NOW)
        for each in (place, second):
            issue(each.pk, now=LATER)
        a_material_change(place.release, lessons(place)[:1])
        own = the_place(a_refresher(place.cohort, audience="certified"))
        assert own.refresher_place.refreshes == second


class TestOpening:
    def test_only_a_training_manager_of_the_administration_opens_one(self, place):
        a_material_change(place.release, lessons(place)[:1])
        ours = place.administration
        for actor in (an_account(ours, *(set(Role) - {Role.TRAINING_MANAGER})), an_account(None, *Role)):
            with pytest.raises(PermissionDenied):
                a_refresher(place.cohort, actor=actor)
        assert a_refresher(place.cohort, actor=an_account(ours, Role.TRAINING_MANAGER)).filled_at == LATER

    def test_it_needs_a_reason_and_a_day_to_come(self, place):
        a_material_change(place.release, lessons(place)[:1])
        for wrong in ({"reason": {"en": " "}}, {"due_on": LATER.date()}):
            with pytest.raises(ValueError, match="a refresher"):
                a_refresher(place.cohort, **wrong)
        assert not Refresher.objects.exists()

    def test_opened_again_while_it_is_filled_it_is_the_same_one(self, place):
        a_material_change(place.release, lessons(place)[:1])
        wanted = {"audience": "run", "due_on": DUE_ON, "reason": REASON, "actor": None, "now": LATER}
        first, second = (refreshers.open_refresher(place.cohort, **wanted) for _time in range(2))
        assert first == second
        with pytest.raises(refreshers.StillFilling):
            refreshers.open_refresher(place.cohort, **wanted | {"audience": "certified"})
        assert Refresher.objects.count() == 1

    def test_filled_again_it_gives_no_second_place_and_no_second_letter(self, place):
        place.user.email = "ana@example.org"
        place.user.save()
        a_material_change(place.release, lessons(place)[:1])
        opened = a_refresher(place.cohort)
        assert refreshers.fill(opened.pk, now=LATER) == 0
        assert (RefresherPlace.objects.count(), OutgoingMail.objects.count()) == (1, 1)

    def test_opened_again_later_it_is_for_those_who_completed_since(self, place):
        late = a_place(group=place.group)
        a_material_change(place.release, lessons(place)[:1])
        a_refresher(place.cohort)
        with pytest.raises(refreshers.NobodyConcerned):
            a_refresher(place.cohort)
        complete(late)
        second = a_refresher(place.cohort, now=LATER + datetime.timedelta(days=2))
        assert the_place(second).user == late.user
        assert Refresher.objects.count() == 2

    def test_the_deadline_is_midnight_in_each_ones_office(self, place):
        for zone in ("Asia/Tashkent", "America/Bogota"):
            person = a_completed_place(group=place.group).user
            officer = Officer.objects.create(
                administration=place.administration, user=person, category=Officer.Category.EMPLOYEE
            )
            office = an_office(place.administration, time_zone=zone)
            Posting.objects.create(officer=officer, post=a_post(office), since=datetime.date(2020, 1, 1))
        place.administration.time_zone = "UTC"
        place.administration.save()
        a_material_change(place.release, lessons(place)[:1])
        a_refresher(place.cohort)
        due = RefresherPlace.objects.order_by("due_at").values_list("due_at", flat=True)
        assert [moment.isoformat() for moment in due] == [
            "2026-04-30T19:00:00+00:00",
            "2026-05-01T00:00:00+00:00",
            "2026-05-01T05:00:00+00:00",
        ]

    def test_a_worker_fills_and_the_sweeper_rings_for_what_waits(self, place, monkeypatch):
        rung = []
        monkeypatch.setattr(refreshers, "ring", rung.append)
        a_material_change(place.release, lessons(place)[:1])
        opened = refreshers.open_refresher(
            place.cohort, audience="run", due_on=DUE_ON, reason=REASON, actor=None, now=LATER
        )
        sweep()
        assert rung == [opened.pk]
        for _twice in range(2):
            fill_refresher(opened.pk)
        fill_refresher(opened.pk + 1)
        sweep()
        assert rung == [opened.pk]
        assert the_place(opened).user == place.user

    @pytest.mark.parametrize("people", [3, 12])
    def test_a_chunk_costs_the_same_for_few_and_for_many(self, place, people):
        for _number in range(people - 1):
            a_completed_place(group=place.group)
        a_material_change(place.release, lessons(place)[:1])
        opened = refreshers.open_refresher(
            place.cohort, audience="run", due_on=DUE_ON, reason=REASON, actor=None, now=LATER
        )
        queries = queries_of_one(lambda: refreshers.fill(opened.pk, now=LATER))
        assert len(queries) <= 30, queries
        assert RefresherPlace.objects.count() == people


class TestLearning:
    def test_doing_all_its_steps_completes_it_and_credits_their_time_alone(self, place):
        before = Enrolment.objects.values().get(pk=place.pk)
        a_material_change(place.release, lessons(place)[:2], minutes={lessons(place)[0]: 10})
        own = the_place(a_refresher(place.cohort))
        do_all(own)
        assert (own.state, own.completed_at, own.credited_minutes) == (Enrolment.State.COMPLETED, LATER, 40)
        assert Enrolment.objects.values().get(pk=place.pk) == before

    def test_a_changed_quiz_is_passed_in_a_series_of_its_own(self, place):
        [quiz] = [step.key for step in steps_of(place, "quiz")]
        newer = a_newer_release(place.release, quiz_version=a_quiz_version())
        mark(newer, [quiz])
        own = the_place(a_refresher(place.cohort))
        failed = hand_in_quiz(own, Rating.BREACH, now=LATER)
        give_grade(failed, now=LATER)
        assert failed.number == 1
        own.refresh_from_db()
        assert own.completed_at is None
        give_grade(hand_in_quiz(own, Rating.BEST, now=LATER + datetime.timedelta(days=2)).pk, now=LATER)
        own.refresh_from_db()
        assert own.state == Enrolment.State.COMPLETED

    def test_doing_a_step_twice_credits_it_once(self, place):
        a_material_change(place.release, lessons(place)[:2])
        own = the_place(a_refresher(place.cohort))
        step = asked_of(own)[0]
        assert services.complete_lesson(own, step, learner=own.user, now=LATER)
        assert not services.complete_lesson(own, step, learner=own.user, now=LATER)
        own.refresh_from_db()
        assert (own.state, own.credited_minutes) == (Enrolment.State.ACTIVE, 30)

    def test_it_awards_nothing_and_the_old_certificate_stays(self, place):
        issue(place.pk, now=NOW)
        before = Certificate.objects.values().get()
        a_material_change(place.release, lessons(place)[:1])
        own = the_place(a_refresher(place.cohort))
        do_all(own)
        assert issue(own.pk, now=LATER) is None
        certificates_sweep()
        assert Certificate.objects.values().get() == before

    def test_a_programme_that_asks_for_the_course_does_not_take_a_refresher_for_it(self, place):
        """The place behind it is what shows the course; see openings.missing_prerequisites."""
        a_material_change(place.release, lessons(place)[:1])
        do_all(the_place(a_refresher(place.cohort)))
        assert Enrolment.objects.whole().filter(state=Enrolment.State.COMPLETED).get() == place

    def test_a_newer_one_takes_over_what_is_left_and_asks_nothing_twice(self, place):
        first, second, third = lessons(place)
        middle = a_material_change(place.release, [first, second])
        older = the_place(a_refresher(place.cohort))
        services.complete_lesson(older, asked_of(older)[0], learner=older.user, now=LATER)
        a_material_change(middle, [third])
        newer = the_place(a_refresher(place.cohort, now=LATER + datetime.timedelta(days=1)))
        older.refresh_from_db()
        assert older.state == Enrolment.State.LAPSED
        assert keys_asked(newer) == [second, third]
        assert RecordEntry.objects.about(older).filter(kind="cohorts.refresher.overtaken").count() == 1

    def test_an_attempt_begun_in_the_one_overtaken_counts_in_the_newer(self, place):
        [quiz] = [step.key for step in steps_of(place, "quiz")]
        middle = a_newer_release(place.release, quiz_version=a_quiz_version())
        mark(middle, [quiz])
        older = the_place(a_refresher(place.cohort))
        attempt = hand_in_quiz(older, Rating.BEST, now=LATER)
        a_material_change(middle, lessons(place)[:1])
        newer = the_place(a_refresher(place.cohort, now=LATER + datetime.timedelta(days=1)))
        give_grade(attempt, now=LATER + datetime.timedelta(days=2))
        assert list(newer.progress.values_list("node__key", flat=True)) == [quiz]
        assert not older.progress.exists()
        newer.refresh_from_db()
        older.refresh_from_db()
        assert (newer.credited_minutes, older.credited_minutes) == (15, 0)

    def test_an_attempt_at_a_quiz_that_was_marked_again_stays_where_it_was_begun(self, place):
        [quiz] = [step.key for step in steps_of(place, "quiz")]
        middle = a_newer_release(place.release, quiz_version=a_quiz_version())
        mark(middle, [quiz])
        older = the_place(a_refresher(place.cohort))
        attempt = hand_in_quiz(older, Rating.BEST, now=LATER)
        mark(a_newer_release(middle, quiz_version=a_quiz_version()), [quiz])
        newer = the_place(a_refresher(place.cohort, now=LATER + datetime.timedelta(days=1)))
        give_grade(attempt, now=LATER + datetime.timedelta(days=2))
        assert not newer.progress.exists()
        older.refresh_from_db()
        assert (older.state, older.credited_minutes) == (Enrolment.State.LAPSED, 15)

    def test_whoever_finished_one_is_asked_by_the_next_for_what_is_new_since(self, place):
        first, second, _third = lessons(place)
        middle = a_material_change(place.release, [first])
        do_all(the_place(a_refresher(place.cohort)))
        a_material_change(middle, [second])
        later = LATER + datetime.timedelta(days=1)
        assert keys_asked(the_place(a_refresher(place.cohort, now=later))) == [second]

    def test_its_cohort_is_no_run_and_moves_nowhere(self, place):
        middle = a_material_change(place.release, lessons(place)[:1])
        own = the_place(a_refresher(place.cohort))
        newest = a_newer_release(middle)
        manager = an_account(place.administration, Role.TRAINING_MANAGER)
        assert set(Cohort.objects.overseen_by(manager)) == {place.cohort}
        with pytest.raises(moving.NotNewer):
            moving.begin(own.cohort, newest, reason="x", actor=manager, now=LATER)


class TestRecords:
    def test_the_log_vouches_for_every_place(self, place):
        a_completed_place(group=place.group)
        a_material_change(place.release, lessons(place)[:1])
        opened = a_refresher(place.cohort)
        assert RecordEntry.objects.about(opened).filter(kind="cohorts.refresher.opened").count() == 1
        findings = Findings()
        verify_rows(findings)
        assert findings.kept == []

    def test_a_place_and_what_it_asks_are_never_changed(self, place):
        a_material_change(place.release, lessons(place)[:1])
        a_refresher(place.cohort)
        for change in (
            lambda: RefresherPlace.objects.update(due_at=NOW),
            RefresherPlace.objects.get().delete,
            lambda: Delta.objects.update(digest="x"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_the_database_refuses_a_second_place_for_the_same_change(self, place):
        a_material_change(place.release, lessons(place)[:1])
        own = the_place(a_refresher(place.cohort))
        group = a_group(place.administration, own.release)
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.create(
                administration=own.administration,
                user=own.user,
                cohort=group.section.cohort,
                group=group,
                release=own.release,
                rule_set=own.rule_set,
                delta=own.delta,
            )


class TestLetters:
    def letter(self, place, language, reason=REASON):
        place.user.email, place.user.language = "ana@example.org", language
        place.user.save()
        a_material_change(place.release, lessons(place)[:2])
        a_refresher(place.cohort, reason=reason)
        return OutgoingMail.objects.get()

    def test_it_says_what_changed_how_long_it_takes_until_when_and_where(self, place):
        letter = self.letter(place, "en")
        own = Enrolment.objects.exclude(delta=None).get()
        for said in (REASON["en"], "2 steps, about 60 minutes", "30 April 2026", f"/en/learn/{own.uuid}/"):
            assert said in letter.body

    def test_it_speaks_the_persons_language_and_gives_the_reason_in_it(self, place):
        letter = self.letter(place, "fr", REASON | {"fr": "Une loi nouvelle."})
        assert letter.language == "fr"
        assert "Une loi nouvelle." in letter.body
        assert "/fr/learn/" in letter.body

    def test_without_an_address_there_is_no_letter_and_the_place_all_the_same(self, place):
        a_material_change(place.release, lessons(place)[:1])
        a_refresher(place.cohort)
        assert not OutgoingMail.objects.exists()
        assert RefresherPlace.objects.count() == 1


def test_an_administrations_certificates_concern_no_other(place):
    foreign = a_place(release=place.release, user=an_account(an_administration()))
    finish_lessons(foreign)
    give_grade(hand_in_quiz(foreign, Rating.BEST), now=NOW)
    issue(foreign.pk, now=NOW)
    a_material_change(place.release, lessons(place)[:1])
    with pytest.raises(refreshers.NobodyConcerned):
        a_refresher(place.cohort, audience="certified")
