"""Small builders of cohorts and places in them."""

import datetime
import itertools

from cohorts import services
from cohorts.models import Cohort, Group, RuleSet, Section
from courses import reading
from tests.factories.courses import a_release
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import a_quiz_version, a_submitted_attempt

STARTS_ON = datetime.date(2026, 2, 2)
ENDS_ON = datetime.date(2026, 6, 30)

_numbers = itertools.count(1)


def a_rule_set(administration, **fields):
    return RuleSet.objects.create(
        administration=administration, number=next(_numbers), **{"in_force_from": NOW} | fields
    )


def a_group(administration=None, release=None, **rules):
    """The only group of a cohort; `rules` are fields of its rule set."""
    administration = administration or an_administration()
    cohort = Cohort.objects.create(
        administration=administration,
        name=f"Cohort {next(_numbers)}",
        release=release or a_release(a_quiz_version()),
        rule_set=a_rule_set(administration, **rules),
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
    )
    section = Section.objects.create(cohort=cohort, number=1, starts_on=STARTS_ON, ends_on=ENDS_ON)
    return Group.objects.create(section=section, number=1)


def a_place(user=None, group=None, *, release=None, now=NOW, **rules):
    """A person's place in a group: an enrolment that has not begun."""
    group = group or a_group(user and user.administration, release, **rules)
    user = user or an_account(group.section.cohort.administration)
    return services.enrol(user, group, actor=None, now=now)


def steps_of(enrolment, kind):
    """The steps of one kind of the enrolment's release."""
    steps = reading.outline(enrolment.release_id, "en").steps
    return [step for step in steps if step.kind == kind]


def finish_lessons(enrolment, *, now=NOW):
    for step in steps_of(enrolment, "lesson"):
        services.complete_lesson(enrolment, step, learner=enrolment.user, now=now)


def hand_in_quiz(enrolment, *ratings, now=NOW, **fields):
    """An attempt at the enrolment's quiz with these answers, handed in."""
    [quiz] = steps_of(enrolment, "quiz")
    node = enrolment.release.nodes.get(key=quiz.key)
    return a_submitted_attempt(
        *ratings,
        learner=enrolment.user,
        quiz_version=node.quiz_version,
        registration=enrolment.uuid,
        activity=quiz.key,
        rules=services.attempt_rules(enrolment.rule_set),
        now=now,
        **fields,
    )
