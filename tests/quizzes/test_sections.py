"""Quizzes in sections, from their freezing to a regrade."""

import pytest

from courses.differences import changes_of_quiz
from courses.releases import problems_of_quiz
from quizzes import content, services
from quizzes.kinds.choices import Rating
from quizzes.models import ItemVersion, Quiz, QuizVersion
from quizzes.services.proposing import Deed, Proposal
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import (
    a_bank,
    a_bank_of_two_tags,
    a_graded_attempt,
    a_quiz,
    an_attempt,
    choose,
    give_grade,
    with_sections,
)
from tests.queries import queries_of_one

pytestmark = pytest.mark.django_db


def two_sections(quiz=None, **second):
    return with_sections(
        quiz or a_quiz(a_bank_of_two_tags()), {"draw": 2, "tags": ["gifts"]}, {"draw": 3, "tags": ["data"]} | second
    )


def tags_of(attempt):
    return [content.item_version(item["version"]).tags[0] for item in attempt.served_items]


def frozen(quiz):
    return services.freeze_quiz(quiz, now=NOW)


def test_an_attempt_serves_one_section_after_the_other():
    version = frozen(two_sections())
    for _learner in range(5):
        assert tags_of(an_attempt(quiz_version=version)) == ["gifts"] * 2 + ["data"] * 3
    assert (version.draw, version.pool.count()) == (5, 8)


def test_a_section_that_keeps_the_order_serves_the_bank_s():
    version = frozen(two_sections(keeps_order=True))
    keys = ItemVersion.objects.in_bulk()
    for _learner in range(5):
        served = [keys[item["version"]].item.key for item in an_attempt(quiz_version=version).served_items[2:]]
        assert served == sorted(served)


def test_what_was_seen_comes_last_in_each_section():
    version, learner = frozen(two_sections()), an_account()
    first, second = (an_attempt(learner, version) for _attempt in range(2))
    seen, again = ({item["version"] for item in attempt.served_items} for attempt in (first, second))
    # Two of four gifts are new the second time, and one of four about data; two of those must come again.
    assert len(seen & again) == 2


def test_items_in_the_learner_s_language_are_drawn_before_others():
    bank = a_bank(12)
    arabic = list(ItemVersion.objects.filter(item__bank=bank)[:5])
    for version in arabic:
        version.texts.create(language="ar", content=version.texts.get().content)
    version = frozen(a_quiz(bank, draw=4))
    for _learner in range(5):
        served = {item["version"] for item in an_attempt(quiz_version=version, language="ar").served_items}
        assert served <= {each.pk for each in arabic}


def test_a_language_with_too_few_items_is_filled_up_with_others():
    bank = a_bank(8)
    [arabic, *_others] = ItemVersion.objects.filter(item__bank=bank)
    arabic.texts.create(language="ar", content=arabic.texts.get().content)
    served = an_attempt(quiz_version=frozen(a_quiz(bank, draw=3)), language="ar").served_items
    assert len(served) == 3
    assert arabic.pk in {item["version"] for item in served}


def test_freezing_names_the_section_that_cannot_be_filled_and_writes_nothing():
    quiz = with_sections(a_quiz(a_bank_of_two_tags()), {"draw": 2}, {"draw": 3, "tags": ["data"]})
    with pytest.raises(ValueError, match="section 2 .* draws 3 items and finds 0 published; 4 more go to sections"):
        frozen(quiz)
    assert not quiz.versions.exists()


def test_a_quiz_without_sections_is_one_section_of_everything():
    whole = content.blueprint(frozen(a_quiz(a_bank(10), draw=8)).pk)
    [section] = whole.sections
    assert (section.draw, len(section.pool), section.keeps_order, whole.weights) == (8, 10, False, None)


def a_version_from_before_there_were_sections(quiz):
    version = QuizVersion.objects.create(
        quiz=quiz, number=1, draw=quiz.draw, time_limit_minutes=30, minutes=15, frozen_at=NOW
    )
    version.pool.set(services.pool_of(quiz))
    return version


