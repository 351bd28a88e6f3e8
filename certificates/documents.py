"""A certificate's PDF: made once for each language, kept in private storage under its own hash.

PDF/A-3a for the archive and PDF/UA-1 for screen readers in one file. What a certificate says reaches the typesetter
as data, never as its source, so that no name can be read as an instruction. The same certificate gives the same
bytes, whoever makes it and when: two workers at once keep one file, and a lost file can be made again.
"""

import hashlib
import io
import json
import threading
from datetime import UTC, datetime, time
from functools import lru_cache

import segno
import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse

from certificates import codes, fonts, wording, words
from certificates.models import Certificate, CertificateDocument
from core import languages, wordings

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
    """All that the template shows, in one language: the wanted one, or that in which its wording exists."""
    address = public_address(certificate)
    code = codes.grouped(certificate.code)
    said = said_on(certificate, language)
    language = said.language
    # Every letter of the words was looked at when they were approved; what the fonts lack of marks is left out.
    shown = {name: fonts.writable(text) or text for name, text in said.parts.items()}
    return {
        "language": language,
        "direction": "rtl" if languages.is_right_to_left(language) else "ltr",
        "fonts": [fonts.FAMILY, fonts.ARABIC_FAMILY],
        "title": wordings.filled(shown["title"], {"serial": certificate.serial}),
        **_names(certificate, language),
        "heading": shown["heading"],
        "awarded_to": shown["awarded_to"],
        "completed": shown["completed"],
        "facts": [
            [shown["hours"], wording.hours(certificate.minutes, language)],
            [shown["issued_on"], wording.day(certificate.issued_on, language)],
            [shown["serial_number"], certificate.serial],
        ],
        "check": shown["check"],
        "address": address,
        "site": address.removesuffix(f"{code}/"),
        "code": code,
        "code_picture": _code_picture(address),
        "code_picture_alt": wordings.filled(shown["code_picture"], {"address": address}),
    }


def said_on(certificate: Certificate, language: str) -> wordings.Spoken:
    """The certificate's wording: the words it was issued with; today's in a language that has come since, and for a
    certificate that was issued before its words were kept."""
    kept = certificate.words.content["languages"].get(language) if certificate.words else None
    if kept is not None:
        return wordings.Spoken(language, kept)
    return wordings.spoken(words.PAPER, certificate.administration_id, language)


def _names(certificate: Certificate, language: str) -> dict:
    """The proper names, each with its own direction. Raises Unwritable."""
    title, title_language = certificate.title_in(language)
    course, administration = fonts.writable(title), fonts.writable(certificate.administration.name)
    own, latin = fonts.writable(certificate.holder_name), fonts.writable(certificate.holder_latin_name)
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
