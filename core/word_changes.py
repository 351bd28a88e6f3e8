"""A text beside an older one, stretch by stretch. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """A stretch of a text beside an older one: `same`, `removed` or `added`."""

    kind: str
    text: str


def changes(old: str, new: str) -> list[Change]:
    """The words of both texts in reading order, each stretch with what became of it."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    found: list[Change] = []
    for kind, b, to_b, a, to_a in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(after[a:to_a])))
            continue
        if to_b > b:
            found.append(Change("removed", "".join(before[b:to_b])))
        if to_a > a:
            found.append(Change("added", "".join(after[a:to_a])))
    return found
