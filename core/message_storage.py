"""Where Django keeps its messages until the next page."""

from functools import cached_property

from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage


class MessageStorage(FallbackStorage):
    """Django's own, made ready where there is a message: most requests neither tell one nor find one that waits."""

    def __init__(self, request):
        BaseStorage.__init__(self, request)
        self._used_storages = set()

    def _get(self, *args, **kwargs):
        """Nothing without the cookie: what does not fit into it waits in the session, and the cookie says so."""
        if CookieStorage.cookie_name not in self.request.COOKIES:
            return [], True
        return super()._get(*args, **kwargs)

    @cached_property
    def storages(self):
        return [storage_class(self.request) for storage_class in self.storage_classes]
