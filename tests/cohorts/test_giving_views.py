"""A manager's way from a name to a place: what the pages say, and that they cost the same for many as for few."""

import datetime
import re

import pytest
import time_machine

from cohorts.models import Enrolment
from core.models import OutgoingMail
from people import invitations
from people.models import Role, User
from tests.cohorts.test_giving import a_programmes_release
from tests.factories.cohorts import a_group, a_place
from tests.factories.courses import a_release
from tests.factories.people import NOW, PASSWORD, a_partner, an_account, sign_in
from tests.factories.quizzes import a_quiz_version
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def group():
    return a_group()


@pytest.fixture
def home(group):
    return group.section.cohort.administration


@pytest.fixture
def managing(client, home):
    return sign_in(client, an_account(home, Role.TRAINING_MANAGER, full_name="Who looks"))


def page_of(group):
    return f"/runs/{group.section.cohort.uuid}/places/"


def before(person, group):
    return f"{page_of(group)}{person.uuid}/"


def text(answer, status=200):
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<bdi[^>]*>|</bdi>", "", answer.content.decode()))


def test_the_run_leads_there_and_nothing_is_looked_for_yet(managing, group):
    assert page_of(group) in text(managing.get(f"/dashboard/{group.section.cohort.uuid}/"))
    page = text(managing.get(page_of(group)))
    assert "Staff number, e-mail or name" in page
    assert "Nobody is found" not in page


def test_what_is_typed_stands_in_no_address_and_an_empty_field_is_told(managing, group):
    page = text(managing.post(page_of(group), {"who": " "}), 422)
    assert "Please type a staff number, an e-mail or a name." in page
    assert "Nobody is found" in text(managing.post(page_of(group), {"who": "Nobody at all"}))
    assert "<table>" not in text(managing.get(page_of(group), {"who": "Who looks"}))


