"""A question that a format cannot express."""

from typing import Any

from quizzes.formats.neutral import Message


class CannotBeWritten(Exception):
    """The message says why; the other questions are written."""

    def __init__(self, text: Any, **parameters: Any):
        self.message = Message.of(text, **parameters)
        super().__init__(self.message)
