"""What is done about an item that turned out to be wrong after it was sat, whom it changes, and how far that is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from oversight.models import FourEyesRequest
from quizzes.models.attempts import Attempt
from quizzes.models.items import ItemVersion
from quizzes.regrading import Change, Preview


class ItemAdjustmentQuerySet(models.QuerySet):
    def in_force(self, versions):
        """The newest adjustment of each of these item versions that has one, by the version's id. One query."""
        return {each.version_id: each for each in self.filter(version__in=versions).order_by("number")}


class ItemAdjustment(Identified):
    """How an item version is judged from now on, in every attempt that was or will be served it. Append-only.

    The newest of a version is in force; an earlier one is history. It never changes what learners were asked, only
    what their answers are worth (docs/decisions/0029-regrading.md): a published version stays as it is.
    """

    pii = {"requested_by": "link", "approved_by": "link", "reason": "content"}

    class Deed(models.TextChoices):
        DROP = "drop", _("Drop it: it counts for nobody")
        CREDIT_ALL = "credit_all", _("Credit all: everybody who was asked it gets its full points")
        CHANGE_KEY = "change_key", _("Change the key: other answers are right")

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="adjustments")
    number = models.PositiveSmallIntegerField()
    deed = models.CharField(max_length=12, choices=Deed.choices)
    # Of a new key alone: the whole structure and all words, of which the pages of a question show nothing new.
    structure = models.JSONField(null=True, blank=True)
    texts = models.JSONField(null=True, blank=True)
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ItemAdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="item_adjustment_number_once"),
            models.CheckConstraint(
                condition=~models.Q(requested_by=models.F("approved_by")), name="item_adjustment_by_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(deed="change_key", structure__isnull=False, texts__isnull=False)
                | (~models.Q(deed="change_key") & models.Q(structure__isnull=True, texts__isnull=True)),
                name="item_adjustment_has_its_key",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="item_adjustment_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.version_id}: {self.deed} ({self.number})"

    def record_facts(self) -> dict:
        """What the record log vouches for: everything the row says."""
        return {
            "shape": 1,
            "version": str(self.version.uuid),
            "number": self.number,
            "deed": str(self.deed),
            "structure": self.structure,
            "texts": self.texts,
            "reason": self.reason,
            "requested_by": str(self.requested_by.uuid),
            "approved_by": str(self.approved_by.uuid),
            "at": self.at.isoformat(),
        }


class RegradeQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(finished_at=None).select_related("adjustment").order_by("pk")


class Regrade(models.Model):
    """The work that an adjustment leaves: one grading run for every attempt that was served its item.

    `reached` is the id of the last attempt that was looked at; it moves by compare-and-set, together with the runs of
    its chunk, so that whoever goes on after a worker has died makes each run once.
    """

    pii = {}

    adjustment = models.OneToOneField(ItemAdjustment, on_delete=models.PROTECT, related_name="regrade")
    reached = models.BigIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RegradeQuerySet.as_manager()

    def __str__(self):
        return f"{self.adjustment_id}: {self.queued}"


class RegradePreviewQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(finished_at=None)

    def finished(self):
        return self.exclude(finished_at=None)


class RegradePreview(Identified):
    """Whom a proposal about an item version would change, worked out once (quizzes.services.foreseeing).

    `proposal` is what a request for it says, known again by its `digest`; `request` is the one that it was made for,
    and waits with it. `attempts` were to be read when it began, `looked_at` of them are; `reached` is the id of the
    last one and moves by compare-and-set, together with `counts` (quizzes.regrading.Preview) and the rows of its
    chunk.
    """

    pii = {}

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(FourEyesRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    proposal = models.JSONField()
    digest = models.CharField(max_length=64)
    attempts = models.PositiveIntegerField()
    looked_at = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RegradePreviewQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["version", "digest"], name="regrade_previews_of_proposal")]

    def __str__(self):
        return f"{self.version_id}: {self.looked_at} of {self.attempts}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def counted(self) -> Preview:
        return Preview.of_data(self.counts)


class ForeseenPass(models.Model):
    """An attempt whose pass a proposal would change: by it it would be passed, or be passed no more."""

    pii = {"attempt": "link", "change": "assessment"}

    class To(models.TextChoices):
        NEWLY_PASSED = Change.NEWLY_PASSED.value, _("Newly passed")
        IN_DOUBT = Change.IN_DOUBT.value, _("Would not pass any more; the pass stands")

    preview = models.ForeignKey(RegradePreview, on_delete=models.CASCADE, related_name="passes")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="+")
    change = models.CharField(max_length=12, choices=To.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["preview", "attempt"], name="foreseen_pass_once")]

    def __str__(self):
        return f"{self.attempt_id}: {self.change}"
