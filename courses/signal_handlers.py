"""What courses hear from Wagtail: what became of a page that lay before its reviewers."""

from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, task_rejected, workflow_cancelled

from courses.languages import reviewing, services


@receiver(page_published)
def on_published(sender, instance, revision, **kwargs):
    services.settle(instance, revision, now=timezone.now())


@receiver(task_rejected)
def on_changes_asked_for(sender, instance, user, **kwargs):
    page = instance.workflow_state.content_object
    if isinstance(page, Page):
        reviewing.give_back(page, instance.comment, actor=user, now=timezone.now())


@receiver(workflow_cancelled)
def on_review_broken_off(sender, instance, user, **kwargs):
    page = instance.content_object
    if isinstance(page, Page):
        reviewing.take_back(page, now=timezone.now())
