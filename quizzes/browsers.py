"""Attempts that go on in one browser alone, such as those of a supervised sitting.

Such an attempt has a key on its row, and the browser carries it in a cookie until the deadline: not in the session, so
that whoever is signed out by a long pause signs in again and goes on. The key is the `start_key` of the form by which
the attempt was started there: a second click of the same button, whose first answer the browser has thrown away, gets
the same cookie.
"""

import uuid
from datetime import timedelta

from django.conf import settings

from quizzes.models import Attempt

_NAME = "attempt-"
# What is written at the last moment is still handed in, and read, at the same place.
AFTERWARDS = timedelta(minutes=30)


def carried(request) -> set[uuid.UUID]:
    """The keys that the request's browser carries."""
    found = set()
    for name, value in request.COOKIES.items():
        if name.startswith(_NAME):
            try:
                found.add(uuid.UUID(value))
            except ValueError:
                continue
    return found


def hand_over(response, attempt: Attempt) -> None:
    """Give the browser the key of an attempt that goes on in it."""
    response.set_cookie(
        f"{_NAME}{attempt.uuid.hex}",
        str(attempt.browser),
        expires=attempt.deadline + AFTERWARDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )
