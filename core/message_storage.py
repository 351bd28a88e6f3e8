"""Where Django keeps its messages until the next page."""

from functools import cached_property

from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.fallback import FallbackStorage


class MessageStorage(FallbackStorage):
    """Django's own, made ready where a message is told or looked for: saving an answer, for one, does neither."""

    def __init__(self, request):
        BaseStorage.__init__(self, request)
        self._used_storages = set()

    @cached_property
    def storages(self):
        return [storage_class(self.request) for storage_class in self.storage_classes]
