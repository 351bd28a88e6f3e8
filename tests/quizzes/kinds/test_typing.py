"""Gaps, short answers, numbers and essays: what is typed into a field."""

import random
import uuid
from fractions import Fraction

import pytest

from quizzes.kinds import KINDS
from quizzes.kinds.contract import FOR_A_MARKER, Fields, MalformedAnswer, Outcome, WrongItem
from tests.quizzes.kinds.examples import (
    ESSAY,
    ESSAY_WORDS,
    GAPS,
    GAPS_ENGLISH,
    GAPS_FRENCH,
    OFFER,
    OFFER_WORDS,
    WEIGHT,
    WEIGHT_WORDS,
)

TEXTS = {"en": GAPS_ENGLISH, "fr": GAPS_FRENCH}
ARRANGEMENT = {"gaps": {"g2": ["b", "a"]}}

gap_fill, short_answer, numerical, essay = (KINDS[name] for name in ("gap_fill", "short_answer", "numerical", "essay"))


def filled(**gaps):
    return gap_fill.key(GAPS, TEXTS).judge({"shape": 1, "gaps": gaps}).fraction


def test_gaps_weigh_what_their_points_say():
    gap_fill.check(GAPS, TEXTS)
    assert filled(g1="Ethics Office", g2="a", g3="50") == 1
    assert filled(g1="ethics office") == Fraction(1, 4)
    assert filled(g2="a") == Fraction(1, 2)
    assert filled(g1="ethics office", g3="47,5") == Fraction(3, 8)
    assert filled(g1="ethics office", g3="50", g2="b") == Fraction(1, 4)
    assert filled(g2="b") == 0


def test_what_is_accepted_in_one_language_is_accepted_in_all():
    assert filled(g1="bureau d'ethique", g2="a", g3="٥٠") == 1


def test_a_stem_is_shown_in_pieces_and_its_gaps_keep_their_fields_in_every_language():
    english = gap_fill.shown(GAPS, ARRANGEMENT, GAPS_ENGLISH, {"shape": 1, "gaps": {"g2": "a", "g3": "50"}})
    first, second = english["paragraphs"]
    assert [piece.get("text") or piece["gap"]["part"] for piece in first] == ["Report to the ", "1", "."]
    assert [piece.get("text") or piece["gap"]["part"] for piece in second] == [
        "A gift above ",
        "3",
        " euros is ",
        "2",
        ".",
    ]
    assert second[1]["gap"]["text"] == "50"
    assert [(option["value"], option["text"], option["chosen"]) for option in second[3]["gap"]["options"]] == [
        ("1", "kept", False),
        ("2", "refused", True),
    ]
    (french,) = gap_fill.shown(GAPS, ARRANGEMENT, GAPS_FRENCH, None)["paragraphs"]
    assert [piece["gap"]["part"] for piece in french if "gap" in piece] == ["3", "2", "1"]


def test_a_form_of_gaps_is_read_by_their_place_in_the_item():
    form = Fields({"q2-1": [" Ethics  office "], "q2-2": ["2"], "q2-3": ["  "]}, "q2")
    assert gap_fill.read(GAPS, ARRANGEMENT, form) == {"shape": 1, "gaps": {"g1": " Ethics  office ", "g2": "a"}}


def test_a_review_says_of_each_gap_how_it_fared():
    given = {"shape": 1, "gaps": {"g1": "bureau d’éthique", "g2": "b", "g3": "47"}}
    key = gap_fill.key(GAPS, TEXTS)
    for tell_key in (False, True):
        review = gap_fill.reviewed(GAPS, ARRANGEMENT, GAPS_ENGLISH, given, key=key, tell_key=tell_key)
        gaps = [piece["gap"] for paragraph in review["paragraphs"] for piece in paragraph if "gap" in piece]
        assert [(gap["text"], gap["outcome"], gap["feedback"]) for gap in gaps] == [
            ("bureau d’éthique", Outcome.RIGHT, ""),  # accepted in French, and read in English
            ("47", Outcome.PARTLY, "Nearly."),
            ("kept", Outcome.WRONG, "Never."),
        ]
        assert [gap["right"] for gap in gaps] == (
            [["ethics office"], [{"value": "50", "tolerance": "0"}], ["refused"]] if tell_key else [[], [], []]
        )


@pytest.mark.parametrize(
    "stem", ["No gap.", "[[g1]] [[g2]]", "[[g1]] [[g2]] [[g3]] [[g1]]", "[[g1]] [[g2]] [[g3]] [[g4]]"]
)
def test_a_stem_that_does_not_hold_each_gap_once_is_refused(stem):
    with pytest.raises(WrongItem, match="stem in “fr”"):
        gap_fill.check(GAPS, {"en": GAPS_ENGLISH, "fr": GAPS_FRENCH | {"stem": stem}})


