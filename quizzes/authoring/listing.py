"""The items of a bank as a list: what each is, how far it is, and which languages it lacks.

A fixed number of queries, however many items: everything light is read of all of them and filtered here, for neither
tags nor words can be searched alike in both databases; the words are read of one page alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.fields.json import KT

from core import languages
from quizzes.authoring.showing import language_of
from quizzes.drafts import states
from quizzes.drafts.labels import ITEM_STATES
from quizzes.drafts.states import ItemState
from quizzes.models import ItemBank, ItemEvent, ItemText, ItemVersion, RadFactor
from quizzes.services.publishing import waiting

LIGHT = (
    "item",
    "item__key",
    "item__uuid",
    "item__retired_at",
    "number",
    "kind",
    "difficulty",
    "tags",
    "rad_factors",
    "published_at",
    "digest",
)


@dataclass
class Row:
    """An item in the list, by its newest version."""

    version: ItemVersion
    state: ItemState
    has: list[str]
    lacks: list[str]
    stem: str = ""
    language: str = ""

    @property
    def key(self) -> str:
        return self.version.item.key

    @property
    def state_label(self):
        return ITEM_STATES[self.state]

    @property
    def rad_factors(self) -> list[str]:
        return [RadFactor(number).label for number in self.version.rad_factors]


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; what is empty asks for nothing."""

    words: str = ""
    kind: str = ""
    state: str = ""
    difficulty: int | None = None
    tag: str = ""
    rad_factor: int | None = None
    lacks: str = ""

    def takes(self, row: Row) -> bool:
        version = row.version
        return (
            self.kind in ("", version.kind)
            and self.state in ("", row.state)
            and self.difficulty in (None, version.difficulty)
            and (not self.tag or self.tag in version.tags)
            and (self.rad_factor is None or self.rad_factor in version.rad_factors)
            and (not self.lacks or self.lacks in row.lacks)
        )


@dataclass(frozen=True)
class Listing:
    """The items of a bank in the order of their keys."""

    rows: list[Row]

    @property
    def tags(self) -> list[str]:
        return sorted({tag for row in self.rows for tag in row.version.tags})

    def only(self, wanted: Wanted) -> "Listing":
        """Those that somebody looks for. Words are searched in every language, and keys too; one query for words."""
        found = [row for row in self.rows if wanted.takes(row)]
        if not wanted.words:
            return Listing(found)
        needle = wanted.words.casefold()
        in_words = {
            version for version, stem in _stems([row.version.pk for row in found]) if needle in stem.casefold()
        }
        return Listing([row for row in found if row.version.pk in in_words or needle in row.key.casefold()])


def listing(bank: ItemBank) -> Listing:
    """All items of a bank."""
    return Listing(_rows(bank))


def _stems(versions: list[int]):
    stems = ItemText.objects.filter(version__in=versions).annotate(stem=KT("content__stem"))
    return ((version, stem or "") for version, stem in stems.values_list("version", "stem"))


def _rows(bank: ItemBank) -> list[Row]:
    newest: dict[int, ItemVersion] = {}
    published: set[int] = set()
    of_bank = ItemVersion.objects.filter(item__bank=bank).select_related("item").order_by("number").only(*LIGHT)
    for version in of_bank:
        if version.published_at:
            published.add(version.item_id)
        # A draft stands for its item, also where a published version has overtaken it.
        if version.item_id not in newest or newest[version.item_id].published_at or not version.published_at:
            newest[version.item_id] = version
    versions = sorted(newest.values(), key=lambda version: _as_counted(version.item.key))
    deeds = _deeds(bank)
    asked = waiting(bank)
    spoken: dict[int, set[str]] = {}
    for number, language in ItemText.objects.filter(version__in=[each.pk for each in versions]).values_list(
        "version", "language"
    ):
        spoken.setdefault(number, set()).add(language)
    return [
        _row(version, version.item_id in published, deeds, asked, spoken.get(version.pk, set()))
        for version in versions
    ]


def _as_counted(key: str) -> list[tuple[int, str]]:
    """By which keys are sorted as people count: `item-9` before `item-10`."""
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in re.split(r"([0-9]+)", key)]


def _deeds(bank: ItemBank) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    for item, digest, deed in ItemEvent.objects.filter(item__bank=bank).values_list("item", "digest", "deed"):
        found.setdefault((item, digest), []).append(deed)
    return found


def _row(version: ItemVersion, published: bool, deeds: dict, asked: set[str], spoken: set[str]) -> Row:
    draft = None
    if version.published_at is None:
        draft = states.state_of(deeds.get((version.item_id, version.digest), []))
    state = states.item_state(
        draft,
        published=published,
        waiting=str(version.item.uuid) in asked,
        retired=version.item.retired_at is not None,
    )
    codes = languages.codes()
    has = [code for code in codes if code in spoken] + sorted(spoken - set(codes))
    return Row(version, state, has, [code for code in codes if code not in spoken])


def word(rows: Iterable[Row]) -> None:
    """Give the rows of a page the beginnings of their questions, in the reader's language. One query."""
    rows = list(rows)
    stems: dict[int, dict[str, str]] = {}
    found = ItemText.objects.filter(version__in=[row.version.pk for row in rows]).annotate(stem=KT("content__stem"))
    for version, language, stem in found.values_list("version", "language", "stem"):
        stems.setdefault(version, {})[language] = stem or ""
    for row in rows:
        texts = stems.get(row.version.pk)
        if texts:
            row.language = language_of(texts)
            row.stem = texts[row.language]
