"""The scenario that kills what grades: it finds what is lost, and it runs."""

import json
import subprocess
import sys

import pytest

from elearning.chaos import verdict
from elearning.chaos.hands import Paper
from elearning.places import BASE_DIR
from oversight import records
from quizzes.models import Attempt, Grade, Response
from tests.factories.people import NOW
from tests.factories.quizzes import a_graded_attempt, a_submitted_attempt, values_of

QUESTIONS = range(1, 9)


def a_paper(attempt, *, saved=1):
    """What a learner was told who chose the best answer everywhere and handed in."""
    wanted = {number: values_of(attempt, number - 1, "a")[0] for number in QUESTIONS}
    return Paper(str(attempt.uuid), "/", "", "", wanted, saved=dict.fromkeys(QUESTIONS, saved), submitted_at=1.0)


@pytest.mark.django_db
class TestTheVerdict:
    def test_all_is_well_where_every_answer_led_to_one_grade(self):
        found = verdict.reach([a_paper(a_graded_attempt("best")), a_paper(a_graded_attempt("best"))])
        assert found == verdict.Verdict(attempts=2, saved=16, submitted=2, graded=2, lost=0, doubled=0)
        assert found.holds

    def test_an_answer_that_was_confirmed_and_is_not_there_is_lost(self):
        found = verdict.reach([a_paper(a_graded_attempt("best"), saved=2)])
        assert (found.lost, found.holds) == (8, False)

    def test_an_answer_that_is_another_than_the_confirmed_one_is_lost(self):
        paper = a_paper(a_graded_attempt("best"))
        paper.wanted[3] = "1" if paper.wanted[3] != "1" else "2"
        assert verdict.reach([paper]).lost == 1

    def test_a_grade_that_does_not_follow_from_the_answers_is_a_loss(self):
        attempt = a_graded_attempt("best")
        Response.objects.create(attempt=attempt, position=0, sequence=2, answer=None, saved_at=NOW)
        paper = a_paper(attempt)
        del paper.saved[1]
        assert verdict.reach([paper]).lost == 1

    def test_an_attempt_that_was_handed_in_and_waits_is_a_loss_and_not_graded(self):
        found = verdict.reach([a_paper(a_submitted_attempt("best"))])
        assert verdict.waiting() == 1
        assert (found.graded, found.lost, found.holds) == (0, 2, False)

    def test_a_second_grade_or_a_second_record_of_one_is_a_doubling(self):
        once, twice, told = (a_graded_attempt("best") for _each in range(3))
        grade = Grade.objects.get(attempt=twice)
        grade.pk, grade.uuid, grade.number, grade.run = None, Attempt().uuid, 2, None
        grade.save(force_insert=True)
        again = Grade.objects.get(attempt=told)
        records.append("quizzes.grade.given", subject=again, facts=again.record_facts(), actor=None, now=NOW)
        found = verdict.reach([a_paper(each) for each in (once, twice, told)])
        assert (found.doubled, found.holds) == (2, False)


@pytest.mark.long
def test_killed_workers_broker_and_web_server_lose_nothing_and_double_nothing():
    command = [sys.executable, "manage.py", "chaos", "--attempts", "300", "--seed", "5"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told == {"attempts": 300, "saved": 2400, "submitted": 300, "graded": 300, "lost": 0, "doubled": 0}
    for deed in ("worker killed", "broker restarted", "web server killed"):
        assert f"× {deed}" in done.stdout
