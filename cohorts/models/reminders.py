"""Letters that were written, so that none is written twice."""

from django.db import models

from cohorts.models.enrolments import Enrolment


class LastDayReminder(models.Model):
    """That a learner was told by letter of the last day of their place. Another last day is told again."""

    pii = {"enrolment": "link", "told_at": "activity"}

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="reminders")
    last_day = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "last_day"], name="one_reminder_of_a_last_day"),
        ]

    def __str__(self):
        return f"{self.enrolment_id}: {self.last_day.isoformat()}"
