"""What people do with an item on its way to learners, and words that wait for the rest of their translation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from quizzes.models.items import Item


class ItemEventQuerySet(models.QuerySet):
    def about(self, digest):
        """What was done with exactly this content, oldest first."""
        return self.filter(digest=digest).order_by("pk")


class ItemEvent(Identified):
    """Something a person did with an item: wrote its draft, asked for review, decided, said something. Never changed.

    `digest` is of the draft's content as it was then (quizzes.drafts.content): what is said of one wording is not said
    of the next. It is empty where a deed is about the item as a whole.
    """

    pii = {"actor": "link", "remark": "content"}

    class Deed(models.TextChoices):
        WRITE = "write", _("wrote the draft")
        ASK = "ask", _("asked for review")
        APPROVE = "approve", _("approved it")
        RETURN = "return", _("sent it back")
        REMARK = "remark", _("said something about it")
        RETIRE = "retire", _("retired the question")
        RESTORE = "restore", _("brought the question back")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="events")
    deed = models.CharField(max_length=8, choices=Deed.choices)
    digest = models.CharField(max_length=64, blank=True)
    remark = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ItemEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["item", "digest"], name="item_event_of_content")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(deed__in=["return", "remark"]) | ~models.Q(remark=""),
                name="item_event_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.item_id}: {self.deed}"


class WordsSetAside(models.Model):
    """An item's words in a language that do not fit its draft (any more): an option was added, a gap is not yet
    worded. They are no part of the draft; once they are complete they join it, and the row goes.
    """

    pii = {}

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="words_set_aside")
    language = models.CharField(max_length=12)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="words_set_aside_once_per_language")]

    def __str__(self):
        return f"{self.item_id} ({self.language})"
