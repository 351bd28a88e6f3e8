"""The terms an administration has agreed on, and where a translation does not keep to them.

A hint, never a bar: languages inflect, and a good translator may have a reason. Words are compared by their beginning,
which finds *взятка* in *взяткой* and *pot-de-vin* in *pots-de-vin*, in any language and without a dictionary. The
limits: a stem that changes inside (*рот*, *рта*; broken plurals in Arabic) is flagged though it is right, and a word
that only begins alike is taken for the term.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from courses.languages.models import GlossaryTerm, GlossaryWord

_WORD = re.compile(r"\w+")
_MARKUP = re.compile(r"<[^>]+>")
_NOTE = re.compile(r"\s*\([^)]*\)")
# Arabic writes the article and one-letter particles to their word.
_PREFIXES = re.compile(r"^(?:[وفبكل]{0,2}ال|لل|[وف](?=\w{4,})|[بكل](?=\w{4,}))(?=\w{3,})")
_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
# What a term's entry has and running text often lacks.
_ARTICLES = frozenset({"to", "the", "a", "an", "le", "la", "les", "el", "los", "las", "o", "os", "as"})


@dataclass(frozen=True)
class Term:
    """An entry: its words by language."""

    key: str
    words: dict[str, str]
    note: str = ""


def terms() -> list[Term]:
    """The glossary in one query."""
    found: dict[str, Term] = {}
    for word in GlossaryWord.objects.select_related("term").order_by("term__key"):
        found.setdefault(word.term.key, Term(word.term.key, {}, word.term.note)).words[word.language] = word.text
    return list(found.values())


@transaction.atomic
def keep_terms(entries: Iterable[tuple[str, str, dict[str, str]]]) -> None:
    """Add terms and words that are not there yet: (key, note, words by language). What there is stays."""
    known = {term.key: term for term in GlossaryTerm.objects.all()}
    worded = set(GlossaryWord.objects.values_list("term__key", "language"))
    for key, note, by_language in entries:
        term = known.get(key) or GlossaryTerm.objects.create(key=key, note=note)
        GlossaryWord.objects.bulk_create(
            GlossaryWord(term=term, language=language, text=text)
            for language, text in by_language.items()
            if (key, language) not in worded
        )


# --- Stems ----------------------------------------------------------------------------------------------------------


def stems(text: str) -> list[str]:
    """The words of a text without case, accents, vowel signs and Arabic particles."""
    plain = unicodedata.normalize("NFKD", _MARKUP.sub(" ", text).casefold().translate(_ARABIC_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_ARABIC_LETTERS)
    return [_PREFIXES.sub("", word) for word in _WORD.findall(plain)]


def alike(one: str, other: str) -> bool:
    """Whether two words share a stem: they begin alike for all but their endings.

    The shorter one may lose a letter in three, none of its first two counted and three at most; what the longer one
    has beyond that is at most four letters.
    """
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return one == other or (len(short) == 3 and long[:-1] == short)
    kept = len(short) - min(3, (len(short) - 2) // 3)
    return short[:kept] == long[:kept] and len(long) - kept <= 4


def has(text: Sequence[str], term: Sequence[str]) -> bool:
    """Whether stems hold a term's stems in their order, with at most one other word between two of them."""
    if not term:
        return False
    return any(_from(text, term, start) for start in range(len(text) - len(term) + 1))


def _from(text, term, start):
    place = start
    for number, word in enumerate(term):
        reach = text[place : place + 1] if number == 0 else text[place : place + 2]
        step = next((n for n, other in enumerate(reach) if alike(word, other)), None)
        if step is None:
            return False
        place += step + 1
    return True


# --- The check ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """A term in a passage. `agreed` is its translation, "" where there is none; `kept` says that it is used."""

    key: str
    term: str
    agreed: str
    kept: bool


class Glossary:
    """The terms between two languages, ready to be looked for in many passages.

    A word may name several that are all agreed, with semicolons between them. Terms that read alike in the source,
    such as the release of goods and of a course, are one here: the translation keeps to it with the word of either.
    """

    def __init__(self, entries: Iterable[Term], source: str, target: str):
        together: dict[tuple[str, ...], list[Term]] = {}
        for term in entries:
            if term.words.get(source):
                together.setdefault(tuple(_stems_of(term.words[source])), []).append(term)
        self._terms = [
            (
                stems_of_term,
                terms_alike[0].key,
                terms_alike[0].words[source],
                [
                    word.strip()
                    for term in terms_alike
                    for word in term.words.get(target, "").split(";")
                    if word.strip()
                ],
            )
            for stems_of_term, terms_alike in sorted(together.items(), key=lambda entry: -len(entry[0]))
        ]
        self._agreed = {key: [_stems_of(word) for word in agreed] for _stems, key, _term, agreed in self._terms}

    def hits(self, source: str, translation: str = "") -> list[Hit]:
        """The terms in a passage, longest first; a term inside a longer one that was found is left out."""
        there, beside = stems(source), stems(translation)
        taken: list[tuple[str, ...]] = []
        found = []
        for wanted, key, term, agreed in self._terms:
            if has(there, wanted) and not any(has(longer, wanted) for longer in taken):
                taken.append(wanted)
                kept = any(has(beside, word) for word in self._agreed[key])
                found.append(Hit(key, term, "; ".join(agreed), kept))
        return found

    def broken(self, source: str, translation: str) -> list[Hit]:
        """The terms of a passage that its translation does not keep to."""
        return [hit for hit in self.hits(source, translation) if hit.agreed and not hit.kept] if translation else []


def _stems_of(term: str) -> list[str]:
    return [word for word in stems(_NOTE.sub("", term)) if word not in _ARTICLES]
