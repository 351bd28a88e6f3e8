"""A run of a programme: cohort, section, group, and each learner's way through it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.delta import Asked
from core.models import Identified, TimeStamped
from courses.models import Release, ReleaseNode
from people.models import Administration, OfAdministration, Role, User


class RuleSet(Identified):
    """The rules in force, in one version. An enrolment is held to the version it began under.

    The defaults are the domain's (rules 2, 5, 11); an administration that changes one makes a new version.
    """

    pii = {}

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="rule_sets")
    number = models.PositiveIntegerField()
    pass_mark = models.DecimalField(_("pass mark in per cent"), max_digits=4, decimal_places=1, default=80)
    max_attempts = models.PositiveSmallIntegerField(_("attempts in a series"), default=3)
    attempt_spacing_hours = models.PositiveSmallIntegerField(_("hours between attempts"), default=24)
    validity_months = models.PositiveSmallIntegerField(_("months a certificate is valid"), default=12)
    validity_months_high_risk = models.PositiveSmallIntegerField(_("the same in a high-risk post"), default=6)
    idle_days = models.PositiveSmallIntegerField(_("days without activity that put a learner at risk"), default=14)
    behind_percent = models.PositiveSmallIntegerField(_("per cent behind plan that put a learner at risk"), default=20)
    failed_attempts = models.PositiveSmallIntegerField(_("failed attempts that put a learner at risk"), default=2)
    in_force_from = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["administration", "number"], name="rule_set_number_once")]

    def __str__(self):
        return f"{self.administration_id} v{self.number}"


class CohortQuerySet(OfAdministration):
    def overseen_by(self, user):
        """Cohorts whose figures a person may see: all of the administration for those who manage or audit, those of
        their own groups for tutors, none for learners."""
        visible = self.visible_to(user).runs()
        if user.holds(Role.TRAINING_MANAGER, Role.AUDITOR):
            return visible
        if user.holds(Role.TUTOR):
            return visible.filter(sections__groups__tutors=user).distinct()
        return self.none()

    def runs(self):
        """Runs of a whole course. A refresher's cohort has a page of its own; here its people would count twice."""
        return self.filter(refresher=None)


class Cohort(Identified, TimeStamped):
    """One run of a programme."""

    pii = {}

    class Delivery(models.TextChoices):
        VIRTUAL = "virtual", _("Virtual")
        IN_PERSON = "in_person", _("In person")
        MIXED = "mixed", _("Mixed")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=200)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="cohorts")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="cohorts")
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery.choices, default=Delivery.VIRTUAL)
    starts_on = models.DateField(_("first section starts on"))
    ends_on = models.DateField(_("planned to end on"))

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="cohort_ends_after_start"
            )
        ]

    def __str__(self):
        return self.name


class Section(Identified):
    """A dated intake of a cohort."""

    pii = {}

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sections")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("planned to end on"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="section_number_once_per_cohort"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="section_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.cohort_id} / {self.number}"


class Group(Identified):
    """A class of a section, with its tutors."""

    pii = {"tutors": "employment"}

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField(_("number"))
    tutors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="tutored_groups", blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="group_number_once_per_section")]

    def __str__(self):
        return f"{self.section_id} / {self.number}"


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
            # However many refreshers are opened, nobody reads, or is credited for, the same change twice.
            models.UniqueConstraint(
                fields=["user", "release"],
                condition=models.Q(delta__isnull=False),
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


class PrivateWriting(Identified):
    """What a learner wrote for themselves: a reflection, a plan, a note, a place to come back to.

    Only `cohorts.private` reads or writes these rows, for their writer alone. Everything that tells something is
    sealed or hidden (`cohorts.sealing`): `page` is the step and `slot` the place in it as keyed hashes, `sealed` the
    words with their place and time. `sequence` grows with each save of a window, so that a save held up on the line
    never overwrites a newer one. There is no time stamp: when somebody reflected is nobody's business either.
    """

    pii = {"writer": "link", "sealed": "content"}

    writer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=43)
    slot = models.CharField(max_length=43)
    sealed = models.TextField()
    sequence = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["writer", "slot"], name="private_writing_once_per_place")]
        indexes = [models.Index(fields=["writer", "page"], name="private_writing_page")]

    def __str__(self):
        return str(self.uuid)


class CalendarFeed(Identified):
    """An address at which a calendar reads its owner's dates (`cohorts.own_dates`). Closing it deletes the row."""

    pii = {"user": "link", "opened_at": "activity"}

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("address for a calendar")
        verbose_name_plural = _("addresses for calendars")

    def __str__(self):
        return str(self.uuid)


class LastDayReminder(models.Model):
    """That a learner was told by letter of the last day of their place. Another last day is told again."""

    pii = {"enrolment": "link", "told_at": "activity"}

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="reminders")
    last_day = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "last_day"], name="one_reminder_of_a_last_day"),
        ]

    def __str__(self):
        return f"{self.enrolment_id}: {self.last_day.isoformat()}"


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
