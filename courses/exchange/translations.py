"""How far each translation is confirmed, on its way: from which of the source's words, and whether it still stands so.

Who confirmed it stays at home. What arrives counts for what the same archive brought, and for nothing that was here.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from courses.exchange.reading import Reader
from courses.languages import words
from courses.languages.board import rows_about
from courses.languages.models import Kind, SourceWords, TranslatedFrom
from courses.languages.texts import texts_of
from courses.models import CoursePage

MEMBER = "translations.json"
KINDS = (Kind.PAGE, Kind.QUIZ, Kind.ITEM)

_DIGEST = re.compile(r"[0-9a-f]{32}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")


@dataclass(frozen=True)
class Confirmation:
    """That a translation was made from these passages of its source; `untouched`: and stands as it was confirmed."""

    kind: str
    key: uuid.UUID
    language: str
    passages: list[list[str]]
    untouched: bool
    confirmed_at: datetime


@dataclass(frozen=True)
class Confirmations:
    """All of an archive; `older` are words that a source had when a translation was made, by digest."""

    rows: list[Confirmation]
    older: dict[str, str]


def as_data(course: CoursePage) -> dict:
    """The confirmations of a course's published translations. A constant number of queries."""
    found = texts_of(course)
    rows, _work = rows_about(found.texts)
    entries, needed = [], set()
    for text in found.texts:
        today = {digest for _path, digest in text.source}
        for language, standing in sorted(found.standings.get(text.name, {}).items()):
            row = rows.get((*text.name, language))
            if row is None or not standing.published:
                continue
            passages = row.source["passages"]
            needed |= {digest for _path, digest in passages} - today
            entries.append(
                {
                    "kind": row.kind,
                    "key": str(row.key),
                    "language": language,
                    "passages": passages,
                    "untouched": row.words == standing.words,
                    "confirmed_at": row.confirmed_at.isoformat(),
                }
            )
    entries.sort(key=lambda entry: (entry["kind"], entry["key"], entry["language"]))
    older = SourceWords.objects.filter(digest__in=needed).values_list("digest", "text")
    # A passage with links is named by where they lead, too, so that nobody could tell whether these are its words.
    return {"shape": 1, "texts": entries, "older": {name: text for name, text in older if words.digest(text) == name}}


def read(reader: Reader, known: dict[str, set[uuid.UUID]]) -> Confirmations:
    """What an archive says; `known` are the keys of what it brings, by kind. Raises Refused."""
    reader.only("shape", "texts", "older")
    rows, seen = [], set()
    for entry in reader.each("texts"):
        row = _read(entry, known)
        if (row.kind, row.key, row.language) in seen:
            raise entry.refused(_("is there twice"), "key")
        seen.add((row.kind, row.key, row.language))
        rows.append(row)
    older = reader.inner("older")
    for name in older.data:
        if words.digest(older.text(name)) != name:
            raise older.refused(_("is not what its name says"), name[:40])
    return Confirmations(rows, dict(older.data))


def _read(entry: Reader, known: dict[str, set[uuid.UUID]]) -> Confirmation:
    entry.only("kind", "key", "language", "passages", "untouched", "confirmed_at")
    kind, key, language = entry.choice("kind", KINDS), entry.identity("key"), entry.text("language", most=12)
    if key not in known[kind]:
        raise entry.refused(_("leads to nothing in the archive"), "key")
    if not _LANGUAGE.fullmatch(language):
        raise entry.refused(_("is no language"), "language")
    for passage in entry.sequence("passages"):
        if not (isinstance(passage, list) and len(passage) == 2 and all(isinstance(part, str) for part in passage)):
            raise entry.refused(_("is not a list of passages"), "passages")
        if not 0 < len(passage[0]) <= 400 or not _DIGEST.fullmatch(passage[1]):
            raise entry.refused(_("is not a list of passages"), "passages")
    try:
        moment = parse_datetime(entry.text("confirmed_at"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise entry.refused(_("is no moment"), "confirmed_at")
    return Confirmation(kind, key, language, entry.data["passages"], entry.flag("untouched"), moment)


def take(course: CoursePage, arrived: Confirmations, fresh: Iterable[uuid.UUID]) -> None:
    """Keep the confirmations of what is `fresh`, that is, was brought by this import and not here before.

    Call it inside the import's transaction, once everything is published.
    """
    fresh, found = set(fresh), texts_of(course)
    SourceWords.objects.bulk_create(
        [
            SourceWords(digest=digest, text=text)
            for digest, text in [
                *((passage.digest, passage.text) for text in found.texts for passage in text.passages),
                *arrived.older.items(),
            ]
        ],
        ignore_conflicts=True,
    )
    rows = []
    for one in arrived.rows:
        standing = found.standings.get((one.kind, one.key), {}).get(one.language)
        if one.key in fresh and standing is not None and standing.published:
            rows.append(
                TranslatedFrom(
                    kind=one.kind,
                    key=one.key,
                    language=one.language,
                    source={"shape": 1, "passages": one.passages},
                    words=standing.words if one.untouched else "",
                    confirmed_at=one.confirmed_at,
                )
            )
    TranslatedFrom.objects.bulk_create(rows, ignore_conflicts=True)
