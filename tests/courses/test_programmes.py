"""A programme from its page to its release, and to the learner who may not open everything at once."""

import datetime
import re
import uuid

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from certificates import services as certificates
from cohorts import services
from cohorts.models import Enrolment
from courses import reading
from courses.keys import node_key
from courses.models import (
    CoursePage,
    HomePage,
    LessonPage,
    ModulePage,
    ProgrammeKind,
    ProgrammeKindName,
    ProgrammeObjective,
    ProgrammePage,
    ProgrammePart,
    ProgrammePrerequisite,
    Release,
)
from courses.outlook import outlook_of
from courses.programme_kinds import load_kinds
from courses.releases import NotReleasable, release_course
from oversight.models import RecordDetail
from people.models import Role
from people.services import grant_role
from tests.factories.cohorts import a_group, a_place
from tests.factories.people import NOW, an_account, sign_in
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

KINDS = settings.BASE_DIR / "curriculum" / "programme_kinds.yaml"


@pytest.fixture
def kinds(db):
    load_kinds(KINDS)
    return {kind.code: kind for kind in ProgrammeKind.objects.all()}


def a_second_course(home, number=2, lessons=1):
    course = home.add_child(
        instance=CoursePage(title=f"Course {number}", slug=f"course-{number}", summary="More", locale=home.locale)
    )
    module = course.add_child(instance=ModulePage(title=f"Module {number}", slug="module", summary="x", position=1))
    for lesson in range(lessons):
        module.add_child(
            instance=LessonPage(title=f"Lesson {number}.{lesson}", slug=f"l{lesson}", lede="x", minutes=20, body=[])
        )
    return course


def a_programme(kind, *courses, **fields):
    """A published programme in English. A course may be a pair with fields of its part."""
    home = HomePage.objects.get(locale__language_code="en")
    page = ProgrammePage(title="The programme", slug="programme", summary="About it", kind=kind, locale=home.locale)
    for order, entry in enumerate(courses):
        course, of_part = entry if isinstance(entry, tuple) else (entry, {})
        page.parts.add(ProgrammePart(course=course, sort_order=order, **of_part))
    for name, value in fields.items():
        setattr(page, name, value)
    home.add_child(instance=page)
    return page


@pytest.fixture
def courses(course):
    return course, a_second_course(course.get_parent().specific)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


# --- Kinds ----------------------------------------------------------------------------------------------------------


def test_four_kinds_ship_with_their_rules_as_rows_in_six_languages(kinds):
    assert set(kinds) == {"induction", "refresher", "diploma", "partner"}
    assert kinds["diploma"].minimum_hours == 100
    assert kinds["diploma"].validity_months is None
    assert kinds["refresher"].recurs_after_months == 12
    assert (kinds["induction"].validity_months, kinds["induction"].validity_months_high_risk) == (12, 6)
    assert [code for code, kind in kinds.items() if kind.external_learners] == ["partner"]
    installed = {code for code, _name in settings.LANGUAGES}
    assert all({name.language for name in kind.names.all()} == installed for kind in kinds.values())


def test_loading_kinds_again_changes_nothing_that_an_administration_decided(kinds):
    ProgrammeKind.objects.filter(code="induction").update(validity_months=24)
    assert load_kinds(KINDS) == 0
    assert ProgrammeKind.objects.get(code="induction").validity_months == 24


# --- The page -------------------------------------------------------------------------------------------------------


