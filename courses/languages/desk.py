"""What a translator's desk shows of one text: each passage with its source, what has changed, and the glossary."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.languages import texts, words
from courses.languages.board import older_words
from courses.languages.glossary import Glossary, Hit, terms
from courses.languages.models import TranslatedFrom, TranslationWork
from courses.languages.services import state_of
from courses.languages.status import State, match
from courses.languages.texts import Standing, Text


@dataclass
class DeskPassage:
    """A passage on the desk.

    `standing` is what the translation says today, `value` what the translator has written or that. `open` says that it
    waits to be written, `confirmed` that what stands was translated from today's words. `changes` lays the source's
    older words beside today's, `rewritten` the standing translation beside the new one.
    """

    path: str
    label: str
    source: str
    rich: bool
    standing: str
    value: str
    open: bool
    confirmed: bool
    words: int
    changes: list[words.Change] = field(default_factory=list)
    rewritten: list[words.Change] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    problem: str = ""

    @property
    def rows(self) -> int:
        """The height of its box, in lines."""
        return min(12, max(2, len(self.source) // 60 + 1))


@dataclass(frozen=True)
class Sheet:
    state: State
    work: TranslationWork | None
    standing: Standing | None
    passages: list[DeskPassage]


def sheet(text: Text, language: str) -> Sheet:
    """Everything about one text in one language. A constant number of queries."""
    about = {"kind": text.kind, "key": text.key, "language": language}
    row = TranslatedFrom.objects.filter(**about).first()
    work = TranslationWork.objects.filter(**about).select_related("translator", "returned_by").first()
    standing = texts.standings_of([text], text.language).get(text.name, {}).get(language)
    shown = _laid_out(text, language, row, work)
    glossary = Glossary(terms(), text.language, language)
    for passage in shown:
        passage.hits = glossary.hits(passage.source, passage.value)
    return Sheet(state_of(text, standing, row, work), work, standing, shown)


def passages(text: Text, language: str) -> list[DeskPassage]:
    """The passages with what stands today, the draft left aside: what a form that comes back is compared with."""
    row = TranslatedFrom.objects.filter(kind=text.kind, key=text.key, language=language).first()
    return _laid_out(text, language, row, None)


def written(shown: Iterable[DeskPassage], typed: dict[str, str], right: set[str]) -> dict[str, str]:
    """What of a form is a translation: words that differ from those that stand, those the translator says are still
    right although the source has changed, and all where nothing was ever confirmed."""
    return {
        passage.path: typed[passage.path]
        for passage in shown
        if passage.path in typed
        and (
            typed[passage.path].strip() != passage.standing.strip()
            or (not passage.confirmed and (passage.path in right or not passage.open))
        )
    }


def _laid_out(text, language, row, work) -> list[DeskPassage]:
    there = texts.passages_in(text, language)
    matches = match(text.source, row.source["passages"] if row else [])
    older = older_words(matches)
    draft = work.passages["passages"] if work else {}
    shown = []
    for passage, found in zip(text.passages, matches, strict=True):
        # Words that nobody confirmed are shown in their place; whether they say the same is the reviewer's to see.
        raw = there.get(found.was or passage.path, "")
        standing = words.marked(raw).text if passage.rich else raw
        own = draft.get(passage.path)
        up_to_date = own is not None and own["source"] == passage.digest
        value = own["text"] if own else standing
        waiting = found.changed and bool(row or not standing)
        shown.append(
            DeskPassage(
                path=passage.path,
                label=passage.label,
                source=passage.text,
                rich=passage.rich,
                standing=standing,
                value=value,
                open=waiting or own is not None,
                confirmed=not found.changed,
                words=0 if up_to_date or not waiting else words.count(passage.text),
                changes=words.changes(older[found.was_digest], passage.text) if found.was_digest in older else [],
                rewritten=words.changes(standing, value) if own and standing else [],
            )
        )
    return shown
