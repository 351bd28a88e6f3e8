"""Moving a run to a newer release: nothing done is lost, nothing counts twice, nobody is moved who has finished."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum

from certificates.models import Certificate
from certificates.services import issue
from cohorts import move_preview, moving, services
from cohorts.models import CohortMove, CreditedHours, Enrolment, EnrolmentMove, NodeProgress
from cohorts.tasks import carry_on, sweep
from courses.models import MaterialChange
from oversight.evidence import verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from people.models import Role
from quizzes import services as quiz_services
from quizzes.kinds.choices import Rating
from tests.factories.cohorts import a_group, a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.factories.quizzes import a_quiz_version, give_grade, option_of, save
from tests.factories.sittings import start
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=10)


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    """No broker is asked: the worker here is the test."""
    monkeypatch.setattr(moving, "ring", lambda move_id: None)


@pytest.fixture
def place():
    return a_place(release=a_release(a_quiz_version(), languages=("en", "fr")))


def move(cohort, release, *, actor=None, now=LATER):
    order = moving.begin(cohort, release, reason="The law has changed.", actor=actor, now=now)
    while moving.carry_on(order.pk, now=now):
        pass
    return order


def keys(place, kind="lesson"):
    return [step.key for step in steps_of(place, kind)]


def do(place, *numbers, now=NOW):
    lessons = steps_of(place, "lesson")
    for number in numbers:
        services.complete_lesson(place, lessons[number], learner=place.user, now=now)


def credited(place):
    """The sum kept on the enrolment, which must be what the ledger says."""
    place.refresh_from_db()
    assert place.credited_minutes == (place.credits.aggregate(n=Sum("minutes"))["n"] or 0)
    return place.credited_minutes


def done_now(place):
    """The keys that are done in the release the learner has now."""
    place.refresh_from_db()
    return set(place.progress.filter(node__release=place.release).values_list("node__key", flat=True))


class TestCarrying:
    def test_steps_done_are_done_in_the_newer_release_and_the_old_rows_stay(self, place):
        do(place, 0, 1)
        old = list(place.progress.order_by("pk").values())
        newer = a_newer_release(place.release, reworded=keys(place)[:1], lessons=1)
        first, second, _third = keys(place)
        move(place.cohort, newer)
        assert done_now(place) == {first, second}
        assert place.release == newer
        assert list(place.progress.filter(node__release=place.moves.get().from_release).order_by("pk").values()) == old
        carried = place.progress.filter(carried_from__isnull=False)
        assert {row.carried_from_id for row in carried} == {row["id"] for row in old}
        assert {row.completed_at for row in carried} == {NOW}
        assert credited(place) == 60

    def test_doing_a_carried_step_again_credits_nothing(self, place):
        do(place, 0)
        move(place.cohort, a_newer_release(place.release))
        place.refresh_from_db()
        assert not services.complete_lesson(place, steps_of(place, "lesson")[0], learner=place.user, now=LATER)
        assert credited(place) == 30

    def test_a_step_that_goes_keeps_its_time(self, place):
        do(place, 0)
        gone = keys(place)[0]
        move(place.cohort, a_newer_release(place.release, without=[gone]))
        assert done_now(place) == set()
        assert credited(place) == 30

    def test_a_step_that_comes_back_later_is_still_done(self, place):
        do(place, 0)
        first = keys(place)[0]
        original = place.release
        move(place.cohort, a_newer_release(original, without=[first]))
        move(place.cohort, a_newer_release(original), now=LATER + datetime.timedelta(days=1))
        assert done_now(place) == {first}
        assert credited(place) == 30

    def test_more_time_for_a_done_step_is_a_line_of_the_ledger_with_its_record(self, place):
        do(place, 0)
        move(place.cohort, a_newer_release(place.release, minutes={keys(place)[0]: 45}))
        assert credited(place) == 45
        line = place.credits.get(source=CreditedHours.Source.RETIMED)
        assert (line.minutes, line.credited_at) == (15, LATER)
        assert RecordEntry.objects.about(line).count() == 1

    def test_less_time_for_a_done_step_takes_nothing_away(self, place):
        do(place, 0)
        move(place.cohort, a_newer_release(place.release, minutes={keys(place)[0]: 10}))
        assert credited(place) == 30

    def test_whoever_does_the_rest_completes_however_the_times_have_changed(self, place):
        do(place, 0)
        lengths = dict(zip(keys(place), (90, 5, 40), strict=True))
        move(place.cohort, a_newer_release(place.release, minutes=lengths))
        place.refresh_from_db()
        finish_lessons(place, now=LATER)
        attempt = hand_in_quiz(place, Rating.BEST, now=LATER)
        give_grade(attempt, now=LATER)
        place.refresh_from_db()
        assert place.state == Enrolment.State.COMPLETED

    def test_who_lacked_nothing_but_what_is_gone_has_completed(self, place):
        finish_lessons(place)
        move(place.cohort, a_newer_release(place.release, without=keys(place, "quiz")))
        place.refresh_from_db()
        assert (place.state, place.completed_at) == (Enrolment.State.COMPLETED, LATER)

    def test_an_invitation_moves_and_stays_an_invitation(self, place):
        newer = a_newer_release(place.release)
        move(place.cohort, newer)
        place.refresh_from_db()
        assert (place.release, place.state, place.credited_minutes) == (newer, Enrolment.State.INVITED, 0)


class TestAttempts:
    def test_an_open_attempt_keeps_its_quiz_and_counts(self, place):
        attempt = self.open_attempt(place)
        before = (attempt.quiz_version_id, attempt.served)
        move(place.cohort, a_newer_release(place.release, quiz_version=a_quiz_version()))
        quiz_services.submit_attempt(attempt, learner=place.user, now=LATER)
        give_grade(attempt, now=LATER)
        attempt.refresh_from_db()
        assert (attempt.quiz_version_id, attempt.served) == before
        assert done_now(place) == set(keys(place, "quiz"))

    def test_a_quiz_that_is_gone_when_its_attempt_is_graded_is_credited_where_it_was_taken(self, place):
        attempt = self.open_attempt(place)
        move(place.cohort, a_newer_release(place.release, without=keys(place, "quiz")))
        quiz_services.submit_attempt(attempt, learner=place.user, now=LATER)
        give_grade(attempt, now=LATER)
        assert credited(place) == 15
        assert done_now(place) == set()

    def test_the_next_attempt_is_at_the_newer_quiz_in_the_same_series(self, place):
        attempt = hand_in_quiz(place, Rating.RISKY)
        give_grade(attempt, now=NOW)
        version = a_quiz_version()
        move(place.cohort, a_newer_release(place.release, quiz_version=version))
        place.refresh_from_db()
        second = hand_in_quiz(place, Rating.BEST, now=LATER)
        assert (second.number, second.quiz_version) == (2, version)

    def open_attempt(self, place):
        attempt = start(place, start_key=place.uuid)
        for position, item in enumerate(attempt.served_items):
            save(attempt, position, option_of(item, Rating.BEST))
        return attempt


class TestWhoMoves:
    def test_completed_places_and_certificates_stay_as_they_are(self, place):
        finish_lessons(place)
        give_grade(hand_in_quiz(place, Rating.BEST), now=NOW)
        issue(place.pk, now=NOW)
        before = (Enrolment.objects.values().get(pk=place.pk), Certificate.objects.values().get())
        move(place.cohort, a_newer_release(place.release))
        assert (Enrolment.objects.values().get(pk=place.pk), Certificate.objects.values().get()) == before

    @pytest.mark.parametrize("state", ["withdrawn", "failed", "lapsed"])
    def test_closed_places_stay(self, place, state):
        Enrolment.objects.update(state=state)
        before = place.release
        move(place.cohort, a_newer_release(before))
        place.refresh_from_db()
        assert place.release == before

    def test_other_runs_stay_and_new_places_are_in_the_newer_release(self, place):
        release = place.release
        other = a_place(group=a_group(place.administration, release))
        newer = a_newer_release(release)
        move(place.cohort, newer)
        other.refresh_from_db()
        assert other.release == release
        # The group was read before the move.
        assert a_place(group=place.group).release == newer

    def test_only_a_training_manager_of_the_administration_moves_a_run(self, place):
        newer = a_newer_release(place.release)
        ours = place.administration
        for actor in (an_account(ours, *(set(Role) - {Role.TRAINING_MANAGER})), an_account(None, *Role)):
            with pytest.raises(PermissionDenied):
                move(place.cohort, newer, actor=actor)
        order = move(place.cohort, newer, actor=an_account(ours, Role.TRAINING_MANAGER))
        entry = RecordEntry.objects.get(kind="cohorts.cohort.moved")
        assert entry.actor == order.begun_by.uuid

    def test_only_to_a_newer_release_of_the_same_course(self, place):
        older = place.release
        newer = a_newer_release(older)
        with pytest.raises(moving.NotNewer):
            move(place.cohort, a_release())
        move(place.cohort, newer)
        with pytest.raises(moving.NotNewer):
            move(place.cohort, older)
        with pytest.raises(ValueError, match="reason"):
            moving.begin(place.cohort, newer, reason=" ", actor=None, now=NOW)


class TestOnceAndWhole:
    def rows(self):
        return (
            list(Enrolment.objects.order_by("pk").values()),
            list(NodeProgress.objects.order_by("pk").values()),
            list(CreditedHours.objects.order_by("pk").values()),
            list(EnrolmentMove.objects.order_by("pk").values()),
            list(CohortMove.objects.order_by("pk").values()),
            RecordEntry.objects.count(),
        )

    def test_a_second_click_and_a_second_worker_change_nothing(self, place):
        do(place, 0)
        newer = a_newer_release(place.release, minutes={keys(place)[0]: 45})
        order = move(place.cohort, newer)
        before = self.rows()
        assert move(place.cohort, newer) == order
        carry_on(order.pk)
        sweep()
        assert self.rows() == before

    def test_an_interrupted_move_is_carried_on_by_the_next_task(self, place, monkeypatch):
        monkeypatch.setattr(moving, "LEARNERS_A_CHUNK", 2)
        for _number in range(4):
            a_place(group=place.group)
        newer = a_newer_release(place.release)
        order = moving.begin(place.cohort, newer, reason="x", actor=None, now=LATER)
        assert moving.carry_on(order.pk, now=LATER, chunks=1) == 2
        order.refresh_from_db()
        assert order.finished_at is None
        carry_on(order.pk)
        order.refresh_from_db()
        assert order.finished_at is not None
        assert set(Enrolment.objects.values_list("release", flat=True)) == {newer.pk}
        assert EnrolmentMove.objects.count() == 5

    def test_a_later_move_overtakes_one_that_is_under_way(self, place):
        second = a_newer_release(place.release)
        third = a_newer_release(place.release)
        first_order = moving.begin(place.cohort, second, reason="x", actor=None, now=LATER)
        move(place.cohort, third)
        assert moving.carry_on(first_order.pk, now=LATER) == 0
        place.refresh_from_db()
        assert place.release == third
        assert place.moves.count() == 1

    def test_the_log_vouches_for_every_move(self, place):
        do(place, 0)
        move(place.cohort, a_newer_release(place.release, minutes={keys(place)[0]: 45}))
        findings = Findings()
        verify_rows(findings)
        assert findings.kept == []

    def test_a_move_is_never_changed(self, place):
        move(place.cohort, a_newer_release(place.release))
        for change in (lambda: EnrolmentMove.objects.update(carried=9), EnrolmentMove.objects.get().delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_step_read_before_the_move_and_done_after_it_counts_in_the_newer_release(self, place):
        """The learner has the page of the old release open while the run is moved."""
        stale, lesson = Enrolment.objects.get(pk=place.pk), steps_of(place, "lesson")[0]
        move(place.cohort, a_newer_release(place.release, minutes={lesson.key: 40}))
        assert services.complete_lesson(stale, lesson, learner=place.user, now=LATER)
        assert done_now(place) == {lesson.key}
        assert credited(place) == 40

    def test_a_step_read_before_the_move_and_gone_after_it_is_credited_all_the_same(self, place):
        stale, lesson = Enrolment.objects.get(pk=place.pk), steps_of(place, "lesson")[0]
        move(place.cohort, a_newer_release(place.release, without=[lesson.key]))
        services.complete_lesson(stale, lesson, learner=place.user, now=LATER)
        assert credited(place) == 30

    @pytest.mark.parametrize("learners", [5, 20])
    def test_a_chunk_costs_the_same_for_few_and_for_many(self, place, learners):
        for _number in range(learners - 1):
            do(a_place(group=place.group), 0)
        order = moving.begin(
            place.cohort,
            a_newer_release(place.release, minutes={keys(place)[0]: 45}),
            reason="x",
            actor=None,
            now=LATER,
        )
        assert len(queries_of_one(lambda: moving.carry_on(order.pk, now=LATER))) <= 24


class TestPreview:
    def test_it_counts_whom_each_change_meets(self, place):
        first, second, third = keys(place)
        do(place, 0)
        others = [a_place(group=place.group) for _number in range(3)]
        do(others[0], 0, 1)
        do(others[1], 0)
        start(others[1], start_key=place.uuid)
        newer = a_newer_release(
            place.release, reworded=[first], without=[second], minutes={third: 50}, quiz_version=a_quiz_version()
        )
        [preview] = move_preview.previews(place.cohort, newer)
        assert preview.learners == 4
        # Two come to the lesson that goes, one of whom has the changed quiz open; the last one comes to the third.
        assert preview.in_the_middle == 2
        assert preview.done_changed == 3
        changed = {step.label: step for step in preview.changed}
        [removed] = preview.removed
        assert (removed.done, removed.next) == (1, 2)
        assert [changed[label].done for label in sorted(changed) if "lesson 2" in label] == [3]
        [of_quiz] = [step for label, step in changed.items() if label.startswith("Quiz")]
        assert (of_quiz.in_attempt, of_quiz.is_other_work) == (1, True)
        [retimed] = [step for label, step in changed.items() if "lesson 4" in label]
        assert (retimed.next, retimed.is_other_work) == (1, False)

    def test_who_would_have_completed_is_told(self, place):
        finish_lessons(place)
        [preview] = move_preview.previews(place.cohort, a_newer_release(place.release, without=keys(place, "quiz")))
        assert (preview.would_complete, preview.in_the_middle) == (1, 1)

    def test_what_the_preview_says_is_what_the_move_does(self, place):
        finish_lessons(place)
        newer = a_newer_release(place.release, without=keys(place, "quiz"))
        [preview] = move_preview.previews(place.cohort, newer)
        move(place.cohort, newer)
        assert EnrolmentMove.objects.count() == preview.learners
        assert Enrolment.objects.filter(state=Enrolment.State.COMPLETED).count() == preview.would_complete
        assert move_preview.previews(place.cohort, newer) == []

    @pytest.mark.parametrize(("learners", "lessons"), [(2, 10), (12, 200)])
    def test_it_costs_the_same_whatever_the_run_and_the_course(self, learners, lessons):
        place = a_place(release=a_release(a_quiz_version(), lessons=lessons))
        for _number in range(learners - 1):
            do(a_place(group=place.group), 0, 1)
        newer = a_newer_release(place.release, reworded=keys(place))
        queries = queries_of_one(lambda: move_preview.previews(place.cohort, newer))
        assert len(queries) <= 10, queries


class TestPages:
    def url(self, place, key, suffix="", language="en"):
        return f"/{language}/learn/{place.uuid}/{key}/{suffix}"

    def test_a_learner_in_the_middle_of_a_lesson_finds_the_same_place(self, place, client):
        client.force_login(place.user)
        first, second, _third = keys(place)
        assert client.get(self.url(place, first)).status_code == 200
        newer = a_newer_release(place.release, reworded=[first])
        move(place.cohort, newer)
        assert "said better" in client.get(self.url(place, first)).content.decode()
        assert client.post(self.url(place, first, "done/"))["Location"] == self.url(place, second)
        assert done_now(place) == {first}

    @pytest.mark.parametrize(("language", "says"), [("en", "brought up to date"), ("fr", "a été mis à jour")])
    def test_a_page_that_is_gone_leads_to_the_course_with_a_notice(self, place, client, language, says):
        client.force_login(place.user)
        gone, [course] = keys(place)[0], keys(place, "course")
        move(place.cohort, a_newer_release(place.release, without=[gone]))
        for answer in (
            client.get(self.url(place, gone, language=language), follow=True),
            client.post(self.url(place, gone, "done/", language=language), follow=True),
        ):
            assert answer.redirect_chain == [(self.url(place, course, language=language), 302)]
            assert says in answer.content.decode()

    def test_the_attempt_at_a_quiz_that_is_gone_still_shows_its_place(self, place, client):
        client.force_login(place.user)
        attempt = hand_in_quiz(place, Rating.BEST)
        give_grade(attempt, now=NOW)
        newer = a_newer_release(place.release, without=keys(place, "quiz"))
        move(place.cohort, newer)
        answer = client.get(f"/en/quiz/{attempt.uuid}/result/")
        assert answer.status_code == 200

    def test_a_manager_looks_and_then_moves_the_run(self, place, client):
        do(place, 0)
        sign_in(client, an_account(place.administration, Role.TRAINING_MANAGER))
        newer = a_newer_release(place.release, reworded=keys(place)[:1])
        page = f"/runs/{place.cohort.uuid}/release/"
        assert page in client.get(f"/dashboard/{place.cohort.uuid}/").content.decode()
        assert str(newer.uuid) in client.get(page).content.decode()
        looked = re.sub(r"\s+", " ", client.get(page, {"to": newer.uuid}).content.decode())
        for said in ("1 learner would be moved.", "Other words in: English and French.", "It cannot be taken back."):
            assert said in looked
        assert not CohortMove.objects.exists()
        refused = client.post(page, {"to": newer.uuid, "reason": " "})
        assert (refused.status_code, CohortMove.objects.count()) == (422, 0)
        for _click in range(2):
            answer = client.post(page, {"to": newer.uuid, "reason": "New law."}, follow=True)
            assert "Its learners follow within a few minutes." in answer.content.decode()
        order = CohortMove.objects.get()
        assert "Under way" in client.get(page).content.decode()
        moving.carry_on(order.pk, now=LATER)
        assert "Finished" in client.get(page).content.decode()

    def test_a_material_change_on_the_way_is_told_with_its_steps(self, place, client):
        first = keys(place)[0]
        changed = a_newer_release(place.release, reworded=[first])
        MaterialChange.objects.create(
            release=changed, steps={"shape": 1, "keys": [str(first)]}, reason="A new law.", marked_at=NOW
        )
        newest = a_newer_release(changed)
        sign_in(client, an_account(place.administration, Role.TRAINING_MANAGER))
        page = f"/runs/{place.cohort.uuid}/release/"
        looked = client.get(page, {"to": newest.uuid}).content.decode()
        assert f"Release {changed.number} is a material change" in looked
        assert "A new law." in looked
        move(place.cohort, changed)
        assert "material change" not in client.get(page, {"to": newest.uuid}).content.decode()

    def test_a_release_that_the_run_cannot_reach_is_404(self, place, client):
        sign_in(client, an_account(place.administration, Role.TRAINING_MANAGER))
        page = f"/runs/{place.cohort.uuid}/release/"
        for to in (a_release().uuid, "nonsense"):
            assert client.get(page, {"to": to}).status_code == 404
            assert client.post(page, {"to": to, "reason": "x"}).status_code == 404
        assert client.post(page, {"reason": "x"}).status_code == 404
        sign_in(client, an_account(an_administration(), Role.TRAINING_MANAGER))
        assert client.get(page).status_code == 404
