"""How many people mark the answers to an essay, as its author says it."""

import pytest

from quizzes.authoring.sheets.marking import EssaySheet
from quizzes.kinds import KINDS
from tests.factories.markings import an_essay


@pytest.mark.parametrize("markers", [1, 2])
def test_what_an_essay_says_of_its_markers_is_opened_and_kept(markers):
    kind, structure, texts = an_essay(markers=markers)
    kept = EssaySheet.structure(EssaySheet.opened(structure, texts["en"]))
    assert kept == structure
    KINDS[kind].check(kept, texts)


def test_where_nothing_is_said_one_person_marks():
    _kind, structure, texts = an_essay()
    data = EssaySheet.opened(structure, texts["en"]) | {"markers": "", "tolerance": ""}
    assert "marking" not in EssaySheet.structure(data)
    assert EssaySheet.structure(data | {"markers": 2})["marking"] == {"markers": 2, "tolerance": "0.2"}