def test_the_options_of_a_gap_are_shuffled():
    orders = {tuple(gap_fill.arrange(GAPS, random.Random(seed))["gaps"]["g2"]) for seed in range(20)}
    assert orders == {("a", "b"), ("b", "a")}


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("A facilitation payment", 1),
        ("facilitation  PAYMENTS.", 1),
        ("a payment", Fraction(1, 4)),
        ("Bribe", Fraction(1, 2)),
        ("رَشوه", 1),
        ("a bribe", 0),
        ("nothing", 0),
    ],
)
def test_a_short_answer_is_judged_by_its_best_match_in_any_language(text, fraction):
    short_answer.check(OFFER, OFFER_WORDS)
    assert short_answer.key(OFFER, OFFER_WORDS).judge({"shape": 1, "text": text}).fraction == fraction


def test_the_review_of_a_short_answer_knows_all_languages_and_speaks_one():
    key = short_answer.key(OFFER, OFFER_WORDS)
    english, arabic = ({"shape": 1, "text": text} for text in ("bribe", "رشوة"))
    for answer, feedback in ((english, "It has a milder name."), (arabic, "")):
        review = short_answer.reviewed(OFFER, {}, OFFER_WORDS["en"], answer, key=key, tell_key=True)
        assert (review["credited"], review["feedback"]) == (True, feedback)
        assert review["right"] == ["…facilitation payment…"]
    assert short_answer.reviewed(OFFER, {}, OFFER_WORDS["en"], english, key=key, tell_key=False)["right"] == []


def test_each_language_needs_an_answer_that_earns_everything():
    arabic = OFFER_WORDS["ar"] | {"accepted": [{"text": "رشوة", "fraction": "0.5"}]}
    with pytest.raises(WrongItem):
        short_answer.check(OFFER, OFFER_WORDS | {"ar": arabic})


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("12,5 kg", 1),
        ("١٢٫٥ kg", 1),
        ("12 600 g", 1),
        ("12,601 g", Fraction(1, 2)),  # one gram beyond the tolerance
        ("12.5", 0),
        ("12.5 lb", 0),
        ("-12.5 kg", 0),
    ],
)
def test_a_weight_is_judged_in_its_own_unit(text, fraction):
    numerical.check(WEIGHT, {"en": WEIGHT_WORDS})
    assert numerical.key(WEIGHT, {}).judge({"shape": 1, "text": text}).fraction == fraction


def test_the_feedback_of_a_number_is_that_of_its_best_match():
    key = numerical.key(WEIGHT, {})
    for text, feedback in (("12.5 kg", "Right."), ("13 kg", "Weigh again."), ("20 kg", "")):
        answer = {"shape": 1, "text": text}
        review = numerical.reviewed(WEIGHT, {}, WEIGHT_WORDS, answer, key=key, tell_key=True)
        assert (review["feedback"], review["right_unit"]) == (feedback, "kg")
        assert review["right"] == [{"value": "12.5", "tolerance": "0.1"}]


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "none"},
        {"units": []},
        {"units": [{"unit": "g", "factor": "0.001"}]},
        {"units": [{"unit": "kg", "factor": "0"}]},
        {"units": [{"unit": "kg", "factor": "1"}] * 2},
        {"answers": [{"value": "1e5", "tolerance": "0", "fraction": "1"}]},
        {"answers": [{"value": "1", "tolerance": "-1", "fraction": "1"}]},
        {"answers": [{"value": "1", "tolerance": "0", "fraction": "0.5"}]},
        {"answers": [{"value": 1, "tolerance": "0", "fraction": "1"}]},
    ],
)
def test_a_number_that_could_not_be_judged_is_refused(change):
    with pytest.raises(WrongItem):
        numerical.check(WEIGHT | change, {"en": {"shape": 2, "stem": "How heavy?"}})


def test_an_essay_waits_for_a_marker_however_long_it_is():
    essay.check(ESSAY, {"en": ESSAY_WORDS})
    text = "word " * 1000
    answer = essay.read(ESSAY, {}, Fields({"q1": [text]}, "q1"))
    assert answer == {"shape": 1, "text": text, "files": []}
    assert essay.key(ESSAY, {}).judge(answer) == FOR_A_MARKER


def test_what_a_marker_looks_for_is_not_on_the_page_of_the_question():
    page = str(essay.shown(ESSAY, {}, ESSAY_WORDS, None))
    assert "duty" not in page
    assert "Article" not in page


@pytest.mark.parametrize("tell_key", [False, True])
def test_the_rubric_is_told_with_the_key_and_what_markers_are_told_never_is(tell_key):
    review = essay.reviewed(ESSAY, {}, ESSAY_WORDS, None, key=essay.key(ESSAY, {}), tell_key=tell_key)
    assert bool(review["rubric"]) == tell_key
    assert "Article" not in str(review)


def test_no_more_files_are_handed_in_than_may_be():
    one, two = (str(uuid.uuid4()) for _ in range(2))
    assert essay.read(ESSAY, {}, Fields({"q1-file": [one, one]}, "q1"))["files"] == [one]
    for files in ([one, two], ["../../etc/passwd"]):
        with pytest.raises(MalformedAnswer):
            essay.read(ESSAY, {}, Fields({"q1-file": files}, "q1"))


@pytest.mark.parametrize("text", ["x" * 1001, "a\0b", "\ud800"])
def test_what_no_field_takes_and_no_database_keeps_is_no_answer(text):
    for kind in (short_answer, numerical):
        with pytest.raises(MalformedAnswer):
            kind.read({}, {}, Fields({"q1": [text]}, "q1"))
