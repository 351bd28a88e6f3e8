"""Item analyses of quizzes: asked for by people, done by workers, kept."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from quizzes.models.plans import Quiz


class AnalysisQuerySet(models.QuerySet):
    def open(self):
        """Those that a worker has still to finish."""
        return self.filter(state__in=Analysis.OPEN)

    def claimable(self, now):
        """Waiting, or taken by a worker whose lease has run out."""
        return self.filter(
            models.Q(state=Analysis.State.WAITING) | models.Q(state=Analysis.State.WORKING, lease_until__lt=now)
        )

    def done(self):
        return self.filter(state=Analysis.State.DONE)


class Analysis(Identified):
    """What the first attempts at a quiz say about its items.

    States: `waiting` → `working` (until a lease ends, and then again) → `done`, or `failed` when it has killed three
    workers or taken too long. `versions` says how far it reaches: over every version of the quiz up to that number.
    `attempts` are those there were when a worker began, `read` how many of them it has read; when it is done, both are
    the attempts that the figures stand on. `results` has the shape of `quizzes.analysis.results`: figures alone, none
    of them from few people.
    """

    pii = {"asked_by": "link", "asked_at": "activity"}

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being worked on")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    OPEN = (State.WAITING, State.WORKING)

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="analyses")
    versions = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(null=True, blank=True)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz"],
                condition=models.Q(state__in=("waiting", "working")),
                name="one_open_analysis_per_quiz",
            ),
            models.CheckConstraint(
                condition=models.Q(state="working", lease__isnull=False, lease_until__isnull=False)
                | (~models.Q(state="working") & models.Q(lease=None, lease_until=None)),
                name="analysis_taken_by_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", results__isnull=False, finished_at__isnull=False)
                | models.Q(state="failed", results__isnull=True, finished_at__isnull=False)
                | models.Q(state__in=("waiting", "working"), results__isnull=True, finished_at=None),
                name="analysis_done_with_results",
            ),
        ]

    def __str__(self):
        return f"{self.quiz_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
