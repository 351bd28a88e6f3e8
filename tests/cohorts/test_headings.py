"""The headings of a lesson: named by their number, so that every language has the same names."""

import pytest

from cohorts.headings import is_heading, marked

ENGLISH = '<h2>The <b>forms</b></h2><p>…</p><h3 data-block-key="x">Money &amp; more</h3><h2>Who</h2><h2>When</h2>'
ARABIC = "<h2>الأشكال</h2><p>…</p><h3>المال</h3><h2>من</h2><h2>متى</h2>"


def test_each_heading_can_be_led_to():
    found = marked(ENGLISH)
    assert '<h2 id="h-1">The <b>forms</b></h2>' in found.html
    assert '<h3 data-block-key="x" id="h-2">Money &amp; more</h3>' in found.html
    assert [(each.name, each.text, each.level) for each in found.headings[:2]] == [
        ("h-1", "The forms", 2),
        ("h-2", "Money &amp; more", 3),
    ]


def test_translations_have_the_same_names():
    names = [[each.name for each in marked(html).headings] for html in (ENGLISH, ARABIC)]
    assert names[0] == names[1]


def test_a_heading_that_has_a_name_keeps_it():
    html = '<h2 id="own">Own</h2>'
    assert (marked(html).html, marked(html).headings) == (html, ())


def test_the_table_has_the_main_headings_of_a_long_lesson_only():
    assert [each.name for each in marked(ENGLISH).table] == ["h-1", "h-3", "h-4"]
    assert marked("<h2>One</h2><h2>Two</h2>").table == ()


@pytest.mark.parametrize("name", ["h-1", "h-40"])
def test_a_name_is_known(name):
    assert is_heading(name)


@pytest.mark.parametrize("name", ["", "h-0", "h-", "h-1234", "main", 'h-1"', "h-١"])
def test_anything_else_is_no_name(name):
    assert not is_heading(name)
