"""Pages for those whom a predicate of their role lets in."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.views.decorators.cache import never_cache


def only_for(may: Callable) -> Callable:
    """Whoever `may` does not let in is refused before anything is read; nothing of the page is kept by a browser."""

    def guard(view):
        @never_cache
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard
