"""Questions as rows of a table."""

import io

import pytest
from django.utils import translation
from openpyxl import Workbook

from quizzes.formats import tables
from quizzes.formats.neutral import Refused


def read(text, language="en"):
    return tables.read_csv(text.encode(), language)


def only(text):
    [entry] = read(text).entries
    assert entry.refusal is None, str(entry.refusal)
    return entry.question


def workbook(*rows):
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def test_the_right_column_tells_the_kind():
    head = "key;question;answer 1;answer 2;answer 3;feedback 1;right;tags;difficulty\n"
    single, several, truth = read(
        head + 'g-1;Which?;a;b;c;No.;2;"gifts, office";3\ng-2;Which two?;a;b;c;;"1, 3";;\ng-3;So?;;;;;TRUE;;\n'
    ).questions
    assert (single.key, single.kind, single.tags, single.difficulty) == (
        "g-1",
        "single_choice",
        ("gifts", "office"),
        3,
    )
    assert [option["fraction"] for option in single.structure["options"]] == ["0", "1", "0"]
    assert single.words["options"]["a"]["feedback"] == "No."
    assert [option["fraction"] for option in several.structure["options"]] == ["0.5", "-0.5", "0.5"]
    assert truth.structure == {"shape": 2, "correct": True}


def test_other_kinds_are_named():
    head = "kind,question,answer 1,answer 2,tolerance\n"
    found = read(
        head
        + "short answer,Where?,the register,register,\nNumerical,How much?,50,,2.5\nordering,Order.,first,second,\n"
        + "matching,Match.,Watch -> Refuse,Pen -> Accept,\nessay,Why?,,,\n"
    ).questions
    assert [one.kind for one in found] == ["short_answer", "numerical", "ordering", "matching", "essay"]
    assert found[1].structure["answers"] == [{"value": "50", "tolerance": "2.5", "fraction": "1"}]
    assert found[3].structure["pairs"] == {"p1": "t1", "p2": "t2"}


def test_a_scenario_with_ratings_and_a_bright_line():
    made = only(
        "kind,question,answer 1,rating 1,feedback 1,answer 2,rating 2,feedback 2,mechanism 2\n"
        "scenario,A hamper arrives.,Return it,best,It is recorded.,Keep it,breach!,You are charged.,"
        "moral justification\n"
    )
    assert made.structure["options"][1] == {
        "key": "b",
        "rating": "breach",
        "mechanism": "moral_justification",
        "bright_line": True,
    }
    assert made.words["options"]["a"] == {"text": "Return it", "consequence": "It is recorded."}


def test_a_line_break_in_a_cell_stays_and_lines_are_told():
    reading = read('question,right\n"One\n\ntwo",true\nThree,false\n')
    assert reading.questions[0].words["stem"] == "One\n\ntwo"
    assert [entry.line for entry in reading.entries] == [2, 5]


def test_columns_may_be_named_in_the_language_of_the_file_or_of_the_reader():
    with translation.override("fr"):
        names = {key: str(name) for key, name in tables.COLUMNS.items()}
    head = ",".join([names["question"], names["right"]])
    assert read(f"{head}\nSo?,true\n", language="fr").questions


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Which?,a,b,3,,", "not there"),
        ("Which?,a,b,x,,", "numbers"),
        ("Which?,a,b,,,", "Neither"),
        ("Which?,a,b,1,poem,", "poem"),
        ("Which?,a,b,1,,9", "difficulty"),
        (",a,b,1,,", "no text"),
        ("Which?,a,b,1,,,more", "more cells"),
        ("How much?,many,,,numerical,", "no number"),
    ],
)
def test_a_row_is_refused_with_the_reason_and_the_next_one_is_read(row, why):
    broken, good = read(f"question,answer 1,answer 2,right,kind,difficulty\n{row}\nGood?,a,b,1,,\n").entries
    assert why in str(broken.refusal)
    assert good.question is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "question\n",
        "question,colour\nA,b\n",
        "answer 1,right\na,1\n",
        "question,right,right\nA,1,1\n",
        'question\n"A',
    ],
)
def test_a_table_without_its_columns_is_refused_as_a_whole(text):
    with pytest.raises(Refused):
        read(text)


def test_a_workbook_is_read_as_it_was_saved_and_nothing_is_computed():
    data = workbook(["question", "answer 1", "answer 2", "right", "key"], ["Which?", 50, 2.5, 1, "=1+1"], [None])
    [made] = tables.read_xlsx(data, "en").questions
    assert [option["text"] for option in made.words["options"].values()] == ["50", "2.5"]
    assert made.key == "which"


@pytest.mark.parametrize("data", [b"PK", workbook(["a"])[:-40], workbook([None])])
def test_a_broken_workbook_is_refused(data):
    with pytest.raises(Refused):
        tables.read_xlsx(data, "en")
