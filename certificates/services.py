"""Every write about certificates: issuing, telling the holder, asking for a revocation, revoking."""

import zoneinfo
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from certificates import permissions, words
from certificates.models import Certificate, CertificateWords, Revocation
from certificates.rules import expiry
from cohorts.models import Enrolment
from core import bell, languages, mail, wordings
from courses.models import ProgrammeKind, ReleaseBody
from oversight import four_eyes, records
from oversight.models import FourEyesRequest
from people.models import Administration, Post, Posting, User

REVOKE = "certificates.revoke"


def issue(enrolment_id: int, *, now: datetime) -> Certificate | None:
    """Issue the certificate of a completed enrolment, once, however often it is asked for, and tell its holder.

    Returns the certificate, also when it stood already, or None where the enrolment is not complete, is a refresher's,
    or its programme awards nothing. Rule 1 was judged when the enrolment was completed; nobody issues for an enrolment
    in another state. Atomic with its record and the letter.
    """
    enrolment = (
        Enrolment.objects.whole()
        .filter(pk=enrolment_id, state=Enrolment.State.COMPLETED)
        .select_related("user", "administration", "release__terms", "rule_set")
        .first()
    )
    if enrolment is None or _terms(enrolment).get("award") == ProgrammeKind.Award.NOTHING:
        return None
    standing = _standing(enrolment)
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            # From here on nobody else issues: the number that is free now stays free, and so none is left out.
            records.hold_others()
            standing = _standing(enrolment)
            if standing is not None:
                return standing
            certificate = write(enrolment, now=now)
            _tell_holder(certificate, now)
            transaction.on_commit(lambda: ring(certificate.pk, certificate.language))
        return certificate
    except IntegrityError:
        # A second guard, should a number or an enrolment be taken all the same: the constraints decide.
        standing = _standing(enrolment)
        if standing is None:
            raise
        return standing


def _standing(enrolment: Enrolment) -> Certificate | None:
    return Certificate.objects.filter(enrolment=enrolment).select_related("administration").first()


def write(enrolment: Enrolment, *, now: datetime) -> Certificate:
    """The row and its record, inside the caller's transaction; rings for no document and writes to nobody.

    Raises IntegrityError where the enrolment has its certificate or another transaction takes the same number.
    """
    zone = zoneinfo.ZoneInfo(enrolment.administration.time_zone)
    issued_on = now.astimezone(zone).date()
    latest = Certificate.objects.filter(administration=enrolment.administration, year=issued_on.year).aggregate(
        n=Max("number")
    )["n"]
    certificate = Certificate.objects.create(
        administration=enrolment.administration,
        enrolment=enrolment,
        user=enrolment.user,
        supersedes=_cycle_before(enrolment),
        year=issued_on.year,
        number=(latest or 0) + 1,
        holder_name=enrolment.user.full_name,
        holder_latin_name=enrolment.user.latin_name,
        wording={"shape": 1, "titles": _titles(enrolment.release_id)},
        words=_words(enrolment.administration_id),
        language=_language_of(enrolment),
        minutes=enrolment.credited_minutes,
        issued_on=issued_on,
        expires_on=_expiry(enrolment, issued_on),
    )
    records.append(
        "certificates.certificate.issued", subject=certificate, facts=certificate.record_facts(), actor=None, now=now
    )
    return certificate


def certified_places(administration_id: int, course: UUID, now: datetime) -> QuerySet[Enrolment]:
    """The places behind the certificates of a course that are valid at a moment, in one administration."""
    zone = zoneinfo.ZoneInfo(Administration.objects.get(pk=administration_id).time_zone)
    valid = Certificate.objects.filter(administration=administration_id).valid(now.astimezone(zone).date())
    return Enrolment.objects.filter(release__course=course, certificate__in=valid)


def _titles(release_id: int) -> dict[str, str]:
    """The title of the course, or of the programme, in each language of a release."""
    bodies = ReleaseBody.objects.filter(node__release_id=release_id, node__parent=None)
    return dict(bodies.values_list("language", "title"))


def _words(administration_id: int) -> CertificateWords:
    """The certificate's wording of today, kept once for all that are issued with it."""
    content = words.on_paper(administration_id)
    digest = words.digest_of(content)
    return CertificateWords.objects.get_or_create(digest=digest, defaults={"content": content})[0]


