"""What this app hears from below."""

from django.dispatch import receiver

from cohorts import services
from quizzes.signals import attempt_graded


@receiver(attempt_graded)
def on_graded(sender, attempt, grade, before, now, **kwargs):
    services.hear_graded(attempt, grade, before, now)
