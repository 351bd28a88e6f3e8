"""What asking an address of another host has shown: one row for each address, however many pages lead there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckedAddressQuerySet(models.QuerySet):
    def waiting(self):
        """What is to be asked, those first that have waited longest."""
        return self.filter(wanted_at__isnull=False).order_by("wanted_at", "pk")


class CheckedAddress(models.Model):
    """An address that courses lead to, and its last answer.

    `wanted_at` is set while it is to be asked. `claimed_at` is set while a worker asks: one at a time for each host,
    by constraint. `answered_at` is the last time that its host answered anything at all.
    """

    pii = {}

    class Outcome(models.TextChoices):
        UNASKED = "unasked", _("not asked yet")
        REACHED = "reached", _("leads there")
        MOVED = "moved", _("has moved for good")
        GONE = "gone", _("is not there any more")
        CLOSED = "closed", _("lets no program in: look for yourself")
        FAILING = "failing", _("answers with an error")
        UNSAFE = "unsafe", _("its certificate does not hold")
        SILENT = "silent", _("does not answer")
        INSIDE = "inside", _("leads into a network of our own, and was not asked")
        WRONG = "wrong", _("is no address")

    # SHA-256 of the address, which may be longer than an index takes.
    digest = models.CharField(max_length=64, unique=True)
    address = models.TextField()
    host = models.CharField(max_length=255)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.UNASKED)
    status = models.PositiveSmallIntegerField(null=True)
    moved_to = models.TextField(blank=True)
    wanted_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = CheckedAddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=models.Q(claimed_at__isnull=False), name="one_question_at_a_time_to_a_host"
            )
        ]
        indexes = [
            models.Index(
                fields=["wanted_at"], condition=models.Q(wanted_at__isnull=False), name="addresses_to_be_asked"
            )
        ]

    def __str__(self):
        return self.address
