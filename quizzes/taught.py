"""Whom a person teaches: this app knows no groups, so the app that does registers one function.

`quizzes.models.markings` asks it whose answers a tutor may mark.
"""

from collections.abc import Callable

from django.db.models import QuerySet

_find: Callable[..., QuerySet] | None = None


def register(find: Callable[..., QuerySet]) -> None:
    """`find(user)` returns a query for the registrations (`Attempt.registration`) of those whom a person teaches."""
    global _find
    _find = find


def registrations_of(user) -> QuerySet | tuple[()]:
    """What `Attempt.registration` may be for this person, for a filter; nothing where nobody knows of groups."""
    return _find(user) if _find else ()
