"""The Celery app: `celery -A elearning.celery_app worker`. Tasks are `@shared_task` in their own apps."""

import logging
import os

import redis
from celery import Celery, bootsteps
from celery.signals import celeryd_init, task_prerun, worker_process_init
from django.db import close_old_connections

from core import bell
from elearning.collecting import search_less

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")

logger = logging.getLogger(__name__)

# Under this key of the broker a worker says that it is there; /readyz looks for it.
WORKER_SEEN = "plumbline:worker-seen"
SAID_EVERY = 3
GONE_AFTER = 15  # seconds without a word

app = Celery("plumbline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Without it the threads of the web server would publish to Celery's own idea of a broker: an app that is only created
# is current in its own thread.
app.set_default()


@celeryd_init.connect
def be_patient(conf, **kwargs):
    """A worker may wait for a busy broker; the short time-outs of the settings are for requests, which may not."""
    conf.broker_transport_options = conf.broker_transport_options | {"socket_timeout": 5, "socket_connect_timeout": 1}


@worker_process_init.connect
def begin_to_serve(**kwargs):
    search_less()


@task_prerun.connect
def keep_good_connections(task, **kwargs):
    """As a web server does around each request: a connection that failed or is old is closed, a good one is kept.

    Celery by itself closes all of them before and after each task; a new one to SQLite reads the whole schema again,
    which costs more than a grade. See CELERY_DB_REUSE_MAX.
    """
    if not task.request.is_eager:
        close_old_connections()


class SaysItIsThere(bootsteps.StartStopStep):
    """The worker's own timer keeps the key alive: no task, so that a full queue does not look like a dead worker."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer, **options):
        super().__init__(consumer, **options)
        self.broker = redis.Redis.from_url(consumer.app.conf.broker_url, socket_connect_timeout=1, socket_timeout=1)
        self.timer = None

    def start(self, consumer):
        self.say()
        self.timer = consumer.timer.call_repeatedly(SAID_EVERY, self.say)

    def stop(self, consumer):
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def shutdown(self, consumer):
        self.stop(consumer)
        try:
            self.broker.delete(WORKER_SEEN)
        except redis.RedisError:
            logger.warning("The broker is gone; /readyz forgets this worker by itself.")

    def say(self):
        try:
            self.broker.set(WORKER_SEEN, "1", ex=GONE_AFTER)
        except redis.RedisError as error:
            logger.warning("The broker does not answer: %s", error)


class CatchesUp(bootsteps.StartStopStep):
    """Whenever a worker comes to its broker it asks for all gradings that wait: a broker that was killed may have lost
    what was rung for, and each row's own turn to be rung for again may be minutes away.
    """

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def start(self, consumer):
        bell.ring("quizzes.tasks.catch_up")


app.steps["consumer"].add(SaysItIsThere)
app.steps["consumer"].add(CatchesUp)
