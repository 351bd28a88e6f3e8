"""When a typed answer is the accepted one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds.contract import WrongItem
from quizzes.kinds.written import Spelling, check_accepted, feedback_on

LENIENT = Spelling(case=False, accents=False, wildcards=False)
STRICT = Spelling(case=True, accents=True, wildcards=False)
WILD = Spelling(case=False, accents=False, wildcards=True)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def same(accepted, typed, spelling=LENIENT):
    return spelling.pattern(accepted).matches(spelling.spellings(typed))


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("conflict of interest", "  Conflict  of\u00a0Interest. "),
        ("déclaration", "DECLARATION"),
        ("douane", "d\u200bouane"),  # a space of no width, as pages are copied with it
        ("l’agent", "l'agent"),
        ("l'agent", "l`agent"),
        ("« cadeau »", '" cadeau "'),
        ("„Geschenk“", '"Geschenk"'),
        ("post-clearance", "post–clearance"),
        ("Zöllner", "Zoellner"),
        ("Zoellner", "ZÖLLNER"),
        ("Zöllner", "Zollner"),
        ("Straße", "STRASSE"),
        ("smørrebrød", "smorrebrod"),
        ("København", "Koebenhavn"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("Łódź", "lodz"),
        ("aduana española", "aduana espanola"),
        ("τελωνείο", "ΤΕΛΩΝΕΙΟ"),
        ("отчёт", "отчет"),
        ("жёсткий", "жесткий"),
        ("Zoll", "\uff3a\uff4f\uff4c\uff4c"),  # full width
        ("article 3", "article ٣"),
        ("ماده ۳", "ماده 3"),
        ("बिल ५", "बिल 5"),
    ],
)
def test_differences_of_writing_do_not_count(accepted, typed):
    assert same(accepted, typed)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("أمانة", "امانه"),  # hamza on its carrier, ta marbuta
        ("إقرار", "اقرار"),
        ("آلة", "الة"),
        ("مسؤول", "مسوول"),
        ("هدى", "هدي"),
        ("رشوة", "رشــوة"),  # tatweel
        ("رشوة", "رِشْوَة"),  # vowel signs
        ("ﺭﺷﻮﺓ", "رشوة"),  # forms for print
        ("المادة ٣", "الماده 3"),
        ("هدیه", "هديه"),  # a Persian keyboard
        ("گمرک", "گمرك"),
    ],
)
def test_arabic_letters_have_the_forms_that_people_give_them(accepted, typed):
    assert same(accepted, typed)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("мой", "мои"),  # another word
        ("їжак", "іжак"),
        ("कि", "की"),  # marks are vowels there
        ("ที่", "ที"),
        ("かき", "がき"),
        ("رشوة", "رشوات"),
        ("gift", "gifts"),
        ("a*", "abc"),  # no wildcard in an item without
        ("3", "31"),
    ],
)
def test_other_words_are_other_words(accepted, typed):
    assert not same(accepted, typed)


@pytest.mark.parametrize(
    ("accepted", "typed", "is_same"),
    [
        ("WCO", "wco", False),
        ("déclaré", "declare", False),
        ("أمانة", "امانه", False),
        ("Zöllner", "Zoellner", False),
        ("отчёт", "отчет", False),
        ("déclaré", "de\u0301clare\u0301", True),  # the same letters in another normal form
        ("رشوة", "رِشْوَة", True),  # Arabic is written without them, and nobody asks for them
        ("l’agent", "l'agent.", True),
        ("article 3", "article ٣", True),
    ],
)
def test_case_and_accents_count_where_the_item_says_so(accepted, typed, is_same):
    assert same(accepted, typed, STRICT) == is_same


@pytest.mark.parametrize(
    ("accepted", "typed", "is_same"),
    [
        ("*conflict*interest*", "It is a Conflict of Interests!", True),
        ("*conflict*interest*", "interest, then conflict", False),
        ("in *", "in Bern", True),
        ("in *", "internal", False),
        ("in *", "in", True),
        ("in * Bern", "in Bern", True),
        ("in * Bern", "inBern", False),
        ("the * gift", "gift", False),
        ("*", "", True),
        ("a*a", "a", False),
        ("ab*ba", "abba", True),
        ("ab*ba", "aba", False),
        (r"5 \* 3", "5 * 3", True),
        (r"5 \* 3", "5 and 3", False),
        ("*réclamation*", "UNE RECLAMATION ÉCRITE", True),
    ],
)
def test_a_star_stands_for_any_text(accepted, typed, is_same):
    assert same(accepted, typed, WILD) == is_same


def test_a_pattern_of_many_stars_takes_no_longer_than_one_of_few():
    assert not same("a*" * 300 + "b", "a" * 1000, WILD)


@given(ANYTHING)
def test_the_accepted_answer_is_itself_composed_or_decomposed(text):
    for spelling in (LENIENT, STRICT):
        assert same(text, text, spelling)
        for form in ("NFC", "NFD"):
            assert same(unicodedata.normalize(form, text), text, spelling)


@given(ANYTHING, ANYTHING)
def test_what_is_the_same_where_everything_counts_is_the_same_where_less_does(one, other):
    assert same(one, other, LENIENT) >= same(one, other, STRICT)
    assert same(one, other, WILD) >= same(one.replace("*", r"\*"), other, LENIENT)


@given(st.lists(st.text("ab ", max_size=4), max_size=4), st.lists(st.text("ab", max_size=3), min_size=4, max_size=4))
def test_whatever_stands_for_the_stars_matches(pieces, between):
    pattern = "*".join(["x", *pieces, "y"])
    filled = "".join(piece + more for piece, more in zip(["x", *pieces], [*between, ""], strict=False)) + "y"
    assert same(pattern, filled, WILD)


def test_the_best_match_has_the_word():
    rules = {"case": False, "accents": False, "wildcards": True}
    accepted = [
        {"text": "*", "fraction": "0", "feedback": "Look at article 3."},
        {"text": "*gift*", "fraction": "0.5", "feedback": "Which gifts?"},
        {"text": "gift of value", "fraction": "1"},
    ]
    assert feedback_on(rules, accepted, "hm") == "Look at article 3."
    assert feedback_on(rules, accepted, "Gifts") == "Which gifts?"
    assert feedback_on(rules, accepted, "gift of value") == ""


@pytest.mark.parametrize("text", ["", " ", "\u200b", "ـ", "\ufdd0", "x" * 1001])
def test_an_accepted_answer_that_nobody_can_type_is_refused(text):
    rules = {"case": False, "accents": False, "wildcards": False}
    with pytest.raises(WrongItem):
        check_accepted("en", rules, [{"text": text, "fraction": "1"}])
