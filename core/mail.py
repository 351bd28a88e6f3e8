"""Letters go through the outbox: written with the fact they report, delivered afterwards, never inside a transaction.

A letter is claimed by a compare-and-set update that lends it to one deliverer for `LEASE`; a deliverer that dies gives
it back by the passing of time. A mail server that accepted a letter just before its deliverer died may therefore get
it twice: for a letter that is better than never.
"""

import logging
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet

from core.models import OutgoingMail

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
KEPT_FOR = timedelta(days=30)


def write(
    to_address: str, language: str, subject: str, body: str, now: datetime, *, about: uuid.UUID | None = None
) -> OutgoingMail:
    """Put a letter into the outbox, as part of the caller's transaction. `language` is the one it is written in;
    `about` names the row that it speaks of, where that may come to nothing (`withhold`)."""
    return OutgoingMail.objects.create(
        to_address=to_address,
        language=language,
        subject=" ".join(subject.split())[:300],
        body=body,
        written_at=now,
        try_after=now,
        about=about,
    )


def about(rows: Collection[uuid.UUID] | QuerySet) -> QuerySet[OutgoingMail]:
    """The letters about these rows that nobody has delivered yet."""
    return OutgoingMail.objects.filter(about__in=rows, sent_at=None)


def withhold(rows: Collection[uuid.UUID]) -> int:
    """Take the letters about these rows out of the outbox, as part of the caller's transaction; how many there were.

    What has been delivered is not called back, nor what a deliverer is handing over at this moment.
    """
    withheld, _by_model = about(rows).delete()
    return withheld


def waiting_ids(now: datetime, limit: int) -> list[int]:
    """The letters whose next try is due, oldest first."""
    return list(OutgoingMail.objects.waiting(now).order_by("try_after", "pk").values_list("pk", flat=True)[:limit])


def claim(letter_id: int, now: datetime) -> OutgoingMail | None:
    """Lend the letter to the caller alone until `LEASE` is over; None if it is sent, gone, lent or not yet due."""
    letter = OutgoingMail.objects.waiting(now).filter(pk=letter_id).first()
    if letter is None:
        return None
    claimed = OutgoingMail.objects.waiting(now).filter(pk=letter_id, tries=letter.tries)
    if not claimed.update(tries=letter.tries + 1, try_after=now + LEASE):
        return None
    letter.tries += 1
    return letter


def wait_before(tries: int) -> timedelta:
    """How long a letter rests after its failed try of this number: a minute, then double, at most six hours."""
    return min(timedelta(minutes=2 ** min(tries - 1, 12)), LONGEST_WAIT)


def deliver(letter_id: int, now: datetime) -> bool:
    """Hand one letter to the mail server, outside any transaction. False when it was not ours or must wait longer."""
    letter = claim(letter_id, now)
    if letter is None:
        return False
    message = EmailMessage(
        letter.subject,
        letter.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.to_address],
        headers={"Content-Language": letter.language},
        connection=get_connection(settings.DELIVERY_BACKEND),
    )
    mine = OutgoingMail.objects.filter(pk=letter.pk, sent_at=None, tries=letter.tries)
    try:
        message.send()
    except (OSError, SMTPException, ValueError) as error:
        # An address never enters the log: the letter's own name is enough to find it.
        reason = type(error).__name__
        logger.warning("Letter %s could not be delivered (try %s): %s", letter.uuid, letter.tries, reason)
        mine.update(try_after=now + wait_before(letter.tries))
        return False
    return bool(mine.update(sent_at=now))


def clear(now: datetime) -> tuple[int, int]:
    """Remove letters older than 30 days; how many had been delivered, and how many had not.

    An address that refuses for a month will not accept tomorrow, and a letter is personal data.
    """
    old = OutgoingMail.objects.filter(written_at__lt=now - KEPT_FOR)
    delivered, _ = old.exclude(sent_at=None).delete()
    undelivered, _ = old.filter(sent_at=None).delete()
    if undelivered:
        logger.warning("%s letters were removed undelivered after %s days", undelivered, KEPT_FOR.days)
    return delivered, undelivered
