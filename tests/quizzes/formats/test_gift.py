"""GIFT, read, and home again after it went out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats import gift, gift_writer
from quizzes.formats.neutral import Outcome, Refused
from tests.quizzes.formats.banks import BY_KIND, HELD_BY, bank_of, held_by


def read(text):
    return gift.read(text.encode(), "en")


def only(text):
    [entry] = read(text).entries
    assert entry.refusal is None, str(entry.refusal)
    return entry


def shares(question):
    return [option["fraction"] for option in question.structure["options"]]


def said(question):
    return [option["text"] for option in question.words["options"].values()]


def test_one_right_answer_with_feedback_and_a_half_right_one():
    made = only("::Hamper::May she take it? {=No#Right. ~%50%Ask first#Partly. ~Yes####Section 4.}").question
    assert (made.kind, made.key, made.name) == ("single_choice", "hamper", "Hamper")
    assert shares(made) == ["1", "0.5", "0"]
    assert said(made) == ["No", "Ask first", "Yes"]
    assert made.words["options"]["a"]["feedback"] == "Right."
    assert made.words["rationale"] == "Section 4."


def test_without_a_right_one_several_are_chosen():
    made = only("Which two? {~%50%a ~%50%b ~%-100%c}").question
    assert made.kind == "multiple_choice"
    assert shares(made) == ["0.5", "0.5", "-1"]


def test_what_follows_the_answers_makes_a_gap():
    assert only("She {~takes =refuses} the hamper.").question.words["stem"] == "She _____ the hamper."


@pytest.mark.parametrize(("text", "correct"), [("{T}", True), ("{FALSE}", False), ("{true}", True)])
def test_true_and_false(text, correct):
    assert only(f"So it is. {text}").question.structure == {"shape": 2, "correct": correct}


def test_the_first_feedback_of_true_and_false_is_for_the_wrong_answer():
    words = only("So it is. {F#Look again.#Right.}").question.words
    assert words["options"] == {"true": {"feedback": "Look again."}, "false": {"feedback": "Right."}}


def test_short_answers_and_shares():
    made = only("Where? {=the register =%50%a register#Which? =%0%*#No.}").question
    assert made.kind == "short_answer"
    assert made.structure["wildcards"] is True
    assert [one["fraction"] for one in made.words["accepted"]] == ["1", "0.5", "0"]


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [("{#50}", "50", "0"), ("{#50:2.5}", "50", "2.5"), ("{#-1..2}", "0.5", "1.5"), ("{#=0,5:0}", "0.5", "0")],
)
def test_numbers_with_a_tolerance_or_a_range(text, value, tolerance):
    made = only(f"How much? {text}").question
    assert made.structure["answers"] == [{"value": value, "tolerance": tolerance, "fraction": "1"}]


def test_pairs_with_a_distractor():
    made = only("Match. {=Watch -> Refuse =Pen -> Accept = -> Register}").question
    assert made.structure["pairs"] == {"p1": "t1", "p2": "t2"}
    assert list(made.words["targets"].values()) == ["Refuse", "Accept", "Register"]


def test_an_essay_is_two_braces():
    assert only("Why? {}").question.kind == "essay"


def test_what_a_backslash_protects_is_itself():
    made = only(r"::a\:b::\{ \} \= \~ \# \\ one\ntwo {=\=1 ~\\}").question
    assert made.name == "a:b"
    assert made.words["stem"] == "{ } = ~ # \\ one\ntwo"
    assert said(made) == ["=1", "\\"]


def test_forms_of_text():
    assert only("[html]<p>a</p><p>b &lt; c</p> {T}").question.words["stem"] == "a\n\nb < c"
    assert only("[plain]a &lt; <b> {T}").question.words["stem"] == "a &lt; <b>"
    assert only("[markdown]*a* {T}").question.words["stem"] == "a"


def test_comments_carry_id_and_tags_and_a_category_the_tags_of_all():
    made = only(
        "$CATEGORY: $course$/top/Offers/Gifts\n\n// a note [id:g-7] [tag:office] [tag:plumb:difficulty=2]\nSo? {T}"
    ).question
    assert (made.key, made.tags, made.difficulty) == ("g-7", ("Gifts", "office"), 2)


def test_an_order_as_moodle_writes_it_is_an_order():
    entry = only("::Steps::[html]In which order?{>2     none\nSeal \\{it\\}\n[html]<b>Sign</b>\n\tFile\n}")
    assert entry.question.structure == {"shape": 2, "elements": ["e1", "e2", "e3"], "credit": "pairs"}
    assert list(entry.question.words["elements"].values()) == ["Seal {it}", "Sign", "File"]
    assert "by how many pairs" in " ".join(map(str, entry.changes))


def test_gaps_as_cloze_questions_write_them_are_gaps():
    text = r"::Verbs::[html]She {1:MC:~goes~=went\#1#Well said~gone} to <b>{2:SA:=Paris~%50%Lyon}</b> at 5\:30."
    made = only(text).question
    assert (made.name, made.kind) == ("Verbs", "gap_fill")
    assert made.words["stem"] == "She [[g1]] to [[g2]] at 5:30."
    assert [gap["points"] for gap in made.structure["gaps"]] == ["1", "2"]
    assert made.words["gaps"]["g1"]["options"]["b"] == {"text": "went#1", "feedback": "Well said"}
    assert [one["fraction"] for one in made.words["gaps"]["g2"]["accepted"]] == ["1", "0.5"]


def test_lines_are_told():
    reading = read("// one\n\nFirst? {T}\n\n\nSecond,\nlonger? {F}\n")
    assert [entry.line for entry in reading.entries] == [3, 6]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Just words.", "asks nothing"),
        ("Broken { =a ~b", "braces"),
        ("It is made of {=one =1} part and {=two =2} others.", "more than one pair of braces"),
        (r"What is \(\frac{1}{2}\)? {=0.5}", "more than one pair of braces"),
        ("Which? {~a ~b}", "0 %"),
        ("In order? {>ALL\nalone}", "fewer than two"),
        ("How much? {#many}", "no number"),
        ("Match {=a -> b =c}", "->"),
        ("Which? {~%999%a ~b}", "percentage"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text, why):
    broken, good = read(f"{text}\n\nGood? {{T}}").entries
    assert why in str(broken.refusal)
    assert good.outcome == Outcome.TAKEN


@pytest.mark.parametrize("data", [b"", b"\n\n// nothing\n", b"\xff\xfeq", b"caf\xe9 {T}", b"a\0b {T}"])
def test_what_is_no_bank_is_refused_as_a_whole(data):
    with pytest.raises(Refused):
        gift.read(data, "en")


@pytest.mark.parametrize("kind", HELD_BY["gift"])
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_what_goes_out_comes_home_equal(kind, data):
    bank = data.draw(bank_of(held_by("gift", kind)))
    made = gift_writer.write(bank, "en")
    assert [left for left in made.left if not left.written] == []
    assert gift.read(made.data, "en").questions == bank


@pytest.mark.parametrize("kind", ["ordering", "gap_fill", "hotspot"])
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_what_gift_cannot_say_is_told_and_not_written(kind, data):
    bank = data.draw(bank_of(BY_KIND[kind]()))
    made = gift_writer.write(bank, "en")
    assert [(left.key, left.written) for left in made.left] == [(question.key, False) for question in bank]
