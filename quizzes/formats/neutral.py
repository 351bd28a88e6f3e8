"""What a file of questions holds, whatever its format: questions in our own kinds, and what became of each.

Nothing here knows a database. A reader makes a `Reading` of bytes; a writer makes bytes of questions. Both tell what
could not be kept, question by question, in sentences that an author reads in their own language.

A question has words in one language. Its texts are in *normal form* (quizzes.formats.texts.plain); amounts are decimal
texts without needless zeros (quizzes.formats.amounts). What is written and read again is equal to what was in that
form.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.utils.text import slugify

from core.tables import shown

KEY = re.compile(r"[-a-zA-Z0-9_]+")
LONGEST_KEY = 50
LONGEST_NAME = 200
LONGEST_TAG = 100
MOST_TAGS = 50


class Sentence(str):
    """Words of our own inside a message, shown whole; what files hold is shortened."""


@dataclass(frozen=True)
class Message:
    """A sentence for an author, not yet in any language: a lazy text and what stands in it."""

    text: Any
    parameters: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, text: Any, **parameters: Any) -> "Message":
        """`text` comes from gettext_lazy or ngettext_lazy; what files hold is made fit to be shown."""
        kept = {name: shown(value) if type(value) is str else value for name, value in parameters.items()}
        return cls(text, tuple(sorted(kept.items())))

    def __str__(self) -> str:
        return str(self.text % dict(self.parameters))


class Refused(Exception):
    """The file as a whole cannot be taken; the argument is a Message that says why."""

    def __init__(self, text: Any, **parameters: Any):
        self.message = Message.of(text, **parameters)
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Medium:
    """A picture, recording or film as it may be kept. `kind` is "image", "audio" or "video"; its alternative text is
    among the question's words."""

    sha256: str
    kind: str
    name: str
    content_type: str
    data: bytes = field(repr=False)

    @classmethod
    def of(cls, data: bytes, kind: str, name: str, content_type: str) -> "Medium":
        return cls(sha256(data).hexdigest(), kind, name, content_type, data)


@dataclass(frozen=True)
class Question:
    """One item in one language. `structure` and `words` are as quizzes.kinds describes them for `kind`.

    `key` is its own within a file and the same whenever the file is read; `difficulty` is 1 to 3, or None where the
    file says nothing, as are no tags and no factors of the Revised Arusha Declaration. `media` has every medium that
    structure or words name by its SHA-256.
    """

    key: str
    name: str
    kind: str
    structure: dict
    words: dict
    tags: tuple[str, ...] = ()
    difficulty: int | None = None
    rad_factors: tuple[int, ...] = ()
    media: tuple[Medium, ...] = ()


class Outcome(StrEnum):
    """What became of a question of the file."""

    TAKEN = "taken"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    """One question of the file and what became of it. `number` counts from 1; `line` is None where the format has no
    lines; `member` is the file within a package; `question` is None for a refused one."""

    number: int
    line: int | None
    name: str
    member: str = ""
    question: Question | None = None
    changes: tuple[Message, ...] = ()
    refusal: Message | None = None

    @property
    def outcome(self) -> Outcome:
        if self.question is None:
            return Outcome.REFUSED
        return Outcome.CHANGED if self.changes else Outcome.TAKEN


@dataclass(frozen=True)
class Reading:
    """What a file held. `notes` concern the file as a whole; `language` is the one its words are in; `title` is what
    the file calls its questions together, or ""."""

    format: str
    language: str
    entries: tuple[Entry, ...]
    notes: tuple[Message, ...] = ()
    title: str = ""

    @property
    def questions(self) -> list[Question]:
        return [entry.question for entry in self.entries if entry.question is not None]


@dataclass(frozen=True)
class Left:
    """A question that was not written, or not wholly, with the reasons. `written` says which of the two."""

    key: str
    name: str
    written: bool
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class Writing:
    """A file that was made. `left` has one entry for each question that the format could not express wholly."""

    data: bytes = field(repr=False)
    name: str
    content_type: str
    left: tuple[Left, ...] = ()


class Keys:
    """Keys for the questions of one file: the file's own where it has a fit one, else made of what it has.

    The same file gives the same keys, so that a second import meets what the first one made.
    """

    def __init__(self):
        self._taken: set[str] = set()

    def of(self, given: str, name: str, content: str) -> str:
        """`given` is an id that the file has for it, or ""; `content` tells apart what has neither id nor name."""
        key = given if KEY.fullmatch(given) and len(given) <= LONGEST_KEY else ""
        key = key or (slugify(given) or slugify(name))[:LONGEST_KEY].strip("-_")
        key = key or "q-" + sha256(f"{name}\n{content}".encode()).hexdigest()[:12]
        wanted, number = key, 1
        while key.casefold() in self._taken:
            number += 1
            key = f"{wanted[: LONGEST_KEY - len(str(number)) - 1]}-{number}"
        self._taken.add(key.casefold())
        return key


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags on one line each, each once, in their order."""
    cleaned = (" ".join(tag.split())[:LONGEST_TAG].strip() for tag in tags)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))[:MOST_TAGS]
