"""A course that left this installation or came in: who did it, when, and what it was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified


class CourseTransfer(Identified):
    """One export, or one archive that was brought, checked and perhaps imported.

    An export's row is written when it is made. An upload's row holds the dry run's `report` (courses.exchange.plans)
    and its `file` in the private storage until it is imported; `done_at` is empty until then.
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
    file = models.CharField(max_length=100, blank=True)
    report = models.JSONField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self):
        return f"{self.direction} {self.title}"
