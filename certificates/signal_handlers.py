"""What this app hears from below."""

from django.db import transaction
from django.dispatch import receiver

from certificates import tasks
from cohorts.signals import enrolment_completed


@receiver(enrolment_completed)
def on_completed(sender, enrolment, now, **kwargs):
    """Ring for the certificate once the completion is committed; the sweeper finds it if nobody hears."""
    transaction.on_commit(lambda: tasks.ask_for(enrolment.pk))
