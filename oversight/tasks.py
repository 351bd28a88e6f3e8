"""What beat asks of oversight."""

from celery import shared_task
from django.utils import timezone

from oversight import four_eyes


@shared_task
def expire_requests():
    """Close the requests that nobody decided in time. Safe to deliver twice."""
    return four_eyes.expire_due(now=timezone.now())
