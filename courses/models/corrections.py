"""Corrections that the law demands, laid over the words of every release."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from people.models import User


class Correction(Identified):
    """New words for a passage in one language, as they were proposed. Never changed; without approval it does nothing.

    Written by `courses.corrections.propose` alone. The words of the releases themselves stay as they are.
    """

    pii = {"proposed_by": "link"}

    language = models.CharField(_("language"), max_length=12)
    old_text = models.TextField(_("the passage as it stands"))
    new_text = models.TextField(_("what stands instead"))
    because = models.TextField(_("what readers are told"))
    source = models.CharField(_("source of the law"), max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("correction by law")

    def __str__(self):
        return f"{self.language}: {self.source}"

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "language": self.language,
            "old_text": self.old_text,
            "new_text": self.new_text,
            "because": self.because,
            "source": self.source,
            "proposed_at": self.proposed_at.isoformat(),
        }


class CorrectionApproval(Identified):
    """From `since` on the correction is shown wherever its passage stands. Never changed, never taken back: a second
    correction follows it."""

    pii = {"approved_by": "link"}

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="approval")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.correction_id} since {self.since:%Y-%m-%d}"

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {"shape": 1, "correction": str(self.correction.uuid), "since": self.since.isoformat()}
