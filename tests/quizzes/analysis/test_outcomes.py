"""What an attempt leaves for item analysis."""

from fractions import Fraction

import pytest

from quizzes.analysis.choices import MOST_OPTIONS, UNANSWERED
from quizzes.analysis.outcomes import SEVERAL, Judged, language_of, outcomes_of
from quizzes.kinds import KINDS
from quizzes.kinds.contract import FOR_A_MARKER, ItemJudgement
from quizzes.kinds.contract import UNANSWERED as LEFT_OPEN
from tests.factories.quizzes import true_or_false, weighed


def judged(version=1, item=None, answer=None, language="", fraction=0, judgement=None):
    kind, structure, _texts = item or weighed("multiple_choice", a="0.5", b="0.5", c="-0.5")
    judgement = judgement or (ItemJudgement.of(Fraction(fraction)) if answer else LEFT_OPEN)
    return Judged(version, KINDS[kind], structure, answer, language, judgement)


def choices(*keys):
    return {"shape": 1, "choices": list(keys)}


def test_items_fractions_and_choices_run_side_by_side():
    several = judged(17, answer=choices("a", "c"), language="ar", fraction=Fraction(1, 3))
    one = judged(4, true_or_false(True), {"shape": 1, "choice": "false"}, "ar")
    assert outcomes_of([several, one], "en") == {
        "shape": 1,
        "items": [17, 4],
        "fractions": [0.333333, 0.0],
        "chosen": [0b101, 0b10],
        "languages": ["ar"],
        "read": [0, 0],
    }


def test_a_question_that_was_left_open_counts_as_such_and_has_no_language():
    stored = outcomes_of([judged(answer=choices("a"), language="fr", fraction=1), judged(2)], "en")
    assert (stored["chosen"], stored["fractions"]) == ([1, UNANSWERED], [1.0, 0.0])
    assert (stored["languages"], stored["read"]) == (["fr"], [0, None])


def test_an_answer_without_options_has_chosen_none():
    written = judged(item=("short_answer", {"shape": 1}, {}), answer={"shape": 1, "text": "no"}, fraction=1)
    assert outcomes_of([written], "en")["chosen"] == [0]


def test_what_waits_for_a_marker_is_left_out():
    assert outcomes_of([judged(answer=choices("a"), judgement=FOR_A_MARKER)], "en")["items"] == []


@pytest.mark.parametrize(
    ("languages", "expected"), [(["fr", "fr"], "fr"), (["fr", "ar"], SEVERAL), (["", ""], "en"), (["", "fr"], SEVERAL)]
)
def test_an_attempt_is_of_the_language_in_which_all_of_it_was_answered(languages, expected):
    items = [judged(place, answer=choices("a"), language=each) for place, each in enumerate(languages)]
    assert language_of(outcomes_of(items, "en")) == expected


def test_an_attempt_without_answers_is_of_the_language_in_which_it_was_started():
    assert language_of(outcomes_of([judged()], "en")) == "en"


def test_options_beyond_the_set_are_left_out_and_stop_no_grade():
    keys = {f"k{number}": "0" for number in range(MOST_OPTIONS + 2)} | {"k0": "1"}
    long = weighed("multiple_choice", **keys)
    answer = choices("k0", f"k{MOST_OPTIONS + 1}")
    assert outcomes_of([judged(item=long, answer=answer, fraction=1)], "en")["chosen"] == [1]
