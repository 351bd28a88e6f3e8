"""Queries whose places for values are written for SQLite once.

Django writes `%s` where a value belongs, SQLite wants `?`, and Django looks for them anew each time it asks: in a long
query for longer than SQLite takes to answer it. A process asks the same few hundred queries over and over; long ones
write or look for many rows, in many lengths, and are not kept.
"""

from functools import lru_cache

from django.db.backends.sqlite3 import base

LONGEST_KEPT = 5_000  # characters


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with these cursors."""

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query, *, param_names=None):
        if param_names is None and len(query) <= LONGEST_KEPT:
            return _converted(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=1024)
def _converted(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
