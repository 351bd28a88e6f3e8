"""Moodle's question categories, which become tags. Pure."""

import re

from quizzes.formats import texts

_NO_TOPIC = re.compile(r"(?i)top|\$.*\$|default for .*")


def topics(path: str) -> list[str]:
    """The tags that a category such as `$course$/top/Gifts/In office` makes; `//` stands for a slash."""
    parts = (part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/"))
    return [texts.line(part) for part in parts if part and not _NO_TOPIC.fullmatch(part)]


def path(title: str) -> str:
    return f"$course$/top/{title.replace('/', '//')}"
