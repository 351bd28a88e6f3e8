"""A refresher opened by mistake: what ends, what stays, and what can be opened afterwards."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cohorts import own_dates, refreshers, reminders, services, tasks, withdrawing
from cohorts.models import Enrolment, Refresher, RefresherWithdrawal
from core import mail
from core.models import OutgoingMail
from oversight.evidence import verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from people.models import Role
from quizzes.kinds.choices import Rating
from tests.factories.cohorts import hand_in_quiz, steps_of
from tests.factories.courses import a_newer_release
from tests.factories.people import an_account
from tests.factories.quizzes import a_quiz_version, give_grade
from tests.factories.refreshers import (
    DUE_ON,
    LATER,
    REASON,
    a_completed_place,
    a_material_change,
    a_refresher,
    asked_of,
    do_all,
    mark,
)
from tests.many_hands import at_once
from tests.queries import queries_of

AFTERWARDS = LATER + datetime.timedelta(days=1)
WHY = "The wrong run was chosen."
State = Enrolment.State


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(refreshers, "ring", lambda refresher_id: None)
    monkeypatch.setattr(withdrawing, "ring", lambda withdrawal_id: None)


def people(number=3):
    first = a_completed_place()
    home = first.administration
    return [
        first,
        *(
            a_completed_place(group=first.group, user=an_account(home, email=f"{each}@customs.example"))
            for each in range(1, number)
        ),
    ]


def lessons(place):
    return [step.key for step in steps_of(place, "lesson")]


def withdrawn(refresher, *, now=AFTERWARDS, actor=None):
    """Ordered and carried out, as the worker would."""
    order = withdrawing.withdraw(refresher, reason=WHY, actor=actor, now=now)
    withdrawing.carry_on(order.pk, now=now)
    order.refresh_from_db()
    return order


def place_in(refresher, user):
    return Enrolment.objects.get(cohort=refresher.cohort_id, user=user)


def states(refresher):
    places = Enrolment.objects.filter(cohort=refresher.cohort_id).order_by("pk")
    return [str(state) for state in places.values_list("state", flat=True)]


def kinds_about(row):
    return list(RecordEntry.objects.about(row).order_by("sequence").values_list("kind", flat=True))


@pytest.mark.django_db
class TestWhatEnds:
    def test_open_places_are_withdrawn_and_what_is_done_stays_done(self):
        done, begun, waiting = people()
        a_material_change(done.release, lessons(done)[:2])
        refresher = a_refresher(done.cohort)
        do_all(place_in(refresher, done.user))
        own = place_in(refresher, begun.user)
        services.complete_lesson(own, asked_of(own)[0], learner=own.user, now=LATER)
        before = Enrolment.objects.filter(cohort=refresher.cohort_id, user=done.user).values().get()
        order = withdrawn(refresher)
        assert states(refresher) == ["completed", "withdrawn", "withdrawn"]
        assert Enrolment.objects.filter(cohort=refresher.cohort_id, user=done.user).values().get() == before
        own.refresh_from_db()
        assert (own.progress.count(), own.credited_minutes) == (1, 30)
        assert order.finished_at == AFTERWARDS
        assert not Enrolment.objects.filter(cohort=done.cohort).exclude(state=State.COMPLETED).exists()

    def test_letters_that_nobody_has_delivered_are_not_delivered(self, mailoutbox):
        _first, told, untold = people()
        a_material_change(told.release, lessons(told)[:1])
        refresher = a_refresher(told.cohort)
        other = mail.write(untold.user.email, "en", "Another matter", "…", LATER)
        mail.deliver(OutgoingMail.objects.get(to_address=told.user.email).pk, LATER)
        withdrawn(refresher)
        left = OutgoingMail.objects.filter(sent_at=None)
        assert list(left) == [other]
        assert OutgoingMail.objects.count() == 2

    def test_last_day_and_reminder_are_over(self):
        _first, ana = people(2)
        a_material_change(ana.release, lessons(ana)[:1])
        refresher = a_refresher(ana.cohort)
        near = datetime.datetime.combine(DUE_ON - datetime.timedelta(days=2), datetime.time(15), datetime.UTC)
        assert own_dates.own_dates(ana.user, "en", near)
        withdrawn(refresher)
        assert not own_dates.own_dates(ana.user, "en", near)
        OutgoingMail.objects.all().delete()
        reminders.remind(now=near)
        assert not OutgoingMail.objects.exists()

    def test_nobody_can_go_on_in_it(self):
        [ana] = people(1)
        a_material_change(ana.release, lessons(ana)[:1])
        refresher = a_refresher(ana.cohort)
        own = place_in(refresher, ana.user)
        withdrawn(refresher)
        own.refresh_from_db()
        with pytest.raises(services.NotOpen):
            services.complete_lesson(own, asked_of(own)[0], learner=own.user, now=AFTERWARDS)

    def test_a_grade_that_comes_afterwards_is_kept_and_completes_nothing(self):
        [ana] = people(1)
        newer = a_newer_release(ana.release, quiz_version=a_quiz_version())
        mark(newer, [steps_of(ana, "quiz")[0].key])
        own = place_in(a_refresher(ana.cohort), ana.user)
        attempt = hand_in_quiz(own, Rating.BEST, now=LATER)
        withdrawn(own.cohort.refresher)
        give_grade(attempt, now=AFTERWARDS)
        own.refresh_from_db()
        assert (own.state, own.progress.count()) == (State.WITHDRAWN, 1)

    def test_a_refresher_that_is_still_being_filled_gives_no_more_places(self):
        ana, ben = people(2)
        a_material_change(ana.release, lessons(ana)[:1])
        wishes = {"audience": "run", "due_on": DUE_ON, "reason": REASON, "actor": None, "now": LATER}
        refresher = refreshers.open_refresher(ana.cohort, **wishes)
        withdrawn(refresher)
        assert refreshers.fill(refresher.pk, now=AFTERWARDS) == 0
        assert states(refresher) == []
        assert refreshers.open_refresher(ana.cohort, **wishes) != refresher

    def test_what_it_had_replaced_goes_on(self):
        ana, ben, _third = people()
        first, second, third = lessons(ana)[:3]
        middle = a_material_change(ana.release, [first, second])
        older = a_refresher(ana.cohort)
        own = place_in(older, ana.user)
        services.complete_lesson(own, asked_of(own)[0], learner=own.user, now=LATER)
        do_all(place_in(older, ben.user))
        a_material_change(middle, [third])
        newer = a_refresher(ana.cohort, now=AFTERWARDS)
        assert states(older) == ["lapsed", "completed", "lapsed"]
        assert withdrawing.reach(newer).resumed == 2
        withdrawn(newer)
        assert states(older) == ["active", "completed", "invited"]
        assert kinds_about(own)[-2:] == ["cohorts.refresher.overtaken", "cohorts.refresher.resumed"]
        withdrawn(older)
        assert states(older) == ["withdrawn", "completed", "withdrawn"]

    def test_one_that_was_withdrawn_itself_does_not_come_back(self):
        [ana] = people(1)
        first, second, third = lessons(ana)[:3]
        releases = [a_material_change(ana.release, [first])]
        oldest = a_refresher(ana.cohort)
        releases.append(a_material_change(releases[-1], [second]))
        middle = a_refresher(ana.cohort, now=AFTERWARDS)
        order = withdrawing.withdraw(middle, reason=WHY, actor=None, now=AFTERWARDS)
        a_material_change(releases[-1], [third])
        newest = a_refresher(ana.cohort, now=AFTERWARDS)
        withdrawing.carry_on(order.pk, now=AFTERWARDS)
        withdrawn(newest)
        assert [states(each) for each in (oldest, middle, newest)] == [["invited"], ["lapsed"], ["withdrawn"]]


@pytest.mark.django_db
class TestWhatStays:
    def test_another_can_be_opened_and_asks_only_what_was_not_done(self):
        ana, ben = people(2)
        a_material_change(ana.release, lessons(ana)[:2])
        first = a_refresher(ana.cohort)
        own = place_in(first, ana.user)
        services.complete_lesson(own, asked_of(own)[0], learner=own.user, now=LATER)
        withdrawn(first)
        second = a_refresher(ana.cohort, now=AFTERWARDS)
        assert [step.key for step in asked_of(place_in(second, ana.user))] == lessons(ana)[1:2]
        assert [step.key for step in asked_of(place_in(second, ben.user))] == lessons(ana)[:2]

    def test_opening_waits_until_the_last_place_is_withdrawn(self):
        [ana] = people(1)
        a_material_change(ana.release, lessons(ana)[:1])
        order = withdrawing.withdraw(a_refresher(ana.cohort), reason=WHY, actor=None, now=AFTERWARDS)
        with pytest.raises(refreshers.StillWithdrawing):
            a_refresher(ana.cohort, now=AFTERWARDS)
        withdrawing.carry_on(order.pk, now=AFTERWARDS)
        a_refresher(ana.cohort, now=AFTERWARDS)

    def test_still_nobody_has_two_open_places_in_refreshers_of_a_release(self):
        [ana] = people(1)
        a_material_change(ana.release, lessons(ana)[:1])
        withdrawn(a_refresher(ana.cohort))
        a_refresher(ana.cohort, now=AFTERWARDS)
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.filter(user=ana.user, state=State.WITHDRAWN).update(state=State.ACTIVE)

    def test_the_log_says_who_and_why_and_bears_witness(self):
        ana, ben = people(2)
        a_material_change(ana.release, lessons(ana)[:1])
        refresher = a_refresher(ana.cohort)
        manager = an_account(ana.administration, Role.TRAINING_MANAGER)
        order = withdrawn(refresher, actor=manager)
        [entry] = RecordEntry.objects.about(order)
        assert (entry.kind, entry.actor) == ("cohorts.refresher.withdrawn", manager.uuid)
        assert entry.detail.facts["reason"] == WHY
        for each in (ana, ben):
            assert kinds_about(place_in(refresher, each.user))[-1] == "cohorts.enrolment.withdrawn"
        findings = Findings()
        verify_rows(findings)
        assert findings.kept == []
        RefresherWithdrawal.objects.update(reason="Another.")
        verify_rows(findings)
        assert len(findings.kept) == 1


@pytest.mark.django_db
class TestWhoAndWhen:
    @pytest.fixture
    def refresher(self):
        [ana] = people(1)
        a_material_change(ana.release, lessons(ana)[:1])
        return a_refresher(ana.cohort)

    def test_nobody_but_who_manages_training_in_its_administration(self, refresher):
        home = refresher.administration
        for actor in (an_account(home), an_account(home, Role.AUDITOR), an_account(None, Role.TRAINING_MANAGER)):
            with pytest.raises(PermissionDenied):
                withdrawing.withdraw(refresher, reason=WHY, actor=actor, now=AFTERWARDS)

    def test_not_without_a_reason(self, refresher):
        with pytest.raises(ValueError, match="reason"):
            withdrawing.withdraw(refresher, reason=" ", actor=None, now=AFTERWARDS)

    def test_not_once_everybody_has_done_it(self, refresher):
        do_all(Enrolment.objects.get(cohort=refresher.cohort_id))
        with pytest.raises(withdrawing.NothingToWithdraw):
            withdrawing.withdraw(refresher, reason=WHY, actor=None, now=AFTERWARDS)
        assert not RefresherWithdrawal.objects.exists()

    def test_twice_is_once(self, refresher):
        first = withdrawn(refresher)
        assert withdrawing.withdraw(refresher, reason="Again.", actor=None, now=AFTERWARDS) == first
        assert withdrawing.carry_on(first.pk, now=AFTERWARDS) == 0

    def test_the_sweeper_takes_up_what_was_left(self, refresher, monkeypatch):
        order = withdrawing.withdraw(refresher, reason=WHY, actor=None, now=AFTERWARDS)
        monkeypatch.setattr(withdrawing, "ring", lambda withdrawal_id: tasks.withdraw_refresher(withdrawal_id))
        tasks.sweep()
        order.refresh_from_db()
        assert order.finished_at
        assert states(refresher) == ["withdrawn"]
        tasks.withdraw_refresher(order.pk)

    def test_a_look_costs_three_queries(self, refresher):
        assert len(queries_of(lambda: withdrawing.reach(refresher))) == 3


@pytest.mark.committing
def test_withdrawn_carried_out_and_filled_by_several_at_once_each_place_ends_once(monkeypatch):
    monkeypatch.setattr(withdrawing, "PLACES_A_CHUNK", 2)
    monkeypatch.setattr(refreshers, "PEOPLE_A_CHUNK", 2)
    places = people(6)
    a_material_change(places[0].release, lessons(places[0])[:1])
    wishes = {"audience": "run", "due_on": DUE_ON, "reason": REASON, "actor": None, "now": LATER}
    refresher = refreshers.open_refresher(places[0].cohort, **wishes)

    def withdraw():
        return withdrawn(Refresher.objects.get(pk=refresher.pk))

    def fill():
        refreshers.fill(refresher.pk, now=LATER)

    at_once(withdraw, fill, withdraw, fill)
    assert RefresherWithdrawal.objects.count() == 1
    assert set(states(refresher)) <= {"withdrawn"}
    assert not OutgoingMail.objects.exists()
    for place in Enrolment.objects.filter(cohort=refresher.cohort_id):
        assert kinds_about(place).count("cohorts.enrolment.withdrawn") == 1
