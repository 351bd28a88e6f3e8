"""Aiken, read."""

import pytest

from quizzes.formats import aiken
from quizzes.formats.neutral import Refused


def read(text):
    return aiken.read(text.encode(), "en")


def test_questions_with_points_or_brackets_after_their_letters():
    reading = read(
        "May she take it?\nA. Yes\nB. No <b>never</b>\nANSWER: B\n\nAnd\nthe pen?\nA)Yes\nB) No\nANSWER: A\n"
    )
    first, second = reading.questions
    assert [option["fraction"] for option in first.structure["options"]] == ["0", "1"]
    assert first.words["options"]["b"]["text"] == "No <b>never</b>"
    assert second.words["stem"] == "And\nthe pen?"
    assert [entry.line for entry in reading.entries] == [1, 6]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Only one?\nA) a\nANSWER: A", "fewer than two"),
        ("Which?\nA) a\nB) b", "ANSWER"),
        ("Which?\nA) a\nB) b\nANSWER: C", "none of its answers"),
        ("Which?\nA) a\nA) b\nANSWER: A", "same letter"),
        ("A) a\nB) b\nANSWER: A", "before its text"),
    ],
)
def test_a_broken_question_is_refused_and_the_next_one_is_read(text, why):
    broken, good = read(f"{text}\n\nGood?\nA) a\nB) b\nANSWER: A\n").entries
    assert why in str(broken.refusal)
    assert good.question is not None


def test_what_is_no_bank_is_refused_as_a_whole():
    with pytest.raises(Refused):
        read("")


def test_a_question_without_a_text_is_named_by_its_first_answer():
    [entry] = aiken.read(b"A) Keep it\nB) Return it\nANSWER: B\n", "en").entries
    assert (entry.name, entry.question) == ("Keep it", None)
