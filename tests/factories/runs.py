"""Small builders of runs with many learners and what they did, past the services that would write it one by one."""

import datetime
import itertools
import uuid
from decimal import Decimal

from cohorts.models import Cohort, Enrolment, Group, NodeProgress, Section
from people.models import Officer, Posting, User
from quizzes.models import Attempt, Grade
from tests.factories.cohorts import a_rule_set
from tests.factories.courses import a_release
from tests.factories.people import NOW, a_post, an_office
from tests.factories.quizzes import a_quiz_version

STARTS_ON = datetime.date(2026, 2, 2)
ENDS_ON = datetime.date(2026, 4, 12)

_numbers = itertools.count(1)


def a_run(administration, *groups_in_section, release=None, starts_on=STARTS_ON, ends_on=ENDS_ON, **rules):
    """A cohort with as many groups in each section as told, empty."""
    cohort = Cohort.objects.create(
        administration=administration,
        name=f"Run {next(_numbers)}",
        release=release or a_release(a_quiz_version()),
        rule_set=a_rule_set(administration, **rules),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    for number, groups in enumerate(groups_in_section, start=1):
        section = Section.objects.create(cohort=cohort, number=number, starts_on=starts_on, ends_on=ends_on)
        Group.objects.bulk_create(Group(section=section, number=each + 1) for each in range(groups))
    return cohort


def group_of(cohort, section, number):
    return Group.objects.select_related("section__cohort").get(
        section__cohort=cohort, section__number=section, number=number
    )


def learners(group, count, *, customs_related=True, email=None, full_name=None, **fields):
    """Enrolments of new people in a group, each with an officer and without any record in the log.

    `fields` are fields of the enrolment. Completed ones get a day of completion.
    """
    cohort = group.section.cohort
    if fields.get("state") == Enrolment.State.COMPLETED:
        fields.setdefault("completed_at", NOW)
    users = User.objects.bulk_create(
        User(
            administration_id=cohort.administration_id,
            staff_number=f"L-{number}",
            full_name=full_name or f"Learner {number}",
            email=email,
        )
        for number in itertools.islice(_numbers, count)
    )
    Officer.objects.bulk_create(
        Officer(
            administration_id=cohort.administration_id,
            user=user,
            category=Officer.Category.CIVIL_SERVANT,
            customs_related=customs_related,
        )
        for user in users
    )
    return Enrolment.objects.bulk_create(
        Enrolment(
            administration_id=cohort.administration_id,
            user=user,
            cohort=cohort,
            group=group,
            release_id=cohort.release_id,
            rule_set_id=cohort.rule_set_id,
            **fields,
        )
        for user in users
    )


def in_an_office(enrolment, name):
    """Give the learner a post in an office of this name."""
    office = an_office(enrolment.administration, name=name)
    return Posting.objects.create(officer=enrolment.user.officer, post=a_post(office), since=datetime.date(2020, 1, 1))


def graded(enrolments, score, *, number=1, passed=None, activity=None):
    """A graded attempt of each learner at the release's quiz, or at another activity."""
    node = enrolments[0].release.nodes.get(kind="quiz")
    passed = score >= 80 if passed is None else passed
    attempts = Attempt.objects.bulk_create(
        Attempt(
            learner_id=enrolment.user_id,
            registration=enrolment.uuid,
            activity=activity or node.key,
            quiz_version_id=node.quiz_version_id,
            number=number,
            language="en",
            pass_mark=Decimal(80),
            served={"shape": 2, "seed": "0", "items": []},
            start_key=uuid.uuid4(),
            state=Attempt.State.GRADED,
            started_at=NOW,
            deadline=NOW,
            submitted_at=NOW,
        )
        for enrolment in enrolments
    )
    for attempt in attempts:
        grade_again(attempt, score, passed=passed, number=1)
    return attempts


def grade_again(attempt, score, *, passed, number=2):
    """A grade of an attempt; a higher number puts those before it out of force."""
    return Grade.objects.create(
        attempt=attempt,
        number=number,
        score=Decimal(score),
        points=Decimal(score) / 10,
        maximum=10,
        bright_line=False,
        passed=passed,
        grading_version=1,
        given_at=NOW,
    )


def done(enrolments, kind="lesson", *, steps=None, at=NOW):
    """The first steps of a kind, completed by each learner."""
    nodes = list(enrolments[0].release.nodes.filter(kind=kind).order_by("position"))[:steps]
    NodeProgress.objects.bulk_create(
        NodeProgress(enrolment=enrolment, node=node, completed_at=at) for enrolment in enrolments for node in nodes
    )
