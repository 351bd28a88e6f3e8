"""Rows from before there were kinds of items and grading runs, carried over by the real migrations."""

import datetime
import importlib
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from oversight import append_only
from quizzes import services
from quizzes.models import Attempt, Grade, GradingRun, ItemVersion, Response
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import words

pytestmark = pytest.mark.committing

BEFORE = [("quizzes", "0003_retired_items")]
MINUTE = datetime.timedelta(minutes=1)
SHOWN = ["c", "a", "d", "b"]
STRUCTURE = {
    "shape": 1,
    "options": [
        {"key": key, "rating": rating, "mechanism": None, "bright_line": False}
        for key, rating in zip("abcd", ("best", "acceptable", "risky", "breach"), strict=True)
    ],
}


class Then:
    """A database as it was, with its guards, and builders of its rows."""

    def __init__(self):
        executor = MigrationExecutor(connection)
        executor.migrate(BEFORE)
        with connection.schema_editor() as editor:
            for table in ("quizzes_response", "quizzes_grade"):
                append_only.AppendOnly(table).database_forwards("quizzes", editor, None, None)
        self.apps = executor.loader.project_state(BEFORE).apps
        self.learner = an_account()
        bank = self.row("ItemBank", slug="bank", title="A bank")
        item = self.row("Item", bank=bank, key="item-1")
        self.version = self.row(
            "ItemVersion", item=item, number=1, difficulty=1, structure=STRUCTURE, published_at=NOW
        )
        self.row("ItemText", version=self.version, language="en", content=words("item-1", "en"))
        quiz = self.row("Quiz", slug="quiz", bank=bank, draw=2, time_limit_minutes=30, minutes=15)
        self.quiz = self.row(
            "QuizVersion", quiz=quiz, number=1, draw=2, time_limit_minutes=30, minutes=15, frozen_at=NOW
        )

    def row(self, model, **fields):
        return self.apps.get_model("quizzes", model).objects.create(**fields)

    def attempt(self, state="in_progress", *chosen, **fields):
        handed_in = None if state == "in_progress" else NOW + MINUTE
        attempt = self.row(
            "Attempt",
            learner_id=self.learner.pk,
            registration=uuid.uuid4(),
            activity=uuid.uuid4(),
            quiz_version=self.quiz,
            number=1,
            language="en",
            pass_mark=Decimal(80),
            served={"shape": 1, "items": [{"version": self.version.pk, "options": SHOWN}] * 2},
            start_key=uuid.uuid4(),
            state=state,
            started_at=NOW,
            deadline=NOW + 30 * MINUTE,
            submitted_at=handed_in,
            **fields,
        )
        for position, option in enumerate(chosen):
            self.row("Response", attempt=attempt, position=position, sequence=3, option=option, saved_at=NOW)
        return attempt

    def grade(self, attempt):
        sums = {"score": 100, "points": 2, "maximum": 2, "bright_line": False, "passed": True}
        return self.row("Grade", attempt=attempt, grading_version=1, given_at=NOW, **sums)


@pytest.fixture
def then():
    return Then()


def migrate():
    """All apps: some of the others' migrations were taken back with this one's."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_choices_become_answers_and_the_order_of_options_an_arrangement(then, monkeypatch):
    monkeypatch.setattr(importlib.import_module("quizzes.migrations.0005_answers_by_kind"), "CHUNK", 2)
    old = [then.attempt("in_progress", "a", "d") for _number in range(5)]
    migrate()
    attempts = list(Attempt.objects.order_by("pk"))
    assert [attempt.pk for attempt in attempts] == [attempt.pk for attempt in old]
    for attempt in attempts:
        assert attempt.served == {
            "shape": 2,
            "seed": attempt.uuid.hex.lstrip("0"),
            "items": [{"version": then.version.pk, "arrangement": {"options": SHOWN}}] * 2,
        }
    saved = list(Response.objects.order_by("pk").values_list("position", "sequence", "answer", "language", "saved_at"))
    assert (
        saved
        == [
            (0, 3, {"shape": 1, "choice": "a"}, "", NOW),
            (1, 3, {"shape": 1, "choice": "d"}, "", NOW),
        ]
        * 5
    )
    assert ItemVersion.objects.get().kind == "scenario"


def test_what_waits_for_its_grade_waits_in_a_run_of_its_own_and_is_graded(then):
    due = NOW + 5 * MINUTE
    then.attempt("in_progress")
    waits = then.attempt("submitted", "a", "a", ring_after=due, rings=3)
    taken = then.attempt("grading", "a", "b", lease=uuid.uuid4(), lease_until=due, ring_after=due)
    unrung = then.attempt("submitted")
    graded = then.attempt("graded", "a", "a")
    grade = then.grade(graded)
    migrate()
    runs = GradingRun.objects.order_by("attempt").values_list(
        "attempt", "cause", "state", "since", "ring_after", "rings", "lease"
    )
    handed_in = NOW + MINUTE
    assert list(runs) == [
        (waits.pk, "submission", "waiting", handed_in, due, 3, None),
        (taken.pk, "submission", "waiting", handed_in, due, 0, None),
        (unrung.pk, "submission", "waiting", handed_in, handed_in, 0, None),
    ]
    assert Attempt.objects.get(pk=taken.pk).state == "submitted"
    kept = Grade.objects.get()
    assert (kept.pk, kept.run, kept.record_facts()["score"]) == (grade.pk, None, "100.0")
    points = [services.grade(run.pk, now=NOW + 10 * MINUTE).points for run in GradingRun.objects.order_by("attempt")]
    assert points == [2, Decimal("1.5"), 0]
    assert set(Attempt.objects.values_list("state", flat=True)) == {"in_progress", "graded"}


def test_the_guards_are_back_and_hold(then):
    graded = then.attempt("graded", "a")
    then.grade(graded)
    migrate()
    assert append_only.missing_guards(connection) == []
    for change in (
        lambda: Response.objects.update(answer=None),
        lambda: Response.objects.all().delete(),
        lambda: Grade.objects.update(passed=False),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
