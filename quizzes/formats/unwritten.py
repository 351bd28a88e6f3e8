"""Questions that a format cannot express, wholly or in part, and the report of them."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from quizzes.formats.neutral import Left, Message, Question


class CannotBeWritten(Exception):
    """The message says why; the other questions are written."""

    def __init__(self, text: Any, **parameters: Any):
        self.message = Message.of(text, **parameters)
        super().__init__(self.message)


class Writer(Protocol):
    """One question on its way out, and what it loses there."""

    question: Question
    lost: dict[Message, None]


AnyWriter = TypeVar("AnyWriter", bound=Writer)
Piece = TypeVar("Piece")


def written(
    writers: Iterable[AnyWriter], write: Callable[[AnyWriter], Piece]
) -> tuple[list[tuple[AnyWriter, Piece]], list[Left]]:
    """What each writer has written, and what was left out: whole questions, or parts of those that are written."""
    pieces, left = [], []
    for writer in writers:
        key, name = writer.question.key, writer.question.name
        try:
            pieces.append((writer, write(writer)))
        except CannotBeWritten as refused:
            left.append(Left(key, name, written=False, reasons=(refused.message,)))
        else:
            if writer.lost:
                left.append(Left(key, name, written=True, reasons=tuple(writer.lost)))
    return pieces, left
