"""A manager's pages: a look before a refresher is opened, and afterwards who has done it."""

import datetime
import re

import pytest
import time_machine

from cohorts import refreshers, services, withdrawing
from cohorts.models import Enrolment, Refresher
from people.models import Role
from tests.factories.cohorts import a_group, a_place, steps_of
from tests.factories.courses import a_release
from tests.factories.people import an_account, sign_in
from tests.factories.quizzes import a_quiz_version
from tests.factories.refreshers import LATER, a_completed_place, a_material_change, a_refresher, asked_of, do_all
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

# The day of LATER, in whose light the pages are asked for.
SENT = {"for": "run", "due_on": "2026-04-30", "reason_en": "A new law.", "reason_fr": " Une loi nouvelle. "}


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(refreshers, "ring", lambda refresher_id: None)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def place():
    return a_completed_place(release=a_release(a_quiz_version(), languages=("en", "fr")))


@pytest.fixture
def manager(place, client):
    user = an_account(place.administration, Role.TRAINING_MANAGER)
    sign_in(client, user)
    return user


def lessons(place):
    return [step.key for step in steps_of(place, "lesson")]


def page_of(cohort):
    return f"/runs/{cohort.uuid}/refreshers/"


def text(answer, status=200):
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_board_leads_there_and_without_a_material_change_there_is_nothing_to_open(place, manager, client):
    assert page_of(place.cohort) in text(client.get(f"/dashboard/{place.cohort.uuid}/"))
    assert "No material change" in text(client.get(page_of(place.cohort)))
    assert client.post(page_of(place.cohort), SENT).status_code == 404


def test_a_look_says_for_how_many_and_which_steps_and_writes_nothing(place, manager, client):
    a_completed_place(group=place.group, user=an_account(place.administration, email="ana@example.org"))
    a_place(group=place.group)
    newer = a_material_change(place.release, lessons(place)[:2])
    page = text(client.get(page_of(place.cohort)))
    for said in (
        f"Release {newer.number} is a material change",
        f"2 people would get a place, in release {newer.number}.",
        "about 60 minutes",
        "1 of them has no e-mail address",
        "lesson 2 in en",
        "lesson 3 in en",
    ):
        assert said in page, said
    assert "lesson 4 in en" not in page
    assert "A new law.</textarea>" in page
    assert not Refresher.objects.exists()


def test_what_each_knows_decides_how_long_it_takes(place, manager, client):
    middle = a_material_change(place.release, lessons(place)[:1])
    do_all(a_refresher_place(place))
    a_completed_place(group=place.group)
    a_material_change(middle, lessons(place)[1:2])
    assert "between 30 and 60 minutes" in text(client.get(page_of(place.cohort)))


def a_refresher_place(place):
    return Enrolment.objects.get(cohort=a_refresher(place.cohort).cohort)


def test_a_manager_opens_it_and_a_second_click_changes_nothing(place, manager, client):
    a_material_change(place.release, lessons(place)[:1])
    answers = [client.post(page_of(place.cohort), SENT, follow=True) for _click in range(2)]
    opened = Refresher.objects.get()
    for answer in answers:
        assert answer.redirect_chain == [(f"/runs/refreshers/{opened.uuid}/", 302)]
        assert "Places are being given" in text(answer)
    assert opened.reason == {"shape": 1, "texts": {"en": "A new law.", "fr": "Une loi nouvelle."}}
    assert (opened.cohort.ends_on, opened.opened_by) == (datetime.date(2026, 4, 30), manager)
    refreshers.fill(opened.pk, now=LATER)
    assert "Places are being given" not in text(client.get(f"/runs/refreshers/{opened.uuid}/"))
    late = client.post(page_of(place.cohort), SENT, follow=True)
    assert "Everybody concerned knows what has changed" in text(late)
    assert "Nobody is concerned" in text(late)
    assert Refresher.objects.count() == 1


def test_another_audience_waits_until_the_first_is_served(place, manager, client):
    a_material_change(place.release, lessons(place)[:1])
    client.post(page_of(place.cohort), SENT)
    answer = client.post(page_of(place.cohort), SENT | {"for": "certified"}, follow=True)
    assert "Try again in a few minutes." in text(answer)
    assert Refresher.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"due_on": "2026-04-01"}, "Please leave at least until tomorrow."),
        ({"due_on": ""}, "Please give the last day."),
        ({"reason_en": " "}, "Please say what has changed, and why."),
    ],
)
def test_a_form_that_lacks_something_keeps_the_rest_and_opens_nothing(place, manager, client, wrong, said):
    a_material_change(place.release, lessons(place)[:1])
    page = text(client.post(page_of(place.cohort), SENT | wrong), 422)
    assert said in page
    assert "Une loi nouvelle." in page
    assert not Refresher.objects.exists()


