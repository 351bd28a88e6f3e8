"""Where an attempt was taken: this app knows no courses, so the app that started the attempt says where to go back.

That app registers one function in its `AppConfig.ready`; `quizzes.views` asks it for the links around an attempt.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """The surroundings of an attempt, in the reader's language; `language` is the one that the title is really in."""

    title: str
    language: str
    back_url: str
    next_url: str
    next_label: str


_find: Callable[..., Place | None] | None = None


def register(find: Callable[..., Place | None]) -> None:
    """`find(attempt, language)` returns the Place of an attempt, or None where it knows none."""
    global _find
    _find = find


def of(attempt, language: str) -> Place | None:
    return _find(attempt, language) if _find else None
