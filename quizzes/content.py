"""The words and keys of items and the plans of quizzes, read for serving. What is published or released never changes,
so a process remembers it.

`item_versions`, `item_texts` and `item_keys` read whatever a page or a task needs in one query each, however many
items there are; the functions for a single item then find it remembered.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from quizzes.blueprint import Blueprint, Section
from quizzes.kinds import KINDS
from quizzes.kinds.contract import ItemKey, Kind
from quizzes.models import ItemText, ItemVersion, QuizVersion


class _Remembered:
    """What this process keeps of rows that never change; `read` gets the missing ones in one query."""

    def __init__(self, read: Callable[[set[int]], dict[int, Any]], most: int):
        self._read = read
        self._most = most
        self._kept: dict[int, Any] = {}

    def __call__(self, ids: Iterable[int]) -> dict[int, Any]:
        wanted = set(ids)
        kept = self._kept  # another thread may begin anew meanwhile
        missing = wanted - kept.keys()
        if missing:
            if len(kept) + len(missing) > self._most:
                kept = self._kept = {key: kept[key] for key in wanted - missing}
            kept.update(self._read(missing))
        return {key: kept[key] for key in wanted if key in kept}

    def one(self, wanted: int) -> Any:
        """Of a single row. Raises KeyError for one that does not exist."""
        found = self._kept.get(wanted)
        return self([wanted])[wanted] if found is None else found

    def forget(self) -> None:
        self._kept = {}


def _read_texts(ids: set[int]) -> dict[int, dict[str, dict]]:
    found: dict[int, dict[str, dict]] = {}
    for text in ItemText.objects.filter(version__in=ids):
        found.setdefault(text.version_id, {})[text.language] = text.content
    return found


def _make_keys(ids: set[int]) -> dict[int, ItemKey]:
    versions, texts = item_versions(ids), item_texts(ids)
    return {
        each: KINDS[version.kind].key(version.structure, texts.get(each, {})) for each, version in versions.items()
    }


item_versions = _Remembered(ItemVersion.objects.in_bulk, most=8192)
item_texts = _Remembered(_read_texts, most=4096)
# What the grader needs of items; it never leaves the server before the review.
item_keys = _Remembered(_make_keys, most=8192)
quiz_versions = _Remembered(QuizVersion.objects.in_bulk, most=512)


def item_version(version_id: int) -> ItemVersion:
    """A published item version. Raises KeyError for one that does not exist."""
    return item_versions.one(version_id)


def kind_of(version_id: int) -> Kind:
    """What can be done with a published item version."""
    return KINDS[item_version(version_id).kind]


def quiz_version(quiz_version_id: int) -> QuizVersion:
    """A quiz as it was frozen. Raises KeyError for one that does not exist."""
    return quiz_versions.one(quiz_version_id)


@lru_cache(maxsize=256)
def blueprint(quiz_version_id: int) -> Blueprint:
    """The plan that was frozen with a version of a quiz."""
    version = quiz_version(quiz_version_id)
    if version.blueprint is not None:
        return Blueprint.of_data(version.blueprint)
    pool = version.pool.order_by("pk").values_list("pk", flat=True)
    worded: dict[str, set[int]] = {}
    for item, language in ItemText.objects.filter(version__in=pool).values_list("version", "language"):
        worded.setdefault(language, set()).add(item)
    return Blueprint(
        (Section(tuple(pool), version.draw),),
        {language: frozenset(items) for language, items in worded.items()},
    )


def pool(quiz_version_id: int) -> tuple[int, ...]:
    """The item versions that a frozen quiz draws from."""
    return blueprint(quiz_version_id).pool


def item_text(version_id: int, language: str) -> tuple[str, dict]:
    """The words of an item in a language and the language they are really in: the source's where it is missing.

    The caller marks the passage with the language that comes back (rule 7 of the domain).
    """
    try:
        texts = item_texts.one(version_id)
    except KeyError as problem:
        raise ItemText.DoesNotExist(f"item version {version_id} has no words in any language") from problem
    shown_in = next(each for each in (language, "en", *sorted(texts)) if each in texts)
    return shown_in, texts[shown_in]


def forget() -> None:
    """Begin anew, as a fresh process does."""
    item_versions.forget()
    item_texts.forget()
    item_keys.forget()
    quiz_versions.forget()
    blueprint.cache_clear()
