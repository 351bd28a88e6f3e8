"""Attempts that go on in one browser alone, such as those of a supervised sitting.

Such an attempt has a key on its row, and the browser carries it in a cookie until the deadline: not in the session, so
that whoever is signed out by a long pause signs in again and goes on. No page shows the key and no form holds it. The
server makes it of its own secret, the session and the form by which the attempt was started or moved there. So a
second click of the same button, whose first answer the browser has thrown away, gets the same cookie, and whoever
sends the same form from another browser, which has a session of its own, gets none.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

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


def key_for(request, start_key: uuid.UUID) -> uuid.UUID:
    """The key that the request's browser gets for what begins, or moves there, by the form with this start key.

    The same for each repetition of a request within a session; nobody can tell it from what the form says.
    """
    said = f"{request.session.session_key} {start_key}"
    return uuid.UUID(bytes=salted_hmac("quizzes.browsers", said, algorithm="sha256").digest()[:16])


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
