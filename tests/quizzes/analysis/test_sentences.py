from dataclasses import replace

from quizzes.analysis.results import Form, ItemDif, Suspicion, Withheld
from quizzes.analysis.sentences import CATEGORIES, FORMS, WITHHELD, suspicion

FOUND = ItemDif(
    item=1,
    reference="en",
    focal="fr",
    n_reference=400,
    n_focal=300,
    strata=20,
    odds_ratio=2.7,
    chi_square=40.0,
    p_value=0.0,
    delta=-2.3,
    standard_error=0.3,
    solved=0.478,
    expected=0.712,
    category="C",
    suspicion=Suspicion.HARDER,
    withheld=None,
)


def test_every_code_has_its_sentence():
    assert set(WITHHELD) == set(Withheld)
    assert set(FORMS) == set(Form)
    assert set(CATEGORIES) == {"A", "B", "C"}


def test_a_suspicion_says_what_was_seen_and_what_to_do():
    said = suspicion(FOUND, "English", "French")

    assert "48% solved this question in French and 71% in English" in said
    assert "misleads" in said
    assert "gives the answer away" in suspicion(replace(FOUND, suspicion=Suspicion.EASIER), "English", "French")


def test_where_nothing_is_suspected_nothing_is_said():
    assert suspicion(replace(FOUND, category="B", suspicion=None), "English", "French") == ""