def _language_of(enrolment: Enrolment) -> str:
    """The language of the document: the holder's, as far as it is installed."""
    return (
        languages.supported(enrolment.user.language)
        or languages.supported(enrolment.administration.language)
        or settings.LANGUAGE_CODE
    )


def _cycle_before(enrolment: Enrolment) -> Certificate | None:
    """The newest certificate of the same person for the same course that nothing has replaced yet."""
    return (
        Certificate.objects.filter(
            user=enrolment.user, enrolment__release__course=enrolment.release.course, superseded_by=None
        )
        .order_by("-issued_on", "-number")
        .first()
    )


def _expiry(enrolment: Enrolment, on: date) -> date | None:
    """The first day on which the certificate no longer holds, by the post its holder has on the day of issue (rule 5).

    A programme's own terms go before the rule set; where they name no months, it never expires.
    """
    high_risk = Posting.objects.current(on).filter(officer__user=enrolment.user, post__risk=Post.Risk.HIGH).exists()
    if terms := _terms(enrolment):
        usual = terms["validity_months"]
        months = (high_risk and terms["validity_months_high_risk"]) or usual
    else:
        rules = enrolment.rule_set
        months = rules.validity_months_high_risk if high_risk else rules.validity_months
    return expiry(on, months) if months else None


def _terms(enrolment: Enrolment) -> dict:
    """The frozen terms of a programme; empty for a course by itself."""
    return enrolment.release.terms.content if hasattr(enrolment.release, "terms") else {}


def _tell_holder(certificate: Certificate, now: datetime) -> None:
    """A letter to the holder, in their language, where they have an address. It names no day of expiry."""
    holder = certificate.user
    if not holder.email:
        return
    said = wordings.spoken(words.ISSUED, certificate.administration_id, certificate.language)
    title, _title_language = certificate.title_in(said.language)
    with translation.override(certificate.language):
        page = settings.SITE_URL.rstrip("/") + reverse("my_certificate", args=[certificate.uuid])
    body = said.filled(
        "body",
        name=certificate.holder_name,
        title=title,
        serial=certificate.serial,
        page=page,
        administration=certificate.administration.name,
    )
    mail.write(holder.email, said.language, said.filled("subject", title=title), body, now)


def ask_for_revocation(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> FourEyesRequest:
    """Ask a second person to take a certificate back (rule 9). Nothing is changed until they approve.

    Raises PermissionDenied, ValidationError without a reason, four_eyes.ConflictError where the certificate is
    revoked already or a request waits.
    """
    if Revocation.objects.filter(certificate=certificate).exists():
        raise four_eyes.ConflictError(gettext("This certificate is revoked already."), code="revoked")
    return four_eyes.request(
        REVOKE, subject=certificate, subject_person=certificate.user, reason=reason, actor=actor, now=now
    )


def revoke_as_approved(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What an approval does, within its transaction; `actor` is the approver."""
    certificate = Certificate.objects.select_related("administration").get(uuid=four_eyes_request.subject)
    revoke(certificate, reason=four_eyes_request.reason, actor=actor, now=now)


def revoke(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> Revocation:
    """Take a certificate back. Called by the four-eyes action alone, inside the transaction of the approval.

    A second revocation of the same certificate returns the first. Raises PermissionDenied.
    """
    if not permissions.may_ask_for_revocation(actor, certificate):
        raise PermissionDenied
    with transaction.atomic():
        revocation, created = Revocation.objects.get_or_create(
            certificate=certificate, defaults={"reason": reason, "revoked_at": now}
        )
        if created:
            records.append(
                "certificates.certificate.revoked",
                subject=revocation,
                facts=revocation.record_facts(),
                actor=actor,
                now=now,
                administration=certificate.administration.uuid,
            )
    return revocation


def consequence_of_revocation(four_eyes_request: FourEyesRequest) -> str:
    """What the decider should know, in one breath."""
    certificate = Certificate.objects.select_related("administration").get(uuid=four_eyes_request.subject)
    return gettext(
        "The public page of certificate %(serial)s of %(name)s says at once that it is revoked. It cannot be undone."
    ) % {"serial": certificate.serial, "name": certificate.holder_name}


def ring(certificate_id: int, language: str) -> None:
    """Ask a worker for the document in a language."""
    bell.ring("certificates.tasks.render", certificate_id, language)
