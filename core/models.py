"""What every app may stand on: time stamps, identifiers for addresses, the page all pages derive from, the outbox."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.languages import is_right_to_left


class Identified(models.Model):
    """A row with two names: a small integer inside the database, a UUID in every address and log entry."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class TimeStamped(models.Model):
    """When a row came to be and when it last changed; never evidence of a domain fact (an issue date, a grade)."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class BasePage(Page):
    """What all our authoring pages share. Wagtail's own Page stays unswapped: wagtail-localize knows only that one."""

    show_in_menus_default = False
    admin_default_ordering = "ord"  # as learners read them, not as they were last saved

    class Meta:
        abstract = True


class OutgoingMailQuerySet(models.QuerySet):
    def waiting(self, now):
        """Mail nobody has delivered yet and whose next try is due."""
        return self.filter(sent_at=None, try_after__lte=now)


class OutgoingMail(Identified):
    """One letter, written in the transaction of the fact it reports and delivered afterwards by a task.

    A mail server that is down delays a letter, it does not lose it and it does not fail the request.
    Delivered letters are kept for 30 days, then cleared by the beat (`core.tasks.clear_sent_mail`).
    """

    pii = {"to_address": "contact", "about": "link", "subject": "content", "body": "content"}

    to_address = models.EmailField()
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    written_at = models.DateTimeField()
    try_after = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    # The UUID of the row that it speaks of, so that it can be withheld when that comes to nothing (`mail.withhold`).
    about = models.UUIDField(null=True, blank=True, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        indexes = [
            models.Index(fields=["try_after"], condition=models.Q(sent_at=None), name="outgoingmail_waiting"),
            models.Index(
                fields=["about"],
                condition=models.Q(sent_at=None, about__isnull=False),
                name="outgoingmail_waiting_about",
            ),
        ]

    def __str__(self):
        return f"{self.subject} ({self.uuid})"

    @property
    def direction(self) -> str:
        """Where its lines begin, by its language: a name in it may begin elsewhere."""
        return "rtl" if is_right_to_left(self.language) else "ltr"
