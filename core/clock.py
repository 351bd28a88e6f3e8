"""How a time of day is written for a reader: in the active language, and in the reader's own zone."""

from datetime import datetime, time
from functools import lru_cache

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import get_language


def of(moment: datetime) -> str:
    """Hour and minute, as every answer that is saved is told."""
    local = localtime(moment)
    return _written(local.hour, local.minute, get_language())


@lru_cache(maxsize=24 * 60)
def _written(hour: int, minute: int, _language: str | None) -> str:
    return time_format(time(hour, minute), "TIME_FORMAT")
