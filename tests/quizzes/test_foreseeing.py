"""Whom a regrade would change: worked out once, by workers where there are many, and read before anybody approves."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from oversight import four_eyes
from oversight.models import FourEyesRequest
from people.models import Role
from quizzes import services, tasks
from quizzes.kinds.choices import Rating
from quizzes.models import ForeseenPass, GradingRun, ItemAdjustment, RegradePreview
from quizzes.regrading import Preview
from quizzes.services import foreseeing
from quizzes.services.proposing import Deed, Proposal
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.factories.quizzes import a_bank, a_quiz_version, an_attempt, choose, give_grade, rows
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

BEST, RISKY = Rating.BEST, Rating.RISKY
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def quiz():
    """Every attempt is served all ten items."""
    return a_quiz_version(a_bank(10), draw=10)


@pytest.fixture
def author(here):
    return an_account(here, Role.AUTHOR)


@pytest.fixture
def reviewer(here):
    return an_account(here, Role.SUBJECT_REVIEWER)


def wrong_one(quiz):
    """The item that everybody got wrong."""
    return quiz.pool.order_by("pk").first()


def nearly(quiz, **fields):
    """An attempt that passes once this item is credited: 7 of 10, and it was not among them."""
    attempt = an_attempt(quiz_version=quiz, **fields)
    others = [*[BEST] * 7, *[RISKY] * 2]
    wrong = wrong_one(quiz).pk
    choose(attempt, *(RISKY if item["version"] == wrong else others.pop(0) for item in attempt.served_items))
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    give_grade(attempt, now=NOW)
    return attempt


@pytest.fixture
def version(quiz, here):
    """Five attempts were served it."""
    for _number in range(5):
        nearly(quiz, learner=an_account(here))
    return wrong_one(quiz)


@pytest.fixture
def many(monkeypatch):
    """As if five attempts were many: two at a time, and one chunk to a task."""
    monkeypatch.setattr(foreseeing, "AT_ONCE", 4)
    monkeypatch.setattr(foreseeing, "CHUNK", 2)
    monkeypatch.setattr(foreseeing, "CHUNKS_A_TASK", 1)


@pytest.fixture
def credit(version):
    return Proposal(version, Deed.CREDIT_ALL)


def ask(credit, author, now=NOW):
    return services.ask_for_regrade(credit, reason="Both are right.", actor=author, now=now)


def approve(asked, reviewer):
    return four_eyes.approve(asked, reason="So it is.", actor=reviewer, now=NOW)


def said(response):
    return response.content.decode()


class TestMany:
    @pytest.fixture(autouse=True)
    def _many(self, many):
        pass

    def test_workers_count_in_chunks_what_would_be_counted_at_once(self, credit, rung, committed, monkeypatch):
        before = rows()
        with committed():
            preview = services.look(credit, now=NOW)
        assert (preview.is_finished, preview.attempts, preview.looked_at) == (False, 5, 0)
        for looked_at in (2, 4, 5):
            with committed():
                services.carry_on_preview(preview.pk, now=NOW + MINUTE)
            preview.refresh_from_db()
            assert (preview.is_finished, preview.looked_at) == (False, looked_at)
        services.carry_on_preview(preview.pk, now=NOW + 2 * MINUTE)
        preview.refresh_from_db()
        assert preview.finished_at == NOW + 2 * MINUTE
        assert rung == [("quizzes.tasks.carry_on_preview", [preview.pk])] * 4
        assert rows() == before
        assert preview.counted == Preview(newly_passed=5)
        assert ForeseenPass.objects.filter(preview=preview, change="newly_passed").count() == 5
        monkeypatch.undo()
        assert services.look(credit, now=NOW).counted == preview.counted

    def test_a_task_delivered_again_or_overtaken_counts_nobody_twice(self, credit, monkeypatch):
        preview = services.look(credit, now=NOW)
        foresee = foreseeing.foresee

        def overtaken(proposal, after=0):
            for chunk in foresee(proposal, after):
                monkeypatch.setattr(foreseeing, "foresee", foresee)
                services.carry_on_preview(preview.pk, now=NOW)
                yield chunk

        monkeypatch.setattr(foreseeing, "foresee", overtaken)
        for _delivery in range(6):
            services.carry_on_preview(preview.pk, now=NOW)
        preview.refresh_from_db()
        assert (preview.is_finished, preview.looked_at, preview.counted.attempts) == (True, 5, 5)
        assert ForeseenPass.objects.filter(preview=preview).count() == preview.counted.newly_passed == 5

    def test_who_looks_again_gets_the_same_and_much_later_another(self, credit):
        first = services.look(credit, now=NOW)
        assert services.look(credit, now=NOW + foreseeing.FRESH - MINUTE) == first
        assert services.look(Proposal(credit.version, Deed.DROP), now=NOW) != first
        assert services.look(credit, now=NOW + foreseeing.FRESH) != first

    def test_the_decider_reads_how_far_it_is_and_does_not_approve_before(self, credit, author, reviewer):
        asked = ask(credit, author)
        assert "0 of 5 attempts so far" in four_eyes.consequence_of(asked)
        with pytest.raises(four_eyes.ConflictError, match="worked out"):
            approve(asked, reviewer)
        assert not ItemAdjustment.objects.exists()
        preview = RegradePreview.objects.get()
        services.carry_on_preview(preview.pk, now=NOW)
        assert "2 of 5 attempts so far" in four_eyes.consequence_of(asked)
        for _chunk in range(3):
            services.carry_on_preview(preview.pk, now=NOW)
        told = four_eyes.consequence_of(asked)
        assert "5 graded attempts were served it." in told
        assert "Counted on 2 March 2026" in told
        approve(asked, reviewer)
        assert ItemAdjustment.objects.get().deed == Deed.CREDIT_ALL

    def test_the_sweeper_rings_for_what_a_worker_left(self, credit, rung):
        preview = services.look(credit, now=NOW)
        tasks.sweep_previews()
        assert rung == [("quizzes.tasks.carry_on_preview", [preview.pk])]
        for _chunk in range(4):
            tasks.carry_on_preview(preview.pk)
        tasks.sweep_previews()
        assert len(rung) == 1

    def test_the_page_of_the_author_tells_how_far_it_is_and_then_who_would_change(self, credit, author):
        page = sign_in(Client(), author)
        address = reverse("regrade_item", args=[credit.version.uuid])
        form = {"deed": "credit_all", "reason": "Both are right.", "look": "1"}
        first = page.post(address, form)
        assert first.context["preview"] is None
        assert "0 of 5 attempts so far" in said(first)
        assert "Both are right." in said(first)
        for _chunk in range(4):
            services.carry_on_preview(RegradePreview.objects.get().pk, now=NOW)
        second = page.post(address, form)
        assert second.context["preview"].attempts == 5
        assert "Counted on 2 March 2026" in said(second)
        page.post(address, {**form, "ask": "1"})
        assert RegradePreview.objects.get().request == FourEyesRequest.objects.get()


class TestTheDecision:
    def test_it_reads_what_was_counted_when_it_was_asked_for_and_counts_nothing_anew(self, credit, author, quiz):
        asked = ask(credit, author)
        told = four_eyes.consequence_of(asked)
        assert "5 graded attempts were served it." in told
        nearly(quiz)
        assert four_eyes.consequence_of(asked) == told
        assert "Attempts that were graded since are judged again too" in told
        assert len(queries_of(lambda: four_eyes.consequence_of(asked))) <= 3

    def test_what_came_in_since_is_judged_by_what_was_decided(self, credit, author, reviewer, quiz):
        asked = ask(credit, author)
        since = nearly(quiz)
        approve(asked, reviewer)
        services.spread(ItemAdjustment.objects.get().pk, now=NOW)
        assert GradingRun.objects.filter(attempt=since, adjustment__isnull=False).exists()
        afterwards = nearly(quiz)
        assert services.judge_attempt(afterwards).score == afterwards.grades.get().score == 80

    def test_the_preview_is_of_what_is_approved(self, credit, author):
        asked = ask(credit, author)
        assert RegradePreview.objects.get(request=asked).proposal == asked.payload

    def test_a_request_without_a_preview_gets_one_from_the_sweeper(self, credit, author, reviewer):
        asked = ask(credit, author)
        RegradePreview.objects.all().delete()
        assert "being worked out" in four_eyes.consequence_of(asked)
        services.sweep_previews(NOW)
        approve(asked, reviewer)

    def test_what_no_waiting_request_needs_is_let_go_after_a_day(self, credit, author, reviewer):
        looked, asked = services.look(credit, now=NOW), ask(credit, author)
        services.sweep_previews(NOW + DAY)
        assert RegradePreview.objects.count() == 2
        services.sweep_previews(NOW + DAY + MINUTE)
        assert RegradePreview.objects.get().request == asked
        assert not RegradePreview.objects.filter(pk=looked.pk).exists()
        approve(asked, reviewer)
        services.sweep_previews(NOW + DAY + MINUTE)
        assert not RegradePreview.objects.exists()
        assert not ForeseenPass.objects.exists()


class TestWhosePass:
    @pytest.fixture
    def officer(self, here):
        return sign_in(Client(), an_account(here, Role.CERTIFYING_OFFICER))

    def test_the_list_has_pages_and_the_people_of_the_own_administration_alone(
        self, credit, author, quiz, here, officer, monkeypatch
    ):
        monkeypatch.setattr("quizzes.regrade_views.PER_PAGE", 4)
        stranger = nearly(quiz)
        for _number in range(3):
            nearly(quiz, learner=an_account(here))
        address = reverse("foreseen", args=[ask(credit, author).uuid])
        assert RegradePreview.objects.get().counted.newly_passed == 9
        pages = [officer.get(address, {"page": number}) for number in (1, 2)]
        assert [len(page.context["foreseen"]) for page in pages] == [4, 4]
        assert "Counted on 2 March 2026" in said(pages[0])
        assert all(stranger.learner.full_name not in said(page) for page in pages)

    def test_it_takes_as_many_queries_for_many_as_for_one(self, quiz, here, author, officer, credit):
        address = reverse("foreseen", args=[ask(credit, author).uuid])
        ForeseenPass.objects.exclude(pk=ForeseenPass.objects.first().pk).delete()
        few = len(queries_of(lambda: officer.get(address)))
        RegradePreview.objects.all().delete()
        services.sweep_previews(NOW)
        assert ForeseenPass.objects.count() > 1
        assert len(queries_of(lambda: officer.get(address))) == few

    def test_as_long_as_it_is_worked_out_it_says_so_and_names_nobody(self, many, credit, author, officer):
        address = reverse("foreseen", args=[ask(credit, author).uuid])
        services.carry_on_preview(RegradePreview.objects.get().pk, now=NOW)
        page = officer.get(address)
        assert "2 of 5 attempts so far" in said(page)
        assert page.context["foreseen"] == []
        assert "Nobody" not in said(page)


def test_counts_add_up_and_are_kept_as_they_are():
    first, second = Preview(newly_passed=1, up=2, emptied=1), Preview(newly_passed=3, decided=4)
    assert first + second == Preview(newly_passed=4, up=2, decided=4, emptied=1)
    assert Preview.of_data((first + second).as_data()) == first + second
    assert Preview.of_data({}) == Preview()
