"""The words of letters and documents, of which an owner may have some of its own, language by language.

What ships is a message of gettext in each language. An app registers its letters and documents in `AppConfig.ready`
and asks here for the words when it writes one. Who keeps owners' own words says so with `keep_with`; an owner is a
number that only the keeper and those who ask know the meaning of.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import translation

# Not by its own name: every text is marked where its part is declared (gettext_noop), and not found here.
from django.utils.translation import gettext as translated

# The language in which messages stand in the code.
SOURCE_LANGUAGE = "en"
LETTER, DOCUMENT = "letter", "document"

_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Part:
    """One message of a letter or a document: `text` as it stands in the code (gettext_noop), with places such as
    `%(name)s` that are filled when it is written. `most` is how many characters there is room for."""

    name: str
    label: str
    text: str
    most: int = 2000


@dataclass(frozen=True)
class Wording:
    """A letter or a document. `can_write` says whether the letters of a text can be shown where it is to stand."""

    key: str
    kind: str
    label: str
    parts: tuple[Part, ...]
    can_write: Callable[[str], bool] = lambda text: True

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True)
class Spoken:
    """The words in one language, the one they are really in."""

    language: str
    parts: Mapping[str, str]

    def filled(self, part: str, /, **values) -> str:
        """A part with its places filled. What fills them is not looked at again."""
        return filled(self.parts[part], values)


def places(text: str) -> frozenset[str]:
    """The places of a text."""
    return frozenset(_PLACE.findall(text))


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with its places filled; a percent sign that marks no place is itself."""
    return _PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


# --- What ships -----------------------------------------------------------------------------------------------------

_registered: dict[str, Wording] = {}


def register(*wordings: Wording) -> None:
    """Make letters and documents known. Doing it again changes nothing."""
    _registered.update({wording.key: wording for wording in wordings})


def registered() -> list[Wording]:
    """All there are, in the order of their keys."""
    return [_registered[key] for key in sorted(_registered)]


def of(key: str) -> Wording | None:
    return _registered.get(key)


def shipped(wording: Wording, language: str) -> dict[str, str] | None:
    """The parts as they ship in a language, or None where its translation file lacks them, or some.

    Words of one or two may be the same in two languages; a sentence that is, has not been translated.
    """
    with translation.override(language):
        said = {part.name: translated(part.text) for part in wording.parts}
    same = [part for part in wording.parts if said[part.name] == part.text]
    lacking = len(same) == len(wording.parts) or any(_is_sentence(part.text) for part in same)
    return None if lacking and language != SOURCE_LANGUAGE else said


def _is_sentence(text: str) -> bool:
    return len(_PLACE.sub("", text).split()) > 2


# --- What an owner says ---------------------------------------------------------------------------------------------

# By the key of a wording, then by language: parts by name.
Own = Mapping[str, Mapping[str, Mapping[str, str]]]

_own_of: Callable[[int], Own] = lambda owner: {}  # noqa: E731 - replaced by whoever keeps them


def keep_with(own_of: Callable[[int], Own]) -> None:
    """Say who knows the owners' own words."""
    global _own_of
    _own_of = own_of


def standing(wording: Wording, own: Own, language: str) -> dict[str, str] | None:
    """What is said in a language: an owner's own words, what ships for parts they lack; None for nothing at all."""
    ships = shipped(wording, language)
    mine = own.get(wording.key, {}).get(language)
    if not mine:
        return ships
    return {part.name: mine.get(part.name) or (ships or {}).get(part.name, part.text) for part in wording.parts}


def spoken(wording: Wording, owner: int, language: str) -> Spoken:
    """The words for a reader of a language: in it, or whole in the source's where it has none. Never mixed."""
    own = _own_of(owner)
    said = standing(wording, own, language)
    if said is not None:
        return Spoken(language, said)
    return Spoken(SOURCE_LANGUAGE, standing(wording, own, SOURCE_LANGUAGE) or {})
