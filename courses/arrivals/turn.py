"""One arrival at a time, and how far it is.

An import is one transaction, so that nobody could read its progress in the database; on SQLite nobody could write it
there either. It stands in the cache instead, and the same entry is the turn: a second import would only wait for the
first, and keep a worker from grading meanwhile. A turn that nobody renews ends by itself. It is a courtesy: what keeps
an import from happening twice is the row (services). Without a cache each may begin, and nobody sees how far it is.
"""

from dataclasses import dataclass

from django.core.cache import cache

from courses.models import Arrival

KEY = "courses.arrivals.turn"
# Longer than a worker is busy before its first word: with checking the pictures of one large archive.
SECONDS = 180
# Longer than from one word to the next, a page each: so soon another worker may begin where this one has died.
SECONDS_BETWEEN_WORDS = 30


@dataclass(frozen=True)
class Progress:
    """`done` of `of` pages or lessons; 0 of 0 while nothing is counted yet."""

    done: int
    of: int


def take(arrival: Arrival) -> bool:
    """Whether the caller may begin. The turn is theirs until `leave`, or until they are silent for too long."""
    # False: somebody has it. None: there is no cache.
    return cache.add(KEY, _entry(arrival, 0, 0), SECONDS) is not False


def tell(arrival: Arrival, done: int, of: int) -> None:
    """Say how far it is, and keep the turn."""
    cache.set(KEY, _entry(arrival, done, of), SECONDS_BETWEEN_WORDS)


def leave() -> None:
    cache.delete(KEY)


def is_taken() -> bool:
    return cache.get(KEY) is not None


def progress_of(arrival: Arrival) -> Progress | None:
    """How far an arrival is; None while it waits for its turn."""
    entry = cache.get(KEY)
    if entry is None or entry["arrival"] != str(arrival.uuid):
        return None
    return Progress(entry["done"], entry["of"])


def _entry(arrival: Arrival, done: int, of: int) -> dict:
    return {"shape": 1, "arrival": str(arrival.uuid), "done": done, "of": of}