def test_an_author_writes_a_programme_and_nobody_else_does(kinds, courses, client):
    home = courses[0].get_parent()
    address = f"/cms/pages/add/courses/programmepage/{home.pk}/"
    sign_in(client, an_account(None, Role.TRAINING_MANAGER))
    assert client.get(address).status_code == 403
    author = grant_role(an_account(), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    sign_in(client, author)
    assert client.get(address).status_code == 200
    fields = {
        "title": "Induction",
        "slug": "induction",
        "kind": kinds["induction"].pk,
        "summary": "For recruits",
        "objectives": inline_formset([{"text": "You can refuse", "rad_factors": "7"}]),
        "parts": inline_formset(
            [
                {"course": courses[0].pk, "required": "on", "opens_after": "", "opens_after_days": ""},
                {"course": courses[1].pk, "required": "on", "opens_after": "", "opens_after_days": "7"},
            ]
        ),
        "prerequisites": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "1",
    }
    client.post(address, nested_form_data(fields))
    made = ProgrammePage.objects.get(title="Induction")
    assert made.live
    assert [part.opens_after_days for part in made.parts.all()] == [None, 7]
    page = client.get(reverse("release_course", args=[made.pk]))
    assert "2 modules" in text_of(page)
    client.post(reverse("release_course", args=[made.pk]), {"after": "0"})
    assert Release.objects.get(course=made.translation_key).terms.content["kind"] == "induction"


def test_the_catalogue_shows_programmes_and_partners_have_their_own(kinds, courses, client):
    a_programme(kinds["induction"], *courses)
    catalogue = text_of(client.get("/en/catalogue/"))
    assert "The programme" in catalogue
    assert "Induction" in catalogue
    assert "The programme" not in text_of(client.get("/en/catalogue/partners/"))
    ProgrammePage.objects.update(kind=kinds["partner"])
    assert "The programme" not in text_of(client.get("/en/catalogue/"))
    assert "The programme" in text_of(client.get("/en/catalogue/partners/"))
    assert "The programme" not in text_of(client.get("/fr/catalogue/partners/"))


def test_the_public_page_lists_the_courses_in_order_in_the_reader_s_language(kinds, courses, client):
    first, second = courses
    programme = a_programme(kinds["induction"], second, first)
    page = text_of(client.get("/en/programme/"))
    assert page.index("Course 2") < page.index("Course en")
    french = programme.copy_for_translation(Locale.objects.get(language_code="fr"))
    french.title = "Le programme"
    french.save_revision().publish()
    page = text_of(client.get(french.get_url()))
    assert "Course fr" in page
    assert "Course en" not in page
    assert "Course 2" in page  # not translated: as it is


def test_the_public_page_costs_the_same_for_two_courses_and_for_ten(kinds, courses, client):
    programme = a_programme(kinds["induction"], *courses)
    client.get("/en/programme/")
    few = len(queries_of(lambda: client.get("/en/programme/")))
    home = courses[0].get_parent().specific
    for number in range(3, 11):
        ProgrammePart.objects.create(programme=programme, course=a_second_course(home, number, 0), sort_order=number)
    assert len(queries_of(lambda: client.get("/en/programme/"))) == few


# --- The release ----------------------------------------------------------------------------------------------------


def test_a_release_holds_the_programme_its_courses_and_its_terms(kinds, courses):
    first, second = courses
    programme = a_programme(kinds["induction"], first, (second, {"required": False}))
    release = release_course(programme, actor=None, now=NOW)
    nodes = list(release.nodes.select_related("parent"))
    assert [node.kind for node in nodes] == [
        "programme",
        *("course", "module", "lesson", "lesson", "quiz"),
        *("course", "module", "lesson"),
    ]
    assert nodes[0].key == node_key(programme.translation_key)
    assert {node.parent.key for node in nodes if node.kind == "course"} == {nodes[0].key}
    assert {node.mandatory for node in nodes[:6]} == {True}
    assert {node.mandatory for node in nodes[6:]} == {False}
    assert release.required_minutes == 75
    assert release.terms.content["openings"] == [
        {"key": str(node_key(second.translation_key)), "after": [str(node_key(first.translation_key))], "days": None}
    ]
    told = RecordDetail.objects.get(entry__kind="courses.release.made", entry__subject=release.uuid).facts
    assert told == Release.objects.get(pk=release.pk).record_facts()


def test_the_same_lesson_has_the_same_name_in_the_course_and_in_the_programme(kinds, courses):
    alone = release_course(courses[0], actor=None, now=NOW)
    within = release_course(a_programme(kinds["induction"], *courses), actor=None, now=NOW)
    assert set(alone.nodes.values_list("key", flat=True)) < set(within.nodes.values_list("key", flat=True))
    assert not hasattr(alone, "terms")


def test_a_changed_kind_reaches_no_release_that_stands(kinds, courses):
    programme = a_programme(kinds["induction"], *courses)
    release = release_course(programme, actor=None, now=NOW)
    ProgrammeKind.objects.update(validity_months=60, validity_months_high_risk=None, in_order=False)
    release = Release.objects.get(pk=release.pk)
    assert release.terms.content["validity_months"] == 12
    assert release.terms.content["openings"]
    assert release_course(ProgrammePage.objects.get(), actor=None, now=NOW).terms.content["openings"] == []


def test_a_kind_that_asks_for_no_order_opens_all_courses_at_once(kinds, courses):
    release = release_course(a_programme(kinds["refresher"], *courses), actor=None, now=NOW)
    assert release.terms.content["openings"] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda page, first, second: page.parts.all().delete(), "The programme has no published course."),
        (
            lambda page, first, second: page.parts.update(required=False),
            "No course of the programme is required, so nobody could complete it.",
        ),
        (
            lambda page, first, second: page.parts.filter(course=first).update(opens_after=second),
            "“Course en” opens after “Course 2”, which does not come before it.",
        ),
        (
            lambda page, first, second: page.parts.filter(course=second).update(opens_after=second.get_first_child()),
            "“Course 2” opens after “Module 2”, which does not come before it.",
        ),
        (
            lambda page, first, second: page.parts.filter(course=second).update(opens_after=page.get_parent()),
            "“Course 2” opens after “Plumbline”, which is not in the programme.",
        ),
    ],
)
def test_what_a_learner_would_be_stuck_at_is_said_before_the_release(kinds, courses, change, sentence):
    programme = a_programme(kinds["refresher"], *courses)
    change(ProgrammePage.objects.get(), *courses)
    programme = ProgrammePage.objects.get(pk=programme.pk)
    assert sentence in outlook_of(programme).problems
    with pytest.raises(NotReleasable):
        release_course(programme, actor=None, now=NOW)


