"""Sessions in the database, as Django keeps them, and found by a query that is worded once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.prepared import Prepared

_LIVE = Prepared(lambda slot: Session.objects.filter(session_key=slot.key, expire_date__gt=slot.now))


class SessionStore(DatabaseSessions):
    """Django's, but for how a session is found: every request of a signed-in person asks for one."""

    def _get_session_from_db(self):
        found = _LIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
