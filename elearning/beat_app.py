"""The clock: `celery -A elearning.beat_app beat`. It rings for tasks by their names and never loads them.

Without the models and everything they import it starts in a fifth of the time and keeps some hundred megabytes less.
That the names in the schedule exist is a test's affair (tests/elearning/test_beat.py).
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")

app = Celery("plumbline", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
