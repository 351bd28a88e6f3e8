"""What a learner has done, and the minutes that it is worth."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.enrolments import Enrolment
from core.models import Identified
from courses.models import ReleaseNode


class NodeProgress(models.Model):
    """A step that a learner has completed. It points at the release's node, never at a page.

    An enrolment that moves to a newer release keeps these rows, and gets one for each step that the newer release has
    too: with the day it was really done, and `carried_from` the row that shows it.
    """

    pii = {"enrolment": "link", "node": "activity", "completed_at": "activity"}

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="progress")
    node = models.ForeignKey(ReleaseNode, on_delete=models.PROTECT, related_name="progress")
    completed_at = models.DateTimeField()
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "node"], name="node_completed_once")]

    def __str__(self):
        return f"{self.enrolment_id}: {self.node_id}"


class CreditedHours(Identified):
    """One line of the ledger of hours, in minutes. Lines are only added; a correction is a line of its own.

    Completing a node credits its nominal time, once. No heartbeat and no click counts, so a slow line loses nothing.
    Where a newer release gives more time to a step that is done already, a line of its own adds the difference.
    """

    pii = {"enrolment": "link", "minutes": "activity"}

    class Source(models.TextChoices):
        NODE = "node", _("Completed step")
        RETIMED = "retimed", _("More time for a completed step")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="credits")
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.NODE)
    node = models.ForeignKey(ReleaseNode, on_delete=models.PROTECT, null=True, blank=True, related_name="credits")
    minutes = models.IntegerField()
    credited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "node"], condition=models.Q(source="node"), name="node_credited_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "node"], condition=models.Q(source="retimed"), name="node_retimed_once"
            ),
        ]

    def __str__(self):
        return f"{self.enrolment_id}: {self.minutes} min"

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "enrolment": str(self.enrolment.uuid),
            "source": self.source,
            "node": str(self.node.key) if self.node else None,
            "minutes": self.minutes,
            "credited_at": self.credited_at.isoformat(),
        }
