"""Letters and certificates as texts of passages: what ships, and what an administration says instead.

The words that ship are the source of an administration's own in the same language, and those are the source of every
other language. Where an administration has said nothing, what ships stands, translated as it ships.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from core import wordings
from core.languages import codes
from core.wordings import SOURCE_LANGUAGE, Wording
from courses import wordings as own_wordings
from courses.languages import words
from courses.languages.models import Kind
from courses.languages.pages import Passage
from courses.languages.vocabulary import Standing, Text
from people.models import Administration

KINDS = {wordings.LETTER: Kind.LETTER, wordings.DOCUMENT: Kind.DOCUMENT}


def texts_of(administration: Administration, *, ships: bool = False) -> list[Text]:
    """An administration's letters and certificates in the source's language: as they stand, or as they ship."""
    own = {} if ships else own_wordings.own_of_all([administration.pk]).get(administration.pk, {})
    return [_text(administration, wording, own, ships) for wording in wordings.registered()]


def text_of(key: uuid.UUID, *, ships: bool = False) -> Text | None:
    """One of them by its name, or None."""
    found = _by_key().get(key)
    if found is None:
        return None
    administration, wording = found
    own = {} if ships else own_wordings.own_of_all([administration.pk]).get(administration.pk, {})
    return _text(administration, wording, own, ships)


def _text(administration: Administration, wording: Wording, own: dict, ships: bool) -> Text:
    said = wordings.standing(wording, own, SOURCE_LANGUAGE) or {}
    return Text(
        KINDS[wording.kind],
        own_wordings.key_of(administration, wording),
        SOURCE_LANGUAGE,
        str(wording.label),
        0,
        tuple(_passages(wording, said)),
        administration=administration.pk,
        ships=ships,
    )


def _passages(wording: Wording, said: dict[str, str]) -> Iterator[Passage]:
    for part in wording.parts:
        yield Passage(
            part.name,
            said[part.name],
            str(part.label),
            places=tuple(sorted(wordings.places(part.text))),
            most=part.most,
            can_write=wording.can_write,
        )


def _by_key() -> dict[uuid.UUID, tuple[Administration, Wording]]:
    """Every administration's letters and certificates by their names. One query."""
    return {
        own_wordings.key_of(administration, wording): (administration, wording)
        for administration in Administration.objects.all()
        for wording in wordings.registered()
    }


def standings(keys: Iterable[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Standing]]:
    """How they stand in each language, the source's too. Two queries."""
    known = _by_key()
    wanted = {key: known[key] for key in keys if key in known}
    own = own_wordings.own_of_all([administration.pk for administration, _wording in wanted.values()])
    for key, (administration, wording) in wanted.items():
        source = tuple((part.name, words.digest(part.text)) for part in wording.parts)
        mine = own.get(administration.pk, {})
        for code in codes():
            said = wordings.standing(wording, mine, code)
            if said is not None:
                ships = code not in mine.get(wording.key, {})
                yield key, code, Standing(True, _state_of(said), made_from=source if ships else None)


def passages(keys: Iterable[uuid.UUID], language: str) -> Iterator[tuple[uuid.UUID, dict[str, str]]]:
    """What stands in a language under each path. Two queries."""
    known = _by_key()
    wanted = {key: known[key] for key in keys if key in known}
    own = own_wordings.own_of_all([administration.pk for administration, _wording in wanted.values()])
    for key, (administration, wording) in wanted.items():
        said = wordings.standing(wording, own.get(administration.pk, {}), language)
        if said is not None:
            yield key, said


def shipped_in(text: Text, language: str) -> dict[str, str]:
    """What ships under each path in a language, whatever an administration says instead; empty for nothing."""
    _administration, wording = _by_key()[text.key]
    return wordings.shipped(wording, language) or {}


def publish(text: Text, language: str, whole: dict[str, str], *, actor, now: datetime) -> str:
    """Let letters and certificates say this from now on; the state of the words, as `standings` names it."""
    administration, wording = _by_key()[text.key]
    own_wordings.write(administration, wording, language, whole, actor=actor, now=now)
    return _state_of({part.name: whole[part.name] for part in wording.parts})


def _state_of(said: dict[str, str]) -> str:
    return words.digest("\0".join(f"{name}\0{text}" for name, text in sorted(said.items())))
