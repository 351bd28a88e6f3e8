"""A certificate's PDF: made once for each language, kept in private storage under its own hash.

PDF/A-3a for the archive and PDF/UA-1 for screen readers in one file. What a certificate says reaches the typesetter
as data, never as its source, so that no name can be read as an instruction. The same certificate gives the same
bytes, whoever makes it and when: two workers at once keep one file, and a lost file can be made again.
"""

import hashlib
import io
import json
import threading
import unicodedata
from datetime import UTC, datetime, time
from functools import lru_cache

import segno
import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from certificates import codes, fonts, wording
from certificates.models import Certificate, CertificateDocument
from core import languages

TEMPLATE = settings.BASE_DIR / "certificates" / "document" / "certificate.typ"
STANDARDS = ["1.7", "a-3a", "ua-1"]
INK = "#1d2733"

# One page at a time in a process: the compiler is not made for several threads, and a page takes some 25 ms.
_typesetting = threading.Lock()


class Unwritable(ValueError):
    """A name or a title is in a script that the documents' typefaces do not have, and has no Latin form."""


class DocumentLost(RuntimeError):
    """The file of a document is gone or damaged, and what would be made today differs from it."""


def ensure(certificate: Certificate, language: str, *, now: datetime) -> CertificateDocument:
    """The certificate's document in an installed language: the one that stands, or a new one.

    Safe to call twice and at once: the row is unique, the file is named by its content. Raises Unwritable,
    DocumentLost, fonts.FontsMissing.
    """
    document = standing(certificate, language)
    if document is not None and content_of(document) is not None:
        return document
    content = render(certificate, language)
    sha256 = hashlib.sha256(content).hexdigest()
    if document is None:
        document, _created = CertificateDocument.objects.get_or_create(
            certificate=certificate, language=language, defaults={"sha256": sha256, "rendered_at": now}
        )
    if content_of(document) is None:
        if document.sha256 != sha256:
            raise DocumentLost(f"The document {document.uuid} of certificate {certificate.uuid} cannot be made again.")
        _keep(document.path, content)
    return document


def standing(certificate: Certificate, language: str) -> CertificateDocument | None:
    """The document as recorded; whether its file is there is for `content_of` to say."""
    return CertificateDocument.objects.filter(certificate=certificate, language=language).first()


def content_of(document: CertificateDocument) -> bytes | None:
    """The document's bytes; None where the file is missing or is not, or not yet, what was recorded."""
    try:
        with storages["private"].open(document.path) as file:
            content = file.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == document.sha256 else None


def public_address(certificate: Certificate) -> str:
    """The address at which everyone can see what the certificate is worth today."""
    return settings.SITE_URL.rstrip("/") + reverse("verify", args=[codes.grouped(certificate.code)])


def can_be_written(certificate: Certificate, language: str) -> bool:
    """Whether the typefaces have every letter that is needed; also true as long as there are no typefaces to ask."""
    try:
        _names(certificate, language)
    except Unwritable:
        return False
    except fonts.FontsMissing:
        return True
    return True


def render(certificate: Certificate, language: str) -> bytes:
    """Typeset the certificate in a language. Touches neither the database nor storage."""
    issued_at = datetime.combine(certificate.issued_on, time(12), tzinfo=UTC)
    data = json.dumps(_data(certificate, language), ensure_ascii=False)
    with _typesetting:
        return _compiler().compile(
            str(TEMPLATE),
            sys_inputs={"data": data},
            format="pdf",
            pdf_standards=STANDARDS,
            # The document is dated by what it says, not by when a worker came to it.
            timestamp=int(issued_at.timestamp()),
        )


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Kept for the life of the process: reading the fonts takes longer than a page."""
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=[str(fonts.folder())], ignore_system_fonts=True)


def _data(certificate: Certificate, language: str) -> dict:
    """All that the template shows, in one language."""
    address = public_address(certificate)
    code = codes.grouped(certificate.code)
    with translation.override(language):
        return {
            "language": language,
            "direction": "rtl" if languages.is_right_to_left(language) else "ltr",
            "fonts": [fonts.FAMILY, fonts.ARABIC_FAMILY],
            # Translators: the title of the certificate's PDF, shown on the reader's window.
            "title": gettext("Certificate %(serial)s") % {"serial": certificate.serial},
            **_names(certificate, language),
            # Translators: the heading of the certificate.
            "heading": gettext("Certificate of completion"),
            # Translators: on the certificate; the holder's name, undeclined, stands on the next line.
            "awarded_to": gettext("This certificate is awarded to"),
            # Translators: on the certificate; the course's title stands on the next line.
            "completed": gettext("for completing the course"),
            "facts": [
                [gettext("Hours"), wording.hours(certificate.minutes, language)],
                [gettext("Issued on"), wording.day(certificate.issued_on, language)],
                [gettext("Serial number"), certificate.serial],
            ],
            "check": gettext(
                "This address says whether the certificate is valid today."
                " Scan the code, or type the address into a browser."
            ),
            "address": address,
            "site": address.removesuffix(f"{code}/"),
            "code": code,
            "code_picture": _code_picture(address),
            "code_picture_alt": gettext("QR code of the address %(address)s") % {"address": address},
        }


def _names(certificate: Certificate, language: str) -> dict:
    """The proper names, each with its own direction. Raises Unwritable."""
    title, title_language = certificate.title_in(language)
    course, administration = _writable(title), _writable(certificate.administration.name)
    own, latin = _writable(certificate.holder_name), _writable(certificate.holder_latin_name)
    if not (course and administration and (own or latin)):
        raise Unwritable(f"Certificate {certificate.uuid} needs letters that the documents' fonts do not have.")
    return {
        "administration": administration,
        "administration_name": _text(administration),
        "holder": _text(own or latin),
        "holder_latin": _text(latin) if own and latin and latin != own else None,
        "course": _text(course) | {"language": title_language},
    }


def _text(text: str) -> dict:
    return {"text": text, "direction": wording.direction(text)}


def _writable(text: str) -> str | None:
    """The text in letters that the typefaces have; None where one is missing that nothing can stand for.

    A mark that the typefaces lack is left out, and its letter kept: ʿAlī becomes Alī. What only steers the direction
    or the joining of letters stays.
    """
    written = []
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        if ord(letter) in fonts.letters() or unicodedata.category(letter) == "Cf":
            written.append(letter)
            continue
        parts = [part for part in unicodedata.normalize("NFKD", letter) if ord(part) in fonts.letters()]
        if not parts and unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo", "Nd"):
            return None
        written.extend(parts)
    return "".join(written)


def _code_picture(address: str) -> str:
    """The address as a QR code, in SVG. The paper around it is its quiet zone."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=0, dark=INK, xmldecl=False)
    return picture.getvalue().decode()


def _keep(path: str, content: bytes) -> None:
    """Store the content at its path, in place of whatever else is there: a write that was cut off, for one.

    Two workers at once write the same bytes. To the second, the storage may give another name; that copy goes again.
    """
    storage = storages["private"]
    if storage.exists(path):
        storage.delete(path)
    saved = storage.save(path, ContentFile(content))
    if saved != path:
        storage.delete(saved)
