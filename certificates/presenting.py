"""A certificate as a page shows it, in the reader's language."""

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certificates import codes, wording
from certificates.models import Certificate
from certificates.rules import Status
from core import days

LABELS = {
    Status.VALID: _("Valid"),
    Status.EXPIRED: _("Expired"),
    Status.REVOKED: _("Revoked"),
    Status.SUPERSEDED: _("Superseded"),
}
# The states of components/tag.html and notice.html, whose icons carry the meaning.
TONES = {Status.VALID: "good", Status.EXPIRED: "care", Status.REVOKED: "bad", Status.SUPERSEDED: "info"}
# What the public page says below the status.
MEANINGS = {
    Status.VALID: _("The administration named below issued this certificate, and it holds today."),
    Status.EXPIRED: _("The administration named below issued this certificate. Its time is over."),
    Status.REVOKED: _(
        "The administration named below issued this certificate and has taken it back. Do not rely on it."
    ),
    Status.SUPERSEDED: _(
        "The administration named below issued this certificate. A newer one has replaced it: ask its holder for that."
    ),
}


@dataclass(frozen=True)
class Shown:
    """Everything written for the reader. `expires` is for the holder's own page and no other."""

    uuid: str
    serial: str
    code: str
    status: Status
    today: str
    title: str
    title_language: str
    title_direction: str
    holder: str
    holder_latin: str
    issuer: str
    hours: str
    issued: str
    expires: str

    @property
    def label(self):
        return LABELS[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def meaning(self):
        return MEANINGS[self.status]

    @property
    def is_valid(self) -> bool:
        return self.status == Status.VALID

    @property
    def term(self) -> str:
        """The day of expiry, as long as it means anything: not for one that was taken back or replaced."""
        return self.expires if self.status in (Status.VALID, Status.EXPIRED) else ""

    @property
    def is_revoked(self) -> bool:
        return self.status == Status.REVOKED

    @property
    def url(self) -> str:
        """The holder's own page of it."""
        return reverse("my_certificate", args=[self.uuid])

    @property
    def pdf_url(self) -> str:
        return reverse("certificate_pdf", args=[self.uuid])


def certificate(certificate: Certificate, language: str, now: datetime) -> Shown:
    """The certificate in a language, with the status of today in its administration's calendar.

    No query, when it comes from `with_standing()`.
    """
    administration = certificate.administration
    today = now.astimezone(zoneinfo.ZoneInfo(administration.time_zone)).date()
    title, title_language = certificate.title_in(language)
    return Shown(
        uuid=str(certificate.uuid),
        serial=certificate.serial,
        code=codes.grouped(certificate.code),
        status=certificate.status(today),
        today=_day(today, certificate, language),
        title=title,
        title_language=title_language,
        title_direction=wording.direction(title),
        holder=certificate.holder_name,
        holder_latin=certificate.holder_latin_name if certificate.holder_latin_name != certificate.holder_name else "",
        issuer=administration.name,
        hours=wording.hours(certificate.minutes, language),
        issued=_day(certificate.issued_on, certificate, language),
        expires=_day(certificate.expires_on, certificate, language) if certificate.expires_on else "",
    )


def _day(day: date, certificate: Certificate, language: str) -> str:
    """As the paper has it, and in the second calendar of the administration that issued it."""
    return days.in_both(wording.day(day, language), day, certificate.administration.second_calendar)
