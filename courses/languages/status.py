"""How a translation stands against its source, from names of passages alone. Pure.

The source is a list of passages, each a path (the field or the block's id) and the digest of its words. What a
translation was confirmed against is such a list too. A paragraph that has only moved is not translated again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """In the order of the work to be done: of several, the first that fits."""

    MISSING = "missing"
    STALE = "stale"
    IN_REVIEW = "in_review"
    TRANSLATED = "translated"


@dataclass(frozen=True)
class Match:
    """A passage of the source beside what was confirmed. `was` is the path of the confirmed passage that it comes
    from, "" where it is new; `changed` says that the words are others."""

    path: str
    digest: str
    was: str
    was_digest: str

    @property
    def changed(self) -> bool:
        return self.digest != self.was_digest


def match(source: Sequence[tuple[str, str]], confirmed: Iterable[Sequence[str]]) -> list[Match]:
    """Each passage of the source with the confirmed passage it comes from.

    The same place with the same words first; then the same words elsewhere, which have moved; then the same place with
    other words, unless the words that stood there have moved away.
    """
    left = dict(confirmed)
    found: dict[str, Match] = {}
    for path, digest in source:
        if left.get(path) == digest:
            del left[path]
            found[path] = Match(path, digest, path, digest)
    for path, digest in source:
        if path not in found:
            moved = next((old for old, words in left.items() if words == digest), None)
            if moved is not None:
                del left[moved]
                found[path] = Match(path, digest, moved, digest)
    for path, digest in source:
        if path not in found:
            found[path] = Match(path, digest, path if path in left else "", left.pop(path, ""))
    return [found[path] for path, _digest in source]


def state(
    source: Sequence[tuple[str, str]],
    *,
    published: bool,
    confirmed: Iterable[Sequence[str]] | None,
    untouched: bool,
    handed_in: dict[str, str] | None = None,
) -> State:
    """How the words of one text stand in one language.

    `published` says that readers could get them; `confirmed` are the passages a second person confirmed them against,
    None if nobody has; `untouched` says that they are still the words that were confirmed. `handed_in` names the
    source's words by path that a translation awaiting review was made from; it counts only while it covers what has
    changed.
    """
    confirmed = None if confirmed is None else [tuple(passage) for passage in confirmed]
    matches = match(source, confirmed or [])
    waiting = [item for item in matches if item.changed]
    if handed_in is not None and all(handed_in.get(item.path) == item.digest for item in waiting):
        return State.IN_REVIEW
    if not published:
        return State.MISSING
    if confirmed is None:
        return State.IN_REVIEW
    if waiting or len(confirmed) > len(matches):
        return State.STALE
    return State.TRANSLATED if untouched else State.IN_REVIEW


class Gate(StrEnum):
    """Whether a course may be released in a language."""

    OPEN = "open"
    WITH_REMARKS = "with_remarks"
    CLOSED = "closed"


def gate(pages: Iterable[State], rest: Iterable[State]) -> Gate:
    """A page that is missing closes the gate. What is stale, unconfirmed, or a missing item of a quiz is a remark:
    readers get the older words, or the source's with a notice."""
    pages, rest = list(pages), list(rest)
    if State.MISSING in pages:
        return Gate.CLOSED
    return Gate.OPEN if all(found == State.TRANSLATED for found in [*pages, *rest]) else Gate.WITH_REMARKS
