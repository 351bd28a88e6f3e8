"""Items that are answered by choosing, and the scenarios among them."""

from fractions import Fraction

import pytest

from quizzes.kinds import KINDS
from quizzes.kinds.choices import MECHANISMS
from quizzes.kinds.contract import WrongItem
from quizzes.models import Mechanism
from tests.quizzes.kinds.examples import EXAMPLES


def earned(kind, **answer):
    return KINDS[kind].key(EXAMPLES[kind].structure, {}).judge({"shape": 1} | answer)


def test_several_that_are_right_add_up_and_a_wrong_one_costs():
    fractions = [
        earned("multiple_choice", choices=choices).fraction for choices in (["a", "c"], ["a"], ["a", "b"], ["b"])
    ]
    assert fractions == [1, Fraction(1, 2), 0, 0]


def test_thirds_that_are_written_with_a_few_decimals_are_a_whole():
    options = [{"key": key, "fraction": "0.33333"} for key in "abc"]
    key = KINDS["multiple_choice"].key({"options": options}, {})
    assert key.judge({"choices": ["a", "b", "c"]}).fraction == 1


def test_a_bright_line_is_crossed_by_choosing_it_alone():
    assert [earned("scenario", choice=choice).bright_line for choice in ("a", "b")] == [False, True]


def test_the_mechanisms_are_those_that_readers_have_names_for():
    assert list(MECHANISMS) == Mechanism.values


@pytest.mark.parametrize(
    "change",
    [{"mechanism": "greed"}, {"rating": "fine"}, {"rating": "acceptable"}, {"bright_line": 1}, {"rating": "best"}],
)
def test_a_scenario_that_could_not_be_judged_is_refused(change):
    structure, texts, *_ = EXAMPLES["scenario"]
    best, breach = structure["options"]
    with pytest.raises(WrongItem):
        KINDS["scenario"].check(structure | {"options": [best, breach | change]}, texts)