def test_an_unknown_audience_or_run_is_404(place, manager, client):
    a_material_change(place.release, lessons(place)[:1])
    assert client.get(page_of(place.cohort), {"for": "nobody"}).status_code == 404
    assert client.get(page_of(a_group().section.cohort)).status_code == 404
    own = a_refresher(place.cohort).cohort
    for address in (page_of(own), f"/runs/{own.uuid}/release/", f"/dashboard/{own.uuid}/"):
        assert client.get(address).status_code == 404


def test_the_runs_page_tells_how_many_of_its_people_have_done_it(place, manager, client):
    other = a_completed_place(group=a_group(place.administration, place.release))
    a_completed_place(group=place.group)
    a_material_change(place.release, lessons(place)[:1])
    first = a_refresher(place.cohort)
    a_refresher(other.cohort)
    do_all(Enrolment.objects.get(cohort=first.cohort, user=place.user))
    for address in (page_of(place.cohort), f"/dashboard/{place.cohort.uuid}/"):
        page = text(client.get(address))
        [row] = re.findall(rf"<tr> <th scope=\"row\"><a href=\"/runs/refreshers/{first.uuid}/\">.*?</tr>", page)
        assert re.findall(r'<td class="n">(\d+)</td>', row) == ["2", "1", "0", "0"]
        assert page.count("/runs/refreshers/") == 1


def test_names_are_shown_with_done_or_not_yet_and_nothing_else(place, manager, client):
    """Rule 8: who failed a quiz in it reads like who has not begun."""
    second, third = (a_completed_place(group=place.group) for _number in range(2))
    a_material_change(place.release, lessons(place)[:2])
    opened = a_refresher(place.cohort)
    do_all(Enrolment.objects.get(cohort=opened.cohort, user=place.user))
    begun = Enrolment.objects.get(cohort=opened.cohort, user=second.user)
    services.complete_lesson(begun, asked_of(begun)[0], learner=begun.user, now=LATER)
    Enrolment.objects.filter(pk=begun.pk).update(failed_attempts=2)
    page = text(client.get(f"/runs/refreshers/{opened.uuid}/"))
    states = dict(
        re.findall(r"<bdi>([^<]+)</bdi><br>.*?<span class=\"tag[^>]*>(?:<svg.*?</svg>)?([^<]+)</span>", page)
    )
    assert states == {place.user.full_name: "Done", second.user.full_name: "Not yet", third.user.full_name: "Not yet"}
    with time_machine.travel(datetime.datetime(2026, 5, 2, tzinfo=datetime.UTC), tick=False):
        sign_in(client, manager)
        assert text(client.get(f"/runs/refreshers/{opened.uuid}/")).count("Not yet, and overdue") == 2


def test_a_manager_who_moves_a_run_is_led_to_those_who_stay(place, manager, client):
    newer = a_material_change(place.release, lessons(place)[:1])
    page = text(client.get(f"/runs/{place.cohort.uuid}/release/", {"to": newer.uuid}))
    assert f'<a href="{page_of(place.cohort)}">' in page


def test_an_auditor_finds_the_day_of_a_refresher_with_its_steps_alone(place, client):
    a_material_change(place.release, lessons(place)[:1])
    own = a_refresher_place(place)
    do_all(own)
    with time_machine.travel(LATER + datetime.timedelta(days=2), tick=False):
        sign_in(client, an_account(place.administration, Role.AUDITOR))
        page = text(client.get(f"/oversight/places/{own.uuid}/2026-4-2/"))
    assert "lesson 2 in en" in page
    assert "lesson 3 in en" not in page


@pytest.mark.parametrize("people", [2, 10])
def test_pages_cost_the_same_for_few_and_for_many(place, manager, client, people):
    for _number in range(people - 1):
        a_completed_place(group=place.group)
    middle = a_material_change(place.release, lessons(place)[:1])
    opened = a_refresher(place.cohort)
    a_material_change(middle, lessons(place)[1:])
    for path, most in ((page_of(place.cohort), 12), (f"/runs/refreshers/{opened.uuid}/", 6)):
        queries = queries_of(lambda path=path: client.get(path))
        assert len(queries) <= most, queries


