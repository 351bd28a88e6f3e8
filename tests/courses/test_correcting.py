"""New words over a passage, wherever it stands in text, and nowhere else."""

import pytest

from courses.correcting import Passage, Words, correct, holds
from tests.factories.people import NOW

OLD = "A gift under 50 euros may be kept."
NEW = "Every gift is handed in & registered."


def passage(old=OLD, new=NEW):
    return Passage(old, new, "The law forbids gifts.", "Act 14", NOW)


def html_of(html, *passages):
    words, _found = correct(Words(html, {}), passages or [passage()])
    return words.html


def test_the_new_words_stand_instead_escaped_and_marked():
    assert html_of(f"<p>Remember: {OLD} Always.</p>") == (
        '<p>Remember: <ins class="corrected">Every gift is handed in &amp; registered.</ins> Always.</p>'
    )


@pytest.mark.parametrize(
    "written",
    [
        "A gift under\n  50 euros may be kept.",
        "A gift under&nbsp;50 euros may be kept.",
    ],
)
def test_spaces_and_line_breaks_do_not_hide_a_passage(written):
    assert "<ins" in html_of(f"<p>{written}</p>")


@pytest.mark.parametrize(
    "written", ["It’s “5 < 6” & 'so', \"they\" say.", "It’s “5 &lt; 6” &amp; &#x27;so&#x27;, &quot;they&quot; say."]
)
def test_a_character_is_the_same_however_html_writes_it(written):
    old = "It’s “5 < 6” & 'so', \"they\" say."
    if "<" in written.replace("&lt;", ""):
        written = written.replace("<", "&lt;").replace(" & ", " &amp; ")
    assert (
        html_of(f"<p>{written}</p>", passage(old))
        == f'<p><ins class="corrected">{NEW.replace("&", "&amp;")}</ins></p>'
    )


def test_what_stands_in_a_tag_is_left_alone():
    html = f'<img alt="{OLD}"><p>Other words.</p>'
    assert html_of(html) == html


def test_a_backslash_in_the_new_words_is_a_backslash():
    assert r"\1 and \g<0>" in html_of(f"<p>{OLD}</p>", passage(new=r"\1 and \g<0>")).replace("&lt;", "<").replace(
        "&gt;", ">"
    )


def test_plain_words_beside_the_html_are_corrected_too():
    content = {
        "shape": 1,
        "summary": OLD,
        "lede": f"First. {OLD}",
        "objectives": [{"text": OLD, "rad_factors": [7]}],
        "media": {"a": {"html": f"<p>{OLD}</p>"}, "b": {}},
        "blocks": [OLD],
    }
    words, found = correct(Words("", content), [passage()])
    assert words.content["summary"] == NEW
    assert words.content["lede"] == f"First. {NEW}"
    assert words.content["objectives"] == [{"text": NEW, "rad_factors": [7]}]
    assert "<ins" in words.content["media"]["a"]["html"]
    assert words.content["blocks"] == [OLD]
    assert found == (passage(),)
    assert content["summary"] == OLD


def test_only_the_corrections_that_stand_there_are_named():
    other = passage("Some words that stand nowhere.", "x")
    _words, found = correct(Words(f"<p>{OLD}</p>", {}), [other, passage()])
    assert found == (passage(),)
    assert not holds(Words("<p>Nothing.</p>", {}), passage())


def test_a_later_correction_meets_what_an_earlier_one_put_there():
    second = passage("Every gift is handed in & registered.", "No gift is taken.")
    words, found = correct(Words(f"<p>{OLD}</p>", {}), [passage(), second])
    assert "No gift is taken." in words.html
    assert len(found) == 2
