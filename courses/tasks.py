"""Celery's side of authoring."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled():
    """Publish what authors have given a day, and take down what has reached its last. Running twice does it once."""
    call_command("publish_scheduled")
