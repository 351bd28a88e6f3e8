"""Each learner's place in a run, or in a refresher for those who know the course from before."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.delta import Asked
from cohorts.models.runs import Cohort, Group, RuleSet
from core.models import Identified, TimeStamped
from courses.models import Release
from people.models import Administration, OfAdministration, Role, User


class Delta(Identified):
    """The steps of a release that are asked of people who know the course from before (`cohorts.delta`).

    `steps`, shape 1: `{"shape": 1, "asked": [[key, seen], …]}` in reading order, `seen` being the number of the
    release in which they did the step last, or null. Never changed, and shared by all of whom the same is asked.
    """

    pii = {}

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="deltas")
    steps = models.JSONField()
    # SHA-256 of the canonical steps: two transactions that need the same delta find the same row.
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "digest"], name="delta_once_per_release")]

    def __str__(self):
        return f"{self.release_id}: {len(self.steps['asked'])}"

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(Asked(uuid.UUID(key), seen) for key, seen in self.steps["asked"])


class EnrolmentQuerySet(OfAdministration):
    def of(self, user):
        """A person's own enrolments."""
        return self.filter(user=user)

    def overseen_by(self, user):
        """The enrolments whose progress a person may see. Their own they see elsewhere."""
        visible = self.visible_to(user)
        if user.holds(Role.TRAINING_MANAGER, Role.AUDITOR):
            return visible
        if user.holds(Role.TUTOR):
            return visible.filter(group__tutors=user)
        return self.none()

    def whole(self):
        """Places in a whole course, without those in refreshers."""
        return self.filter(delta=None)

    def open(self):
        """Enrolments that somebody still learns in."""
        return self.filter(state__in=(Enrolment.State.INVITED, Enrolment.State.ACTIVE))


class Enrolment(Identified, TimeStamped):
    """One person's place in a cohort, held to one release and one set of rules.

    A place with a `delta` is a refresher's: it asks for those steps alone, and awards nothing.

    The UUID is the registration that attempts carry. The sums over the ledgers are kept here so that a
    dashboard of a thousand learners need not add them up; only `cohorts.services` writes them.
    """

    pii = {
        "user": "link",
        "state": "activity",
        "credited_minutes": "activity",
        "last_activity_at": "activity",
        "failed_attempts": "assessment",
        "completed_at": "activity",
        "last_step": "activity",
        "delta": "activity",
    }

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Active")
        COMPLETED = "completed", _("Completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FAILED = "failed", _("Failed")
        LAPSED = "lapsed", _("Lapsed")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="enrolments")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="enrolments")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="enrolments")
    delta = models.ForeignKey(Delta, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.INVITED)
    credited_minutes = models.PositiveIntegerField(default=0)
    failed_attempts = models.PositiveSmallIntegerField(default=0)
    last_activity_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    # The key of the lesson or quiz that was opened last, to go on from. It proves nothing and is shown to nobody else.
    last_step = models.UUIDField(null=True, blank=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["user", "cohort"], name="one_enrolment_per_person_and_cohort"),
            # However many refreshers are opened, nobody reads, or is credited for, the same change twice. After one
            # that was opened by mistake another can be opened.
            models.UniqueConstraint(
                fields=["user", "release"],
                condition=models.Q(delta__isnull=False) & ~models.Q(state="withdrawn"),
                name="one_refresher_per_person_and_release",
            ),
            models.CheckConstraint(
                condition=models.Q(state="completed", completed_at__isnull=False)
                | (~models.Q(state="completed") & models.Q(completed_at=None)),
                name="completed_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["cohort", "state"], name="enrolment_cohort_state")]

    def __str__(self):
        return str(self.uuid)
