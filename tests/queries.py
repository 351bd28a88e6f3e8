"""How many queries a request takes. What opens and closes transactions is not counted: it asks for no rows."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(request):
    """The queries of calling `request`, after a first call has filled what a process remembers."""
    request()
    return queries_of_one(request)


def queries_of_one(request):
    with CaptureQueriesContext(connection) as captured:
        request()
    return [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
