"""Items that are answered by choosing: what makes one, how a form is read, and what an answer earns."""

import copy
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.contract import Fields, MalformedAnswer, Outcome, WrongItem
from tests.factories.quizzes import choice, true_or_false, weighed, words

KEYS = "abcdef"
# As banks write them: thirds and sixths too.
SHARES = ["-1", "-0.5", "-0.33333", "0", "0.1", "0.16667", "0.25", "0.33333", "0.5", "0.66667", "0.75", "0.9", "1"]
structures = st.lists(st.sampled_from(SHARES), min_size=1, max_size=6).map(
    lambda shares: {
        "shape": 2,
        "options": [{"key": key, "fraction": share} for key, share in zip(KEYS, shares, strict=False)],
        "shuffle": True,
    }
)
RIGHT = {
    "single_choice": weighed("single_choice", a="1", b="0.5", c="-0.25"),
    "multiple_choice": weighed("multiple_choice", a="0.5", b="0.5", c="-0.5"),
    "true_false": true_or_false(True),
    "scenario": (
        "scenario",
        {
            "shape": 1,
            "options": [
                {"key": "a", "rating": "best", "mechanism": None, "bright_line": False},
                {"key": "b", "rating": "breach", "mechanism": "dehumanisation", "bright_line": True},
            ],
        },
        {"en": words("It", "en", (("a", "best"), ("b", "breach")))},
    ),
}


def several(*keys):
    return {"shape": 1, "choices": list(keys)}


def keys_of(structure):
    return [option["key"] for option in structure["options"]]


class TestEarned:
    @given(structures, st.data())
    def test_never_below_nothing_nor_above_everything(self, structure, data):
        chosen = data.draw(st.lists(st.sampled_from(keys_of(structure)), unique=True, min_size=1))
        one = KINDS["single_choice"].key(structure, {}).judge(choice(chosen[0]))
        more = KINDS["multiple_choice"].key(structure, {}).judge(several(*chosen))
        assert 0 <= one.fraction <= 1
        assert 0 <= more.fraction <= 1

    @given(structures, st.data(), st.randoms())
    def test_the_order_of_options_and_of_choices_changes_nothing(self, structure, data, source):
        chosen = data.draw(st.lists(st.sampled_from(keys_of(structure)), unique=True, min_size=1))
        mixed = copy.deepcopy(structure)
        source.shuffle(mixed["options"])
        for kind, answer, same in (
            ("single_choice", choice(chosen[0]), choice(chosen[0])),
            ("multiple_choice", several(*chosen), several(*sorted(chosen, reverse=True))),
        ):
            assert KINDS[kind].key(structure, {}).judge(answer) == KINDS[kind].key(mixed, {}).judge(same)

    @given(structures, st.data())
    def test_one_more_right_choice_never_earns_less_and_one_more_wrong_never_more(self, structure, data):
        key = KINDS["multiple_choice"].key(structure, {})
        chosen = data.draw(st.lists(st.sampled_from(keys_of(structure)), unique=True))
        more = data.draw(st.sampled_from(keys_of(structure)))
        before, after = key.judge(several(*chosen)).fraction, key.judge(several(*chosen, more)).fraction
        if key.credit[more] >= 0:
            assert after >= before
        else:
            assert after <= before

    def test_three_thirds_are_everything(self):
        structure = weighed("multiple_choice", a="0.33333", b="0.33333", c="0.33333", d="-1")[1]
        key = KINDS["multiple_choice"].key(structure, {})
        assert key.judge(several("a", "b", "c")).outcome == Outcome.RIGHT
        assert key.judge(several("a", "b")).fraction == Fraction("0.66666")
        assert key.judge(several("a", "d")).outcome == Outcome.WRONG

    @pytest.mark.parametrize("kind", RIGHT)
    def test_a_question_left_open_earns_nothing_and_crosses_no_line(self, kind):
        _kind, structure, texts = RIGHT[kind]
        judged = KINDS[kind].key(structure, texts).judge(None)
        assert (judged.fraction, judged.outcome, judged.bright_line) == (0, Outcome.OPEN, False)

    @pytest.mark.parametrize("kind", RIGHT)
    def test_an_answer_that_was_never_served_is_an_error_and_earns_nothing(self, kind):
        _kind, structure, texts = RIGHT[kind]
        answer = several("z") if kind == "multiple_choice" else choice("z")
        with pytest.raises(ValueError, match="served"):
            KINDS[kind].key(structure, texts).judge(answer)


