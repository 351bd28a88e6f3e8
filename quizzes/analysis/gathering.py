"""Many attempts as a few flat arrays: small enough that 100,000 attempts of 30 items take some 60 MB.

An attempt is served some thirty items of a pool that may hold hundreds, so a table of attempts by items would be
mostly holes. What is kept is one entry for each served item instead, sorted by item. An item that was not served has
no entry: nothing stands for it, and nothing can be mistaken for an answer.

What to hand over is the caller's to decide, and decides what the figures mean:

- finished and wholly graded attempts only: an item that waits for a marker has no fraction yet;
- one attempt of each learner, the first: the figures assume that attempts know nothing of each other;
- an item that was served and left unanswered has fraction 0 and `choices.UNANSWERED`; one that was dropped has no
  entry.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class AttemptRow(NamedTuple):
    """One attempt, in the language in which it was answered. The three sequences run side by side, in any order.

    `items` are ids of item versions; `fractions` the share of each item's points, from -1 to 1; `chosen` what was
    chosen, as quizzes.analysis.choices has it.
    """

    language: str
    items: Sequence[int]
    fractions: Sequence[float]
    chosen: Sequence[int]


@dataclass(frozen=True, eq=False)
class Responses:
    """Attempts as arrays. Entry e says that attempt `attempt[e]` got `fraction[e]` for an item, having `chosen[e]`.

    Entries are sorted by item, and by attempt within it: those of item i stand from `start[i]` up to `start[i + 1]`.
    No attempt has two entries for one item. `items` are the ids, ascending; `language[a]` is a place in `languages`.
    """

    items: np.ndarray  # int64, by item
    start: np.ndarray  # int64, by item and one more
    languages: tuple[str, ...]  # codes, ascending
    language: np.ndarray  # int16, by attempt
    attempt: np.ndarray  # int32, by entry
    fraction: np.ndarray  # float32, by entry
    chosen: np.ndarray  # uint32, by entry

    @property
    def attempts(self) -> int:
        return len(self.language)

    def entries(self, item: int) -> slice:
        """Where the entries of the item at this place stand."""
        return slice(self.start[item], self.start[item + 1])

    def by_entry(self, values: np.ndarray) -> np.ndarray:
        """Values by item, repeated for each entry."""
        return np.repeat(values, np.diff(self.start))

    def of(self, *codes: str) -> "Responses":
        """The attempts in these languages alone; items keep their places, even when nothing is left of them."""
        wanted = np.isin(self.language, [self.languages.index(code) for code in codes])
        place = np.cumsum(wanted, dtype=np.int32) - 1
        kept = wanted[self.attempt]
        return Responses(
            items=self.items,
            start=np.concatenate([[0], np.cumsum(kept)])[self.start],
            languages=self.languages,
            language=self.language[wanted],
            attempt=place[self.attempt[kept]],
            fraction=self.fraction[kept],
            chosen=self.chosen[kept],
        )


class Gathering:
    """Takes attempts as they are read and makes `Responses` of them. Order does not matter."""

    def __init__(self) -> None:
        self._languages: dict[str, int] = {}
        self._language = array("h")
        self._served = array("i")
        self._items = array("q")
        self._fractions = array("f")
        self._chosen = array("I")

    def add(self, rows: Iterable[AttemptRow]) -> None:
        """Take some attempts. Raises ValueError for a row whose sequences differ in length."""
        for language, items, fractions, chosen_options in rows:
            if not len(items) == len(fractions) == len(chosen_options):
                raise ValueError("items, fractions and choices of an attempt must be of one length")
            self._language.append(self._languages.setdefault(language, len(self._languages)))
            self._served.append(len(items))
            self._items.extend(items)
            self._fractions.extend(fractions)
            self._chosen.extend(chosen_options)

    def responses(self) -> Responses:
        """All that was taken. Raises ValueError for a fraction beyond -1 to 1 and for an item served twice at once."""
        ids = np.frombuffer(self._items, np.int64)
        fractions = np.frombuffer(self._fractions, np.float32)
        # written this way round so that a fraction that is no number is refused too
        if not np.all(np.abs(fractions) <= 1):
            raise ValueError("a fraction lies beyond -1 to 1")
        items = np.unique(ids)
        places = np.searchsorted(items, ids).astype(np.int16 if len(items) < 2**15 else np.int32)
        order = np.argsort(places, kind="stable")  # of 16 bits: a radix sort
        attempts = np.repeat(np.arange(len(self._served), dtype=np.int32), np.frombuffer(self._served, np.int32))
        start = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(items)))])
        attempt = attempts[order]
        # within an item the attempts ascend, so one that was served it twice stands beside itself
        beside = np.flatnonzero(attempt[1:] == attempt[:-1]) + 1
        if not np.all(np.isin(beside, start)):
            raise ValueError("an item was served twice in one attempt")
        codes = sorted(self._languages)
        renumbered = np.array([codes.index(code) for code in self._languages], np.int16)
        return Responses(
            items=items,
            start=start,
            languages=tuple(codes),
            language=renumbered[np.frombuffer(self._language, np.int16)],
            attempt=attempt,
            fraction=fractions[order],
            chosen=np.frombuffer(self._chosen, np.uint32)[order],
        )
