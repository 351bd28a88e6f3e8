"""A course that left this installation or came in: who did it, when, and what it was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified


class CourseTransfer(Identified):
    """One export, or one import that has happened; an archive on its way in is an Arrival.

    `report` is what an import did (courses.exchange.plans). `begun_at` is when the archive was brought.
    """

    pii = {"actor": "link"}

    class Direction(models.TextChoices):
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")

    direction = models.CharField(max_length=6, choices=Direction.choices)
    course = models.UUIDField(db_index=True)
    title = models.CharField(max_length=255)
    # The digest of the archive's whole content, which two installations compare.
    content = models.CharField(max_length=64)
    licence = models.TextField(blank=True)
    attribution = models.TextField(blank=True)
    report = models.JSONField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self):
        return f"{self.direction} {self.title}"
