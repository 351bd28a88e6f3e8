"""The file of a run's learners."""

import csv
import datetime
import io

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from certificates import services as certificates
from certificates.models import Revocation
from cohorts.models import Enrolment
from reporting.export import as_csv, harmless
from tests.factories.courses import a_newer_release
from tests.factories.people import NOW
from tests.factories.runs import a_run, done, graded, group_of, in_an_office, learners

State = Enrolment.State


def taken(client, cohort, part=""):
    """The file as rows by heading."""
    answer = client.get(f"/dashboard/{cohort.uuid}/learners.csv", {"part": part} if part else {})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment;")
    content = answer.getvalue().decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(content[1:])))


@pytest.fixture
def cohort(administration):
    return a_run(administration, 2, 1)


def test_a_learner_is_told_in_full_and_no_further(as_, manager, cohort):
    [enrolment] = learners(
        group_of(cohort, 1, 2),
        1,
        full_name="Зоя Ñandú, يوسف",
        state=State.ACTIVE,
        credited_minutes=75,
        failed_attempts=2,
        last_activity_at=datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC),
    )
    in_an_office(enrolment, "Paso del Faro")
    done([enrolment], steps=2)
    graded([enrolment], 43)
    [row] = taken(as_(manager), cohort)
    assert row == {
        "Staff number": enrolment.user.staff_number,
        "Name": "Зоя Ñandú, يوسف",
        "Office": "Paso del Faro",
        "Section": "1",
        "Group": "2",
        "State": "Active",
        "Credited hours": "1.3",
        "Steps done": "2",
        "Steps in all": "4",
        "Quizzes": "not yet passed",
        "Certificate": "",
        # Still the first of March in Bogotá.
        "Last activity": "2026-03-01",
    }


def test_steps_count_in_the_release_that_a_learner_is_held_to(as_, manager, cohort):
    stayed, moved = learners(group_of(cohort, 1, 1), 2, state=State.ACTIVE)
    for kind in ("lesson", "quiz"):
        done([stayed, moved], kind)
    newer = a_newer_release(cohort.release, lessons=1)
    Enrolment.objects.filter(pk=moved.pk).update(release=newer)
    moved.refresh_from_db()
    done([moved], steps=2)
    rows = {row["Staff number"]: row for row in taken(as_(manager), cohort)}
    told = {
        each: [rows[each.user.staff_number][column] for column in ("Steps done", "Steps in all", "Quizzes")]
        for each in (stayed, moved)
    }
    assert told == {stayed: ["4", "4", "passed"], moved: ["2", "5", "not yet passed"]}


def test_who_has_passed_and_holds_a_certificate(as_, manager, cohort):
    [enrolment] = learners(group_of(cohort, 1, 1), 1, state=State.COMPLETED, credited_minutes=105)
    done([enrolment])
    done([enrolment], "quiz")
    with transaction.atomic():
        certificate = certificates.write(enrolment, now=NOW)
    [row] = taken(as_(manager), cohort)
    assert (row["Quizzes"], row["Certificate"], row["Steps done"]) == ("passed", certificate.serial, "4")


def test_a_certificate_taken_back_is_not_shown(as_, manager, cohort):
    [enrolment] = learners(group_of(cohort, 1, 1), 1, state=State.COMPLETED)
    with transaction.atomic():
        Revocation.objects.create(certificate=certificates.write(enrolment, now=NOW), reason="x", revoked_at=NOW)
    assert taken(as_(manager), cohort)[0]["Certificate"] == ""


@pytest.mark.parametrize("state", [State.FAILED, State.LAPSED])
def test_who_failed_and_who_lapsed_read_alike(as_, manager, cohort, state):
    learners(group_of(cohort, 1, 1), 1, state=state)
    assert taken(as_(manager), cohort)[0]["State"] == "Ended, not completed"


def test_the_office_is_that_of_today(as_, manager, cohort):
    [enrolment] = learners(group_of(cohort, 1, 1), 1)
    before = in_an_office(enrolment, "Before")
    before.until = datetime.date(2021, 1, 1)
    before.save()
    in_an_office(enrolment, "Now")
    assert taken(as_(manager), cohort)[0]["Office"] == "Now"


def test_rows_stand_by_section_group_and_staff_number(as_, manager, cohort):
    for section, group in [(2, 1), (1, 2), (1, 1)]:
        learners(group_of(cohort, section, group), 2)
    rows = taken(as_(manager), cohort)
    assert [(row["Section"], row["Group"]) for row in rows] == [("1", "1")] * 2 + [("1", "2")] * 2 + [("2", "1")] * 2


def test_headings_are_in_the_readers_language(as_, manager, cohort):
    client = as_(manager)
    client.cookies["django_language"] = "es"
    answer = client.get(f"/dashboard/{cohort.uuid}/learners.csv")
    assert answer["Content-Language"] == "es"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_name_is_run_as_a_formula(as_, manager, cohort, start):
    learners(group_of(cohort, 1, 1), 1, full_name=f'{start}HYPERLINK("http://x")')
    assert taken(as_(manager), cohort)[0]["Name"].startswith("'" + start)


@given(st.text(), st.text())
def test_no_text_cell_begins_a_formula_and_none_is_lost(name, office):
    [_heading, row] = csv.reader(io.StringIO(b"".join(as_csv([(name, office)])).decode()[1:], newline=""))
    for cell, written in zip((name, office), row, strict=True):
        assert written in (cell, f"'{cell}")
        assert written[:1] not in set("=+-@\t\r")


@given(st.integers() | st.floats(allow_nan=False))
def test_numbers_stay_numbers(number):
    assert harmless(number) is number


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1210])
def test_every_row_arrives_once(count):
    lines = b"".join(as_csv([(number,) for number in range(count)])).decode().splitlines()
    assert lines[1:] == [str(number) for number in range(count)]
