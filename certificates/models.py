"""Certificates as issued, what revokes them, and their documents. Rows are only ever added."""

import re
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from certificates import codes
from certificates.rules import Status, serial_of, status_on
from certificates.words import digest_of
from cohorts.models import Enrolment
from core.models import Identified
from people.models import Administration, OfAdministration, User

_SERIAL = re.compile(r"^(?:(?:(?P<code>[\w-]+)-)?(?P<year>\d{4})-)?0*(?P<number>\d{1,9})$")


class CertificateWords(models.Model):
    """What stands on certificates that were issued with the same wording: written once, under its digest.

    `content`, shape 1: `{"shape": 1, "languages": {code: {part: text}}}`, the parts of `certificates.words.PAPER`.
    """

    pii = {}

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    class Meta:
        verbose_name = _("wording of certificates")
        verbose_name_plural = _("wordings of certificates")

    def __str__(self):
        return self.digest


class CertificateQuerySet(OfAdministration):
    def of(self, user):
        """A person's own certificates, newest first."""
        return self.filter(user=user).order_by("-issued_on", "-number")

    def with_standing(self):
        """With what decides the status and the serial, in the same query."""
        return self.select_related("administration", "revocation", "superseded_by")

    def found_by(self, text: str):
        """Those whose serial ends in the text, or whose holder's name, in either script, has it anywhere.

        A serial may be given from its year on, or as its number alone, as people read it out.
        """
        text = " ".join(text.split())
        if not text:
            return self
        if serial := _SERIAL.search(text):
            found = self.filter(number=int(serial["number"]))
            if serial["year"]:
                found = found.filter(year=int(serial["year"]))
            return found.filter(administration__code__iexact=serial["code"]) if serial["code"] else found
        # A regular expression, because SQLite's LIKE takes capital and small letters for the same in English alone.
        pattern = re.escape(text)
        return self.filter(Q(holder_name__iregex=pattern) | Q(holder_latin_name__iregex=pattern))

    def valid(self, on: date):
        """Those whose status on a day is valid, as `rules.status_on` has it."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gt=on), revocation=None, superseded_by=None)

    def without_document(self, since: date):
        """Certificates issued from a day on that have no document in their own language."""
        documents = CertificateDocument.objects.filter(certificate=OuterRef("pk"), language=OuterRef("language"))
        return self.filter(~Exists(documents), issued_on__gte=since)


class Certificate(Identified):
    """A certificate as it was issued. Name, title and hours are frozen; the status is worked out for a day.

    Neither the document nor the public page names the day of expiry: a period of six months would tell that its
    holder sits in a high-risk post (rule 5). They say today's status instead.
    """

    pii = {
        "user": "link",
        "enrolment": "link",
        "holder_name": "name",
        "holder_latin_name": "name",
        "expires_on": "employment",
        "issued_on": "activity",
    }

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="certificates")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="certificates")
    # What this one replaces: the cycle before. The old link still verifies and says so.
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.new, editable=False)
    holder_name = models.CharField(max_length=200)
    holder_latin_name = models.CharField(max_length=200, blank=True)
    # The course's title in each language of its release: {"shape": 1, "titles": {"en": …}}.
    wording = models.JSONField()
    # What else stands on it, as it was worded on the day; none where it was issued before that was kept.
    words = models.ForeignKey(
        CertificateWords, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    language = models.CharField(max_length=12)
    minutes = models.PositiveIntegerField()
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["administration", "year", "number"], name="serial_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on=None) | models.Q(expires_on__gt=models.F("issued_on")),
                name="certificate_expires_after_issue",
            ),
        ]

    def __str__(self):
        return self.serial

    @property
    def serial(self) -> str:
        """The number for people to read out: administration, year, running number."""
        return serial_of(self.administration.code, self.year, self.number)

    def title_in(self, language: str) -> tuple[str, str]:
        """The course's title and the language it is really in."""
        titles = self.wording["titles"]
        for candidate in (language, self.language, "en", *sorted(titles)):
            if candidate in titles:
                return titles[candidate], candidate
        raise KeyError("a certificate names its course in no language")

    def status(self, on: date) -> Status:
        """The status on a day of the administration's calendar."""
        return status_on(
            on,
            expires_on=self.expires_on,
            revoked=hasattr(self, "revocation"),
            superseded=hasattr(self, "superseded_by"),
        )

    def record_facts(self) -> dict:
        """What the record log vouches for: the words themselves too, not only the name they go by."""
        words = {"words": digest_of(self.words.content)} if self.words else {}
        return words | {
            "shape": 1,
            "serial": self.serial,
            "code": self.code,
            "enrolment": str(self.enrolment.uuid),
            "holder": str(self.user.uuid),
            "holder_name": self.holder_name,
            "titles": self.wording["titles"],
            "minutes": self.minutes,
            "issued_on": self.issued_on.isoformat(),
            "expires_on": self.expires_on.isoformat() if self.expires_on else None,
        }


class Revocation(Identified):
    """A certificate taken back, by two people, with a reason that the public page does not tell."""

    pii = {"certificate": "link", "reason": "content"}

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="revocation")
    reason = models.TextField()
    revoked_at = models.DateTimeField()

    def __str__(self):
        return str(self.certificate_id)

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "certificate": str(self.certificate.uuid),
            "reason": self.reason,
            "revoked_at": self.revoked_at.isoformat(),
        }


class CertificateDocument(Identified):
    """A certificate's PDF in one language, kept in private storage under its own hash."""

    pii = {"certificate": "link"}

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="documents")
    language = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "language"], name="one_document_per_language"),
        ]

    def __str__(self):
        return self.sha256

    @property
    def path(self) -> str:
        """Where private storage keeps it: by content, so that it cannot be swapped unnoticed."""
        return f"certificates/{self.sha256[:2]}/{self.sha256}.pdf"
