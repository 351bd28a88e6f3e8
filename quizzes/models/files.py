"""Files of questions that authors bring: looked at, shown, confirmed, taken in."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from core.models import Identified
from quizzes.models.items import ItemBank


class QuestionFileQuerySet(models.QuerySet):
    def waiting(self):
        """What a worker has to do, the oldest first."""
        return self.filter(state__in=QuestionFile.WAITING).order_by("brought_at", "pk")

    def claimable(self, now):
        """What a worker has to do, and nobody is doing."""
        return self.waiting().filter(models.Q(lease_until=None) | models.Q(lease_until__lt=now))

    def unfinished(self):
        """What still needs its file."""
        return self.filter(finished_at=None)


class QuestionFile(Identified):
    """A file of questions on its way into an item bank (quizzes.banking.arrivals).

        checking ──> checked ──(confirmed)──> importing ──> done
           │  ^                                 │   │
           │  └────(the bank has changed)───────┘   │
           └──────────────> refused <───────────────┘

    A worker does what is `checking` and `importing`; it may die anywhere, and another begins that step anew once the
    lease has run out. What an import writes and the state `done` are one transaction. `report` is what the import
    would do, or has done, as quizzes.banking.reports says it, in `language`, the bringer's, as is `problem`. `spoken`
    is the language the file is in where it does not say so; without `bank` it goes into the one that it names. The
    file stands in the private storage until the row is finished.
    """

    pii = {"actor": "link", "language": "preference"}
    # Nothing that a page has to know of: whoever deletes a bank is not told that a file once led to it.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        CHECKING = "checking", pgettext_lazy("state of a file", "is being checked")
        CHECKED = "checked", pgettext_lazy("state of a file", "waits for you")
        IMPORTING = "importing", pgettext_lazy("state of a file", "is being imported")
        DONE = "done", pgettext_lazy("state of a file", "imported")
        REFUSED = "refused", pgettext_lazy("state of a file", "refused")

    WAITING = (State.CHECKING, State.IMPORTING)

    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    file = models.CharField(max_length=100)
    filename = models.CharField(max_length=255)
    format = models.CharField(max_length=20, blank=True)
    spoken = models.CharField(max_length=12)
    bank = models.ForeignKey(ItemBank, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=12)
    report = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = QuestionFileQuerySet.as_manager()

    class Meta:
        ordering = ["-brought_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["done", "refused"], finished_at__isnull=False)
                | models.Q(state__in=["checking", "checked", "importing"], finished_at__isnull=True),
                name="question_file_is_finished_when_done_or_refused",
            )
        ]
        indexes = [
            models.Index(
                fields=["brought_at"],
                condition=models.Q(state__in=["checking", "importing"]),
                name="question_files_that_wait",
            )
        ]

    def __str__(self):
        return f"{self.filename} ({self.state})"
