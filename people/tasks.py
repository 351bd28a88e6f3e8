"""People's tasks. The beat rings them."""

from celery import shared_task
from django.utils import timezone

from people import invitations


@shared_task
def clear_unanswered_invitations() -> None:
    invitations.clear(now=timezone.now())
