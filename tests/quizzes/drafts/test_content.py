"""A draft is known by all that it says and counts, and by nothing else."""

import copy

import pytest

from quizzes.drafts.content import digest
from quizzes.drafts.outline import differences, label_of, outline
from tests.factories.quizzes import weighed

KIND, STRUCTURE, TEXTS = weighed("single_choice", ("en", "fr"), a="1", b="0")
CONTENT = {
    "kind": KIND, "difficulty": 1, "tags": ["x"], "rad_factors": [7], "structure": STRUCTURE, "texts": TEXTS
}  # fmt: skip


def changed(change):
    content = copy.deepcopy(CONTENT)
    change(content)
    return content


def test_the_order_in_which_parts_were_written_does_not_count():
    turned = {name: CONTENT[name] for name in reversed(CONTENT)}
    turned["texts"] = {"fr": dict(reversed(TEXTS["fr"].items())), "en": TEXTS["en"]}
    assert digest(turned) == digest(CONTENT)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(difficulty=2),
        lambda it: it["tags"].append("y"),
        lambda it: it["structure"]["options"].reverse(),
        lambda it: it["structure"]["options"][0].update(fraction="0.9"),
        lambda it: it["texts"].pop("fr"),
        lambda it: it["texts"]["fr"].update(stem="Autre ?"),
        lambda it: it["texts"]["en"]["options"]["a"].update(feedback=""),
    ],
)
def test_whatever_a_learner_or_a_grader_would_notice_is_another_content(change):
    assert digest(changed(change)) != digest(CONTENT)


def test_an_outline_begins_with_the_question_and_names_words_and_key():
    lines = outline(STRUCTURE, TEXTS["en"])
    assert lines[0].label == "Question"
    assert [(line.label, line.text) for line in lines if line.path[:2] == ("options", "a")] == [
        ("Option a", "answer a in en"),
        ("Option a · Feedback", "Feedback on a in en."),
        ("Option a · Share of the points", "100 per cent"),
    ]


def test_a_difference_of_the_key_and_one_of_the_words_are_told_and_nothing_else():
    new_structure = changed(lambda it: it["structure"]["options"][1].update(fraction="0.5"))["structure"]
    new_words = changed(lambda it: it["texts"]["en"]["options"]["a"].update(text="answer a, better"))["texts"]["en"]
    found = differences(outline(STRUCTURE, TEXTS["en"]), outline(new_structure, new_words))
    assert [(each.label, each.of_key) for each in found] == [
        ("Option a", False),
        ("Option b · Share of the points", True),
    ]
    assert [(part.kind, part.text) for part in found[1].changes] == [
        ("removed", "0"),
        ("added", "50"),
        ("same", " per cent"),
    ]


def test_what_is_gone_is_told_last():
    shorter = changed(lambda it: it["texts"]["en"].pop("rationale"))["texts"]["en"]
    [gone] = differences(outline(STRUCTURE, TEXTS["en"]), outline(STRUCTURE, shorter))
    assert (gone.label, [part.kind for part in gone.changes]) == ("Worked solution", ["removed"])


def test_parts_within_parts_are_named_from_the_whole_to_the_part():
    assert label_of(("rubric", "c1", "levels", "l0", "points")) == "Criterion c1 · Level l0 · Points"
    assert label_of(("gaps", "g1", "accepted", "1", "text")) == "Gap g1 · Accepted answer 1"
    assert label_of(("feedback", "wrong")) == "Feedback on a wrong answer"
