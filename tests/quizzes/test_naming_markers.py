"""Assessors who are named for what waits: shared out evenly, theirs alone to take, and never two marks by one."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from oversight.models import RecordEntry
from people.models import Role
from people.services import end_role, grant_role
from quizzes.marking import FIRST, SECOND, OpenPlace, Task, share_out
from quizzes.models import Marking
from quizzes.services import marking
from quizzes.services.naming_markers import ALL, NOBODYS, Named, heaps, name_markers
from tests.factories.cohorts import a_group, a_place
from tests.factories.markings import a_quiz_with_essays, an_attempt_to_mark, mark, places
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.queries import queries_of, queries_of_one

LATER = NOW + marking.LEASE + datetime.timedelta(minutes=1)


@given(
    answers=st.integers(1, 12),
    assessors=st.integers(1, 5),
    learners=st.lists(st.integers(0, 4), min_size=12, max_size=12),
    declined=st.sets(st.tuples(st.integers(0, 11), st.integers(0, 4))),
    taught=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 23))),
)
def test_whatever_is_shared_out_nobody_gets_an_answer_twice_or_one_that_they_may_not_mark(
    answers, assessors, learners, declined, taught
):
    given_out = [
        OpenPlace(
            2 * answer + seat - 1,
            answer,
            Task(seat, learners[answer], declined={person for each, person in declined if each == answer}),
        )
        for answer in range(answers)
        for seat in (FIRST, SECOND)
    ]
    named = share_out(given_out, range(assessors), taught=taught)
    at_answer = [(place.answer, named[place.pk]) for place in given_out if place.pk in named]
    assert len(set(at_answer)) == len(at_answer)
    for place in given_out:
        person = named.get(place.pk)
        assert person != place.task.learner
        assert person not in place.task.declined
        assert (person, place.pk) not in taught


def test_places_are_shared_out_evenly_with_what_each_has_already():
    many = [OpenPlace(pk, pk, Task(FIRST, learner=99)) for pk in range(9)]
    named = list(share_out(many, [1, 2, 3], load={1: 3}).values())
    assert [named.count(person) for person in (1, 2, 3)] == [1, 4, 4]


pytestmark = pytest.mark.usefixtures("rung")


@pytest.fixture
def here():
    return an_administration(time_zone="UTC")


@pytest.fixture
def manager(here):
    return an_account(here, Role.TRAINING_MANAGER)


@pytest.fixture
def essays():
    return a_quiz_with_essays()


def an_assessor(administration):
    person = an_account(administration)
    grant_role(person, Role.ASSESSOR, actor=None, now=NOW)
    person.refresh_from_db()
    return person


def answers_of(here, quiz_version, count=1):
    return [an_attempt_to_mark(an_account(here), quiz_version) for _each in range(count)]


def share(manager, quiz_version, *assessors, of=NOBODYS, run=None, now=NOW):
    return name_markers([(quiz_version.quiz, run)], of=of, assessors=assessors, actor=manager, now=now)


def named_for(person):
    return Marking.objects.filter(assigned_to=person).count()


@pytest.mark.django_db
class TestNaming:
    def test_answers_are_shared_out_and_each_finds_theirs_first(self, here, manager, essays):
        one, two = an_assessor(here), an_assessor(here)
        answers_of(here, essays, 3)
        first = Marking.objects.order_by("pk").first()
        assert share(manager, essays, one, two) == Named(3, 0)
        assert {named_for(one), named_for(two)} == {1, 2}
        for person in (one, two):
            assert marking.take_next(person, now=NOW).assigned_to == person
        assert first.attempt.learner.administration == here

    def test_what_somebody_is_named_for_nobody_else_takes_and_the_rest_is_everybody_s(self, here, manager, essays):
        named, other = an_assessor(here), an_assessor(here)
        answers_of(here, essays)
        share(manager, essays, named)
        assert marking.take_next(other, now=NOW) is None
        [late] = answers_of(here, essays)
        assert marking.take_next(other, now=NOW).attempt == late
        assert not Marking.objects.for_marker(other).filter(assigned_to=named).exists()

    def test_theirs_come_before_what_is_due_earlier(self, here, manager, essays):
        named = an_assessor(here)
        answers_of(here, essays)
        quiz = a_quiz_with_essays()
        answers_of(here, quiz)
        share(manager, quiz, named)
        assert marking.take_next(named, now=NOW).attempt.quiz_version == quiz

    def test_blind_marking_never_names_one_person_twice_for_an_answer(self, here, manager):
        quiz = a_quiz_with_essays(markers=2)
        one, two = an_assessor(here), an_assessor(here)
        answers_of(here, quiz, 2)
        assert share(manager, quiz, one) == Named(2, 2)
        # The other place at these answers is not theirs either, though it is open to all.
        mark(one)
        mark(one)
        assert marking.take_next(one, now=NOW) is None
        assert share(manager, quiz, one, two) == Named(2, 0)
        assert named_for(two) == 2
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt = an_attempt_to_mark(an_account(here), quiz)
            attempt.markings.update(assigned_to=one)

    def test_two_who_are_named_change_places(self, here, manager):
        quiz = a_quiz_with_essays(markers=2)
        one, two = an_assessor(here), an_assessor(here)
        [attempt] = answers_of(here, quiz)
        share(manager, quiz, one, two)
        share(manager, quiz, two, one, of=ALL)
        assert [places(attempt)[0, seat].assigned_to for seat in (1, 2)] == [two, one]

    def test_nobody_is_named_for_those_whom_they_teach(self, here, manager, essays):
        tutor, other = an_assessor(here), an_assessor(here)
        group = a_group(here)
        group.tutors.add(tutor)
        place = a_place(an_account(here), group)
        attempt = an_attempt_to_mark(place.user, essays)
        type(attempt).objects.filter(pk=attempt.pk).update(registration=place.uuid)
        run = group.section.cohort.uuid
        assert share(manager, essays, tutor, run=run) == Named(0, 1)
        assert share(manager, essays, tutor, other, run=run) == Named(1, 0)
        assert named_for(other) == 1

    def test_a_run_s_share_is_its_own(self, here, manager, essays):
        assessor, group = an_assessor(here), a_group(here)
        place = a_place(an_account(here), group)
        attempt = an_attempt_to_mark(place.user, essays)
        type(attempt).objects.filter(pk=attempt.pk).update(registration=place.uuid)
        answers_of(here, essays)
        share(manager, essays, assessor, run=group.section.cohort.uuid)
        assert [each.attempt for each in Marking.objects.filter(assigned_to=assessor)] == [attempt]
        names = {heap.run.name if heap.run else "": heap.nobodys for heap in heaps(manager, now=NOW)}
        assert names == {group.section.cohort.name: 0, "": 1}

    def test_another_is_named_until_it_is_marked_and_what_is_in_hands_stays(self, here, manager, essays):
        one, two = an_assessor(here), an_assessor(here)
        answers_of(here, essays, 3)
        share(manager, essays, one)
        held = marking.take_next(one, now=NOW)
        assert share(manager, essays, two, of=str(one.uuid)) == Named(2, 0)
        mark(one, place=held)
        assert share(manager, essays, one, of=ALL) == Named(2, 0)
        # Laid aside for longer than its lease, it can be given to somebody else.
        marking.take_next(one, now=NOW)
        assert share(manager, essays, two, of=ALL, now=LATER) == Named(2, 0)

    def test_without_names_everybody_may_take_it_again(self, here, manager, essays):
        named, other = an_assessor(here), an_assessor(here)
        answers_of(here, essays)
        share(manager, essays, named)
        assert share(manager, essays, of=ALL) == Named(0, 1)
        assert marking.take_next(other, now=NOW) is not None

    def test_who_declines_or_assesses_no_more_keeps_nobody_from_it(self, here, manager, essays):
        one, two, third = (an_assessor(here) for _each in range(3))
        answers_of(here, essays, 2)
        share(manager, essays, one, two)
        marking.decline(marking.take_next(one, now=NOW).uuid, marker=one, now=NOW)
        end_role(two, Role.ASSESSOR, actor=None, now=NOW)
        assert Marking.objects.for_marker(third).count() == 2

    def test_who_takes_one_place_of_an_answer_is_not_named_for_the_other(self, here, manager):
        one, two = an_assessor(here), an_assessor(here)
        [attempt] = answers_of(here, a_quiz_with_essays(markers=2))
        first, second = (places(attempt)[0, seat] for seat in (1, 2))
        Marking.objects.filter(pk=second.pk).update(assigned_to=one)
        assert marking._take(first, one, NOW)
        assert marking.take_next(two, now=NOW) == second

    def test_named_meanwhile_for_somebody_else_it_is_not_taken(self, here, essays):
        one, two = an_assessor(here), an_assessor(here)
        [attempt] = answers_of(here, essays)
        seen = places(attempt)[0, 1]
        Marking.objects.filter(pk=seen.pk).update(assigned_to=two)
        assert not marking._take(seen, one, NOW)

    def test_only_managers_name_and_only_assessors_of_their_own_administration(self, here, manager, essays):
        answers_of(here, essays)
        with pytest.raises(PermissionDenied):
            share(an_assessor(here), essays, an_assessor(here))
        for stranger in (an_account(here, Role.TUTOR), an_assessor(an_administration())):
            with pytest.raises(ValidationError):
                share(manager, essays, stranger)
        assert not Marking.objects.exclude(assigned_to=None).exists()

    def test_nobody_chooses_the_markers_of_their_own_answers(self, here, manager, essays):
        an_attempt_to_mark(manager, essays)
        assert share(manager, essays, an_assessor(here)) == Named(0, 0)
        assert heaps(manager, now=NOW) == []

    def test_who_was_named_stands_in_the_record_log(self, here, manager, essays):
        assessor = an_assessor(here)
        [attempt] = answers_of(here, essays)
        share(manager, essays, assessor)
        entry = RecordEntry.objects.get(kind="quizzes.marking.named")
        assert (entry.subject, entry.actor) == (essays.quiz.uuid, manager.uuid)
        assert entry.detail.facts["named"] == {str(assessor.uuid): [str(places(attempt)[0, 1].uuid)]}


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def browser(self, client, manager):
        sign_in(client, manager)
        return client

    def test_it_counts_what_waits_and_shares_it_out(self, browser, here, essays):
        assessor = an_assessor(here)
        [attempt, _other] = answers_of(here, essays, 2)
        page = browser.get(reverse("name_markers"))
        [heap] = page.context["heaps"]
        assert (heap.waiting, heap.nobodys, heap.overdue) == (2, 2, 2)
        assert attempt.learner.full_name not in page.content.decode()
        sent = {"heaps": [heap.key], "of": "nobodys", "assessors": [str(assessor.uuid)], "share": "1"}
        page = browser.post(reverse("name_markers"), sent, follow=True)
        assert "2 answers have their markers." in page.content.decode()
        assert [pair for heap in page.context["heaps"] for pair in heap.named] == [(assessor, 2)]

    def test_the_second_button_opens_it_to_all(self, browser, here, manager, essays):
        assessor = an_assessor(here)
        answers_of(here, essays)
        share(manager, essays, assessor)
        [heap] = heaps(manager, now=NOW)
        browser.post(reverse("name_markers"), {"heaps": [heap.key], "of": "all", "open": "1"})
        assert named_for(assessor) == 0

    @pytest.mark.parametrize("missing", ["heaps", "assessors"])
    def test_what_was_not_chosen_is_said(self, browser, here, essays, missing):
        assessor = an_assessor(here)
        answers_of(here, essays)
        [heap] = browser.get(reverse("name_markers")).context["heaps"]
        sent = {"heaps": [heap.key], "of": "nobodys", "assessors": [str(assessor.uuid)], "share": "1"}
        page = browser.post(reverse("name_markers"), {name: sent[name] for name in sent if name != missing})
        assert page.status_code == 422
        assert "Please choose" in page.content.decode()
        assert named_for(assessor) == 0

    def test_several_quizzes_are_shared_out_at_once_and_evenly(self, browser, here, manager):
        people = [an_assessor(here) for _each in range(2)]
        for _quiz in range(2):
            answers_of(here, a_quiz_with_essays(), 3)
        keys = [heap.key for heap in heaps(manager, now=NOW)]
        sent = {"heaps": keys, "of": "nobodys", "assessors": [str(each.uuid) for each in people], "share": "1"}
        browser.post(reverse("name_markers"), sent)
        assert [named_for(person) for person in people] == [3, 3]

    def test_it_costs_the_same_however_much_waits(self, browser, here, manager, essays):
        answers_of(here, essays)
        share(manager, essays, an_assessor(here))
        few = queries_of(lambda: browser.get(reverse("name_markers")))
        for _each in range(2):
            quiz = a_quiz_with_essays()
            answers_of(here, quiz, 2)
            share(manager, quiz, an_assessor(here), an_assessor(here))
        assert len(queries_of_one(lambda: browser.get(reverse("name_markers")))) == len(few)

    def test_the_queue_says_what_one_is_named_for(self, client, here, manager, essays):
        assessor = an_assessor(here)
        answers_of(here, essays)
        share(manager, essays, assessor)
        sign_in(client, assessor)
        assert "Named for you" in client.get(reverse("marking")).content.decode()
