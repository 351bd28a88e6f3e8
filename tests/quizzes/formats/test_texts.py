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
    ("formula", "text"),
    [
        ("<msup><mi>e</mi><mn>2</mn></msup><mo>=</mo><mn>7.389</mn>", "e² = 7.389"),
        ("<mfrac><mrow><mn>1</mn><mo>+</mo><mi>x</mi></mrow><msqrt><mi>y</mi></msqrt></mfrac>", "(1+x)/(√(y))"),
        ("<semantics><msub><mi>v</mi><mi>max</mi></msub><annotation>v_{max}</annotation></semantics>", "v_max"),
        ("<mfenced open='['><mi>a</mi><mi>b</mi></mfenced><mroot><mi>z</mi><mn>3</mn></mroot>", "[a, b)³√(z)"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>", "∑_(i = 1)ⁿ"),
    ],
)
def test_a_formula_that_is_not_drawn_keeps_its_words(formula, text):
    found = texts.rendered(f"<p>Find <math>{formula}</math> now. <math/></p>")
    assert found.text == f"Find {text} now."
    assert found.lost == {"formula"}


def test_the_words_that_a_formula_brings_go_before_its_signs():
    assert texts.rendered('<math alttext="one half"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>').text == "one half"


@pytest.mark.parametrize(
    "piece",
    ["<", "<!--", "<!", "<a ", '<a b="', "</", "&", "<ul><li>", '<img src="', "<script>", "<math><msup><mfrac>a"],
)
def test_no_mark_up_takes_long(piece):
    source = (piece * texts.LONGEST_SOURCE)[: texts.LONGEST_SOURCE]
    begun = time.process_time()
    texts.rendered(source)
    assert time.process_time() - begun < 2
