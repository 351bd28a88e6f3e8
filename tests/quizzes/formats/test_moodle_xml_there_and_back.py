"""A bank that goes out as Moodle XML comes home as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats import moodle_xml, moodle_xml_writer
from tests.quizzes.formats.banks import BY_KIND, KEPT, bank_of


@pytest.mark.parametrize("kind", BY_KIND)
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_what_goes_out_comes_home_equal(kind, data):
    bank = data.draw(bank_of(BY_KIND[kind]()))
    made = moodle_xml_writer.write(bank, "en", "Gifts")
    assert [left for left in made.left if not left.written] == []
    reading = moodle_xml.read(made.data, "en", KEPT)
    assert [str(entry.refusal) for entry in reading.entries if entry.refusal] == []
    assert [(one.key, one.structure, one.words) for one in reading.questions] == [
        (one.key, one.structure, one.words) for one in bank
    ]
    assert (reading.title, reading.questions) == ("Gifts", bank)
