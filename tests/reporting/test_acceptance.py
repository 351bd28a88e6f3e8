"""Acceptance scenario 1: the run of 2020 on the dashboard."""

import csv
import io

import pytest
from django.core.management import call_command

from cohorts.models import Cohort
from elearning.demonstration import run
from people.models import User
from tests.factories.courses import a_release
from tests.factories.people import NOW, sign_in
from tests.factories.quizzes import a_quiz_version
from tests.factories.runs import learners


def assert_shows_the_run(client, cohort):
    page = client.get(f"/dashboard/{cohort.uuid}/")
    shown = {figure["label"]: figure for figure in page.context["figures"]}
    assert shown["enrolled in 38 groups"]["value"] == "1,210"
    related = shown["customs-related, 62.2\u00a0%"]
    assert (related["value"], related["note"]) == ("753", "457 others")
    sections, groups = page.context["tables"]
    assert [row["enrolled"] for row in sections["rows"]] == [
        "160", "159", "127", "127", "127", "127", "127", "128", "128", "1,210"
    ]  # fmt: skip
    sizes = [row["enrolled"] for row in groups["rows"]]
    assert (len(sizes), sizes.count("32"), sizes.count("31")) == (38, 32, 6)
    words = page.content.decode()
    assert "4 July 2020 to 14 November 2020" in words
    assert "Judged on 14 November 2020, the last day of the run" in words
    answer = client.get(f"/dashboard/{cohort.uuid}/learners.csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode()[1:])))
    assert len(rows) == len({row["Staff number"] for row in rows}) == 1210
    return page, rows


def test_the_run_of_2020_stands_on_the_dashboard(as_, administration, manager):
    cohort = run.make_cohort(administration, a_release(a_quiz_version()), NOW)
    related = run.CUSTOMS_RELATED
    seats = run.seats(cohort)
    for group in dict.fromkeys(seats):
        size = seats.count(group)
        customs = min(size, related)
        related -= customs
        learners(group, customs, customs_related=True)
        learners(group, size - customs, customs_related=False)
    assert_shows_the_run(as_(manager), cohort)


@pytest.mark.long
@pytest.mark.committing
def test_the_demonstration_shows_the_run_of_2020_with_its_history(client):
    call_command("demo", verbosity=0)
    cohort = Cohort.objects.get(name=run.NAME)
    manager = User.objects.get(staff_number="3001")
    page, rows = assert_shows_the_run(sign_in(client, manager), cohort)
    states = {bar["label"]: bar["value"] for bar in page.context["states"]}
    assert sum(states.values()) == 1210
    assert sum(row["State"] == "Completed" for row in rows) == states["Completed"]
    assert sum(row["Quizzes"] == "passed" for row in rows) == states["Completed"]
    assert sum(bool(row["Certificate"]) for row in rows) == states["Completed"]
    scores = page.context["tables"][0]["rows"][-1]
    assert not scores["hidden"]
    tutor = User.objects.get(staff_number="2001")
    own = sign_in(client, tutor).get(f"/dashboard/{cohort.uuid}/")
    assert own.context["enrolled"] == 64
    assert sign_in(client, User.objects.get(staff_number="1001")).get("/dashboard/").status_code == 403
