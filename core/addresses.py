"""Addresses that hold UUIDs, looked up once for each language and filled in from then on.

A page of a lesson or a quiz has half a dozen; finding each anew is as dear as a query.
"""

import uuid
from collections.abc import Callable
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language

# What stands in the place of a row until it is filled in: UUIDs that no row has.
_PLACES = tuple(str(uuid.UUID(int=number)) for number in range(1, 4))


def address(name: str, *rows: uuid.UUID) -> str:
    """As `reverse(name, args=rows)`, for a name whose arguments are at most three UUIDs. Raises NoReverseMatch."""
    found = _pattern(name, len(rows), get_language())
    for place, row in zip(_PLACES, rows, strict=False):
        found = found.replace(place, str(row))
    return found


def addresses(name: str, *rows: uuid.UUID) -> Callable[[uuid.UUID], str]:
    """The addresses that differ in one more, last row alone, for a page that has several."""
    place = _PLACES[len(rows)]
    found = address(name, *rows, place)
    return lambda row: found.replace(place, str(row))


@cache
def _pattern(name: str, rows: int, _language: str | None) -> str:
    return reverse(name, args=_PLACES[:rows])
