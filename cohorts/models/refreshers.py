"""What has materially changed, for those who completed the course before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.enrolments import Enrolment
from cohorts.models.runs import Cohort
from core.models import Identified
from courses.models import Release
from people.models import Administration, OfAdministration, User


class Refresher(Identified):
    """A delta refresher: what has materially changed in a course, for those who completed it before.

    The row is the order: a worker gives the places and may be interrupted anywhere. `filled_at` is empty while people
    wait for theirs. The places stand in a cohort of the refresher's own, whose last day is the deadline.

    `reason`, shape 1: `{"shape": 1, "texts": {language: text}}`: what changed and why, as learners read it.
    """

    pii = {"opened_by": "link", "reason": "content"}

    class Audience(models.TextChoices):
        RUN = "run", _("Those who completed this run")
        CERTIFIED = "certified", _("All who hold a valid certificate of this course")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="refreshers")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="refreshers")
    cohort = models.OneToOneField(Cohort, on_delete=models.PROTECT, related_name="refresher")
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience.choices)
    # The run that it is for, or, where it is for all, from whose page it was opened.
    opened_for = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="refreshers_opened")
    reason = models.JSONField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True, blank=True)

    objects = OfAdministration.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "release"],
                condition=models.Q(filled_at=None),
                name="one_refresher_is_filled_at_a_time",
            )
        ]

    def __str__(self):
        return str(self.uuid)

    def reason_in(self, language: str) -> tuple[str, str]:
        """What changed and why, and the language it is really in (rule 7)."""
        texts = self.reason["texts"]
        for candidate in (language, self.release.source_language, *sorted(texts)):
            if candidate in texts:
                return texts[candidate], candidate
        raise KeyError("a refresher gives its reason in no language")


class RefresherWithdrawal(Identified):
    """That a refresher was opened by mistake, and why. The refresher and its places stay as rows; open places become
    withdrawn ones, and what was completed in it stays completed.

    The row is the order: a worker carries it out and may be interrupted anywhere. `finished_at` is empty until then.
    """

    pii = {"withdrawn_by": "link", "reason": "content"}

    refresher = models.OneToOneField(Refresher, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField(_("reason"))
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.refresher_id)

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "refresher": str(self.refresher.uuid),
            "reason": self.reason,
            "withdrawn_at": self.withdrawn_at.isoformat(),
        }


class RefresherPlace(Identified):
    """Why somebody has a place in a refresher, and until when: never changed. `due_at` is their office's midnight."""

    pii = {"enrolment": "link", "refreshes": "link", "due_at": "activity"}

    refresher = models.ForeignKey(Refresher, on_delete=models.PROTECT, related_name="places")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="refresher_place")
    # The completed place that shows what they know. It stays as it is, and so does its certificate.
    refreshes = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="refreshed_by")
    due_at = models.DateTimeField()

    def __str__(self):
        return str(self.enrolment_id)

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "refresher": str(self.refresher.uuid),
            "enrolment": str(self.enrolment.uuid),
            "refreshes": str(self.refreshes.uuid),
            "asked": self.enrolment.delta.steps["asked"],
            "due_at": self.due_at.isoformat(),
        }
