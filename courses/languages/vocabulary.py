"""The nouns of this room: a text, and how it stands in one of its other languages."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from core.languages import codes
from courses.languages import pages, words
from courses.languages.models import Kind


@dataclass(frozen=True)
class Text:
    """One text in its source language. `depth` is its place under the course: 0 for the course itself.

    `administration` is the one whose letter or certificate it is, None for what all share. `ships` marks such words
    as they ship: in their own language, too, an administration may have others.
    """

    kind: Kind
    key: uuid.UUID
    language: str
    title: str
    depth: int
    passages: tuple[pages.Passage, ...]
    administration: int | None = None
    ships: bool = False

    @cached_property
    def source(self) -> list[tuple[str, str]]:
        return [(passage.path, passage.digest) for passage in self.passages]

    @cached_property
    def words(self) -> int:
        return sum(words.count(passage.text) for passage in self.passages)

    @property
    def name(self) -> tuple[str, uuid.UUID]:
        return str(self.kind), self.key

    def goes_into(self, language: str) -> bool:
        """Whether it can be written in a language."""
        return language in codes() and (language != self.language or self.ships)

    def is_for(self, user) -> bool:
        """Whether a person of these roles has to do with it at all: nobody words another administration's letters."""
        return self.administration in (None, user.administration_id)


@dataclass(frozen=True)
class Standing:
    """A text in one of its other languages. `words` names its state, so that a change is noticed.

    `made_from` are the source's passages that words which ship were made from: they are confirmed by shipping. None
    where somebody's confirmation is asked for.
    """

    published: bool
    words: str
    page: int | None = None
    made_from: tuple[tuple[str, str], ...] | None = None


Standings = dict[tuple[str, uuid.UUID], dict[str, Standing]]
