"""Connections that are looked at before each request, without a question to the server, and keep what is asked often.

A connection lives on from request to request, and before it is used again Django asks whether the server is still at
its other end, by `SELECT 1`: a message there and back, which costs a request more than finding its session. A server
that has gone, or has ended the connection, has said so already: the end lies in the socket and only has to be read.
What a socket cannot tell is a machine that went without a word; there `SELECT 1` would wait as long as the request's
own first query does.
"""

import select

from django.db.backends.postgresql import base
from psycopg import Cursor, Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for the health check, and with a second kind of cursor. After an error it asks the server, as
    Django's does."""

    def is_usable(self):
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return super().is_usable()
        end = self.connection.pgconn
        look = select.poll()
        look.register(end.socket, select.POLLIN)
        try:
            # A word that came unasked may be a notice, or the server's last: whatever it is, then the end follows.
            while look.poll(0):
                end.consume_input()
        except Error:
            return False
        return True

    def init_connection_state(self):
        super().init_connection_state()
        # What is kept is planned once for whatever values it gets. It finds rows by their keys, so nothing is gained
        # by a look at the values; left to itself the server plans the first five times anew.
        with self.connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")

    def keeping_cursor(self):
        """A cursor by which PostgreSQL keeps how it reads and plans a statement: that takes the server three to five
        times as long as to carry out a small one.

        Django's own writes the values into each statement, since not all that it puts into words may be kept so. Times
        come in the connection's zone.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        return self._prepare_cursor(Cursor(self.connection))
