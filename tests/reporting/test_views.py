"""Who sees which dashboard."""

import uuid

import pytest
from django.urls import reverse

from oversight.models import RecordEntry
from people.models import Role
from tests.factories.people import an_account, an_administration, sign_in
from tests.factories.runs import a_run, group_of, learners


def board_of(cohort, part=""):
    return reverse("cohort_dashboard", args=[cohort.uuid]) + (f"?part={part}" if part else "")


def file_of(cohort, part=""):
    return reverse("cohort_learners_csv", args=[cohort.uuid]) + (f"?part={part}" if part else "")


def text(response):
    return response.getvalue().decode() if response.streaming else response.content.decode()


@pytest.fixture
def cohort(administration):
    return a_run(administration, 2, 1)


@pytest.fixture
def tutor(administration, cohort):
    """Teaches group 1 of section 1."""
    user = an_account(administration, Role.TUTOR)
    group_of(cohort, 1, 1).tutors.add(user)
    return user


EVERYONE = [
    ((Role.TRAINING_MANAGER,), 200),
    ((Role.AUDITOR,), 200),
    ((Role.TUTOR, Role.TRAINING_MANAGER), 200),
    ((Role.AUTHOR,), 403),
    ((Role.CERTIFYING_OFFICER,), 403),
    ((), 403),
]


@pytest.mark.parametrize(("roles", "status"), EVERYONE)
@pytest.mark.parametrize("address", [lambda cohort: reverse("dashboard"), board_of, file_of])
def test_each_role_gets_its_answer(as_, administration, cohort, roles, status, address):
    assert as_(an_account(administration, *roles)).get(address(cohort)).status_code == status


@pytest.mark.parametrize("address", [lambda cohort: reverse("dashboard"), board_of, file_of])
def test_visitors_are_asked_to_sign_in(client, cohort, address):
    answer = client.get(address(cohort))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("address", [board_of, file_of])
def test_a_superuser_without_a_role_has_no_right_to_records(as_, administration, cohort, address):
    user = an_account(administration, is_superuser=True)
    client = as_(user)
    assert client.get(address(cohort)).status_code == 403


@pytest.mark.parametrize("role", [Role.TRAINING_MANAGER, Role.AUDITOR, Role.TUTOR])
@pytest.mark.parametrize("address", [board_of, file_of])
def test_a_run_of_another_administration_does_not_exist(as_, cohort, role, address):
    assert as_(an_account(an_administration(), role)).get(address(cohort)).status_code == 404


@pytest.mark.parametrize("address", [board_of, file_of])
def test_a_run_in_which_one_teaches_nothing_does_not_exist(as_, administration, cohort, address):
    assert as_(an_account(administration, Role.TUTOR)).get(address(cohort)).status_code == 404


@pytest.mark.parametrize("address", [board_of, file_of])
@pytest.mark.parametrize("part", ["9", "1-7", "0", "one", "1-", "-1", "1-1-1", "9" * 40, "١"])
def test_a_part_that_does_not_exist_is_not_found(as_, manager, cohort, address, part):
    assert as_(manager).get(address(cohort, part)).status_code == 404


@pytest.mark.parametrize("address", [board_of, file_of])
@pytest.mark.parametrize("part", ["2", "1-2"])
def test_for_a_tutor_other_groups_do_not_exist(as_, tutor, cohort, address, part):
    assert as_(tutor).get(address(cohort, part)).status_code == 404


@pytest.mark.parametrize("address", [board_of, file_of])
def test_nothing_is_changed_by_other_methods(as_, manager, cohort, address):
    assert as_(manager).post(address(cohort)).status_code == 405


def test_an_unknown_run_is_not_found(as_, manager):
    assert as_(manager).get(reverse("cohort_dashboard", args=[uuid.uuid4()])).status_code == 404


