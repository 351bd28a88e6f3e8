"""The clock rings for tasks that there are, and loads none of them."""

import subprocess
import sys

from elearning import beat_app, celery_app
from elearning.places import BASE_DIR


def test_it_rings_for_tasks_that_there_are():
    celery_app.app.loader.import_default_modules()
    wanted = {entry["task"] for entry in beat_app.app.conf.beat_schedule.values()}
    assert len(wanted) >= 7
    assert wanted - set(celery_app.app.tasks) == set()


def test_it_rings_on_the_broker_of_the_worker():
    for setting in ("broker_url", "broker_transport_options", "task_default_queue", "task_serializer"):
        assert beat_app.app.conf[setting] == celery_app.app.conf[setting]


def test_it_loads_no_models():
    told = (
        "import sys; from elearning import beat_app; beat_app.app.conf.beat_schedule; print('wagtail' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", told], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
