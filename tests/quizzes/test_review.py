"""What a learner is shown after the grade."""

import pytest

from quizzes import content
from quizzes.kinds.choices import Rating
from quizzes.models import Grade, ItemVersion, Mechanism
from quizzes.review import WHY_IT_TEMPTS, review_of
from tests.factories.people import NOW
from tests.factories.quizzes import a_graded_attempt, a_submitted_attempt, an_attempt, give_grade

pytestmark = pytest.mark.django_db


def test_there_is_no_review_before_the_grade():
    assert review_of(an_attempt(), "en", now=NOW) is None
    assert review_of(a_submitted_attempt(Rating.BEST), "en", now=NOW) is None


def test_a_failed_attempt_shows_what_came_of_each_choice_and_never_the_best_answer():
    review = review_of(a_graded_attempt(Rating.RISKY), "en", now=NOW)
    assert (review.passed, review.score) == (False, 0)
    assert [item.tone for item in review.items] == ["care"] * 8
    assert {item.shown["consequence"] for item in review.items} == {"It ends. (c)"}
    assert {item.shown["best_answer"] for item in review.items} == {""}


def test_a_failed_attempt_does_not_tell_an_acceptable_answer_from_the_best():
    review = review_of(
        a_graded_attempt(Rating.BEST, *[Rating.ACCEPTABLE] * 5, Rating.RISKY, Rating.RISKY), "en", now=NOW
    )
    assert not review.passed
    assert [item.tone for item in review.items] == ["good"] * 6 + ["care"] * 2


def test_a_passed_attempt_shows_what_would_have_been_stronger_still():
    review = review_of(a_graded_attempt(*[Rating.BEST] * 7, Rating.ACCEPTABLE), "en", now=NOW)
    assert review.passed
    assert [bool(item.shown["best_answer"]) for item in review.items] == [False] * 7 + [True]
    assert review.items[-1].shown["best_answer"].endswith("answer a in en")


def test_a_question_left_open_has_no_answer_and_no_consequence():
    review = review_of(a_graded_attempt(Rating.BEST, Rating.BEST), "en", now=NOW)
    assert [item.shown["answer"] is None for item in review.items] == [False, False] + [True] * 6
    assert [item.outcome for item in review.items] == ["right", "right"] + ["open"] * 6
    assert {(item.shown["consequence"], item.tone) for item in review.items if item.outcome == "open"} == {("", "")}


def test_a_bright_line_is_named_on_the_attempt_and_on_the_answer():
    review = review_of(a_graded_attempt(*[Rating.BEST] * 7, Rating.BREACH), "en", now=NOW)
    assert (review.score, review.passed, review.bright_line) == (87.5, False, True)
    assert [item.shown["bright_line"] for item in review.items] == [False] * 7 + [True]


def test_the_words_are_in_the_reader_s_language_or_marked_as_the_source_s():
    attempt = a_graded_attempt(Rating.BEST)
    review = review_of(attempt, "ru", now=NOW)
    assert {item.language for item in review.items} == {"en"}


def test_the_mechanism_of_a_choice_is_named_with_why_it_tempts():
    attempt = a_submitted_attempt(Rating.BREACH)
    for version in ItemVersion.objects.all():
        version.structure["options"][3]["mechanism"] = Mechanism.ATTRIBUTION_OF_BLAME
        version.save()
    content.forget()
    give_grade(attempt, now=NOW)
    attempt.refresh_from_db()
    [item, *_others] = review_of(attempt, "en", now=NOW).items
    assert item.mechanism == Mechanism.ATTRIBUTION_OF_BLAME.label
    assert item.why_it_tempts == WHY_IT_TEMPTS[Mechanism.ATTRIBUTION_OF_BLAME]


def test_every_mechanism_has_its_words():
    assert set(WHY_IT_TEMPTS) == set(Mechanism)


def test_the_grade_in_force_is_the_one_that_is_shown():
    attempt = a_graded_attempt(Rating.RISKY)
    Grade.objects.create(
        attempt=attempt,
        number=2,
        origin=Grade.Origin.OVERRIDDEN,
        reason="Wrong key",
        score=80,
        points=8,
        maximum=10,
        bright_line=False,
        passed=True,
        grading_version=1,
        given_at=NOW,
    )
    review = review_of(attempt, "en", now=NOW)
    assert (review.score, review.passed, review.overridden) == (80, True, True)
