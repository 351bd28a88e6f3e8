"""An item's words, of whatever kind, fall into passages and come back whole."""

import pytest

from quizzes.drafts.outline import label_of
from quizzes.drafts.passages import passages, worded
from quizzes.kinds import KINDS
from tests.quizzes import every_kind

pytestmark = pytest.mark.django_db


def test_the_words_of_every_kind_are_whole_again_in_another_language_and_named_part_by_part():
    for kind, structure, texts in every_kind.items():
        found = passages(texts["en"])
        assert found[0][0] in (("stem",), ("title",))
        assert len({label_of(path) for path, _text in found}) == len(found), kind
        assert worded(texts["en"], dict(found)) == texts["en"]
        other = worded(texts["en"], {path: f"[{text}]" for path, text in found})
        KINDS[kind].check(structure, {"en": texts["en"], "ru": other})
        assert passages(other) == [(path, f"[{text}]") for path, text in found]


def test_what_is_not_said_in_another_language_is_left_out_and_keeps_its_place_in_a_list():
    words = {"shape": 2, "stem": "S", "rationale": "R", "feedback": ["one", "", "three"]}
    assert worded(words, {("stem",): "Z", ("feedback", "3"): "drei"}) == {
        "shape": 2,
        "stem": "Z",
        "feedback": ["", "", "drei"],
    }


def test_the_order_does_not_hang_on_how_a_database_keeps_keys():
    words = {"options": {"o10": {"text": "x"}, "o9": {"feedback": "f", "text": "t"}}, "stem": "S"}
    assert [path for path, _text in passages(words)] == [
        ("stem",),
        ("options", "o9", "text"),
        ("options", "o9", "feedback"),
        ("options", "o10", "text"),
    ]
