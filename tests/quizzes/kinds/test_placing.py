"""Ordering, matching and the examination of documents: things to put right, piece by piece."""

import random
from fractions import Fraction

import pytest

from quizzes.kinds import KINDS
from quizzes.kinds.contract import Fields, MalformedAnswer, Outcome, WrongItem
from tests.quizzes.kinds.examples import CLEARANCE, CLEARANCE_WORDS, INVOICE, INVOICE_WORDS, OFFICES, OFFICES_WORDS


def earned(kind, structure, **answer):
    return KINDS[kind].key(structure, {}).judge({"shape": 1} | answer).fraction


@pytest.mark.parametrize(
    ("order", "fraction"),
    [
        ("lodge assess pay release", 1),
        ("assess lodge pay release", Fraction(2, 3)),
        ("lodge assess release pay", Fraction(2, 3)),
        ("release pay assess lodge", 0),
        ("lodge release pay assess", 0),
        ("lodge assess pay", Fraction(1, 2)),  # three of six pairs, the others left open
        ("lodge", 0),
    ],
)
def test_each_pair_in_order_earns_and_each_the_wrong_way_round_costs(order, fraction):
    assert earned("ordering", CLEARANCE, order=order.split()) == fraction


def test_an_order_may_count_as_a_whole_alone():
    whole = CLEARANCE | {"credit": "whole"}
    assert earned("ordering", whole, order=["lodge", "assess", "pay", "release"]) == 1
    assert earned("ordering", whole, order=["assess", "lodge", "pay", "release"]) == 0
    assert earned("ordering", whole, order=["lodge", "assess", "pay"]) == 0


def test_two_elements_in_one_place_stand_as_they_were_shown():
    """A page without scripts cannot keep anybody from giving a place twice, and a saved answer is worth more than a
    refusal.
    """
    arrangement = {"elements": ["pay", "lodge", "release", "assess"]}
    form = Fields({"q1-1": ["2"], "q1-2": ["1"], "q1-3": [""], "q1-4": ["2"]}, "q1")
    answer = KINDS["ordering"].read(CLEARANCE, arrangement, form)
    assert answer == {"shape": 1, "order": ["lodge", "pay", "assess"]}
    shown = KINDS["ordering"].shown(CLEARANCE, arrangement, CLEARANCE_WORDS, answer)
    assert [(each["part"], each["text"], each["place"]) for each in shown["elements"]] == [
        ("2", "Lodge", 1),
        ("1", "Pay", 2),
        ("4", "Assess", 3),
        ("3", "Release", None),
    ]


def test_the_order_that_is_shown_is_the_right_one_as_often_as_chance_has_it():
    """If it never were, an order that is shown would rule itself out."""
    three = CLEARANCE | {"elements": ["a", "b", "c"]}
    right = sum(
        KINDS["ordering"].arrange(three, random.Random(seed))["elements"] == three["elements"] for seed in range(600)
    )
    assert 60 < right < 140


def test_each_prompt_with_its_target_earns_an_equal_share():
    assert earned("matching", OFFICES, pairs=OFFICES["pairs"]) == 1
    assert earned("matching", OFFICES, pairs={"gift": "ethics", "threat": "press"}) == Fraction(1, 3)


def test_several_prompts_may_share_a_target():
    shared = OFFICES | {"pairs": {"gift": "ethics", "threat": "ethics", "error": "ethics"}}
    assert earned("matching", shared, pairs=shared["pairs"]) == 1


def test_two_targets_that_read_the_same_are_refused():
    targets = OFFICES_WORDS["targets"] | {"ethics": "The  office", "security": "The office"}
    with pytest.raises(WrongItem, match="the same"):
        KINDS["matching"].check(OFFICES, {"en": OFFICES_WORDS | {"targets": targets}})


@pytest.mark.parametrize(
    ("marks", "fraction"),
    [
        (["origin", "value"], 1),
        (["origin"], Fraction(1, 2)),
        (["origin", "value", "date"], Fraction(1, 2)),
        (["origin", "date"], 0),
        (["date"], 0),
    ],
)
def test_a_false_alarm_costs_what_a_find_earns(marks, fraction):
    assert earned("document", INVOICE, marks=marks) == fraction


def test_a_document_in_which_nothing_is_wrong_is_no_item():
    sound = {"shape": 2, "fields": [{"key": key, "wrong": False} for key in ("origin", "value", "date")]}
    with pytest.raises(WrongItem, match="nothing in it is wrong"):
        KINDS["document"].check(sound, {"en": INVOICE_WORDS})


@pytest.mark.parametrize(
    ("tell_key", "overlooked", "said"), [(False, [], ["date"]), (True, ["origin", "value"], None)]
)
def test_what_was_overlooked_is_told_with_the_key_alone(tell_key, overlooked, said):
    document = KINDS["document"]
    key = document.key(INVOICE, {})
    review = document.reviewed(INVOICE, {}, INVOICE_WORDS, {"shape": 1, "marks": ["date"]}, key=key, tell_key=tell_key)
    assert [field["label"] for field in review["fields"] if field["overlooked"]] == overlooked
    assert [field["label"] for field in review["fields"] if field["feedback"]] == (said or ["origin", "value", "date"])


def test_the_right_order_is_told_with_the_key_alone():
    ordering = KINDS["ordering"]
    key = ordering.key(CLEARANCE, {})
    words = CLEARANCE_WORDS | {"feedback": {"partly": "Nearly."}}
    answer = {"shape": 1, "order": ["assess", "lodge", "pay", "release"]}
    for tell_key, right in ((False, []), (True, ["Lodge", "Assess", "Pay", "Release"])):
        review = ordering.reviewed(CLEARANCE, {}, words, answer, key=key, tell_key=tell_key)
        assert (review["order"][0], review["right"], review["feedback"]) == ("Assess", right, "Nearly.")


def test_the_right_target_is_told_with_the_key_alone():
    matching = KINDS["matching"]
    arrangement, answer = {"prompts": OFFICES["prompts"]}, {"shape": 1, "pairs": {"gift": "ethics", "error": "press"}}
    for tell_key, right in ((False, ""), (True, "Desk")):
        review = matching.reviewed(
            OFFICES, arrangement, OFFICES_WORDS, answer, key=matching.key(OFFICES, {}), tell_key=tell_key
        )
        assert [prompt["outcome"] for prompt in review["prompts"]] == [Outcome.RIGHT, Outcome.OPEN, Outcome.WRONG]
        assert review["prompts"][2]["right"] == right


@pytest.mark.parametrize("place", ["0", "5", "x", "1.0", "-1", "01", "²", "٣", "1" * 5000])
def test_a_place_that_was_not_offered_is_no_answer(place):
    arrangement = {"elements": sorted(CLEARANCE["elements"])}
    with pytest.raises(MalformedAnswer):
        KINDS["ordering"].read(CLEARANCE, arrangement, Fields({"q1-1": [place]}, "q1"))
