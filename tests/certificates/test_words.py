"""What a certificate and its letter say where an administration has worded them, and that an issued one stays."""

import io

import pypdf
import pytest
from django.db import IntegrityError, transaction

from certificates import documents, services, words
from certificates.models import Certificate, CertificateWords
from core import wordings
from core.models import OutgoingMail
from courses import wordings as own_wordings
from oversight.evidence import verify_rows
from oversight.verification import Findings
from people.models import Role
from people.services import grant_role
from tests.factories.certificates import NOW, a_certificate, an_enrolment
from tests.factories.people import an_account, an_administration

pytestmark = pytest.mark.django_db


def say(administration, wording, language, **parts):
    """The administration says this in place of what ships."""
    author = grant_role(an_account(administration), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    whole = wordings.shipped(wording, language) | parts
    own_wordings.write(administration, wording, language, whole, actor=author, now=NOW)
    own_wordings.forget()


def pdf(certificate, language):
    reader = pypdf.PdfReader(io.BytesIO(documents.render(certificate, language)))
    return " ".join(reader.pages[0].extract_text().split()), reader


@pytest.fixture
def here():
    return an_administration()


class TestThePaper:
    pytestmark = pytest.mark.usefixtures("typefaces")

    def test_says_what_the_administration_says_in_each_language(self, here):
        say(here, words.PAPER, "fr", heading="Brevet d’intégrité")
        certificate = a_certificate(an_account(here))
        text, reader = pdf(certificate, "fr")
        assert "Brevet d’intégrité" in text
        assert reader.root_object["/Lang"] == "fr"
        assert "Certificate of completion" in pdf(certificate, "en")[0]

    def test_stays_as_it_was_issued_whatever_the_administration_says_later(self, here):
        certificate = a_certificate(an_account(here))
        before = documents.render(certificate, "en")
        say(here, words.PAPER, "en", heading="Certificate of honour")
        assert documents.render(Certificate.objects.get(pk=certificate.pk), "en") == before
        assert "Certificate of honour" in pdf(a_certificate(an_account(here)), "en")[0]

    def test_is_whole_in_one_language_and_marked_with_it_where_a_language_has_no_words(self, here, settings):
        settings.LANGUAGES = [*settings.LANGUAGES, ("lt", "Lithuanian")]
        text, reader = pdf(a_certificate(an_account(here)), "lt")
        assert "Certificate of completion" in text
        assert reader.root_object["/Lang"] == "en"

    def test_takes_no_words_that_its_typefaces_lack(self):
        assert words.PAPER.can_write("Свидетельство – شهادة")
        assert not words.PAPER.can_write("証明書")


def test_certificates_share_the_words_they_were_issued_with_and_the_log_vouches_for_them(here):
    one, other = a_certificate(an_account(here)), a_certificate(an_account(here))
    assert one.words == other.words
    assert sorted(one.words.content["languages"]) == ["ar", "en", "es", "fr", "pt", "ru"]
    say(here, words.PAPER, "fr", heading="Brevet")
    assert a_certificate(an_account(here)).words != one.words
    assert CertificateWords.objects.count() == 2
    assert one.record_facts()["words"] == one.words.digest
    findings = Findings()
    verify_rows(findings)
    # The builders' release has no record; of certificates nothing may be found.
    assert [finding for finding in findings.kept if finding.row.startswith("certificates.")] == []


def test_kept_words_are_written_once(here):
    kept = a_certificate(an_account(here)).words
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateWords.objects.filter(pk=kept.pk).update(content={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.update(words=None)


def test_the_letter_says_what_the_administration_says_in_the_reader_s_language(here):
    say(here, words.ISSUED, "ar", subject="مبروك: %(title)s")
    services.issue(an_enrolment(an_account(here, email="a@example.org", language="ar")).pk, now=NOW)
    letter = OutgoingMail.objects.get()
    assert (letter.language, letter.subject) == ("ar", "مبروك: العرض")


def test_a_letter_in_a_language_without_words_is_written_in_the_source_s_and_marked_so(here, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("lt", "Lithuanian")]
    say(here, words.ISSUED, "en", subject="It is here: %(title)s")
    services.issue(an_enrolment(an_account(here, email="a@example.org", language="lt")).pk, now=NOW)
    letter = OutgoingMail.objects.get()
    assert (letter.language, letter.subject) == ("en", "It is here: The offer")
    assert "/lt/" in letter.body
