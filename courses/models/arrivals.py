"""A file that an author brings: looked at, shown, confirmed, taken in. The row says how far it has come."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from courses.models.pages import ModulePage


class ArrivalQuerySet(models.QuerySet):
    def waiting(self):
        """What a worker has to do, the oldest first."""
        return self.filter(state__in=Arrival.WAITING).order_by("brought_at", "pk")

    def unfinished(self):
        """What still needs its file."""
        return self.filter(finished_at=None)


class Arrival(Identified):
    """The archive of a course, or a file of lessons, on its way in (courses.arrivals).

        checking ──> checked ──(confirmed)──> importing ──> done
           │  ^                                 │   │
           │  └───(the course has changed)──────┘   │
           └──────────────> refused <───────────────┘

    A worker does what is `checking` and `importing`; it may die anywhere, and another begins that step anew. What an
    import writes and the state `done` are one transaction. `report` is what the import would do, or has done: an
    archive's as courses.exchange.plans says it, with its terms; lessons' as courses.arrivals.lessons does. `problem`
    is a sentence in `language`, the bringer's. The files stand in the private storage until the row is finished.
    """

    pii = {"actor": "link", "language": "preference"}
    # Nothing that a page has to know of: whoever deletes it is not told that a file once led to it.
    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        ARCHIVE = "archive", _("Course")
        LESSONS = "lessons", _("Lessons")

    class State(models.TextChoices):
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("waits for you")
        IMPORTING = "importing", _("is being imported")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")

    WAITING = (State.CHECKING, State.IMPORTING)

    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    file = models.CharField(max_length=100, blank=True)
    filename = models.CharField(max_length=255)
    # Shape 1: {"shape": 1, "places": {a picture's name: its place in the storage}}.
    pictures = models.JSONField(null=True)
    module = models.ForeignKey(ModulePage, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=12)
    # Whether what is here already and differs may get drafts and new versions.
    update = models.BooleanField(default=False)
    report = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ["-brought_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["done", "refused"], finished_at__isnull=False)
                | models.Q(state__in=["checking", "checked", "importing"], finished_at__isnull=True),
                name="arrival_is_finished_when_done_or_refused",
            )
        ]
        indexes = [
            models.Index(
                fields=["brought_at"],
                condition=models.Q(state__in=["checking", "importing"]),
                name="arrivals_that_wait",
            )
        ]

    def __str__(self):
        return f"{self.filename} ({self.state})"

    def places(self) -> list[str]:
        """Where its files stand in the private storage."""
        return [place for place in (self.file, *(self.pictures or {"places": {}})["places"].values()) if place]
