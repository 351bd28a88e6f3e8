"""Celery's side of authoring."""

import time

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import call_command
from django.utils import timezone

from courses.arrivals import services as arrivals
from courses.links import checking

# An import is one piece of work, however large: it has its own limits.
ARRIVAL_SECONDS = 30 * 60
# With the longest question after it, well under the tasks' soft time limit.
SECONDS_OF_ASKING = 20


@shared_task
def publish_scheduled():
    """Publish what authors have given a day, and take down what has reached its last. Running twice does it once."""
    call_command("publish_scheduled")


@shared_task(soft_time_limit=ARRIVAL_SECONDS, time_limit=ARRIVAL_SECONDS + 30)
def carry_on_arrival(arrival_id: int) -> None:
    """Check a file that an author brought, or take it in; then ask for the next one."""
    try:
        arrivals.carry_on(arrival_id, now=timezone.now())
    except SoftTimeLimitExceeded:
        arrivals.give_up(arrival_id, now=timezone.now())
    arrivals.ring_next()


@shared_task
def sweep_arrivals() -> None:
    """Ring for an arrival whose worker went, or whose bell nobody heard. Runs every minute, and may run twice."""
    arrivals.ring_next()


@shared_task
def clear_arrivals() -> None:
    """Remove files that nobody confirmed. Runs every day, and may run twice."""
    arrivals.clear(timezone.now())


@shared_task
def ask_addresses() -> None:
    """Ask addresses that wait, for a while; then ring for the rest."""
    began = time.monotonic()
    while checking.ask_next(clock=timezone.now):
        if time.monotonic() - began > SECONDS_OF_ASKING:
            checking.ring()
            break


@shared_task
def sweep_addresses() -> None:
    """Go on where a worker went. Runs every few minutes, and may run twice."""
    checking.sweep(now=timezone.now())


@shared_task(soft_time_limit=600, time_limit=630)
def check_all_links() -> None:
    """Have every address that a course leads to asked anew. Runs every week, and may run twice."""
    checking.want_everything(now=timezone.now())
