"""What nothing can be faster than: the production middleware, the session, the user, and a page of a given size."""

from functools import cache

from django.db import connection
from django.http import HttpResponse


def floor(request, size):
    """One query, the session with its user, and as many bytes as the page it is compared with."""
    assert request.user.is_authenticated
    return HttpResponse(_page(size))


@cache
def _page(size: int) -> bytes:
    return b"x" * size


class CountQueries:
    """Tells the number of queries of a request that asks for it; the measured requests do not ask."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Not by `request.headers`, which would put all of them into words for each measured request.
        if "HTTP_X_COUNT_QUERIES" not in request.META:
            return self.get_response(request)
        count = 0

        def counting(execute, sql, params, many, context):
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counting):
            response = self.get_response(request)
            if response.streaming:
                response.streaming_content = list(response.streaming_content)
        response["X-Queries"] = str(count)
        return response
