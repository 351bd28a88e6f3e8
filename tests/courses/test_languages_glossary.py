"""The glossary flags a term that is not translated as agreed, or in two ways; it knows inflection to a point."""

import pytest

from courses.languages.board import term_uses
from courses.languages.glossary import Glossary, Term, alike, has, stems
from courses.models import LessonPage

TERMS = [
    Term("bribe", {"en": "bribe", "fr": "pot-de-vin", "ru": "взятка", "ar": "رشوة", "lt": "kyšis"}),
    Term("report", {"en": "to report", "fr": "signaler"}),
    Term("reporting-channel", {"en": "reporting channel", "fr": "canal de signalement"}),
    Term("goods", {"en": "release (of goods)", "fr": "mainlevée"}),
    Term("course", {"en": "release (of a course)", "fr": "version publiée"}),
    Term("officer", {"en": "officer", "fr": "agent des douanes; agent"}),
    Term("offer", {"en": "offer"}),
]


def broken(source, translation, language="fr"):
    return [hit.key for hit in Glossary(TERMS, "en", language).broken(source, translation)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bribe", "bribes"),
        ("взятка", "взяткой"),
        ("gift", "gifts"),
        ("lesson", "lessons"),
        ("kyšis", "kyšiu"),
        ("signaler", "signalez"),
    ],
)
def test_forms_of_a_word_are_alike(one, other):
    assert alike(*stems(f"{one} {other}"))


@pytest.mark.parametrize(
    ("one", "other"), [("offer", "officer"), ("quiz", "quite"), ("trader", "train"), ("tax", "taboo")]
)
def test_other_words_are_not(one, other):
    assert not alike(one, other)


def test_accents_vowel_signs_and_arabic_particles_do_not_matter():
    assert stems("Élève") == stems("eleve")
    assert has(stems("وبالرِّشوة"), stems("رشوة"))


def test_a_term_that_is_not_translated_as_agreed_is_flagged():
    assert broken("Refuse the bribe.", "Refusez la somme.") == ["bribe"]
    assert broken("Refuse the bribe.", "Refusez le pot-de-vin.") == []
    assert broken("He took bribes.", "Он брал взятки.", "ru") == []
    assert broken("He took bribes.", "Он брал деньги.", "ru") == ["bribe"]
    assert broken("No bribes", "Jokio kyšio", "lt") == []


def test_a_longer_term_hides_the_shorter_one_in_it():
    assert broken("Use the reporting channel.", "Utilisez la ligne.") == ["reporting-channel"]


def test_any_of_several_agreed_words_will_do():
    assert broken("An officer", "Un agent") == []
    assert broken("The release", "La mainlevée") == broken("The release", "La version publiée") == []
    assert broken("The release", "La sortie") == ["goods"]


def test_a_term_without_an_agreed_word_is_shown_and_never_flagged():
    [hit] = Glossary(TERMS, "en", "fr").hits("An offer", "Une offre")
    assert (hit.agreed, hit.kept) == ("", False)
    assert broken("An offer", "Une offre") == []


def test_what_is_not_translated_yet_is_not_flagged():
    assert broken("Refuse the bribe.", "") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_a_term_translated_in_two_ways_within_a_course_is_told_with_its_passages(course, monkeypatch):
    terms = [Term("words", {"en": "words", "fr": "paroles"}), Term("rule", {"en": "rule", "fr": "rule"})]
    monkeypatch.setattr("courses.languages.board.terms", lambda: terms)
    page = LessonPage.objects.get(title="Lesson first fr")
    page.body[0].value.source = "<p>Paroles of first in fr.</p>"
    page.save_revision().publish()
    [use] = term_uses(course, "fr")
    assert (use.hit.key, use.kept, use.in_two_ways) == ("words", 1, True)
    [(text, source, translation)] = use.broken
    assert (text.title, source) == ("Lesson second en", "Words of second in en.")
    assert translation == "Words of second in fr."
