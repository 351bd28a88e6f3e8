"""Quizzes of a run that are sat under supervision, and each sitting with who sat in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.enrolments import Enrolment
from cohorts.models.runs import Cohort, Group, Section
from cohorts.supervision import codes, rules
from core.models import Identified
from people.models import Administration, OfAdministration
from quizzes.models import Attempt


class SupervisedQuizQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(lifted_at=None)


class SupervisedQuiz(Identified):
    """That a quiz is sat under supervision in a run, until that is lifted. `step` is the quiz's key in the course.

    It lies on the run and not with the author: whoever runs the course knows whether there is a room and somebody to
    sit in it (docs/decisions/0034-supervised-sittings.md). Attempts that stand already are not touched.
    """

    pii = {"required_by": "link", "lifted_by": "link"}

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="supervised_quizzes")
    step = models.UUIDField()
    required_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    required_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisedQuizQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "step"], condition=models.Q(lifted_at=None), name="quiz_supervised_once_per_run"
            ),
        ]

    def __str__(self):
        return f"{self.cohort_id}: {self.step}"


class SittingQuerySet(OfAdministration):
    def of_place(self, enrolment: Enrolment, step):
        """The sittings of a quiz that somebody with this place may sit in. A person never sits in their own."""
        return self.filter(
            models.Q(group=None) | models.Q(group=enrolment.group_id),
            section__in=Section.objects.filter(groups=enrolment.group_id),
            step=step,
        ).exclude(opened_by=enrolment.user_id)

    def not_closed(self):
        return self.filter(closed_at=None)


class Sitting(Identified):
    """A quiz sat under supervision: by a section or one of its groups, at a place, from a time until a time.

    Its code is stored nowhere: it follows from the row's UUID, the number of the code (`code_number`, raised by each
    renewal) and the installation's secret (`cohorts.supervision.codes`). `wrong_codes` are those typed since the last
    renewal; too many close the code until it is renewed. Closing ends the starting and the code; attempts that are
    open run to their own deadlines. Written by `cohorts.supervision` alone, which holds the row while it does.
    """

    pii = {"opened_by": "link", "closed_by": "link"}

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="sittings")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="sittings")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="sittings")
    step = models.UUIDField()
    place = models.CharField(_("place"), max_length=200)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opened_sittings")
    opened_at = models.DateTimeField()
    code_number = models.PositiveSmallIntegerField(default=1)
    code_withdrawn_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervised sitting")
        verbose_name_plural = _("supervised sittings")
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="sitting_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="sitting_closed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["section", "step"], name="sitting_section_step")]

    def __str__(self):
        return str(self.uuid)

    @property
    def code(self) -> str:
        """What is typed to start in it. It is kept nowhere."""
        return codes.code_of(settings.SECRET_KEY.encode(), self.uuid, self.code_number)

    def standing(self, now) -> rules.Standing:
        return rules.standing_of(
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            closed=self.closed_at is not None,
            withdrawn=self.code_withdrawn_at is not None,
            wrong_codes=self.wrong_codes,
            now=now,
        )

    def places(self):
        """The places of those who may sit in it: those who learn in its group or section, and who have done so."""
        places = Enrolment.objects.filter(group__section=self.section_id).exclude(state=Enrolment.State.WITHDRAWN)
        return places.filter(group=self.group_id) if self.group_id else places


class Candidate(models.Model):
    """One person in one sitting: the codes they typed, whether they were seen, whether they may change computers.

    `wrong_codes` are those since the last right one or the last pause. `released_at`: the invigilator lets them go on
    at another computer, once, for a few minutes from then.
    """

    pii = {"enrolment": "link", "wrong_codes": "activity", "present_at": "activity", "present_by": "link"}

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="candidates")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sittings")
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    barred_until = models.DateTimeField(null=True, blank=True)
    present_at = models.DateTimeField(null=True, blank=True)
    present_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "enrolment"], name="candidate_once_per_sitting")]

    def __str__(self):
        return f"{self.sitting_id}: {self.enrolment_id}"

    @property
    def tries(self) -> rules.Tries:
        return rules.Tries(self.wrong_codes, self.barred_until)


class SupervisedAttempt(Identified):
    """That an attempt was started in a sitting. Append-only: the one thing that later readers rest on.

    It stands here and not on the attempt, because attempts know no enrolment, no group and no sitting.
    """

    pii = {"attempt": "link", "enrolment": "link", "started_at": "activity"}

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="supervised")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="supervised_attempts")
    started_at = models.DateTimeField()

    def __str__(self):
        return f"{self.sitting_id}: {self.attempt_id}"

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "attempt": str(self.attempt.uuid),
            "sitting": str(self.sitting.uuid),
            "place": str(self.enrolment.uuid),
            "started_at": self.started_at.isoformat(),
        }


class Irregularity(Identified):
    """What an invigilator noted of a person in a sitting. Append-only; a second note corrects a first."""

    pii = {"enrolment": "link", "note": "content", "noted_by": "link", "noted_at": "activity"}

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="irregularities")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="irregularities")
    note = models.TextField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "irregularities"
        ordering = ["noted_at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(note=""), name="irregularity_says_something")]

    def __str__(self):
        return f"{self.sitting_id}: {self.enrolment_id}"

    def record_facts(self) -> dict:
        """What the record log vouches for: everything the row says."""
        return {
            "shape": 1,
            "sitting": str(self.sitting.uuid),
            "place": str(self.enrolment.uuid),
            "note": self.note,
            "noted_by": str(self.noted_by.uuid),
            "noted_at": self.noted_at.isoformat(),
        }
