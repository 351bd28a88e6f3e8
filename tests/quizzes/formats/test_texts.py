"""HTML and plain text, there and back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.formats import texts
from tests.quizzes.formats.banks import passage


@given(passage())
def test_a_plain_text_goes_out_as_html_and_comes_home(text):
    assert texts.rendered(texts.html(text)).text == text
    assert texts.rendered(f"<b></b>{texts.inline_html(text)}").text == text


@given(st.text())
def test_the_normal_form_is_stable(text):
    assert texts.plain(texts.plain(text)) == texts.plain(text)


@given(st.text("<>/!-ab \"'=&;#brdivspan\n", max_size=80))
def test_any_mark_up_is_read(source):
    assert "\0" not in texts.rendered(source).text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>&nbsp;</p><p>a</p><p></p><p>b</p>", "a\n\nb"),
        ("a<br><br><br>b", "a\n\nb"),
        ("<ol><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ol>", "1. a\n  • b\n2. c"),
        ("H<sub>2</sub>O, x<sup>2y</sup>", "H₂O, x^(2y)"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a < b <b>c</b>", "a < b c"),
        ('<a href="https://example.org/x">Code</a><br>', "Code (https://example.org/x)"),
        ("<style>p {}</style><b>a</b><script>alert(1)</script>", "a"),
        ("<b>open <i>both", "open both"),
        ("<table><tr><td><p>a</p></td><td>b<br>c</td></tr></table>", "a | b c"),
    ],
)
def test_what_mark_up_means_stays(source, text):
    assert texts.rendered(source).text == text


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<!", "<a ", '<a b="', "</", "&", "<ul><li>", '<img src="', "<script>"]
)
def test_no_mark_up_takes_long(piece):
    source = (piece * texts.LONGEST_SOURCE)[: texts.LONGEST_SOURCE]
    begun = time.process_time()
    texts.rendered(source)
    assert time.process_time() - begun < 2
