"""The outbox's tasks. The beat rings them; the rows are the queue."""

import time

from celery import shared_task
from django.utils import timezone

from core import mail

LETTERS_A_ROUND = 200
# Well under the tasks' soft time limit: what is left over waits for the next round.
SECONDS_A_ROUND = 25


@shared_task
def deliver_waiting_mail():
    """Deliver what is due. Two of these at once share the letters and send none twice."""
    began = time.monotonic()
    for letter_id in mail.waiting_ids(timezone.now(), LETTERS_A_ROUND):
        if time.monotonic() - began > SECONDS_A_ROUND:
            break
        mail.deliver(letter_id, timezone.now())


@shared_task
def clear_sent_mail():
    mail.clear(timezone.now())
