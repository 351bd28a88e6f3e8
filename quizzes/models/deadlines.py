"""What was told about days by which learners are to be answered, so that nothing is told twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes import deadlines
from quizzes.models.appeals import Appeal
from quizzes.models.reports import QuestionCase


class DeadlineReminder(models.Model):
    """That people were told that the day of a reported question or an appeal is near, or over: once for each stage."""

    pii = {"appeal": "link", "told_at": "activity"}

    class Stage(models.TextChoices):
        NEAR = deadlines.Stage.NEAR, _("Due soon")
        OVERDUE = deadlines.Stage.OVERDUE, _("Overdue")

    case = models.ForeignKey(
        QuestionCase, on_delete=models.PROTECT, null=True, blank=True, related_name="deadline_reminders"
    )
    appeal = models.ForeignKey(
        Appeal, on_delete=models.PROTECT, null=True, blank=True, related_name="deadline_reminders"
    )
    stage = models.CharField(max_length=8, choices=Stage.choices)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "stage"], name="case_deadline_told_once"),
            models.UniqueConstraint(fields=["appeal", "stage"], name="appeal_deadline_told_once"),
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, appeal=None) | models.Q(case=None, appeal__isnull=False),
                name="deadline_of_a_case_or_an_appeal",
            ),
        ]

    def __str__(self):
        return f"{self.case_id or self.appeal_id}: {self.stage}"
