"""Rich text falls into passages and comes back whole; markup that would not stand is refused."""

import pytest

from core.word_changes import Change, changes
from courses.languages import words
from courses.languages.words import LINKS_DIFFER, NOT_ALLOWED, UNBALANCED, BadMarkup

RICH = (
    '<h2 data-block-key="a1">Forms</h2>\n<p>Money is <b>one</b> &amp; a <a linktype="page" id="3">gift</a> more.</p>'
    "<ul>\n<li>a meal</li>\n<li>a <i>loan</i><br/>or two</li></ul>"
)


def test_paragraphs_headings_and_list_items_are_passages_and_together_the_text():
    parts = words.split(RICH)
    assert "".join(parts) == RICH
    assert [words.marked(part).text for part in parts[1::2]] == [
        "Forms",
        "Money is <b>one</b> & a <link1>gift</link1> more.",
        "a meal",
        "a <i>loan</i><br/>or two",
    ]
    assert words.split("") == [""]
    assert words.split("no markup") == ["", "no markup", ""]


@pytest.mark.parametrize(
    "html",
    [
        "Money is <b>one</b> &amp; another.",
        '<a href="https://a.example/?x=1&amp;y=2">here</a> and <a id="4" linktype="document">there</a>',
        "5 &lt; 6 &amp;lt; 7 &amp;amp; 8",
        "عرض <b>أول</b>\u200f",
        "no markup",
    ],
)
def test_a_passage_survives_the_journey(html):
    marked = words.marked(html)
    assert words.unmarked(marked.text, marked.links) == html


def test_a_translator_moves_a_link_and_cannot_change_where_it_leads():
    marked = words.marked('See <a href="/one">one</a> and <a href="/two">two</a>.')
    turned = "<link2>Zwei</link2>, <link1>eins</link1>."
    assert words.unmarked(turned, marked.links) == '<a href="/two">Zwei</a>, <a href="/one">eins</a>.'


@pytest.mark.parametrize(
    ("text", "links", "problem"),
    [
        ("<b>open", 0, UNBALANCED),
        ("<b><i>crossed</b></i>", 0, UNBALANCED),
        ("closed</b>", 0, UNBALANCED),
        ("<script>alert(1)</script>", 0, NOT_ALLOWED),
        ('<b onclick="x">attributes</b>', 0, NOT_ALLOWED),
        ('<link1 href="https://evil.example">x</link1>', 1, NOT_ALLOWED),
        ("<img src=x", 0, NOT_ALLOWED),
        ("<!-- hidden -->", 0, NOT_ALLOWED),
        ("the link is lost", 1, LINKS_DIFFER),
        ("<link1>twice</link1> <link1>twice</link1>", 1, LINKS_DIFFER),
        ("<link2>another</link2>", 1, LINKS_DIFFER),
    ],
)
def test_markup_that_would_not_stand_is_refused(text, links, problem):
    with pytest.raises(BadMarkup, match=problem):
        words.check(text, links)


def test_words_are_counted_without_their_markup():
    assert words.count("Money isn’t <b>the only</b> pot-de-vin.") == 5
    assert words.count("عرض أول") == 2


def test_a_change_is_shown_word_by_word():
    assert changes("Refuse the gift.", "Refuse every gift.") == [
        Change("same", "Refuse "),
        Change("removed", "the"),
        Change("added", "every"),
        Change("same", " gift."),
    ]
    assert changes("", "New.") == [Change("added", "New.")]
