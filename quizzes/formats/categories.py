"""Moodle's question categories: the one that holds all questions is their title, others become tags. Pure."""

import re
from collections.abc import Iterable
from typing import TypeVar

from quizzes.formats import texts

Asked = TypeVar("Asked")

_NO_TOPIC = re.compile(r"(?i)top|\$.*\$|default for .*")


def topics(path: str) -> list[str]:
    """The tags that a category such as `$course$/top/Gifts/In office` makes; `//` stands for a slash."""
    parts = (part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/"))
    return [texts.line(part) for part in parts if part and not _NO_TOPIC.fullmatch(part)]


def titled(asked: Iterable[tuple[Asked, list[str]]]) -> tuple[str, list[tuple[Asked, list[str]]]]:
    """The first category, where all questions share it, and the questions with the categories below it."""
    found = list(asked)
    firsts = {above[0] if above else "" for _question, above in found}
    title = firsts.pop() if len(firsts) == 1 else ""
    return title, [(question, above[1:]) for question, above in found] if title else found


def path(title: str) -> str:
    return f"$course$/top/{title.replace('/', '//')}"
