"""What learners did with a quiz: their attempts, and each answer as it was saved."""

import uuid
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from quizzes.models.plans import QuizVersion


class AttemptQuerySet(models.QuerySet):
    def of_series(self, registration, activity):
        """One learner's attempts at one quiz, oldest first."""
        return self.filter(registration=registration, activity=activity).order_by("number")

    def ungraded(self):
        """Submitted attempts that have no grade yet, whoever is working on them."""
        return self.filter(state__in=(Attempt.State.SUBMITTED, Attempt.State.GRADING))

    def waiting_for_a_worker(self):
        """Submitted attempts that no worker has seen to yet; those that people mark wait for people."""
        return self.filter(state=Attempt.State.SUBMITTED)

    def out_of_time(self, now):
        """Attempts still open after their deadline and its grace."""
        late = self.filter(state=Attempt.State.IN_PROGRESS, deadline__lt=now)
        return late.filter(models.Q(grace_until=None) | models.Q(grace_until__lt=now))


class Attempt(Identified):
    """One sitting of a quiz.

    States: `in_progress` → `submitted` → `graded`, by way of `grading` where a marker has to read some of it;
    `voided` by a correction of its own. `registration` and `activity` are opaque here (xAPI's words): the app that
    started the attempt knows what they mean. What decides the outcome, the rules and the items served, is frozen on
    the row.

    `served`, shape 2: `{"shape": 2, "seed": …, "items": [{"version": <ItemVersion id>, "arrangement": …}]}`, in the
    order shown. The seed, from which an auditor can repeat the draw and the arrangements, is random and stays here:
    one that a learner could know, with code that everybody can read, would tell where an author's first option went.
    """

    pii = {
        "learner": "link",
        "registration": "link",
        "language": "preference",
        "served": "assessment",
        "browser": "secret",
        "state": "assessment",
        "started_at": "activity",
        "submitted_at": "activity",
        "accommodation": "demographic",
    }

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        SUBMITTED = "submitted", _("Submitted")
        GRADING = "grading", _("Being graded")
        GRADED = "graded", _("Graded")
        VOIDED = "voided", _("Voided")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    registration = models.UUIDField(db_index=True)
    activity = models.UUIDField()
    quiz_version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    pass_mark = models.DecimalField(max_digits=4, decimal_places=1)
    served = models.JSONField()
    # Made by the client with the start form: a double click starts one attempt.
    start_key = models.UUIDField(unique=True)
    # The key that a browser has to carry to go on with it; None where any may (quizzes.browsers).
    browser = models.UUIDField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_PROGRESS)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    # Until when answers are taken that were on a slow line; empty where none is taken after the deadline.
    grace_until = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What was granted to the learner when it began, shape 1 of `quizzes.accommodations.Measures`; None for nothing.
    accommodation = models.JSONField(null=True, blank=True, editable=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "activity", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["registration", "activity"],
                condition=models.Q(state="in_progress"),
                name="one_open_attempt_per_activity",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("in_progress", "voided")) | models.Q(submitted_at__isnull=False),
                name="attempt_submitted_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["deadline"], condition=models.Q(state="in_progress"), name="attempt_out_of_time"),
        ]

    def __str__(self):
        return str(self.uuid)

    @property
    def served_items(self) -> list[dict]:
        return self.served["items"]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.IN_PROGRESS

    def goes_on_in(self, carried: Collection[uuid.UUID]) -> bool:
        """Whether a browser that carries these keys may read its questions and answer them."""
        return self.browser is None or self.browser in carried

    @property
    def plain_layout(self) -> bool:
        return bool(self.accommodation and self.accommodation["plain_layout"])

    @property
    def taken_until(self):
        """Until when answers are taken: the deadline, which the clock shows, and its grace."""
        return self.grace_until or self.deadline

    @property
    def grade_in_force(self):
        """The grade with the highest number, or None. Prefetch `grades` where there are several attempts."""
        return max(self.grades.all(), key=lambda grade: grade.number, default=None)


class Response(models.Model):
    """One answer as it was saved. Rows are only ever added; the highest sequence at a position counts.

    The client numbers its answers, so that a repeated or late request never overwrites a newer answer. `answer` is in
    the item's own keys, of the shape of its kind (quizzes.kinds); None is a question that was emptied again.
    `language` is the one in which the question was read, for the comparison of languages in item analysis.
    """

    pii = {"attempt": "link", "answer": "assessment", "language": "preference", "saved_at": "activity"}

    # What a PositiveIntegerField holds on every database.
    LAST_SEQUENCE = 2**31 - 1
    # A window of a browser counts in steps of this, each from an offset of its own, so that its numbers are known as
    # its own without a column for it.
    WINDOWS = 1024

    # Found by the indexes of its constraints, which begin with it.
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses", db_index=False)
    position = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    # The sequence that counted at the position when this answer was given; 0 for a first one.
    follows = models.PositiveIntegerField(default=0)
    answer = models.JSONField(null=True)
    language = models.CharField(max_length=12, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position", "sequence"], name="response_sequence_once"),
            # The answers to a question are a chain: of two windows that answer at once, one is told.
            models.UniqueConstraint(fields=["attempt", "position", "follows"], name="response_follows_once"),
        ]

    def __str__(self):
        return f"{self.attempt_id} #{self.position}"
