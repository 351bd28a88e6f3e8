"""What a certificate and the letter about it say as they ship, and what a certificate keeps of it when issued."""

import hashlib
import json

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from certificates import fonts
from core import languages, wordings
from core.wordings import DOCUMENT, LETTER, Part, Wording

PAPER = Wording(
    key="certificates.paper",
    kind=DOCUMENT,
    label=_("Certificate"),
    parts=(
        Part("heading", _("Heading"), gettext_noop("Certificate of completion"), most=60),
        # Translators: on the certificate; the holder's name, undeclined, stands on the next line.
        Part("awarded_to", _("Above the name"), gettext_noop("This certificate is awarded to"), most=100),
        # Translators: on the certificate; the course's title stands on the next line.
        Part("completed", _("Above the course"), gettext_noop("for completing the course"), most=100),
        Part("hours", _("Above the hours"), gettext_noop("Hours"), most=30),
        Part("issued_on", _("Above the day of issue"), gettext_noop("Issued on"), most=30),
        Part("serial_number", _("Above the serial number"), gettext_noop("Serial number"), most=30),
        Part(
            "check",
            _("How to check it"),
            gettext_noop(
                "This address says whether the certificate is valid today."
                " Scan the code, or type the address into a browser."
            ),
            most=220,
        ),
        # Translators: the title of the certificate's PDF, shown on the reader's window.
        Part("title", _("Title of the file"), gettext_noop("Certificate %(serial)s"), most=100),
        Part(
            "code_picture",
            _("The code's picture, for those who cannot see it"),
            gettext_noop("QR code of the address %(address)s"),
            most=200,
        ),
    ),
    can_write=fonts.can_write,
)

ISSUED = Wording(
    key="certificates.issued",
    kind=LETTER,
    label=_("A certificate was issued"),
    parts=(
        Part("subject", _("Subject"), gettext_noop("Your certificate: %(title)s"), most=150),
        Part(
            "body",
            _("Body of the letter"),
            gettext_noop(
                "%(name)s,\n\n"
                "you have completed “%(title)s”. Your certificate has been issued under the serial number %(serial)s."
                "\n\n"
                "Read it, download it as a PDF or pass on the address at which anyone can check it:\n"
                "%(page)s\n\n"
                "%(administration)s\n"
            ),
            most=4000,
        ),
    ),
)


def on_paper(administration_id: int) -> dict:
    """What a certificate says that is issued today, in each language that has words for it. Shape 1."""
    spoken = (wordings.spoken(PAPER, administration_id, code) for code in languages.codes())
    return {"shape": 1, "languages": {said.language: dict(said.parts) for said in spoken}}


def digest_of(content: dict) -> str:
    """The SHA-256 of the words, by which certificates share them."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
