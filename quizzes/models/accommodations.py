"""What is granted to a learner in every quiz, and why."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from quizzes.accommodations import Measures


class AccommodationQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(ended_at=None)


class Accommodation(Identified):
    """What somebody needs in order to show what they know, from `granted_at` until it ends. One at a time is in force.

    `category` says why, in a word. It is for those who grant: no page shows it to anybody else but the learner, and
    neither the record log nor an attempt holds it. A change is a new row; what an attempt had is frozen on it.
    """

    pii = {
        "learner": "link",
        "time_percent": "demographic",
        "extra_attempts": "demographic",
        "plain_layout": "demographic",
        "category": "demographic",
        "granted_by": "link",
        "ended_by": "link",
    }

    class Time(models.IntegerChoices):
        ORDINARY = 100, _("The time that everybody has")
        QUARTER_MORE = 125, _("A quarter more time")
        HALF_MORE = 150, _("Half as much time again")
        TWICE = 200, _("Twice the time")
        THREE_TIMES = 300, _("Three times the time")

    class Category(models.TextChoices):
        SIGHT = "sight", _("Sight")
        HEARING = "hearing", _("Hearing")
        MOVEMENT = "movement", _("Movement")
        READING = "reading", _("Reading and writing")
        CONCENTRATION = "concentration", _("Concentration")
        HEALTH = "health", _("Illness or injury")
        LANGUAGE = "language", _("Language")
        OTHER = "other", _("Another reason")

    MOST_EXTRA = 5

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accommodations")
    time_percent = models.PositiveSmallIntegerField(_("time"), choices=Time.choices, default=Time.ORDINARY)
    extra_attempts = models.PositiveSmallIntegerField(
        _("more attempts in a series"), default=0, validators=[MaxValueValidator(MOST_EXTRA)]
    )
    plain_layout = models.BooleanField(_("plain layout"), default=False)
    category = models.CharField(_("reason"), max_length=16, choices=Category.choices)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accommodations_granted"
    )
    granted_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accommodations_ended",
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AccommodationQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner"], condition=models.Q(ended_at=None), name="one_accommodation_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(time_percent__gt=100)
                | models.Q(extra_attempts__gt=0)
                | models.Q(plain_layout=True),
                name="accommodation_grants_something",
            ),
            models.CheckConstraint(condition=models.Q(time_percent__range=(100, 300)), name="accommodation_time"),
        ]

    def __str__(self):
        return str(self.uuid)

    def measures(self) -> Measures:
        return Measures(self.time_percent, self.extra_attempts, self.plain_layout)
