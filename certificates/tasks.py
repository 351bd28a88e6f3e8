"""Celery's side of certificates: issue for a completed enrolment, render the document, find what was not heard."""

import logging
from datetime import timedelta

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from certificates import documents, services
from certificates.models import Certificate
from cohorts.models import Enrolment
from core import bell
from courses.models import ProgrammeKind

logger = logging.getLogger(__name__)

# How much one sweep takes on; what is left waits for the next.
SWEEP_LIMIT = 200
# A document that is missing for longer is made when somebody asks for it.
RENDERED_UNASKED = timedelta(days=7)


@shared_task
def issue(enrolment_id: int) -> None:
    """Issue the certificate of a completed enrolment; the render task follows by itself."""
    services.issue(enrolment_id, now=timezone.now())


@shared_task
def render(certificate_id: int, language: str) -> None:
    """Make the PDF in a language, where it is not there yet."""
    certificate = Certificate.objects.select_related("administration", "words").filter(pk=certificate_id).first()
    if certificate is None:
        return
    try:
        documents.ensure(certificate, language, now=timezone.now())
    except documents.Unwritable as problem:
        # Its page says so to whoever asks for it; trying again would change nothing.
        logger.warning("%s", problem)


@shared_task
def sweep() -> None:
    """Issue what completed unheard, and render what has no document. Runs every minute, and may run twice.

    One certificate that cannot be made does not keep the others waiting.
    """
    now = timezone.now()
    unissued = (
        Enrolment.objects.whole()
        .filter(state=Enrolment.State.COMPLETED, certificate=None)
        .exclude(release__terms__content__award=ProgrammeKind.Award.NOTHING)
        .order_by("completed_at")
    )
    for enrolment_id in unissued.values_list("pk", flat=True)[:SWEEP_LIMIT]:
        try:
            services.issue(enrolment_id, now=now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("the certificate of enrolment %s could not be issued", enrolment_id)
    recent = Certificate.objects.without_document((now - RENDERED_UNASKED).date()).select_related(
        "administration", "words"
    )
    for certificate in recent.order_by("pk")[:SWEEP_LIMIT]:
        try:
            if documents.can_be_written(certificate, certificate.language):
                documents.ensure(certificate, certificate.language, now=now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("the document of certificate %s could not be made", certificate.pk)


def ask_for(enrolment_id: int) -> None:
    """Ask a worker for a certificate."""
    bell.ring("certificates.tasks.issue", enrolment_id)
