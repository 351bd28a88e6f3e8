r"""Accepted answers with wildcards: `*` stands for any text, `\*` for itself. Pure.

Moodle and GIFT always read a `*` so; our questions say whether they do.
"""

import re

_STAR = re.compile(r"(?<!\\)\*")


def wildcards_as_found(accepted: list[str], marked: bool = False) -> tuple[bool, list[str]]:
    """Whether answers have wildcards, and the answers as a structure with or without them has them."""
    if marked or any(_STAR.search(text) for text in accepted):
        return True, accepted
    return False, [text.replace("\\*", "*") for text in accepted]


def with_wildcards(text: str, wildcards: bool) -> str:
    """An accepted answer for a format in which `*` always stands for any text."""
    return text if wildcards else text.replace("*", "\\*")


def needs_mark(accepted: list[str], wildcards: bool) -> bool:
    """Whether a reader could not tell by the answers that they have wildcards."""
    return wildcards and not any(_STAR.search(text) for text in accepted)
