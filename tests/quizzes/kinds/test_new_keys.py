"""A new key for a published item: nothing else may change, whatever the kind."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from tests.quizzes.kinds.examples import EXAMPLES
from tests.quizzes.kinds.samples import SAMPLES
from tests.quizzes.kinds.test_every_kind import SEEDS, answered, arranged, some

KEYED = sorted(set(KINDS) - {"essay"})
every_keyed_kind = pytest.mark.parametrize("name", KEYED)


@every_keyed_kind
@some
@given(data=st.data(), seed=SEEDS)
def test_a_twin_with_another_key_is_one_and_can_judge_every_answer_that_was_given(name, data, seed):
    item, twin = SAMPLES[name].twins(data.draw)
    item.kind.check_new_key(item.structure, item.texts, twin.structure, twin.texts)
    answer = answered(data.draw, name, item, arranged(item, seed))
    assert 0 <= twin.key.judge(answer).fraction <= 1


@every_keyed_kind
def test_an_item_is_its_own_twin_and_other_words_are_another_question(name):
    example, kind = EXAMPLES[name], KINDS[name]
    kind.check_new_key(example.structure, example.texts, example.structure, example.texts)
    reworded = copy.deepcopy(example.texts)
    reworded["en"]["stem"] += " Or not?"
    with pytest.raises(WrongItem):
        kind.check_new_key(example.structure, example.texts, example.structure, reworded)


@every_keyed_kind
def test_a_language_more_or_less_is_refused(name):
    example, kind = EXAMPLES[name], KINDS[name]
    texts = example.texts | {"fr": example.texts["en"]}
    for before, after in ((example.texts, texts), (texts, example.texts)):
        with pytest.raises(WrongItem):
            kind.check_new_key(example.structure, before, example.structure, after)


@pytest.mark.parametrize("data", [None, [], {}, {"shape": 9}, "best"])
@every_keyed_kind
def test_what_is_no_item_is_refused_by_name_whatever_it_is(name, data):
    example, kind = EXAMPLES[name], KINDS[name]
    with pytest.raises(WrongItem):
        kind.check_new_key(example.structure, example.texts, data, example.texts)


def test_parts_with_the_same_words_and_other_keys_are_refused_for_saved_answers_name_them():
    example = EXAMPLES["document"]
    renamed = json.loads(json.dumps([example.structure, example.texts]))
    field = renamed[0]["fields"][0]["key"]
    renamed[0]["fields"][0]["key"] = "zz"
    renamed[1]["en"]["fields"]["zz"] = renamed[1]["en"]["fields"].pop(field)
    with pytest.raises(WrongItem, match="other keys"):
        KINDS["document"].check_new_key(example.structure, example.texts, *renamed)


def test_people_grade_an_essay_so_it_has_no_key():
    example = EXAMPLES["essay"]
    with pytest.raises(WrongItem):
        KINDS["essay"].check_new_key(example.structure, example.texts, example.structure, example.texts)
