"""A run's way to a newer release, and each learner's."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.enrolments import Enrolment
from cohorts.models.runs import Cohort
from core.models import Identified
from courses.models import Release
from people.models import User


class CohortMove(Identified):
    """A run's way to a newer release. The row is the order: a worker carries it out and may be interrupted anywhere.

    From its first moment new places are given in the newer release. `finished_at` is empty while learners wait.
    """

    pii = {"begun_by": "link", "reason": "content"}

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="moves")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "release"], name="cohort_moves_once_to_a_release")]

    def __str__(self):
        return f"{self.cohort_id} → {self.release_id}"


class EnrolmentMove(Identified):
    """One learner's change of release: never changed, so that what they saw on a past day can be shown again.

    `carried` counts the steps done before that the newer release has too; `added_minutes` is what they gained by it.
    """

    pii = {"enrolment": "link", "carried": "activity", "added_minutes": "activity"}

    move = models.ForeignKey(CohortMove, on_delete=models.PROTECT, related_name="enrolment_moves")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="moves")
    from_release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    to_release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    carried = models.PositiveIntegerField()
    added_minutes = models.PositiveIntegerField()
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "to_release"], name="enrolment_moves_once_to_a_release")
        ]

    def __str__(self):
        return f"{self.enrolment_id}: {self.from_release_id} → {self.to_release_id}"

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "move": str(self.move.uuid),
            "enrolment": str(self.enrolment.uuid),
            "from_release": str(self.from_release.uuid),
            "to_release": str(self.to_release.uuid),
            "carried": self.carried,
            "added_minutes": self.added_minutes,
            "moved_at": self.moved_at.isoformat(),
        }
