"""Whether the system is alive and ready, for supervisors and load balancers. Neither answer needs a session.

The worker says every few seconds that it is there, under a key that runs out by itself (`elearning.celery_app`):
asking the workers at each request would take a second and load them.
"""

import functools

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elearning.celery_app import WORKER_SEEN


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers, whatever else is broken."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 with every part when all of them answer; 503 with the names of the missing ones otherwise."""
    broker, worker = _broker_and_worker()
    parts = {"database": _database(), "broker": broker, "worker": worker}
    missing = [name for name, answers in parts.items() if not answers]
    return JsonResponse(
        {"ready": not missing, "parts": parts, "missing": missing},
        status=503 if missing else 200,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def _broker_and_worker() -> tuple[bool, bool]:
    try:
        return True, bool(_broker().exists(WORKER_SEEN))
    except redis.RedisError:
        return False, False


@functools.cache
def _broker() -> redis.Redis:
    return redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1)
