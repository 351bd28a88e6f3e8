"""An item's words as passages that are translated one by one, and put together again. For every kind alike."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# What is no word: shapes, digests, shares of points.
NO_WORDS = frozenset({"shape", "sha256", "kind", "fraction"})
FIRST = ("stem", "title", "image_alt", "text", "label", "value", "consequence", "rationalisation")
LAST = ("feedback", "rationale", "hints", "media", "for_markers")


def passages(words: dict) -> list[tuple[tuple[str, ...], str]]:
    """Every text that says something, by its path: the question first, each part before what is said about it.

    The order is the same in every database, whatever it makes of the order of keys.
    """
    return [(path, text) for path, text in _texts(words, ()) if text.strip()]


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for name in sorted(value.keys() - NO_WORDS, key=_place):
            yield from _texts(value[name], (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _texts(inner, (*path, str(number)))
    elif isinstance(value, str):
        yield path, value


def _place(name: str) -> tuple:
    if name in FIRST:
        return 0, FIRST.index(name), []
    if name in LAST:
        return 2, LAST.index(name), []
    return 1, 0, [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in re.split(r"([0-9]+)", name)]


def worded(source: dict, said: Mapping[tuple[str, ...], str]) -> dict:
    """The words of another language: all that is none as in the source, and what is said under each path.

    What is not said is left out where it may be, and empty in a list, whose places count.
    """
    return _worded(source, said, ())


def _worded(value: Any, said: Mapping[tuple[str, ...], str], path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        parts = {
            name: part if name in NO_WORDS else _worded(part, said, (*path, name)) for name, part in value.items()
        }
        return {name: part for name, part in parts.items() if part is not None}
    if isinstance(value, list):
        return [_worded(part, said, (*path, str(number))) or "" for number, part in enumerate(value, start=1)]
    if isinstance(value, str):
        return said.get(path, None if value.strip() else value)
    return value
