"""What a translator's desk shows of one text: each passage with its source, what has changed, and the glossary."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core import word_changes
from courses.languages import letters, texts, words
from courses.languages.board import older_words
from courses.languages.glossary import Glossary, Hit, terms
from courses.languages.models import TranslatedFrom, TranslationWork
from courses.languages.services import confirmed_of, state_of
from courses.languages.status import Match, State, match
from courses.languages.vocabulary import Standing, Text


@dataclass
class DeskPassage:
    """A passage on the desk.

    `standing` is what the translation says today, `value` what the translator has written or that. `open` says that it
    waits to be written, `confirmed` that what stands was translated from today's words, `written` that the draft
    was. `changes` lays the source's older words beside today's, `rewritten` the standing translation beside the new
    one.
    """

    path: str
    label: str
    source: str
    rich: bool
    standing: str
    value: str
    open: bool
    confirmed: bool
    written: bool
    words: int
    changes: list[word_changes.Change] = field(default_factory=list)
    rewritten: list[word_changes.Change] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    places: tuple[str, ...] = ()
    ships: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """The source without its markup, for a line that stands for the passage."""
        return words.plain(self.source)

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
    work = TranslationWork.objects.filter(**about).select_related("translator", "returned_by", "approved_by").first()
    standing = texts.standings_of([text], text.language).get(text.name, {}).get(language)
    matches = match(text.source, confirmed_of(text, row, standing) or [])
    shown = laid_out(text, texts.passages_in(text, language), matches, older_words(matches), work)
    glossary = Glossary(terms(), text.language, language)
    ships = letters.shipped_in(text, language) if text.administration else {}
    for passage in shown:
        passage.ships = ships.get(passage.path, "")
        passage.hits = glossary.hits(passage.source, passage.value)
    return Sheet(state_of(text, standing, row, work), work, standing, shown)


def passages(text: Text, language: str) -> list[DeskPassage]:
    """The passages with what stands today, the draft left aside: what a form that comes back is compared with."""
    row = TranslatedFrom.objects.filter(kind=text.kind, key=text.key, language=language).first()
    standing = texts.standings_of([text], text.language).get(text.name, {}).get(language)
    matches = match(text.source, confirmed_of(text, row, standing) or [])
    return laid_out(text, texts.passages_in(text, language), matches, {}, None)


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


def laid_out(
    text: Text, there: dict[str, str], matches: list[Match], older: dict[str, str], work
) -> list[DeskPassage]:
    """A text's passages beside what stands under each path. `older` are the source's older words by digest."""
    draft = work.passages["passages"] if work else {}
    shown = []
    for passage, found in zip(text.passages, matches, strict=True):
        # Words that nobody confirmed are shown in their place; whether they say the same is the reviewer's to see.
        raw = there.get(found.was or passage.path, "")
        standing = words.marked(raw).text if passage.rich else raw
        own = draft.get(passage.path)
        up_to_date = own is not None and own["source"] == passage.digest
        value = own["text"] if own else standing
        was_confirmed = any(item.was for item in matches)
        waiting = found.changed and (was_confirmed or not standing)
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
                written=up_to_date,
                words=0 if up_to_date or not waiting else words.count(passage.text),
                changes=word_changes.changes(older[found.was_digest], passage.text)
                if found.was_digest in older
                else [],
                rewritten=word_changes.changes(standing, value) if own and standing else [],
                places=passage.places,
            )
        )
    return shown