def test_each_who_is_found_stands_there_with_what_may_be(managing, group, home):
    first = a_release(a_quiz_version())
    track = a_group(home, a_programmes_release(asks_for=[first]))
    an_account(home, full_name="Ana free")
    a_partner(home, full_name="Ana of a partner")
    a_place(an_account(home, full_name="Ana with a place"), group)
    an_account(home, full_name="Ana who left", is_active=False)
    an_account(full_name="Ana of another administration")
    page = text(managing.post(page_of(group), {"who": "ana"}))
    rows = dict(re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>(.*?)</tr>', page))
    assert set(rows) == {"Ana free", "Ana of a partner", "Ana with a place", "Ana who left"}
    assert "No place yet" in rows["Ana free"]
    assert "Not open to partners" in rows["Ana of a partner"]
    assert "Has a place: Invited" in rows["Ana with a place"]
    assert "Section 1, group 1" in rows["Ana with a place"]
    assert "May not sign in" in rows["Ana who left"]
    page = text(managing.post(page_of(track), {"who": "Ana free"}))
    assert "Lacks what is asked for first" in page
    assert "The first course" in page


def test_of_a_crowd_the_first_are_shown_and_how_many_there_are(managing, group, home):
    crowd = [User(administration=home, staff_number=f"N-{number:04}", full_name="Name") for number in range(1210)]
    User.objects.bulk_create(crowd)
    page = text(managing.post(page_of(group), {"who": "name"}))
    assert "1,210 people are found, and the first 25 are shown. Narrow your search" in page
    assert page.count('<th scope="row">') == 25
    page = text(managing.post(page_of(group), {"who": "N-0042"}))
    assert "1 person is found." in page


def test_many_who_are_found_cost_no_more_queries_than_two(managing, group, home):
    def people(number):
        for _each in range(number):
            a_place(an_account(home, full_name="Ana"), group)
            a_partner(home, full_name="Ana")

    people(1)
    few = queries_of(lambda: managing.post(page_of(group), {"who": "ana"}))
    people(8)
    assert len(queries_of(lambda: managing.post(page_of(group), {"who": "ana"}))) == len(few)


def test_a_place_is_given_after_a_look_and_a_second_click_is_told_the_same(managing, group, home):
    ana = an_account(home, full_name="Ana", email="ana@customs.example")
    page = text(managing.get(before(ana, group)))
    assert "A letter goes to ana@customs.example" in page
    assert "Group 1, 0 learners" in page
    for _click in range(2):
        answer = managing.post(before(ana, group), {"group": group.uuid})
        assert answer["Location"] == page_of(group)
        assert "Ana has a place in this run." in text(managing.get(page_of(group)))
    assert Enrolment.objects.get().group == group
    assert OutgoingMail.objects.count() == 1
    assert "There is nothing to give" in text(managing.get(before(ana, group)))


def test_a_group_is_chosen_where_there_are_several_and_one_of_another_run_is_none(managing, group, home):
    ana = an_account(home)
    group.section.groups.create(number=2)
    assert "Choose a group" in text(managing.get(before(ana, group)))
    for sent, said in (({}, "Please choose a group."), ({"group": a_group(home).uuid}, "Select a valid choice.")):
        assert said in text(managing.post(before(ana, group), sent), 422)
    assert not Enrolment.objects.exists()


def test_who_has_a_place_in_another_group_or_has_left_keeps_what_they_have(managing, group, home):
    place = a_place(an_account(home), group)
    other = group.section.groups.create(number=2)
    Enrolment.objects.update(state="withdrawn")
    for chosen in (other, group):
        answer = managing.post(before(place.user, group), {"group": chosen.uuid}, follow=True)
        page = text(answer)
        assert "has a place already. Nothing was changed." in page
        assert "Has a place: Withdrawn" in page
    place.refresh_from_db()
    assert (place.group, place.state) == (group, "withdrawn")


@pytest.mark.parametrize("who", ["partner", "newcomer"])
def test_what_the_rules_refuse_is_refused_with_the_reason_however_it_is_sent(managing, group, home, who):
    if who == "partner":
        person, said = a_partner(home), "A partner cannot have this place"
    else:
        person, said = an_account(home), "Something has to be completed first"
        group = a_group(home, a_programmes_release(asks_for=[a_release(a_quiz_version())]))
    page = text(managing.get(before(person, group)))
    assert said in page
    assert "Give the place</button>" not in page
    page = text(managing.post(before(person, group), {"group": group.uuid}, follow=True))
    assert "Nothing was changed. The page says why." in page
    assert said in page
    assert not Enrolment.objects.exists()


def test_a_run_that_is_over_an_account_that_is_closed_and_a_run_without_groups_are_told(managing, group, home):
    person = an_account(home, is_active=False)
    cohort = group.section.cohort
    cohort.starts_on, cohort.ends_on = NOW.date() - datetime.timedelta(days=9), NOW.date() - datetime.timedelta(days=1)
    cohort.save()
    page = text(managing.get(before(person, group)))
    assert "The last day of this run has gone by" in page
    assert "This account may not sign in today" in page
    group.delete()
    assert "This run has no group yet" in text(managing.get(before(person, group)))


def test_a_refreshers_own_cohort_and_another_administration_are_404(managing, group, home):
    far = a_group()
    assert managing.get(page_of(far)).status_code == 404
    assert managing.get(before(an_account(), group)).status_code == 404
    assert managing.get(f"/runs/for/{an_account().uuid}/").status_code == 404


def test_a_partners_page_leads_to_the_runs_that_are_open_to_partners(managing, group, home):
    letter = {"full_name": "Rosa", "organisation": "Brokers Ltd", "language": "en", "actor": None, "now": NOW}
    invitation = invitations.invite(home, email="a@b.example", access_until=datetime.date(2026, 9, 1), **letter)
    address = f"/partners/{invitation.uuid}/"
    assert "/runs/for/" not in text(managing.get(address))
    rosa = invitations.accept(invitation, full_name="Rosa", password=PASSWORD, now=NOW)
    assert f"/runs/for/{rosa.uuid}/" in text(managing.get(address))
    assert "No run is open to partners" in text(managing.get(f"/runs/for/{rosa.uuid}/"))
    track = a_group(home, a_programmes_release(for_partners=True))
    page = text(managing.get(f"/runs/for/{rosa.uuid}/"))
    assert before(rosa, track) in page
    assert before(rosa, group) not in page
    assert "Brokers Ltd" in text(managing.get(before(rosa, track)))
    managing.post(before(rosa, track), {"group": track.uuid})
    assert Enrolment.objects.get().user == rosa
    assert "Has a place: Invited" in text(managing.get(f"/runs/for/{rosa.uuid}/"))


def test_the_runs_for_somebody_cost_no_more_queries_for_many_than_for_two(managing, home):
    rosa, release = a_partner(home), a_programmes_release(for_partners=True)
    a_group(home, release)
    address = f"/runs/for/{rosa.uuid}/"
    few = queries_of(lambda: managing.get(address))
    for _each in range(6):
        a_group(home, release)
    assert len(queries_of(lambda: managing.get(address))) == len(few)
