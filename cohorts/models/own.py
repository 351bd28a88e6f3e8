"""What a learner keeps for themselves, and nobody else sees."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from people.models import User


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