def test_hours_that_the_courses_cannot_reach_are_named(kinds, courses):
    programme = a_programme(kinds["diploma"], *courses)
    assert outlook_of(programme).problems == [
        "The kind asks for 100.0 hours, and all courses together credit 95 minutes."
    ]


def test_the_kind_s_minimum_hours_are_required_where_they_are_more(kinds, courses):
    kind = kinds["diploma"]
    kind.minimum_hours = "1.5"
    kind.save()
    first, second = courses
    programme = a_programme(kind, first, (second, {"required": False}))
    programme = ProgrammePage.objects.get(pk=programme.pk)
    assert release_course(programme, actor=None, now=NOW).required_minutes == 90


# --- The learner ----------------------------------------------------------------------------------------------------


@pytest.fixture
def place(kinds, courses):
    """A learner in an induction whose second course opens after the first and not before 9 February 2026."""
    first, second = courses
    quiz_less = ModulePage.objects.filter(quiz__isnull=False)
    quiz_less.update(quiz=None)
    programme = a_programme(kinds["induction"], first, (second, {"opens_after_days": 7}))
    return a_place(release=release_course(programme, actor=None, now=NOW))


def steps(place, kind):
    return [step for step in reading.outline(place.release_id, "en").steps if step.kind == kind]


def at(place, step, name="learn", language="en"):
    return reverse(name, args=[place.uuid, step.key]).replace("/en/", f"/{language}/", 1)


EARLY = datetime.datetime(2026, 2, 3, 12, tzinfo=datetime.UTC)
LATER = datetime.datetime(2026, 2, 9, 12, tzinfo=datetime.UTC)


def test_the_programme_s_page_says_what_opens_next_and_why_the_rest_is_closed(place, client, time_machine):
    time_machine.move_to(EARLY)
    sign_in(client, place.user)
    page = text_of(client.get(at(place, steps(place, "programme")[0])))
    assert "Start: Lesson first en" in page
    assert "It opens when you have completed this:" in page
    assert "It opens on 9 February 2026 at the earliest." in page
    assert at(place, steps(place, "course")[0]) in page
    assert f'<a href="{at(place, steps(place, "course")[1])}"' not in page


def test_a_closed_step_is_refused_whoever_knows_its_address(place, client, time_machine):
    time_machine.move_to(EARLY)
    sign_in(client, place.user)
    last = steps(place, "lesson")[-1]
    for step in (last, steps(place, "course")[1], steps(place, "module")[1]):
        response = client.get(at(place, step))
        assert response.status_code == 403
        assert "This course is not open yet" in text_of(response)
        assert "Course en" in text_of(response)
    response = client.post(at(place, last, "learn_done"))
    assert (response.status_code, response["Location"]) == (302, at(place, last))
    assert not place.progress.exists()
    with pytest.raises(services.NotYetOpen):
        services.complete_lesson(place, last, learner=place.user, now=EARLY)


def test_both_the_course_before_and_the_day_open_the_next(place, client, time_machine):
    sign_in(client, place.user)
    first, second, last = steps(place, "lesson")
    for step in (first, second):
        services.complete_lesson(place, step, learner=place.user, now=EARLY)
    time_machine.move_to(EARLY)
    page = text_of(client.get(at(place, last)))
    assert "It opens on 9 February 2026 at the earliest." in page
    assert "completed this" not in page
    time_machine.move_to(LATER)
    assert client.get(at(place, last)).status_code == 200
    assert client.post(at(place, last, "learn_done")).status_code == 302
    place.refresh_from_db()
    assert place.state == Enrolment.State.COMPLETED


def test_what_is_done_stays_readable_though_its_course_is_closed_again(place, client, time_machine):
    time_machine.move_to(LATER)
    last = steps(place, "lesson")[-1]
    node = place.release.nodes.get(key=last.key)
    place.progress.create(node=node, completed_at=LATER)
    sign_in(client, place.user)
    assert client.get(at(place, last)).status_code == 200


