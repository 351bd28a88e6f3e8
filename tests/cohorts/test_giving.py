"""A place given by hand: once, by the rules of any place, with one letter."""

import pytest
from django.core.exceptions import PermissionDenied

from cohorts import giving, services
from cohorts.models import Enrolment
from core import second_calendar
from core.models import OutgoingMail
from courses.models import ProgrammeTerms
from oversight.models import RecordEntry
from people.models import Role
from tests.factories.cohorts import a_group, a_place
from tests.factories.courses import a_release
from tests.factories.people import NOW, a_partner, an_account, an_administration
from tests.factories.quizzes import a_quiz_version
from tests.factories.refreshers import complete
from tests.many_hands import at_once
from tests.queries import queries_of


def a_programmes_release(*, for_partners=False, asks_for=()):
    """A release under the terms of a programme; `asks_for` are releases whose courses have to be completed first."""
    release = a_release(a_quiz_version())
    nodes = [each.nodes.get(kind="course") for each in asks_for]
    wanted = [{"key": str(node.key), "titles": {"en": "The first course"}} for node in nodes]
    content = {"shape": 1, "kind": "x", "external_learners": for_partners, "prerequisites": wanted, "openings": []}
    ProgrammeTerms.objects.create(release=release, content=content)
    return release


@pytest.mark.django_db
class TestStandings:
    def test_who_has_no_place_may_have_one_and_who_has_one_keeps_it(self):
        place = a_place()
        other = an_account(place.administration)
        assert giving.standing(other, place.cohort) == giving.Standing()
        assert giving.standing(place.user, place.cohort) == giving.Standing(place)

    def test_a_partner_may_have_one_where_the_programme_is_open_to_partners(self):
        home = an_administration()
        partner, officer = a_partner(home), an_account(home)
        own, track = a_group(home), a_group(home, a_programmes_release(for_partners=True))
        runs = [own.section.cohort, track.section.cohort]
        found = giving.standings([partner, officer], runs)
        may = {pair for pair, standing in found.items() if standing == giving.Standing()}
        assert may == {(partner.pk, runs[1].pk), (officer.pk, runs[0].pk), (officer.pk, runs[1].pk)}

    def test_who_lacks_what_a_programme_asks_for_is_told_its_title(self):
        home = an_administration()
        first = a_release(a_quiz_version())
        cohort = a_group(home, a_programmes_release(asks_for=[first])).section.cohort
        begun, done = (a_place(an_account(home), a_group(home, first)) for _each in range(2))
        complete(done)
        found = giving.standings([begun.user, done.user], [cohort])
        assert found[begun.user.pk, cohort.pk].missing == ({"en": "The first course"},)
        assert found[done.user.pk, cohort.pk] == giving.Standing()

    def test_as_many_people_as_there_are_cost_four_queries(self):
        home = an_administration()
        first = a_release(a_quiz_version())
        cohort = a_group(home, a_programmes_release(asks_for=[first])).section.cohort
        people = [a_partner(home), *(an_account(home) for _each in range(20))]
        assert len(queries_of(lambda: giving.standings(people, [cohort]))) == 4


@pytest.mark.django_db
class TestAPlaceIsGiven:
    def test_with_a_record_and_one_letter_in_the_persons_language(self):
        group = a_group()
        manager = an_account(group.section.cohort.administration, Role.TRAINING_MANAGER)
        ana = an_account(group.section.cohort.administration, email="ana@customs.example", language="fr")
        places = {giving.give(ana, group, actor=manager, now=NOW).pk for _click in range(2)}
        [place] = Enrolment.objects.all()
        assert places == {place.pk}
        [entry] = RecordEntry.objects.about(place)
        assert (entry.kind, entry.actor) == ("cohorts.enrolment.made", manager.uuid)
        [letter] = OutgoingMail.objects.all()
        assert letter.to_address == "ana@customs.example"
        assert f"/learn/{place.uuid}/" in letter.body
        assert ana.full_name in letter.body

    def test_the_letter_tells_the_days_in_the_administrations_second_calendar_too(self):
        group = a_group(an_administration(second_calendar="islamic-umalqura"))
        section, home = group.section, group.section.cohort.administration
        giving.give(an_account(home, email="ana@customs.example"), group, actor=None, now=NOW)
        [letter] = OutgoingMail.objects.all()
        for day in (section.starts_on, section.ends_on):
            assert second_calendar.CALENDARS["islamic-umalqura"].written(day) in letter.body

    def test_without_a_letter_to_whoever_has_no_address(self):
        group = a_group()
        giving.give(an_account(group.section.cohort.administration), group, actor=None, now=NOW)
        assert Enrolment.objects.count() == 1
        assert not OutgoingMail.objects.exists()

    def test_not_in_another_group_of_the_run_beside_the_one_they_have(self):
        place = a_place()
        other = place.group.section.groups.create(number=2)
        assert giving.give(place.user, other, actor=None, now=NOW) == place
        place.refresh_from_db()
        assert place.group != other

    def test_by_nobody_but_who_manages_training_in_the_administration(self):
        group = a_group()
        home = group.section.cohort.administration
        for actor in (an_account(home), an_account(home, Role.TUTOR), an_account(None, Role.TRAINING_MANAGER)):
            with pytest.raises(PermissionDenied):
                giving.give(an_account(home), group, actor=actor, now=NOW)
        with pytest.raises(PermissionDenied):
            giving.give(an_account(), group, actor=an_account(home, Role.TRAINING_MANAGER), now=NOW)
        assert not Enrolment.objects.exists()

    def test_never_against_the_rules_of_any_place(self):
        home = an_administration()
        with pytest.raises(services.NotForPartners):
            giving.give(a_partner(home, email="a@b.example"), a_group(home), actor=None, now=NOW)
        group = a_group(home, a_programmes_release(asks_for=[a_release(a_quiz_version())]))
        with pytest.raises(services.PrerequisitesMissing):
            giving.give(an_account(home), group, actor=None, now=NOW)
        assert not Enrolment.objects.exists()
        assert not OutgoingMail.objects.exists()


@pytest.mark.committing
def test_two_clicks_at_once_give_one_place_one_record_and_one_letter():
    group = a_group()
    home = group.section.cohort.administration
    manager = an_account(home, Role.TRAINING_MANAGER)
    ana = an_account(home, email="ana@customs.example")
    given = at_once(*[lambda: giving.give(ana, group, actor=manager, now=NOW)] * 4)
    [place] = Enrolment.objects.all()
    assert given == [place] * 4
    assert RecordEntry.objects.about(place).count() == 1
    assert OutgoingMail.objects.count() == 1
