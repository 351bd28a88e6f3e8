"""What letters and documents say: what ships in each language, and what an owner says instead."""

import pytest
from django.utils.translation import gettext_noop

from core import languages, wordings
from core.wordings import DOCUMENT, Part, Wording

PAPER = Wording(
    key="core.test",
    kind=DOCUMENT,
    label="A test",
    parts=(
        Part("heading", "Heading", gettext_noop("Certificate of completion")),
        Part("subject", "Subject", gettext_noop("Your certificate: %(title)s")),
    ),
)
FRENCH = {"heading": "Attestation", "subject": "Votre attestation : %(title)s"}


@pytest.fixture
def owns(monkeypatch):
    """Lets owner 1 say something of its own."""

    def say(own):
        monkeypatch.setattr(wordings, "_own_of", lambda owner: own if owner == 1 else {})

    return say


def test_without_own_words_an_owner_says_what_ships(owns):
    owns({})
    said = wordings.spoken(PAPER, 1, "fr")
    assert said.language == "fr"
    assert said.filled("subject", title="L’offre") != "Your certificate: L’offre"
    assert said.filled("subject", title="L’offre").endswith("L’offre")


def test_an_owner_s_own_words_are_its_own_alone(owns):
    owns({PAPER.key: {"fr": FRENCH}})
    assert wordings.spoken(PAPER, 1, "fr").parts == FRENCH
    assert wordings.spoken(PAPER, 2, "fr").parts["heading"] != "Attestation"
    assert wordings.spoken(PAPER, 1, "es").parts["heading"] != "Attestation"


def test_a_part_that_is_newer_than_the_own_words_says_what_ships(owns):
    owns({PAPER.key: {"fr": {"heading": "Attestation"}}})
    said = wordings.spoken(PAPER, 1, "fr")
    assert said.parts["heading"] == "Attestation"
    assert said.parts["subject"] == wordings.shipped(PAPER, "fr")["subject"]


def test_a_language_without_any_words_gets_the_source_s_whole_and_says_so(owns, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("lt", "Lithuanian")]
    owns({PAPER.key: {"en": {"heading": "Testimonial", "subject": "For you: %(title)s"}}})
    assert wordings.shipped(PAPER, "lt") is None
    said = wordings.spoken(PAPER, 1, "lt")
    assert (said.language, said.parts["heading"]) == ("en", "Testimonial")


def test_a_letter_whose_translation_lacks_a_sentence_is_not_spoken_half_in_each_language(owns):
    owns({})
    newer = Part("body", "Body", "A sentence that nobody has translated so far.")
    half = Wording("core.half", DOCUMENT, "Half", (*PAPER.parts, newer))
    assert wordings.shipped(half, "fr") is None
    assert wordings.spoken(half, 1, "fr").language == "en"
    same = Wording("core.same", DOCUMENT, "Same", (*PAPER.parts, Part("end", "End", "%(administration)s")))
    assert wordings.spoken(same, 1, "fr").language == "fr"


def test_what_fills_a_place_is_not_looked_at_again_and_a_percent_sign_is_itself():
    said = wordings.Spoken("en", {"body": "100 % of %(title)s for %(name)s"})
    assert said.filled("body", title="%(name)s", name="Ana") == "100 % of %(name)s for Ana"


@pytest.mark.parametrize("code", languages.codes())
@pytest.mark.parametrize("wording", wordings.registered(), ids=lambda wording: wording.key)
def test_every_letter_and_certificate_ships_in_every_language_with_all_its_places_and_room(wording, code):
    shipped = wordings.shipped(wording, code)
    for part in wording.parts:
        assert wordings.places(shipped[part.name]) == wordings.places(part.text)
        assert 0 < len(shipped[part.name]) <= part.most
        assert wording.can_write(shipped[part.name])