def test_a_lesson_says_where_it_stands_in_the_programme(place, client):
    sign_in(client, place.user)
    page = text_of(client.get(at(place, steps(place, "lesson")[0])))
    assert "Course en" in page
    assert "Module en" in page
    course = text_of(client.get(at(place, steps(place, "course")[0])))
    assert at(place, steps(place, "programme")[0]) in course
    assert "Module 2" not in course


def test_the_learner_s_list_leads_to_the_open_step(place, client, time_machine):
    time_machine.move_to(EARLY)
    sign_in(client, place.user)
    page = text_of(client.get("/en/learn/"))
    assert "The programme" in page
    assert at(place, steps(place, "lesson")[0]) in page


def test_a_programme_s_page_costs_one_query_more_than_a_course_s_where_days_count(place, client):
    sign_in(client, place.user)
    address = at(place, steps(place, "lesson")[0])
    client.get(address)
    assert len(queries_of(lambda: client.get(address))) == 3


# --- Prerequisites --------------------------------------------------------------------------------------------------


def test_nobody_gets_a_place_before_they_have_completed_what_the_programme_asks_for(kinds, courses):
    first, second = courses
    ModulePage.objects.update(quiz=None)
    programme = a_programme(kinds["refresher"], second)
    ProgrammePrerequisite.objects.create(programme=programme, required=first)
    release = release_course(ProgrammePage.objects.get(), actor=None, now=NOW)
    alone = release_course(first, actor=None, now=NOW)
    before = a_place(release=alone)
    group = a_group(before.administration, release)
    with pytest.raises(services.PrerequisitesMissing) as refused:
        services.enrol(before.user, group, actor=None, now=NOW)
    assert refused.value.titles[0]["fr"] == "Course fr"
    for step in steps(before, "lesson"):
        services.complete_lesson(before, step, learner=before.user, now=NOW)
    place = services.enrol(before.user, group, actor=None, now=NOW)
    assert services.enrol(before.user, group, actor=None, now=NOW) == place


# --- What it awards -------------------------------------------------------------------------------------------------


def completed(kind, *courses):
    ModulePage.objects.update(quiz=None)
    place = a_place(release=release_course(a_programme(kind, *courses), actor=None, now=NOW))
    for step in steps(place, "lesson"):
        services.complete_lesson(place, step, learner=place.user, now=NOW)
    place.refresh_from_db()
    assert place.state == Enrolment.State.COMPLETED
    return certificates.issue(place.pk, now=NOW)


def test_a_certificate_bears_the_programme_s_title_and_holds_as_long_as_its_kind_says(kinds, courses):
    issued = completed(kinds["partner"], *courses)
    assert issued.wording["titles"] == {"en": "The programme"}
    assert issued.expires_on == datetime.date(issued.issued_on.year + 2, issued.issued_on.month, issued.issued_on.day)


def test_a_diploma_never_expires(kinds, courses):
    kind = kinds["diploma"]
    kind.minimum_hours = None
    kind.save()
    assert completed(kind, *courses).expires_on is None


def test_a_kind_that_awards_nothing_issues_nothing(kinds, courses):
    kind = kinds["partner"]
    kind.award, kind.validity_months = ProgrammeKind.Award.NOTHING, None
    kind.save()
    assert completed(kind, *courses) is None


# --- Objectives on every level --------------------------------------------------------------------------------------


def test_objectives_of_every_level_reach_the_learner(kinds, courses):
    first, _second = courses
    programme = a_programme(kinds["refresher"], first)
    ProgrammeObjective.objects.create(
        page=programme, text="Lead by example", rad_factors=[1], locale=programme.locale, translation_key=uuid.uuid4()
    )
    release = release_course(ProgrammePage.objects.get(), actor=None, now=NOW)
    body = release.nodes.get(kind="programme").bodies.get(language="en")
    assert body.content["objectives"] == [{"text": "Lead by example", "rad_factors": [1]}]
    assert "objectives" not in release.nodes.get(kind="course").bodies.get(language="en").content


def test_a_kind_is_named_in_the_languages_of_the_platform_a_seventh_included(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("lt", "Lithuanian")]
    kind = ProgrammeKind(code="x", audience="recruits", award="nothing")
    ProgrammeKindName(kind=kind, language="lt", name="Įvadas").clean_fields(exclude=["kind"])
    with pytest.raises(ValidationError, match="tlh"):
        ProgrammeKindName(kind=kind, language="tlh", name="X").clean_fields(exclude=["kind"])
    field = ProgrammeKindName._meta.get_field("language").formfield()
    assert ("ar", "العربيّة") in list(field.choices)
