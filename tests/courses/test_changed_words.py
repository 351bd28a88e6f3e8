"""A lesson beside its older self: new words are marked, markup stays as it is."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.changed_words import compared

BEGINS, ENDS = "‹", "›"

OLD = "<p>Accept no gift above 50 euros.</p><p>Write down what you were offered.</p>"


def compare(old, new):
    return compared(old, new, begins=BEGINS, ends=ENDS)


def shown(old, new):
    """The new words between brackets, without the element that holds them."""
    return re.sub(r'</?ins(?: class="new-words")?>', "", compare(old, new).html)


def unmarked(markup):
    return re.sub(r'</?ins(?: class="new-words")?>|[‹›]', "", markup)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (OLD, OLD),
        (
            "<p>Accept no gift at all.</p><p>Write down what you were offered.</p>",
            "<p>Accept no gift ‹at all›.</p><p>Write down what you were offered.</p>",
        ),
        (OLD + "<p>Tell your chief.</p>", OLD + "<p>‹Tell your chief.›</p>"),
        (OLD.replace("<p>Write", "<h2>Then</h2><p>Write"), OLD.replace("<p>Write", "<h2>‹Then›</h2><p>Write")),
        # Other markup around the same words is no change of words.
        (OLD.replace("<p>", "<p class='x'>").replace("gift", "<b>gift</b>"), None),
        ("<p>Accept  no\n gift above 50 euros.</p><p>Write down what you were offered.</p>", None),
    ],
)
def test_what_is_new_is_marked(new, said):
    assert shown(OLD, new) == (new if said is None else said)


def test_a_stretch_runs_through_the_markup_of_a_sentence_and_is_announced_once():
    result = compare(
        "<p>Refuse it, always and everywhere.</p>", "<p>Refuse it <b>at</b> once, always and everywhere.</p>"
    )
    assert result.html == (
        '<p>Refuse it <b><ins class="new-words">‹at</ins></b><ins class="new-words"> once›</ins>,'
        " always and everywhere.</p>"
    )
    assert result.stretches == 1


def test_a_paragraph_of_which_little_is_left_is_new_as_a_whole():
    new = "<p>No gift may ever be taken, whatever its worth above nothing.</p>"
    assert shown("<p>Accept no gift above 50 euros.</p>", new) == f"<p>‹{new[3:-4]}›</p>"


def test_what_stood_there_before_is_told_by_the_paragraph():
    new = "<p>Accept no gift at all.</p>"
    assert compare(OLD, new).before == ("Accept no gift above 50 euros.", "Write down what you were offered.")
    # Words that were only added take nothing away.
    assert compare("<p>Tell your chief.</p>", "<p>Tell your chief in writing.</p>").before == ()


def test_slots_figures_and_attributes_are_left_alone():
    new = (
        "<!--slot plan a1--><figure><svg><text>New &gt; old</text></svg></figure>"
        '<p title="a > b">Same <em>words</em> &amp; more.</p><textarea>New</textarea>'
    )
    assert shown("<p>Same words</p>", new) == new.replace("&amp; more.", "‹&amp; more.›")


def test_two_lessons_that_say_the_same_differ_in_nothing():
    assert not compare(OLD, OLD.upper().lower().replace("accept", "Accept").replace("write", "Write"))


def test_right_to_left_words_are_compared_as_words():
    assert shown("<p>لا تقبل أي هدية أبدا</p>", "<p>لا تقبل أي عرض أبدا</p>") == "<p>لا تقبل أي ‹عرض› أبدا</p>"


pieces = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<svg>",
            "</svg>",
            "<!--slot plan x-->",
            "<br/>",
            "word ",
            "other",
            " & ",
            "&lt;",
        ]
        + ["\n", "¿", "<h2 id='h-1'>", "</h2>", "<option>", "</option>"]
    ),
    max_size=30,
).map("".join)


@given(pieces, pieces)
def test_taking_the_marks_away_gives_the_lesson_back(old, new):
    assert unmarked(compare(old, new).html) == new


@given(pieces, pieces)
def test_every_mark_is_closed_before_the_next_tag(old, new):
    for inside in re.findall(r"<ins[^>]*>(.*?)</ins>", compare(old, new).html, re.DOTALL):
        assert "<" not in inside
        assert inside.strip("‹› \n")


@given(pieces)
def test_a_lesson_beside_itself_has_nothing_new(lesson):
    assert not compare(lesson, lesson)


def test_a_long_lesson_is_compared_in_no_time():
    paragraphs = [" ".join(f"word{(number * place) % 97}" for place in range(60)) for number in range(100)]
    old = "".join(f"<p>{each}</p>" for each in paragraphs)
    new = "".join(f"<p>{each.replace('word7 ', 'word700 ')}</p>" for each in paragraphs)
    began = time.process_time()
    assert compare(old, new).stretches > 50
    assert time.process_time() - began < 5