class TestWithdrawing:
    @pytest.fixture(autouse=True)
    def _no_bell(self, monkeypatch):
        monkeypatch.setattr(withdrawing, "ring", lambda withdrawal_id: None)

    def opened(self, place):
        a_material_change(place.release, lessons(place)[:1])
        return a_refresher(place.cohort)

    def page_of(self, refresher):
        return f"/runs/refreshers/{refresher.uuid}/withdraw/"

    def test_the_page_says_whom_it_concerns_and_a_second_click_changes_nothing(self, place, manager, client):
        second, third = (a_completed_place(group=place.group) for _number in range(2))
        third.user.email = "ana@example.org"
        third.user.save()
        a_material_change(place.release, lessons(place)[:2])
        refresher = a_refresher(place.cohort)
        do_all(Enrolment.objects.get(cohort=refresher.cohort, user=place.user))
        begun = Enrolment.objects.get(cohort=refresher.cohort, user=second.user)
        services.complete_lesson(begun, asked_of(begun)[0], learner=begun.user, now=LATER)
        assert self.page_of(refresher) in text(client.get(f"/runs/refreshers/{refresher.uuid}/"))
        page = text(client.get(self.page_of(refresher)))
        for said in (
            "2 people who have not done it need not do it any more.",
            "1 of them has begun.",
            "1 person has done it, and that stays as it is.",
            "1 letter waits to be sent, and will not be sent.",
        ):
            assert said in page, said
        assert "Please give a reason." in text(client.post(self.page_of(refresher), {"reason": " "}), 422)
        for _click in range(2):
            answer = client.post(self.page_of(refresher), {"reason": "The wrong run."}, follow=True)
            assert answer.redirect_chain == [(f"/runs/refreshers/{refresher.uuid}/", 302)]
        page = text(answer)
        assert "The wrong run." in page
        assert manager.full_name in page
        assert "The open places are being withdrawn." in page
        withdrawing.carry_on(refresher.withdrawal.pk, now=LATER)
        page = text(client.get(f"/runs/refreshers/{refresher.uuid}/"))
        assert "The open places are being withdrawn." not in page
        assert self.page_of(refresher) not in page
        assert client.get(self.page_of(refresher))["Location"] == f"/runs/refreshers/{refresher.uuid}/"
        for address in (page_of(place.cohort), f"/dashboard/{place.cohort.uuid}/"):
            assert re.search(r"/runs/refreshers/[^<]+</a><br><span class=\"tag care\">", text(client.get(address)))

    def test_opening_another_meanwhile_waits(self, place, manager, client):
        refresher = self.opened(place)
        client.post(self.page_of(refresher), {"reason": "x"})
        answer = client.post(page_of(place.cohort), SENT, follow=True)
        assert "A refresher of this course is being withdrawn." in text(answer)

    def test_one_that_everybody_has_done_cannot_be_withdrawn(self, place, manager, client):
        refresher = self.opened(place)
        do_all(Enrolment.objects.get(cohort=refresher.cohort))
        assert self.page_of(refresher) not in text(client.get(f"/runs/refreshers/{refresher.uuid}/"))
        answer = client.post(self.page_of(refresher), {"reason": "x"}, follow=True)
        assert "Nothing was changed." in text(answer)

    def test_an_auditor_sees_who_and_why_and_withdraws_nothing(self, place, manager, client):
        refresher = self.opened(place)
        client.post(self.page_of(refresher), {"reason": "The wrong run."})
        sign_in(client, an_account(place.administration, Role.AUDITOR))
        page = text(client.get(f"/runs/refreshers/{refresher.uuid}/"))
        assert "The wrong run." in page
        assert manager.full_name in page
        assert client.get(self.page_of(refresher)).status_code == 403

    def test_its_learner_reads_that_nothing_is_asked_any_more(self, place, manager, client):
        refresher = self.opened(place)
        own = Enrolment.objects.get(cohort=refresher.cohort)
        client.post(self.page_of(refresher), {"reason": "The wrong run."})
        withdrawing.carry_on(refresher.withdrawal.pk, now=LATER)
        client.force_login(place.user)
        page = text(client.get(f"/en/learn/{own.uuid}/{steps_of(own, 'course')[0].key}/"))
        assert "This refresher has been withdrawn" in page
        assert "Please do it by" not in page
        assert "The wrong run." not in page
        assert "Withdrawn" in text(client.get("/en/learn/"))

    def test_its_pages_cost_no_more_queries_for_many_than_for_two(self, place, manager, client):
        a_material_change(place.release, lessons(place)[:1])

        def costs():
            refresher = a_refresher(place.cohort)
            before = len(queries_of(lambda: client.get(self.page_of(refresher))))
            client.post(self.page_of(refresher), {"reason": "x"})
            withdrawing.carry_on(refresher.withdrawal.pk, now=LATER)
            return before, len(queries_of(lambda: client.get(f"/runs/refreshers/{refresher.uuid}/")))

        few = costs()
        for _number in range(6):
            a_completed_place(group=place.group)
        assert costs() == few
