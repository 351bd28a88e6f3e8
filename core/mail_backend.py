"""Django's mail, turned into letters of the outbox: no request waits for a mail server, and none is lost with it."""

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.translation import get_language

from core import mail


class OutboxBackend(BaseEmailBackend):
    """Writes one letter for each recipient, in the transaction of whoever sends, if there is one.

    Words alone: an HTML alternative and attachments are left out. The language is the one the text was written in
    where the sender says so (`Content-Language`), else the one that is active.
    """

    def send_messages(self, email_messages):
        now = timezone.now()
        for message in email_messages:
            language = message.extra_headers.get("Content-Language") or get_language()
            for address in message.recipients():
                mail.write(address, language, message.subject, message.body, now)
        return len(email_messages)
