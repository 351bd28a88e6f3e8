"""A bank that goes out as a table comes home as it was, as far as a table can tell it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats import detect
from quizzes.formats.neutral import Question
from tests.quizzes.formats.banks import BY_KIND, HELD_BY, PICTURE, bank_of, held_by

ORDERING = Question(
    "steps",
    "Steps",
    "ordering",
    {"shape": 2, "elements": ["e2", "e1"], "credit": "pairs"},
    {"shape": 2, "stem": "In which order?", "elements": {"e2": "Refuse", "e1": "Record"}, "hints": ["Think."]},
    ("office",),
    3,
    (6, 10),
)
SHORT = Question(
    "place",
    "Place",
    "short_answer",
    {"shape": 2, "case": False, "accents": False, "wildcards": False},
    {"shape": 2, "stem": "Where?", "accepted": [{"text": "the register", "fraction": "1", "feedback": "Yes."}]},
)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", HELD_BY["csv"])
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_goes_out_comes_home_equal(kind, format, data):
    bank = data.draw(bank_of(held_by(format, kind)))
    made = detect.write(bank, "en", format)
    assert [left for left in made.left if not left.written] == []
    assert detect.read(made.data, "en").questions == bank


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_orders_and_short_answers_too(format):
    made = detect.write([ORDERING, SHORT], "en", format)
    assert made.left == ()
    assert detect.read(made.data, "en").questions == [ORDERING, SHORT]


@pytest.mark.parametrize("kind", ["gap_fill", "hotspot"])
@given(data=st.data())
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_table_cannot_say_is_told_and_not_written(kind, data):
    bank = data.draw(bank_of(BY_KIND[kind]()))
    assert [left.written for left in detect.write(bank, "en", "xlsx").left] == [False] * len(bank)


def test_a_text_that_a_spreadsheet_would_compute_leaves_in_a_workbook_alone():
    dangerous = replace(SHORT, words=SHORT.words | {"stem": '=HYPERLINK("http://example.org")'})
    [left] = detect.write([dangerous], "en", "csv").left
    assert "takes for a formula" in str(left.reasons[0])
    made = detect.write([dangerous], "en", "xlsx")
    assert detect.read(made.data, "en").questions == [dangerous]


def test_pictures_that_a_table_has_no_place_for_are_told():
    [left] = detect.write([replace(SHORT, media=(PICTURE,))], "en", "csv").left
    assert not left.written
    assert "picture" in str(left.reasons[0])


def test_points_that_a_table_has_no_column_for_stand_among_its_marks():
    partly = [{"text": "a", "fraction": "1"}, {"text": "b", "fraction": "0.5"}]
    shared = replace(SHORT, words=SHORT.words | {"accepted": partly}, structure=SHORT.structure | {"case": True})
    whole = replace(
        ORDERING,
        structure=ORDERING.structure | {"credit": "whole"},
        words=ORDERING.words | {"hints": ["One.", "Two, three."], "feedback": {"partly": "Nearly."}},
        tags=("port, north",),
    )
    made = detect.write([shared, whole], "en", "csv")
    assert made.left == ()
    assert detect.read(made.data, "en").questions == [shared, whole]


@pytest.mark.parametrize(
    ("right", "told", "expected"),
    [
        ("1", "1,0.5,-0.25", ["1", "0.5", "-0.25"]),
        ("2", "1,0.5,-0.25", ["0", "1", "0"]),
        ('"1,2"', "0.7,0.3,-1", ["0.7", "0.3", "-1"]),
        ('"1,3"', "0.7,0.3,-1", ["0.5", "-0.5", "0.5"]),
        ("1", "1,x,0", ["1", "0", "0"]),
        ("1", "1,0", ["1", "0", "0"]),
    ],
)
def test_a_mark_of_points_that_does_not_fit_counts_for_nothing(right, told, expected):
    table = f'question,answer 1,answer 2,answer 3,right,marks\nWhich?,a,b,c,{right},"plumb:shares={told}"\n'
    [entry] = detect.read(table.encode(), "en").entries
    assert [option["fraction"] for option in entry.question.structure["options"]] == expected
