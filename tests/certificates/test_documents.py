"""The PDF: what it says in each language, how it is built, and how it is kept."""

import io
import json
import unicodedata

import pypdf
import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from certificates import codes, documents, font_making, fonts, wording
from certificates.models import CertificateDocument
from core import languages
from tests.factories.certificates import NOW, TITLES, a_certificate, a_group, a_release
from tests.factories.people import an_account, an_administration

HOLDERS = {
    "en": ("Anna Kowalska-Łęcka", ""),
    "fr": ("Zoé Lefèvre", ""),
    "es": ("Íñigo Núñez", ""),
    "ar": ("عبد الرحمن بن محمد الأنصاري", "Abd al-Rahman ibn Muhammad al-Ansari"),
    "pt": ("João Gonçalves", ""),
    "ru": ("Фёдор Щукин", "Fyodor Shchukin"),
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("typefaces")]


def certificate_of(full_name, latin_name="", *, administration=None, titles=None, language="en"):
    administration = administration or an_administration()
    group = a_group(administration, a_release(titles)) if titles else None
    user = an_account(administration, full_name=full_name, latin_name=latin_name, language=language)
    return a_certificate(user, group=group)


def read(certificate, language):
    return pypdf.PdfReader(io.BytesIO(documents.render(certificate, language)))


def text_of(reader):
    """What a reader can select and search, without regard to lines and to presentation forms."""
    text = unicodedata.normalize("NFKC", "\n".join(page.extract_text() for page in reader.pages))
    return " ".join(text.split())


def plain(text):
    return " ".join(unicodedata.normalize("NFKC", text).split())


def words_of(text):
    """Order apart: extraction turns lines that run from right to left in one way or another."""
    return set(plain(text).split())


@pytest.fixture(params=languages.codes())
def in_each_language(request):
    name, latin = HOLDERS[request.param]
    certificate = certificate_of(name, latin, language=request.param)
    return request.param, certificate, read(certificate, request.param)


class TestInEachLanguage:
    def test_it_is_one_page_that_says_who_completed_what(self, in_each_language):
        language, certificate, reader = in_each_language
        assert len(reader.pages) == 1
        found = text_of(reader)
        for said in (
            certificate.holder_name,
            certificate.holder_latin_name,
            TITLES[language],
            certificate.administration.name,
            wording.hours(certificate.minutes, language),
            wording.day(certificate.issued_on, language),
            certificate.serial,
        ):
            assert [word for word in plain(said).split() if word not in found] == []

    def test_it_leads_to_the_page_that_says_what_it_is_worth_today(self, in_each_language):
        _language, certificate, reader = in_each_language
        address = documents.public_address(certificate)
        assert address.endswith(reverse("verify", args=[codes.grouped(certificate.code)]))
        assert codes.grouped(certificate.code) in text_of(reader)
        links = [each.get_object()["/A"]["/URI"] for each in reader.pages[0]["/Annots"]]
        assert set(links) == {address}

    def test_it_is_tagged_for_screen_readers(self, in_each_language):
        language, certificate, reader = in_each_language
        root = reader.root_object
        assert root["/Lang"].split("-")[0] == language
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert certificate.serial in reader.metadata.title
        kinds = [element["/S"] for element in structure(root["/StructTreeRoot"])]
        assert kinds.count("/H1") == 1
        pictures = [element for element in structure(root["/StructTreeRoot"]) if element["/S"] == "/Figure"]
        assert [documents.public_address(certificate) in picture["/Alt"] for picture in pictures] == [True]

    def test_it_says_that_it_is_made_for_the_archive_and_for_everyone(self, in_each_language):
        *_, reader = in_each_language
        metadata = reader.root_object["/Metadata"].get_data().decode()
        assert "<pdfaid:part>3</pdfaid:part>" in metadata
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata

    def test_it_reads_from_the_side_of_its_script(self, in_each_language):
        language, certificate, _reader = in_each_language
        assert documents._data(certificate, language)["direction"] == ("rtl" if language == "ar" else "ltr")