class TestTutor:
    @pytest.fixture(autouse=True)
    def _people(self, cohort):
        learners(group_of(cohort, 1, 1), 3, full_name="Mine")
        learners(group_of(cohort, 1, 2), 5, full_name="Neighbour")
        learners(group_of(cohort, 2, 1), 7, full_name="Stranger")

    def test_the_list_counts_own_groups(self, as_, tutor, manager, client):
        assert "3 learners" in text(as_(tutor).get(reverse("dashboard")))
        assert "15 learners" in text(sign_in(client, manager).get(reverse("dashboard")))

    @pytest.mark.parametrize("part", ["", "1", "1-1"])
    def test_every_figure_and_name_is_of_own_groups(self, as_, tutor, cohort, part):
        page = as_(tutor).get(board_of(cohort, part))
        assert page.context["enrolled"] == 3
        assert page.context["at_risk_page"].paginator.count == 3
        assert "count your own groups alone: Section 1, group 1." in text(page)
        assert "Mine" in text(page)
        assert "Neighbour" not in text(page)
        assert "Stranger" not in text(page)

    @pytest.mark.parametrize("part", ["", "1"])
    def test_the_file_holds_own_groups(self, as_, tutor, cohort, part):
        rows = text(as_(tutor).get(file_of(cohort, part))).splitlines()
        assert len(rows) == 1 + 3
        assert all("Mine" in row for row in rows[1:])

    def test_a_manager_who_also_teaches_sees_everyone(self, as_, tutor, cohort):
        tutor.roles = [Role.TUTOR, Role.TRAINING_MANAGER]
        tutor.save()
        page = as_(tutor).get(board_of(cohort))
        assert page.context["enrolled"] == 15
        assert "your own groups alone" not in text(page)


class TestParts:
    @pytest.fixture(autouse=True)
    def _people(self, cohort):
        learners(group_of(cohort, 1, 1), 3)
        learners(group_of(cohort, 1, 2), 5)
        learners(group_of(cohort, 2, 1), 7)

    @pytest.mark.parametrize(("part", "enrolled"), [("", 15), ("1", 8), ("1-2", 5), ("2", 7)])
    def test_a_section_or_group_is_shown_alone(self, as_, manager, cohort, part, enrolled):
        client = as_(manager)
        page = client.get(board_of(cohort, part))
        assert page.context["enrolled"] == enrolled
        assert len(text(client.get(page.context["csv_url"])).splitlines()) == 1 + enrolled


def test_an_administration_without_runs_is_told_when_one_appears(as_, manager):
    assert "No runs to look after yet" in text(as_(manager).get(reverse("dashboard")))


def test_an_empty_run_says_so(as_, manager, cohort):
    page = text(as_(manager).get(board_of(cohort)))
    assert "Nobody is enrolled here yet" in page
    assert file_of(cohort) not in page


@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_the_board_needs_no_style_attribute_and_no_script_of_its_own(as_, manager, cohort, language):
    learners(group_of(cohort, 1, 1), 6)
    client = as_(manager)
    client.cookies["django_language"] = language
    page = text(client.get(board_of(cohort)))
    assert f'<html lang="{language}"' in page
    assert "style=" not in page
    assert "<style" not in page


def test_each_export_stands_in_the_record_log(as_, manager, cohort):
    learners(group_of(cohort, 1, 2), 5)
    as_(manager).get(file_of(cohort, "1-2"))
    entry = RecordEntry.objects.get(kind="reporting.export.made")
    assert (entry.actor, entry.subject, entry.administration) == (
        manager.uuid, cohort.uuid, manager.administration.uuid
    )  # fmt: skip
    assert entry.detail.facts == {
        "shape": 1,
        "cohort": str(cohort.uuid),
        "section": 1,
        "group": 2,
        "own_groups_only": False,
        "rows": 5,
    }


def test_looking_at_the_board_leaves_no_entry(as_, manager, cohort):
    as_(manager).get(board_of(cohort))
    assert not RecordEntry.objects.filter(kind__startswith="reporting.").exists()
