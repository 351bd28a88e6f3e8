"""Where an attempt was taken: this app knows no courses, so the app that started the attempt says where to go back.

That app registers one function in its `AppConfig.ready`; `quizzes.views` asks it for the links around an attempt. What
the function has to know is read together with the attempt, because every page of an attempt asks for its place.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import Combinable


@dataclass(frozen=True)
class Place:
    """The surroundings of an attempt, in the reader's language; `language` is the one that the title is really in."""

    title: str
    language: str
    back_url: str
    next_url: str
    next_label: str


_find: Callable[..., Place | None] | None = None
_known_by: Combinable | None = None


def register(find: Callable[..., Place | None], known_by: Combinable) -> None:
    """`find(attempt, language)` returns the Place of an attempt, or None where it knows none.

    `known_by` is an expression over an attempt; `find` has its value as `attempt.place_known_by`.
    """
    global _find, _known_by
    _find, _known_by = find, known_by


def with_place(attempts: QuerySet) -> QuerySet:
    """These attempts, each with what its place is known by."""
    return attempts.annotate(place_known_by=_known_by) if _known_by else attempts


def of(attempt, language: str) -> Place | None:
    """Where an attempt that was read `with_place` was taken."""
    return _find(attempt, language) if _find else None