def structure(node):
    """Every element of the structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from structure(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from structure(node["/K"])


class TestWhatItShows:
    def test_the_qr_code_leads_to_the_public_page(self):
        certificate = certificate_of("Анна Иванова", language="ru")
        picture = documents._compiler().compile(
            str(documents.TEMPLATE),
            sys_inputs={"data": json.dumps(documents._data(certificate, "ru"))},
            format="png",
            ppi=110,
        )
        found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
        assert [code.text for code in found] == [documents.public_address(certificate)]

    def test_it_names_no_day_of_expiry(self):
        certificate = certificate_of("Ana Ruiz")
        assert certificate.expires_on.year == 2026
        for language in languages.codes():
            reader = read(certificate, language)
            assert "2026" not in text_of(reader)
            assert "2026" not in reader.root_object["/Metadata"].get_data().decode()
            assert "2026" not in str(reader.metadata)

    @pytest.mark.parametrize(
        ("name", "latin"),
        [
            ("Maria Fernanda de la Concepción Guadalupe Hernández-Villanueva y Montgomery-Fitzwilliam", ""),
            (
                "Константин Константинович Преображенский-Воскресенский Александрович-Владимирский",
                "Konstantin Konstantinovich Preobrazhenskii-Voskresenskii Aleksandrov-Vladimirskii",
            ),
            ("عبد الرحمن بن محمد بن عبد العزيز بن إبراهيم بن يوسف الأنصاري القرشي الهاشمي المدني السلمي الشامي", ""),
            (" ".join(["Wolfeschlegelsteinhausen"] * 8)[:200], " ".join(["Wolfeschlegelsteinhausen"] * 8)[:200]),
            ("W" * 90, "M" * 90),
        ],
    )
    def test_a_long_name_stays_whole_and_on_one_page(self, name, latin):
        assert len(name) >= 80
        administration = an_administration(name="Directorate General of Customs and Indirect Taxes " * 4)
        titles = dict.fromkeys(TITLES, "Integrity at the border and in the office " * 6)
        certificate = certificate_of(name, latin, administration=administration, titles=titles)
        for language in ("en", "ar"):
            reader = read(certificate, language)
            assert len(reader.pages) == 1
            assert words_of(name) <= words_of(text_of(reader))

    def test_a_name_is_data_and_no_instruction(self):
        name = '#panic("no") $x$ *b* _i_ \\ ] } " @a <b> // c'
        assert "#panic" in text_of(read(certificate_of(name), "en"))

    def test_a_title_missing_in_the_language_is_shown_in_the_one_it_has(self):
        certificate = certificate_of("Ana Ruiz", titles={"en": "The offer"})
        assert words_of("The offer") <= words_of(text_of(read(certificate, "ar")))

    def test_a_latin_form_that_says_the_same_is_not_shown_twice(self):
        assert text_of(read(certificate_of("Ana Ruiz", "Ana Ruiz"), "en")).count("Ruiz") == 1


class TestLettersThatTheTypefacesLack:
    def test_the_latin_form_stands_for_a_name_in_another_script(self):
        certificate = certificate_of("ანა", "Ana")
        assert documents.can_be_written(certificate, "en")
        assert "Ana" in text_of(read(certificate, "en"))

    def test_without_a_latin_form_there_is_no_document_and_nobody_guesses_the_name(self):
        certificate = certificate_of("ანა")
        assert not documents.can_be_written(certificate, "en")
        with pytest.raises(documents.Unwritable):
            documents.ensure(certificate, "en", now=NOW)
        assert not CertificateDocument.objects.exists()

    def test_a_mark_that_is_lacking_is_left_out_and_its_letter_kept(self):
        assert "of Alī Reza" in text_of(read(certificate_of("of ʿAlī Rezaˀ"), "en"))

    @pytest.mark.parametrize(
        "name", ["O’Brien", "A\u0301lvaro", "نۀ\u200cص", "Ana\u200fB", "Қ Ғ Ң Ө Ұ", "Ğ İ ı Ş Ə", "A\u2011B"]
    )
    def test_letters_and_marks_of_real_names_are_written(self, name):
        assert documents.can_be_written(certificate_of(name), "en")
        assert documents.render(certificate_of(name), "en").startswith(b"%PDF")


class TestKeeping:
    def test_asking_twice_makes_one_document(self):
        certificate = certificate_of("Ana Ruiz")
        first = documents.ensure(certificate, "en", now=NOW)
        assert documents.ensure(certificate, "en", now=NOW) == first
        assert documents.ensure(certificate, "fr", now=NOW) != first

    def test_the_same_certificate_gives_the_same_bytes(self):
        certificate = certificate_of("Ana Ruiz")
        assert documents.render(certificate, "en") == documents.render(certificate, "en")

    def test_it_lies_in_private_storage_under_its_hash(self, private_files):
        document = documents.ensure(certificate_of("Ana Ruiz"), "en", now=NOW)
        assert document.sha256 in document.path
        assert (private_files / document.path).exists()

    @pytest.mark.parametrize("damage", [None, b"%PDF-1.7 cut off"])
    def test_a_lost_or_damaged_file_is_noticed_and_made_again(self, private_files, damage):
        certificate = certificate_of("Ana Ruiz")
        document = documents.ensure(certificate, "en", now=NOW)
        whole, file = documents.content_of(document), private_files / document.path
        file.unlink() if damage is None else file.write_bytes(damage)
        assert documents.content_of(document) is None
        assert documents.ensure(certificate, "en", now=NOW) == document
        assert documents.content_of(document) == whole

    def test_another_document_is_never_passed_off_as_the_lost_one(self, private_files, settings):
        certificate = certificate_of("Ana Ruiz")
        document = documents.ensure(certificate, "en", now=NOW)
        (private_files / document.path).unlink()
        settings.SITE_URL = "https://elsewhere.example.org"
        with pytest.raises(documents.DocumentLost):
            documents.ensure(certificate, "en", now=NOW)


class TestTypefaces:
    def test_they_are_made_once(self):
        assert font_making.build() is False

    def test_they_have_every_letter_of_the_installed_languages_names(self):
        needed = "".join(languages.own_name(code) for code in languages.codes()) + "0123456789ÀÿŒœΩЁё№«»“”„’‘–—…،؛؟٪"
        assert {ord(letter) for letter in needed if not letter.isspace()} <= fonts.letters()

    def test_without_them_the_error_says_what_to_do(self, monkeypatch, tmp_path):
        monkeypatch.setattr(fonts, "STAMP", tmp_path / "nothing")
        with pytest.raises(fonts.FontsMissing, match="build_fonts"):
            fonts.folder()

    def test_finished_ones_serve_where_npms_fonts_are_not_installed(self, monkeypatch, tmp_path):
        monkeypatch.setattr(font_making, "_sources", lambda: [tmp_path / "missing.woff2"])
        assert font_making.build() is False

    def test_with_neither_the_error_names_what_is_missing(self, monkeypatch, tmp_path):
        monkeypatch.setattr(font_making, "_sources", lambda: [tmp_path / "missing.woff2"])
        monkeypatch.setattr(font_making, "STAMP", tmp_path / "nothing")
        with pytest.raises(fonts.FontsMissing, match="missing.woff2"):
            font_making.build()