class TestRead:
    @given(structures, st.integers(), st.data())
    def test_a_form_says_where_and_the_answer_says_which(self, structure, seed, data):
        kind = KINDS["multiple_choice"]
        arrangement = kind.arrange(structure, random.Random(seed))
        places = data.draw(st.lists(st.integers(1, len(structure["options"])), unique=True, min_size=1))
        answer = kind.read(structure, arrangement, Fields({"q4": [str(place) for place in places]}, "q4"))
        assert answer == several(*sorted(arrangement["options"][place - 1] for place in places))

    @given(st.text(max_size=3))
    def test_what_is_no_place_is_refused(self, value):
        structure = RIGHT["single_choice"][1]
        arrangement = {"options": ["c", "a", "b"]}
        for kind in ("single_choice", "multiple_choice"):
            fields = Fields({"q1": [value]}, "q1")
            if value in ("1", "2", "3", ""):
                KINDS[kind].read(structure, arrangement, fields)
            else:
                with pytest.raises(MalformedAnswer):
                    KINDS[kind].read(structure, arrangement, fields)

    def test_a_question_reads_its_own_fields_alone(self):
        _kind, structure, _texts = RIGHT["single_choice"]
        fields = Fields({"q1": ["1"], "q11": ["2"]}, "q11")
        assert KINDS["single_choice"].read(structure, {"options": ["a", "b", "c"]}, fields) == choice("b")


def changed(kind, edit):
    _kind, structure, texts = copy.deepcopy(RIGHT[kind])
    edit(structure, texts)
    return structure, texts


class TestChecked:
    """Items come from files that strangers wrote."""

    @pytest.mark.parametrize("kind", RIGHT)
    def test_a_right_one_is_let_in(self, kind):
        _kind, structure, texts = RIGHT[kind]
        KINDS[kind].check(structure, texts)

    @pytest.mark.parametrize("kind", RIGHT)
    @pytest.mark.parametrize(
        "edit",
        [
            lambda structure, texts: structure.update(shape=9),
            lambda structure, texts: structure.update(more=1),
            lambda structure, texts: structure.clear(),
            lambda structure, texts: texts.clear(),
            lambda structure, texts: texts.update(fr=None),
            lambda structure, texts: texts["en"].update(stem=" "),
            lambda structure, texts: texts["en"].update(stem="x" * 20_001),
            lambda structure, texts: texts["en"].update(stem=["Why?"]),
            lambda structure, texts: texts["en"].update(options=[]),
            lambda structure, texts: texts["en"].update(
                options={"z": {"text": "?", "feedback": "", "consequence": ""}}
            ),
            lambda structure, texts: texts["en"].update(unknown="?"),
        ],
    )
    def test_whatever_is_wrong_is_refused_by_name(self, kind, edit):
        with pytest.raises(WrongItem):
            KINDS[kind].check(*changed(kind, edit))

    @pytest.mark.parametrize("kind", ["single_choice", "multiple_choice"])
    @pytest.mark.parametrize(
        "fraction", ["2", "-1.1", "nan", "inf", "1e400", "", "half", 1, None, "0." + "3" * 20, ["1"]]
    )
    def test_a_fraction_that_is_none_is_refused(self, kind, fraction):
        with pytest.raises(WrongItem):
            KINDS[kind].check(
                *changed(kind, lambda structure, _texts: structure["options"][0].update(fraction=fraction))
            )

    @pytest.mark.parametrize(
        ("kind", "edit"),
        [
            ("single_choice", lambda structure: structure["options"][0].update(fraction="0.9")),
            ("multiple_choice", lambda structure: structure["options"][0].update(fraction="0.4")),
            ("multiple_choice", lambda structure: structure["options"][0].update(fraction="1")),
            ("single_choice", lambda structure: structure["options"][1].update(key="a")),
            ("single_choice", lambda structure: structure["options"][1].update(key=2)),
            ("single_choice", lambda structure: structure.update(options={})),
            ("single_choice", lambda structure: structure.update(shuffle="yes")),
            ("true_false", lambda structure: structure.update(correct=1)),
        ],
    )
    def test_an_item_that_could_not_be_answered_rightly_is_refused(self, kind, edit):
        with pytest.raises(WrongItem):
            KINDS[kind].check(*changed(kind, lambda structure, _texts: edit(structure)))


def test_words_in_another_language_change_nothing_of_what_a_page_needs():
    _kind, structure, texts = weighed("single_choice", ("en", "fr"), a="1", b="0")
    arrangement = {"options": ["b", "a"]}
    shown = {code: KINDS["single_choice"].shown(structure, arrangement, texts[code], choice("a")) for code in texts}
    for code in texts:
        assert [option["text"] for option in shown[code]["options"]] == [f"answer b in {code}", f"answer a in {code}"]
        assert [option["chosen"] for option in shown[code]["options"]] == [False, True]
