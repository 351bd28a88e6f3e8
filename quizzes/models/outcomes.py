"""What attempts leave for item analysis, and may keep when they no longer belong to anybody."""

from django.db import models

from quizzes.models.attempts import Attempt
from quizzes.models.plans import QuizVersion


class ItemOutcomesQuerySet(models.QuerySet):
    def to_analyse(self):
        """One of each learner, their first, and none that was voided: figures assume that attempts know nothing of
        each other."""
        return self.filter(is_first=True).exclude(attempt__state=Attempt.State.VOIDED)


class ItemOutcomes(models.Model):
    """What each item of a graded attempt came to, written in the transaction of its grade.

    When the appeal period is over, answers lose their link to the person (rule 8): `attempt` is emptied and the row
    stays, with nothing on it that leads to anybody. `outcomes` has the shape of `quizzes.analysis.outcomes`.
    """

    pii = {"attempt": "link", "outcomes": "assessment"}

    attempt = models.OneToOneField(
        Attempt, on_delete=models.SET_NULL, null=True, blank=True, related_name="item_outcomes"
    )
    # Found by the index below: the reader takes a version at a time, in the order of the rows.
    quiz_version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="outcomes", db_index=False)
    # Of its series. A voided attempt keeps its number: whoever sat one has seen questions.
    is_first = models.BooleanField()
    outcomes = models.JSONField()

    objects = ItemOutcomesQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["quiz_version", "id"], name="outcomes_of_version")]

    def __str__(self):
        return f"{self.pk} of {self.quiz_version_id}"
