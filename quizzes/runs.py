"""In which run an attempt was taken: this app knows no runs, so the app that does registers one function."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet


@dataclass(frozen=True)
class Run:
    key: uuid.UUID
    name: str


_find: Callable[[QuerySet], dict[uuid.UUID, Run]] | None = None


def register(find: Callable[[QuerySet], dict[uuid.UUID, Run]]) -> None:
    """`find(registrations)` returns the run of each registration (`Attempt.registration`) of a query, in one query."""
    global _find
    _find = find


def of(registrations: QuerySet) -> dict[uuid.UUID, Run]:
    """The run of each registration that belongs to one; nothing where nobody knows of runs."""
    return _find(registrations) if _find else {}
