"""How attempts are graded: the queue of grading runs, and the grades, which are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from quizzes.models.adjustments import ItemAdjustment
from quizzes.models.attempts import Attempt


class GradingRunQuerySet(models.QuerySet):
    def claimable(self, now):
        """Runs a worker may take: waiting, or taken by a worker whose lease has run out."""
        return self.filter(
            models.Q(state=GradingRun.State.WAITING) | models.Q(state=GradingRun.State.TAKEN, lease_until__lt=now)
        )

    def to_ring(self, now):
        """Claimable runs whose next call is due: the doorbell was not heard, or the worker died."""
        return self.claimable(now).filter(ring_after__lte=now).order_by("ring_after")


class GradingRun(models.Model):
    """One grading of one attempt that has to happen: the row is the queue (docs/decisions/0005-grading.md).

    States: `waiting` → `taken` (until a lease ends) → `done`. A run is made in the transaction of what calls for it,
    and done in the transaction of the grade it leads to; a grade belongs to one run, and a run to one grade, so that
    however often a task is delivered, and whoever dies on the way, there is one. The run of an attempt that was
    voided while it waited is done without a grade, and so is a regrade that would overrule what two people decided.
    The run of a submission that people have to mark some of is done when it has made their tasks; the one for
    `marking`, made when the last of them is done, leads to the grade.
    """

    pii = {"attempt": "link"}

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Being graded")
        DONE = "done", _("Done")

    class Cause(models.TextChoices):
        SUBMISSION = "submission", _("Handed in")
        REGRADE = "regrade", _("An item was adjusted")
        MARKING = "marking", _("Marked by people")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="grading_runs")
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.SUBMISSION)
    # What a regrade is for; how it judges is what is in force by the time it is done.
    adjustment = models.ForeignKey(
        ItemAdjustment, on_delete=models.PROTECT, null=True, blank=True, related_name="grading_runs"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    since = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    ring_after = models.DateTimeField(null=True, blank=True)
    rings = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = GradingRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"], condition=models.Q(cause="submission"), name="submission_graded_in_one_run"
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=models.Q(cause="marking"), name="marking_graded_in_one_run"
            ),
            models.UniqueConstraint(
                fields=["attempt", "adjustment"],
                condition=models.Q(cause="regrade"),
                name="adjustment_regraded_in_one_run",
            ),
            models.CheckConstraint(
                condition=models.Q(cause="regrade", adjustment__isnull=False)
                | (~models.Q(cause="regrade") & models.Q(adjustment=None)),
                name="regrade_of_an_adjustment",
            ),
            models.CheckConstraint(
                condition=models.Q(state="taken", lease__isnull=False, lease_until__isnull=False)
                | (~models.Q(state="taken") & models.Q(lease=None, lease_until=None)),
                name="grading_run_taken_by_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at=None)),
                name="grading_run_done_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ring_after"],
                condition=models.Q(state__in=("waiting", "taken")),
                name="grading_run_to_ring",
            ),
        ]

    def __str__(self):
        return f"{self.attempt_id}: {self.cause}, {self.state}"


class GradeQuerySet(models.QuerySet):
    def effective(self):
        """The grade in force of each attempt: the one with the highest number."""
        newer = Grade.objects.filter(attempt=models.OuterRef("attempt"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(newer))

    def standing_passes(self):
        """Passes that a regrade would not give any more, and that nobody has withdrawn."""
        return self.effective().filter(pass_stands=True)


class Grade(Identified):
    """A judgement of an attempt. Append-only: a correction is a new row with a higher number and a reason.

    `passed` is what counts. Where `pass_stands`, a regrade came out below the mark (or beyond a bright line), and the
    pass that was given before stands all the same until two people withdraw it (rule 9 of the domain).

    Only sums are kept. Which options were chosen stands in the responses, which lose their link to the person when
    the appeal period is over (rule 8); grades stay.
    """

    pii = {"attempt": "link", "score": "assessment", "passed": "assessment"}

    class Origin(models.TextChoices):
        GRADED = "graded", _("Graded")
        REGRADED = "regraded", _("Graded again")
        WITHDRAWN = "withdrawn", _("Pass withdrawn by two people")
        OVERRIDDEN = "overridden", _("Changed by two people")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="grades")
    # None for what was graded before runs were rows, and for what people have decided.
    run = models.OneToOneField(
        GradingRun, on_delete=models.PROTECT, null=True, blank=True, related_name="grade", editable=False
    )
    number = models.PositiveSmallIntegerField(default=1)
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.GRADED)
    reason = models.TextField(blank=True)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    maximum = models.DecimalField(max_digits=6, decimal_places=2)
    bright_line = models.BooleanField()
    passed = models.BooleanField()
    pass_stands = models.BooleanField(default=False)
    grading_version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()

    objects = GradeQuerySet.as_manager()

    class Meta:
        constraints = [
            # Celery may deliver a task twice; the second grade has nowhere to go.
            models.UniqueConstraint(fields=["attempt", "number"], name="grade_number_once"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 100)), name="grade_score_0_to_100"),
            models.CheckConstraint(
                condition=models.Q(bright_line=False)
                | models.Q(passed=False)
                | models.Q(pass_stands=True)
                | models.Q(origin="overridden"),
                name="bright_line_never_passes",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_stands=False) | models.Q(passed=True, origin="regraded"),
                name="pass_stands_after_a_regrade",
            ),
            models.CheckConstraint(
                condition=models.Q(origin="graded") | ~models.Q(reason=""), name="corrected_grade_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.attempt_id}: {self.score}"

    def record_facts(self) -> dict:
        """What the record log vouches for; the log compares it with the row (oversight.witnesses)."""
        facts = {
            "shape": 1,
            "attempt": str(self.attempt.uuid),
            "number": self.number,
            "origin": self.origin,
            "reason": self.reason,
            "score": f"{self.score:.1f}",
            "points": f"{self.points:.2f}",
            "maximum": f"{self.maximum:.2f}",
            "bright_line": self.bright_line,
            "passed": self.passed,
            "grading_version": self.grading_version,
            "given_at": self.given_at.isoformat(),
        }
        # Told of regrades alone: what the log says of older grades has no such field.
        return facts | {"pass_stands": self.pass_stands} if self.origin == self.Origin.REGRADED else facts
