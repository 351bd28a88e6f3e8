"""No page's number of queries grows with the number of learners, groups, sections, items or runs."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Enrolment
from people.models import Role
from tests.factories.courses import a_release
from tests.factories.people import an_account
from tests.factories.quizzes import a_bank, a_quiz_version
from tests.factories.runs import a_run, done, graded, group_of, in_an_office, learners

State = Enrolment.State


def a_full_run(administration, sections, groups, people, *, lessons=2, items=8):
    """A run in which something of everything has happened, spread over its groups."""
    release = a_release(a_quiz_version(a_bank(items)), lessons=lessons)
    cohort = a_run(administration, *[groups] * sections, release=release, ends_on=datetime.date(2026, 11, 1))
    each = people // (sections * groups)
    for section in range(1, sections + 1):
        for number in range(1, groups + 1):
            group = group_of(cohort, section, number)
            active = learners(group, each - each // 2, state=State.ACTIVE, failed_attempts=2)
            completed = learners(group, each // 2, state=State.COMPLETED)
            done(active)
            graded(active + completed, 60)
            graded(completed, 90, number=2)
            in_an_office(active[0], f"Office {cohort.pk} {section} {number}")
    return cohort


def queries(client, address):
    client.get(address)  # a process reads a release's outline once
    with CaptureQueriesContext(
        connection,
    ) as counted:
        answer = client.get(address)
        if answer.streaming:
            answer.getvalue()
    assert answer.status_code == 200
    return len(counted)


@pytest.mark.parametrize("role", [Role.TRAINING_MANAGER, Role.TUTOR])
@pytest.mark.parametrize(("address", "at_most"), [("/dashboard/{}/", 13), ("/dashboard/{}/learners.csv", 14)])
def test_the_board_and_the_file_take_as_many_queries_for_400_learners_as_for_10(
    as_, administration, role, address, at_most
):
    small = a_full_run(administration, 1, 2, 10)
    large = a_full_run(administration, 4, 5, 400, lessons=6, items=40)
    user = an_account(administration, role)
    user.tutored_groups.set(
        [group for cohort in (small, large) for section in cohort.sections.all() for group in section.groups.all()]
    )
    client = as_(user)
    counts = [queries(client, address.format(cohort.uuid)) for cohort in (small, large)]
    assert counts[0] == counts[1]
    assert counts[0] <= at_most


@pytest.mark.parametrize("role", [Role.TRAINING_MANAGER, Role.TUTOR])
def test_the_list_takes_as_many_queries_for_twelve_runs_as_for_one(as_, administration, role):
    user = an_account(administration, role)
    client = as_(user)
    counts = []
    for runs in (1, 11):
        for _run in range(runs):
            cohort = a_run(administration, 2)
            group = group_of(cohort, 1, 1)
            group.tutors.add(user)
            learners(group, 2)
        counts.append(queries(client, "/dashboard/"))
    assert counts[0] == counts[1]
