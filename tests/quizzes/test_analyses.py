"""Item analyses: asked for by authors, done by a worker once, from the first attempts that still count."""

import datetime
import os
import subprocess
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from elearning.places import BASE_DIR
from quizzes import errors, services
from quizzes.analysis import results
from quizzes.models import Analysis, ItemOutcomes
from quizzes.services import analysing
from quizzes.services.analysing import LEASE, MOST_TRIES, give_up, work_on
from tests.factories.analyses import an_analyst, outcomes
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_quiz_version

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def version():
    return a_quiz_version()


def ask(version, now=NOW):
    return services.ask_for_analysis(version.quiz, actor=an_analyst(), now=now)


def work(analysis, now=NOW):
    done = work_on(analysis.pk, clock=lambda: now)
    analysis.refresh_from_db()
    return done


def test_asking_makes_a_row_and_rings_after_the_commit(version, rung, committed):
    outcomes(version, 30)
    with committed():
        asked = ask(version)
    assert (asked.state, asked.versions) == ("waiting", 1)
    assert rung == [("quizzes.tasks.analyse", [asked.pk])]


def test_who_may_not_read_the_bank_may_not_ask(version):
    outcomes(version, 30)
    with pytest.raises(PermissionDenied):
        services.ask_for_analysis(version.quiz, actor=an_account(), now=NOW)


def test_asked_twice_it_is_one_analysis_by_the_schema_too(version):
    outcomes(version, 30)
    assert ask(version) == ask(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Analysis.objects.create(quiz=version.quiz, versions=1, asked_by=an_analyst(), asked_at=NOW)


def test_what_a_few_more_have_chosen_cannot_be_told_by_subtraction(version):
    outcomes(version, 29)
    with pytest.raises(errors.TooFewNewAttempts):
        ask(version)
    outcomes(version, 1)
    work(ask(version))
    outcomes(version, 29)
    with pytest.raises(errors.TooFewNewAttempts):
        ask(version)
    outcomes(version, 1)
    assert ask(version, NOW + MINUTE).state == "waiting"


def test_a_worker_stores_the_figures_of_the_first_attempts(version):
    outcomes(version, 40)
    ItemOutcomes.objects.filter(pk=ItemOutcomes.objects.first().pk).update(is_first=False)
    asked = ask(version)
    assert work(asked)
    assert (asked.state, asked.attempts, asked.read, asked.finished_at) == ("done", 39, 39, NOW)
    found = results.Analysis.from_json(asked.results)
    assert found.overall.reliability.n == 39
    assert [item.n for item in found.overall.items] == [39] * 8


def test_rows_are_read_in_chunks_and_progress_is_told(version, monkeypatch):
    monkeypatch.setattr(analysing, "CHUNK", 15)
    outcomes(version, 40)
    told = []
    add = analysing.Gathering.add

    def watch(self, rows):
        told.append(tuple(Analysis.objects.values_list("state", "read", "attempts").get()))
        add(self, rows)

    monkeypatch.setattr(analysing.Gathering, "add", watch)
    work(ask(version))
    assert told == [("working", 0, 40), ("working", 15, 40), ("working", 30, 40)]


def a_newer_version(version):
    version.quiz.time_limit_minutes += 1
    version.quiz.save()
    return services.freeze_quiz(version.quiz, now=NOW)


def test_all_versions_up_to_the_newest_are_analysed_together(version):
    outcomes(version, 30)
    outcomes(a_newer_version(version), 10)
    asked = ask(version)
    outcomes(a_newer_version(version), 5)
    work(asked)
    assert (asked.versions, asked.attempts) == (2, 40)


def test_attempts_in_several_languages_count_among_all_and_in_no_language(version):
    outcomes(version, 30, "en")
    outcomes(version, 35, "en", "fr")
    asked = ask(version)
    work(asked)
    found = results.Analysis.from_json(asked.results)
    assert (found.overall.reliability.n, list(found.languages), found.reference) == (65, ["en"], "en")


def test_a_task_delivered_twice_works_once(version):
    outcomes(version, 30)
    asked = ask(version)
    assert work(asked)
    assert not work(asked, NOW + 10 * MINUTE)
    assert asked.finished_at == NOW


def test_while_one_works_another_does_not_until_the_lease_has_run_out(version):
    outcomes(version, 30)
    asked = ask(version)
    assert analysing._claim(asked.pk, NOW)
    assert not work(asked, NOW + LEASE)
    assert work(asked, NOW + LEASE + MINUTE)


def test_a_worker_that_was_taken_over_from_writes_nothing(version, monkeypatch):
    outcomes(version, 30)
    asked = ask(version)
    first = analysing.analyse

    def slowly(responses):
        monkeypatch.setattr(analysing, "analyse", first)
        assert work_on(asked.pk, clock=lambda: NOW + LEASE + MINUTE)
        return first(responses)

    monkeypatch.setattr(analysing, "analyse", slowly)
    assert not work(asked)
    assert asked.finished_at == NOW + LEASE + MINUTE


def test_what_has_killed_three_workers_is_given_up(version):
    outcomes(version, 30)
    asked = ask(version)
    now = NOW
    for _each in range(MOST_TRIES):
        assert analysing._claim(asked.pk, now)
        now += LEASE + MINUTE
    assert not work(asked, now)
    assert (asked.state, asked.finished_at, asked.results) == ("failed", now, None)


def test_what_took_too_long_is_given_up_and_can_be_asked_for_again(version):
    outcomes(version, 30)
    asked = ask(version)
    give_up(asked.pk, now=NOW)
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert ask(version) != asked


def test_the_sweeper_rings_for_what_was_not_heard_and_what_its_worker_left(version, rung, monkeypatch):
    outcomes(version, 30)
    asked = ask(version)
    services.ring_for_analyses(NOW)
    analysing._claim(asked.pk, NOW)
    services.ring_for_analyses(NOW + LEASE)
    services.ring_for_analyses(NOW + LEASE + MINUTE)
    assert rung == [("quizzes.tasks.analyse", [asked.pk])] * 2

    def dead(*arguments, **named):
        raise OperationalError

    monkeypatch.setattr("core.bell.current_app.send_task", dead)
    services.ring_for_analyses(NOW + LEASE + MINUTE)  # no error


def test_rows_of_another_shape_are_refused(version):
    outcomes(version, 30)
    asked = ask(version)
    ItemOutcomes.objects.update(outcomes={"shape": 2})
    with pytest.raises(ValueError, match="shape 2"):
        work(asked)


def test_a_web_server_loads_no_numpy():
    told = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print('quizzes.analysis_views' in sys.modules, 'numpy' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", told],
        cwd=BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "elearning.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["True", "False"]
