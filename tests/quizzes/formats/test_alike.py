"""What goes out comes home equal, or the export says of each question what would not."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats import alike, detect
from quizzes.formats.neutral import Writing
from tests.quizzes.formats.banks import BY_KIND, KEPT
from tests.quizzes.formats.test_tables_there_and_back import ORDERING, SHORT


def awkward(question):
    """As no form of ours would write it, and a bank may hold all the same: line breaks where one line is expected,
    blanks at the ends, what other formats take for mark-up, needless zeros."""

    def spoilt(value, key=""):
        if isinstance(value, dict):
            return {name: spoilt(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [spoilt(part, key) for part in value]
        if isinstance(value, str) and key not in ("sha256", "kind", "stem", "fraction"):
            return f" {value}\n-> {value} {{x}} "
        return value

    return replace(question, words=spoilt(question.words), media=question.media)


@pytest.mark.parametrize("spoil", [False, True])
@pytest.mark.parametrize("format", detect.WRITERS)
@pytest.mark.parametrize("kind", BY_KIND)
@given(data=st.data())
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_does_not_come_home_equal_was_told(kind, format, spoil, data):
    question = data.draw(BY_KIND[kind]())
    question = awkward(question) if spoil else question
    made = detect.write([question], "en", format, "Gifts")
    if not any(not left.written for left in made.left):
        [home] = detect.read(made.data, "en", format, KEPT).questions or [None]
        assert made.left or alike.differing(question, home) is None


def test_an_export_tells_what_its_own_writer_did_not_know(monkeypatch):
    other = replace(ORDERING, structure=ORDERING.structure | {"credit": "whole"}, difficulty=1)

    def forgetful(questions, language, title):
        return detect.tables_writer.write_csv([other], language, title)

    monkeypatch.setitem(detect.WRITERS, "csv", forgetful)
    [changed, gone] = detect.write([ORDERING, SHORT], "en", "csv").left
    assert (changed.key, changed.written) == ("steps", True)
    assert str(changed.reasons[0]).endswith(": key and points, difficulty.")
    assert (gone.key, str(gone.reasons[0])) == ("place", "It would not come back from the file.")


def test_a_file_that_cannot_be_read_again_is_told_of_every_question(monkeypatch):
    monkeypatch.setitem(detect.WRITERS, "csv", lambda *given_: Writing(b"", "bank.csv", "text/csv"))
    assert [left.key for left in detect.write([ORDERING, SHORT], "en", "csv").left] == ["steps", "place"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"fraction": "1.0"}, {"fraction": "1"}),
        ({"points": "0.50"}, {"points": "0.5"}),
        ({"text": "a "}, {"text": "a"}),
    ],
)
def test_amounts_and_texts_are_compared_by_what_they_say(one, other):
    assert alike.in_normal_form(one) == alike.in_normal_form(other)
