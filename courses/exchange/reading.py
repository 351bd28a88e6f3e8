"""What a stranger sends, as JSON: read strictly, and looked at before it is believed. Knows no database."""

import json
import math
import uuid
from typing import Any

from django.utils.translation import gettext as _

# Deeper than any lesson; shallower than Python's stack.
MOST_DEPTH = 60
# What a database's integer and another language's number both hold.
LARGEST_NUMBER = 2**53


class Refused(Exception):
    """The archive or file cannot be taken as it is. Nothing was changed. `member` names the part that is at fault."""

    def __init__(self, problem: str, member: str = ""):
        super().__init__(f"{member}: {problem}" if member else problem)
        self.problem = problem
        self.member = member


def canonical(data) -> bytes:
    """JSON that is the same whenever and wherever the same data is written: sorted keys, UTF-8, a line's end."""
    return (json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def strict_json(raw: bytes, member: str) -> Any:
    """The data of a JSON member. Raises Refused for what two readers could read in two ways, or no database keeps."""
    try:
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise Refused(_("It is not JSON: %(problem)s.") % {"problem": problem}, member) from problem
    waiting = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise Refused(_("It is nested too deeply."), member)
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str):
            _check_text(value, member)
        elif isinstance(value, float) and not math.isfinite(value):
            raise Refused(_("A number in it is not finite."), member)
        elif isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise Refused(_("A number in it is too large."), member)
    return data


def _check_text(text: str, member: str) -> None:
    if "\0" in text:
        raise Refused(_("A text in it holds the character U+0000, which no database keeps."), member)
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        raise Refused(_("A text in it holds half a character."), member) from problem


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(word: str):
    raise ValueError(f"{word} is no number")


class Reader:
    """A dict of an archive, read field by field: each read checks, and its complaint names member and place."""

    def __init__(self, data: Any, member: str, place: str = ""):
        self.member = member
        self.place = place
        if not isinstance(data, dict):
            raise self.refused(_("is not an object"))
        self.data = data

    def refused(self, problem: str, field: str = "") -> Refused:
        """The complaint about a field of this dict, to be raised."""
        place = " › ".join(part for part in (self.place, field) if part)
        return Refused(f"“{place}” {problem}." if place else f"{problem}.", self.member)

    def only(self, *fields: str) -> "Reader":
        """Check that exactly these fields are there."""
        for field in sorted(set(self.data) - set(fields)):
            raise self.refused(_("is unknown"), field)
        for field in fields:
            if field not in self.data:
                raise self.refused(_("is missing"), field)
        return self

    def text(self, field: str, most: int = 1_000_000) -> str:
        value = self._typed(field, str, _("is not a text"))
        if len(value) > most:
            raise self.refused(_("is longer than %(most)d characters") % {"most": most}, field)
        return value

    def number(self, field: str, least: int = 0, most: int = 32_767) -> int:
        value = self._typed(field, int, _("is not a whole number"))
        if isinstance(value, bool) or not least <= value <= most:
            raise self.refused(_("is not between %(least)d and %(most)d") % {"least": least, "most": most}, field)
        return value

    def flag(self, field: str) -> bool:
        return self._typed(field, bool, _("is neither true nor false"))

    def identity(self, field: str) -> uuid.UUID:
        value = self.text(field)
        try:
            found = uuid.UUID(value)
        except ValueError as problem:
            raise self.refused(_("is no UUID"), field) from problem
        if str(found) != value:
            raise self.refused(_("is no UUID"), field)
        return found

    def choice(self, field: str, choices) -> Any:
        value = self.data.get(field)
        if value not in list(choices):
            raise self.refused(_("has the unknown value “%(value)s”") % {"value": str(value)[:60]}, field)
        return value

    def sequence(self, field: str) -> list:
        return self._typed(field, list, _("is not a list"))

    def inner(self, field: str) -> "Reader":
        """The dict in a field."""
        return Reader(self.data.get(field), self.member, " › ".join(part for part in (self.place, field) if part))

    def each(self, field: str) -> list["Reader"]:
        """The dicts of a list."""
        place = " › ".join(part for part in (self.place, field) if part)
        return [Reader(part, self.member, f"{place} {at}") for at, part in enumerate(self.sequence(field), start=1)]

    def _typed(self, field: str, kind: type, problem: str):
        if field not in self.data:
            raise self.refused(_("is missing"), field)
        if not isinstance(self.data[field], kind):
            raise self.refused(problem, field)
        return self.data[field]
