"""Acceptance scenario 12: a direct edit of the database makes the verification name the row."""

import io
import json

import pytest
from django.core.management import call_command

from cohorts.models import CreditedHours
from courses.models import Release, ReleaseBody
from quizzes import services
from quizzes.kinds.choices import Rating
from quizzes.models import Grade
from tests.factories.cohorts import a_place, finish_lessons, hand_in_quiz
from tests.factories.people import NOW
from tests.factories.quizzes import give_grade
from tests.oversight.owner import execute, triggers_dropped

pytestmark = pytest.mark.committing


@pytest.fixture(autouse=True)
def _key_of_its_own(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RECORD_LOG_KEY = ""


@pytest.fixture(autouse=True)
def grade(monkeypatch):
    """A learner who did the lessons and missed the mark by a little."""
    monkeypatch.setattr(services, "ring", lambda attempt_id: True)
    enrolment = a_place()
    finish_lessons(enrolment)
    attempt = hand_in_quiz(enrolment, *[Rating.BEST] * 6, Rating.RISKY, Rating.RISKY)
    return give_grade(attempt, now=NOW)


def findings():
    out = io.StringIO()
    try:
        call_command("verify_records", "--json", stdout=out)
    except SystemExit as stop:
        assert stop.code == 1
    return json.loads(out.getvalue())["findings"]


def named(model, uuid, *fields):
    [finding] = findings()
    assert finding["problem"] == "row_changed"
    assert f"{model} {uuid}" in finding["sentence"]
    assert sorted(finding["fields"]) == sorted(fields)


def test_what_the_services_wrote_holds():
    assert findings() == []


def test_a_grade_that_was_raised_by_hand_is_named(grade):
    with triggers_dropped("quizzes_grade"):
        execute("UPDATE quizzes_grade SET score = 80, points = 6.4, passed = %s", True)
    named("quizzes.grade", grade.uuid, "passed", "points", "score")


def test_a_grade_that_was_removed_or_added_by_hand_is_named(grade):
    with triggers_dropped("quizzes_grade"):
        execute("DELETE FROM quizzes_grade")
    assert [finding["problem"] for finding in findings()] == ["row_lost"]
    Grade(
        attempt=grade.attempt,
        score=100,
        points=8,
        maximum=8,
        bright_line=False,
        passed=True,
        grading_version=1,
        given_at=NOW,
    ).save(force_insert=True)
    assert sorted(finding["problem"] for finding in findings()) == ["row_lost", "unrecorded"]


def test_hours_that_were_raised_by_hand_are_named():
    credit = CreditedHours.objects.first()
    with triggers_dropped("cohorts_creditedhours"):
        execute("UPDATE cohorts_creditedhours SET minutes = 600 WHERE id = %s", credit.pk)
    named("cohorts.creditedhours", credit.uuid, "minutes")


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE courses_releasebody SET title = 'Other words' WHERE id = %s",
        "UPDATE courses_releasebody SET html = 'Other words' WHERE id = %s",
    ],
)
def test_words_of_a_release_that_were_changed_by_hand_are_named_though_their_hash_was_left(edit):
    release, body = Release.objects.get(), ReleaseBody.objects.first()
    with triggers_dropped("courses_releasebody"):
        execute(edit, body.pk)
    named("courses.release", release.uuid, "bodies")


def test_a_step_of_a_release_that_was_made_optional_by_hand_is_named():
    with triggers_dropped("courses_releasenode"):
        execute("UPDATE courses_releasenode SET mandatory = %s WHERE kind = 'quiz'", False)
    named("courses.release", Release.objects.get().uuid, "nodes")
