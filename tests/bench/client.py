"""One signed-in person on one kept-alive connection, as a browser holds it. Its own CPU is not counted."""

import http.client
import re
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import get_token
from django.test import RequestFactory

from people import second_factor


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str
    queries: int


class Person:
    """A session written straight into the database: signing in is not what is measured."""

    def __init__(self, user, port: int):
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "people.backends.StaffNumberOrEmailBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        second_factor.mark_shown(session, user)
        session.create()
        asking = RequestFactory().get("/")
        self.token = get_token(asking)
        # As a browser has it: the form's token is masked, the cookie holds the secret.
        secret = asking.META["CSRF_COOKIE"]
        self.cookie = (
            f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={secret};"
            f" {settings.LANGUAGE_COOKIE_NAME}=en"
        )
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str, **headers) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict, **headers) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"} | headers)

    def _ask(self, method, path, body, headers) -> Answer:
        self.connection.request(method, path, body, {"Cookie": self.cookie, "Host": "localhost"} | headers)
        response = self.connection.getresponse()
        return Answer(
            response.status,
            response.read(),
            re.sub(r"^https?://[^/]+", "", response.getheader("Location") or ""),
            int(response.getheader("X-Queries") or 0),
        )
