"""Words that a reader takes for one word, in six languages."""

import pytest

from courses.word_forms import stems

ONE_WORD = [
    ("en", "offers", "offered", "Offer", "OFFERING"),
    ("fr", "déclarations", "déclaration", "declaration"),
    ("es", "declaraciones", "declaración", "DECLARACION"),
    ("pt", "declarações", "declaração"),
    ("ru", "взятка", "взятки", "взяткой", "ВЗЯТКУ"),
    ("ru", "ещё раз", "еще раз"),
    ("ar", "المكتب", "مكتب", "مَكتَب", "مـكتب"),
    ("ar", "الهدية", "هدية", "هديه"),
    ("ar", "أمانة", "امانة", "إمانة"),
    ("ar", "٢٠٢٦", "2026"),
    ("lt", "Kyšis", "kysis"),
]
OTHERS = [("en", "gift", "gate"), ("fr", "cadeau", "cadre"), ("ru", "дар", "дом"), ("ar", "هدية", "هدف")]


@pytest.mark.parametrize(("language", "first", "others"), [(code, first, others) for code, first, *others in ONE_WORD])
def test_forms_of_a_word_are_one(language, first, others):
    for other in others:
        assert stems(other, language) == stems(first, language), other


@pytest.mark.parametrize(("language", "one", "other"), OTHERS)
def test_other_words_stay_other_words(language, one, other):
    assert stems(one, language) != stems(other, language)


@pytest.mark.parametrize("language", ["en", "ar", "ru", "lt"])
def test_nothing_and_signs_alone_are_no_words(language):
    assert stems("", language) == stems(" – …!? ", language) == []


def test_short_words_are_left_as_they_are():
    assert stems("is his ops", "en") == ["is", "his", "ops"]
