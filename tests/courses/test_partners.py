"""What partners from outside find in the catalogue: programmes for them, never the administration's own courses."""

import datetime

import pytest

from cohorts import moving, services
from cohorts.models import Enrolment
from courses.models import ProgrammeKind
from courses.programme_kinds import load_kinds
from courses.releases import release_course
from tests.courses.test_programmes import KINDS, a_programme, a_second_course
from tests.factories.cohorts import a_group
from tests.factories.people import NOW, a_partner, an_account, an_administration

LATER = NOW + datetime.timedelta(days=10)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def kinds(db):
    load_kinds(KINDS)
    return {kind.code: kind for kind in ProgrammeKind.objects.all()}


@pytest.fixture
def own(course):
    return course


@pytest.fixture
def open_course(course):
    return a_second_course(course.get_parent().specific)


@pytest.fixture
def track(kinds, own, open_course):
    return a_programme(kinds["partner"], open_course)


@pytest.fixture
def partner(client):
    partner = a_partner()
    client.force_login(partner)
    return partner


def status(client, page):
    return client.get(page.get_url()).status_code


def test_a_partner_reads_programmes_for_partners_and_the_courses_in_them(client, partner, track, open_course):
    assert status(client, track) == 200
    assert status(client, open_course) == 200
    assert status(client, open_course.get_children().first()) == 200
    assert track.title in client.get("/en/catalogue/partners/").content.decode()


def test_the_administration_s_own_courses_do_not_exist_for_a_partner(client, partner, track, own):
    assert status(client, own) == 404
    assert status(client, own.get_children().first()) == 404
    client.force_login(an_account())
    assert status(client, own) == 200


def test_a_programme_for_officers_does_not_exist_for_a_partner(client, partner, kinds, own):
    assert status(client, a_programme(kinds["induction"], own)) == 404


def test_a_course_closes_to_partners_with_the_programme_that_opened_it(client, partner, track, open_course):
    track.unpublish()
    assert status(client, open_course) == 404


def test_the_front_door_and_the_catalogue_lead_a_partner_to_the_partners_catalogue(client, partner, track, own):
    for address in ("/en/", "/en/catalogue/", "/en/catalogue/?q=gift"):
        assert client.get(address)["Location"] == "/en/catalogue/partners/"


def test_authoring_does_not_exist_for_a_partner(client, partner):
    assert client.get("/cms/").status_code == 404


def test_a_partner_gets_a_place_in_a_programme_for_partners_and_in_no_other_run(kinds, track, own):
    home = an_administration()
    partner = a_partner(home)
    theirs = a_group(home, release_course(track, actor=None, now=NOW))
    assert services.enrol(partner, theirs, actor=None, now=NOW).user == partner
    programme = a_programme(kinds["induction"], own, slug="induction", title="Induction")
    for closed in (release_course(own, actor=None, now=NOW), release_course(programme, actor=None, now=NOW)):
        with pytest.raises(services.NotForPartners):
            services.enrol(partner, a_group(home, closed), actor=None, now=NOW)


def test_officers_may_learn_with_partners(kinds, track):
    home = an_administration()
    group = a_group(home, release_course(track, actor=None, now=NOW))
    assert services.enrol(an_account(home), group, actor=None, now=NOW)


def test_a_run_with_partners_does_not_move_to_a_release_that_is_closed_to_them(kinds, track):
    home = an_administration()
    group = a_group(home, release_course(track, actor=None, now=NOW))
    place = services.enrol(a_partner(home), group, actor=None, now=NOW)
    kinds["partner"].external_learners = False
    kinds["partner"].save()
    track.refresh_from_db()
    newer = release_course(track, actor=None, now=LATER)
    with pytest.raises(services.NotForPartners):
        moving.begin(place.cohort, newer, reason="New.", actor=None, now=LATER)
    Enrolment.objects.update(state="withdrawn")
    assert moving.begin(place.cohort, newer, reason="New.", actor=None, now=LATER)
