"""A run of a programme, with its sections and groups, and the rules that it is held to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified, TimeStamped
from courses.models import Release
from people.models import Administration, OfAdministration, Role


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