def test_a_version_from_before_there_were_sections_goes_on_and_is_not_frozen_anew():
    quiz = a_quiz(a_bank(10, languages=("en", "ar")), draw=8)
    old = a_version_from_before_there_were_sections(quiz)
    assert len(an_attempt(quiz_version=old).served_items) == 8
    assert frozen(quiz) == old


@pytest.mark.parametrize(
    "change", [{"weight": 2}, {"keeps_order": True}, {"words": {"shape": 1, "titles": {"en": "A"}}}]
)
def test_a_section_that_changes_makes_another_version(change):
    quiz = two_sections()
    first = frozen(quiz)
    assert frozen(quiz) == first
    quiz.sections.filter(tags=["data"]).update(**change)
    assert frozen(type(quiz).objects.get(pk=quiz.pk)).number == 2


def test_looking_costs_the_same_for_few_sections_and_for_many():
    bank = a_bank_of_two_tags()
    few = two_sections(a_quiz(bank))
    many = with_sections(a_quiz(bank), *[{"draw": 1, "tags": ["gifts"]}, {"draw": 1, "tags": ["data"]}] * 4)
    assert len(queries_of_one(lambda: services.found_by(few))) == len(queries_of_one(lambda: services.found_by(many)))


# --- Weights --------------------------------------------------------------------------------------------------------


def test_a_grade_follows_the_weights_of_the_version_that_was_sat():
    quiz = two_sections(weight=3)
    version = frozen(quiz)
    quiz.sections.update(weight=1)
    attempt = an_attempt(quiz_version=version)
    choose(attempt, Rating.BEST, Rating.BEST, Rating.RISKY, Rating.RISKY, Rating.RISKY)
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    grade = give_grade(attempt, now=NOW)
    assert (grade.points, grade.maximum, float(grade.score)) == (2, 11, 18.2)


def test_a_regrade_follows_the_weights_too():
    version = frozen(two_sections(weight=3))
    attempt = a_graded_attempt(*[Rating.BEST] * 4, Rating.RISKY, quiz_version=version)
    wrong = ItemVersion.objects.get(pk=attempt.served_items[4]["version"])
    before = attempt.grade_in_force
    assert (before.points, before.maximum, before.passed) == (8, 11, False)
    assert services.look(Proposal(wrong, Deed.DROP), now=NOW).counted.newly_passed == 1
    judged = services.judge_attempt(attempt, {wrong.pk: Proposal(wrong, Deed.DROP).as_adjustment()})
    assert (judged.points, judged.maximum, judged.passed) == (8, 8, True)


# --- What a release says about it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"draw": 2}, ["Items drawn: 4 instead of 5.", "Section 2 draws 2 items instead of 3."]),
        ({"weight": 2}, ["Section 2: other points for each item."]),
        ({"keeps_order": True}, ["Section 2: another order of its items."]),
        ({"words": {"shape": 1, "titles": {"en": "A"}}}, ["Section 2: another title."]),
        ({"tags": [], "difficulties": [3]}, []),
        ({"tags": ["data", "gifts"], "sort_order": -1}, ["Section 1 draws 3 items instead of 2.", "Section 1: other"]),
    ],
)
def test_a_release_says_what_changes_and_only_then_freezes_anew(change, said):
    quiz = two_sections()
    before = frozen(quiz)
    quiz.sections.filter(tags=["data"]).update(**change)
    quiz.draw = sum(quiz.sections.values_list("draw", flat=True))
    quiz.save()
    quiz = Quiz.objects.get(pk=quiz.pk)
    changes = changes_of_quiz(before, quiz)
    assert [told.startswith(wanted) for told, wanted in zip(changes, said, strict=False)] == [True] * len(said)
    assert bool(changes) == bool(said)
    if "sort_order" not in change:
        assert (frozen(quiz) != before) == bool(changes)


def test_a_quiz_in_sections_that_cannot_be_filled_is_a_problem_of_the_release():
    quiz = with_sections(a_quiz(a_bank_of_two_tags()), {"draw": 2}, {"draw": 3, "tags": ["data"]})
    [problem] = problems_of_quiz(quiz, "en")
    assert problem == "Section 2 of quiz “Quiz in en” draws 3 items and finds 0 published items."
