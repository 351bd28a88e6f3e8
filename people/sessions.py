"""Sessions in the database, each with the account that is signed in by it: one query brings both.

Every request of a signed-in person asks for a session, and for the account that it names. Django keeps the account's
number inside the session's data, where no query can see it; here it stands in a column as well.
"""

import json
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from core.prepared import Prepared


class Session(AbstractBaseSession):
    """Django's row of a session, with the account in a column. Who is signed in is decided by the data, which are
    signed; the column only brings the row along.
    """

    pii = {"session_key": "secret", "session_data": "secret", "account": "link", "expire_date": "activity"}

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, editable=False, related_name="+"
    )

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


_LIVE = Prepared(
    lambda slot: Session.objects.select_related("account").filter(session_key=slot.key, expire_date__gt=slot.now)
)


class SessionStore(DatabaseSessions):
    """Django's, but for how a session is found, and that it brings its account."""

    # The account as it was when the session was read, where that has one.
    account = None

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        made = super().create_model_instance(data)
        made.account_id = data.get(SESSION_KEY)
        return made

    def decode(self, session_data):
        """Django's, but once for as long as the data stay the same, which is for most of a session's requests."""
        return json.loads(_said(session_data))

    def _get_session_from_db(self):
        found = _LIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        else:
            self.account = found.account
        return found


@lru_cache(maxsize=2048)
def _said(session_data: str) -> str:
    """What a session's data say, as text: whoever asks may change what they are given."""
    return json.dumps(DatabaseSessions.decode(SessionStore(), session_data))


_ASKING: ContextVar[SessionStore | None] = ContextVar("the session whose account is asked for", default=None)


def account_at_hand(pk: int, find: Callable[[int], object]):
    """The account with this key: the one that came with the session of the request, or what `find` finds."""
    session = _ASKING.get()
    account = session.account if session is not None else None
    return account if account is not None and account.pk == pk else find(pk)


@contextmanager
def asked_by(session: SessionStore):
    """Whoever is looked for meanwhile is looked for on behalf of this session."""
    asking = _ASKING.set(session)
    try:
        yield
    finally:
        _ASKING.reset(asking)
