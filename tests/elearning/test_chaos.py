"""The scenario that kills what grades: it finds what is lost, and it runs."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest

from elearning.chaos import database, verdict
from elearning.chaos.hands import Paper
from elearning.chaos.mischief import Mischief
from elearning.embedded.telling import Problem
from elearning.places import BASE_DIR
from oversight import records
from quizzes.models import Attempt, Grade, Response
from tests.factories.people import NOW
from tests.factories.quizzes import a_graded_attempt, a_submitted_attempt, values_of

QUESTIONS = range(1, 9)


def on_a_server(test):
    """Only where the suite runs on a server; the test itself leaves its database alone."""
    return pytest.mark.django_db(pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="on PostgreSQL")(test))


def server():
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def databases_on_the_server():
    with server() as asked:
        return {name for (name,) in asked.execute("SELECT datname FROM pg_database")}


@pytest.fixture
def a_clerk_of_the_server():
    """The address by which somebody without further rights comes to the same server."""
    given = urlsplit(os.environ["DATABASE_URL"])
    with server() as asked:
        asked.execute("CREATE ROLE chaos_clerk LOGIN PASSWORD 'clerk'")
    yield given._replace(netloc=f"chaos_clerk:clerk@{given.netloc.rpartition('@')[2]}").geturl()
    with server() as asked:
        asked.execute("DROP ROLE chaos_clerk")


def a_paper(attempt, *, saved=1):
    """What a learner was told who chose the best answer everywhere and handed in."""
    wanted = {number: values_of(attempt, number - 1, "a")[0] for number in QUESTIONS}
    return Paper(str(attempt.uuid), "/", "", "", wanted, saved=dict.fromkeys(QUESTIONS, saved), submitted_at=1.0)


@pytest.mark.django_db
class TestTheVerdict:
    def test_all_is_well_where_every_answer_led_to_one_grade(self):
        found = verdict.reach([a_paper(a_graded_attempt("best")), a_paper(a_graded_attempt("best"))])
        assert found == verdict.Verdict(attempts=2, saved=16, submitted=2, graded=2, lost=0, doubled=0, slowest=0)
        assert found.holds

    def test_it_tells_how_long_the_slowest_waited(self):
        slow, quick = a_graded_attempt("best"), a_graded_attempt("best")
        Attempt.objects.filter(pk=slow.pk).update(submitted_at=NOW - timedelta(seconds=121))
        assert verdict.reach([a_paper(slow), a_paper(quick)]).slowest == 121

    def test_an_answer_that_was_confirmed_and_is_not_there_is_lost(self):
        found = verdict.reach([a_paper(a_graded_attempt("best"), saved=2)])
        assert (found.lost, found.holds) == (8, False)

    def test_an_answer_that_is_another_than_the_confirmed_one_is_lost(self):
        paper = a_paper(a_graded_attempt("best"))
        paper.wanted[3] = "1" if paper.wanted[3] != "1" else "2"
        assert verdict.reach([paper]).lost == 1

    def test_a_grade_that_does_not_follow_from_the_answers_is_a_loss(self):
        attempt = a_graded_attempt("best")
        Response.objects.create(attempt=attempt, position=0, sequence=2, follows=1, answer=None, saved_at=NOW)
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


class Killed:
    """Machinery that only counts how often its programs are killed."""

    def __init__(self):
        self.times = Counter()

    def kill(self, name, number=signal.SIGKILL):
        self.times[name] += 1

    def kill_child(self, name):
        self.times[name] += 1
        return True


def test_what_is_not_up_is_passed_over_and_all_else_is_killed(monkeypatch):
    for pace in ("AT_FIRST", "THEN"):
        monkeypatch.setattr(f"elearning.chaos.mischief.{pace}", (0, 0))
    machinery, enough = Killed(), threading.Event()

    def is_up():
        if machinery.times["broker"] > 2 and machinery.times["worker"] > 2:
            enough.set()
        return True

    at_work = {"web": lambda: False, "broker": is_up, "worker": is_up}
    mischief = Mischief(machinery, 1, at_work, lambda line: None)
    mischief.start()
    assert enough.wait(5)
    mischief.stop()
    assert machinery.times["web"] == 0


class TestTheDatabase:
    @pytest.mark.parametrize("given", ["", "sqlite:////srv/plumbline.sqlite3"])
    def test_without_a_server_it_is_a_file_in_the_folder_that_is_thrown_away(self, given):
        with database.of_its_own(given) as address:
            assert address == ""

    def test_a_server_that_does_not_answer_is_a_line_that_says_so(self):
        with (
            pytest.raises(Problem, match="no database can be created on the server of DATABASE_URL: "),
            database.of_its_own("postgres://somebody@127.0.0.1:1/work"),
        ):
            pytest.fail("there is no such server")

    @on_a_server
    def test_on_a_server_it_is_another_than_the_given_one_and_goes_with_the_block(self):
        given = os.environ["DATABASE_URL"]
        with database.of_its_own(given) as address:
            name = urlsplit(address).path.removeprefix("/")
            assert name.startswith(database.PREFIX)
            assert urlsplit(address)._replace(path="") == urlsplit(given)._replace(path="")
            with psycopg.connect(address) as inside:
                # Also with a line still open.
                inside.execute("CREATE TABLE answers ()")
                inside.commit()
                assert name in databases_on_the_server()
        assert name not in databases_on_the_server()

    @on_a_server
    def test_it_goes_too_when_what_ran_in_it_failed(self):
        before = databases_on_the_server()
        with pytest.raises(ZeroDivisionError), database.of_its_own(os.environ["DATABASE_URL"]):
            raise ZeroDivisionError
        assert databases_on_the_server() == before

    @on_a_server
    def test_who_may_not_create_one_is_told_what_to_do(self, a_clerk_of_the_server):
        with pytest.raises(Problem, match="may not create databases"), database.of_its_own(a_clerk_of_the_server):
            pytest.fail("a clerk has made a database")


@pytest.mark.long
@pytest.mark.usefixtures("django_db_setup")  # on PostgreSQL too
def test_killed_workers_broker_and_web_server_lose_nothing_and_double_nothing():
    command = [sys.executable, "manage.py", "chaos", "--attempts", "300", "--seed", "5"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told.pop("slowest") > 0
    assert told == {"attempts": 300, "saved": 2400, "submitted": 300, "graded": 300, "lost": 0, "doubled": 0}
    assert ("On PostgreSQL" if "DATABASE_URL" in os.environ else "On SQLite") in done.stdout
    for deed in ("worker killed", "broker restarted", "web server killed"):
        assert f"× {deed}" in done.stdout
