"""The row that each graded attempt leaves for item analysis."""

import pytest

from quizzes import services
from quizzes.analysis.choices import UNANSWERED
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, ItemOutcomes
from quizzes.signals import attempt_graded
from tests.factories.people import NOW
from tests.factories.quizzes import (
    a_graded_attempt,
    a_submitted_attempt,
    an_attempt,
    give_grade,
    option_of,
    run_of,
    save,
)

pytestmark = pytest.mark.django_db


def test_a_grade_leaves_what_each_item_came_to():
    attempt = a_graded_attempt(Rating.BEST, Rating.ACCEPTABLE, Rating.BREACH)
    [row] = ItemOutcomes.objects.all()
    assert (row.attempt, row.quiz_version, row.is_first) == (attempt, attempt.quiz_version, True)
    assert row.outcomes == {
        "shape": 1,
        "items": [item["version"] for item in attempt.served_items],
        "fractions": [1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        # The options of the item in its author's order, whatever order the learner was shown.
        "chosen": [0b1, 0b10, 0b1000, *[UNANSWERED] * 5],
        "languages": ["en"],
        "read": [0, 0, 0, *[None] * 5],
    }


def test_the_newest_answer_counts_and_the_language_it_was_given_in():
    attempt = an_attempt()
    best, risky = (option_of(attempt.served_items[0], rating) for rating in (Rating.BEST, Rating.RISKY))
    save(attempt, 0, risky, language="en")
    save(attempt, 0, best, sequence=2, language="ar")
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    give_grade(attempt, now=NOW)
    stored = ItemOutcomes.objects.get().outcomes
    assert (stored["fractions"][0], stored["chosen"][0], stored["languages"]) == (1.0, 1, ["ar"])


def test_a_task_delivered_twice_leaves_one_row():
    attempt = a_graded_attempt(Rating.BEST)
    assert services.grade(run_of(attempt).pk, now=NOW) is None
    assert ItemOutcomes.objects.count() == 1


def test_a_grade_that_is_undone_leaves_no_row():
    def fails(sender, **kwargs):
        raise RuntimeError("a bug above")

    attempt = a_submitted_attempt(Rating.BEST)
    attempt_graded.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            give_grade(attempt, now=NOW)
    finally:
        attempt_graded.disconnect(fails)
    assert not ItemOutcomes.objects.exists()


def test_a_row_stays_when_it_loses_its_link_to_the_person():
    a_graded_attempt(Rating.BEST)
    ItemOutcomes.objects.update(attempt=None)
    [row] = ItemOutcomes.objects.to_analyse()
    assert row.outcomes["items"]


def test_later_attempts_and_voided_ones_are_not_analysed():
    first = a_graded_attempt(Rating.BEST)
    again = a_graded_attempt(Rating.BEST)
    ItemOutcomes.objects.filter(attempt=again).update(is_first=False)
    assert [row.attempt for row in ItemOutcomes.objects.to_analyse()] == [first]
    Attempt.objects.update(state=Attempt.State.VOIDED)
    assert not ItemOutcomes.objects.to_analyse().exists()
