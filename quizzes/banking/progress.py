"""How far a worker is with a file of questions: in the cache, as that of other imports (courses.arrivals.turn).

Reading is what takes time: pictures are painted anew, question by question. Without a cache nobody sees how far it is,
and nothing else is lost.
"""

from dataclasses import dataclass

from django.core.cache import cache

from quizzes.models import QuestionFile

# Longer than a worker is busy with a file.
SECONDS = 600


@dataclass(frozen=True)
class Progress:
    """`done` of `of` questions are read."""

    done: int
    of: int


def tell(brought: QuestionFile, done: int, of: int) -> None:
    """Say how far it is: once for each hundredth part, for questions are many and quickly read."""
    if done == of or done * 100 // of != (done - 1) * 100 // of:
        cache.set(_key(brought), {"shape": 1, "done": done, "of": of}, SECONDS)


def forget(brought: QuestionFile) -> None:
    cache.delete(_key(brought))


def progress_of(brought: QuestionFile) -> Progress | None:
    """How far a file is; None where nobody has begun to read it."""
    entry = cache.get(_key(brought))
    return Progress(entry["done"], entry["of"]) if entry else None


def _key(brought: QuestionFile) -> str:
    return f"quizzes.banking.progress.{brought.uuid}"
