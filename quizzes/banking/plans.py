"""What an import would do, question by question: a file compared with what is here. Nothing is written.

An item is known by its key within its bank. What the file says nothing of (no tags, no difficulty, no factors) stays
as it is here. Imports become drafts: publishing takes two people (rule 9 of the domain).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import languages
from quizzes.banking.here import Here
from quizzes.exchange import check_version
from quizzes.formats.alike import in_normal_form
from quizzes.formats.neutral import Entry, Message, Question, Reading, Sentence, tidy_tags
from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from quizzes.services.drafting import Draft

# Of what says nothing of it: neither the easiest nor the hardest.
USUAL_DIFFICULTY = 2


class Fate(StrEnum):
    """What an import does with a question of the file."""

    NEW = "new"
    CHANGED = "changed"
    LANGUAGE = "language"
    SAME = "same"
    REFUSED = "refused"


WRITTEN = (Fate.NEW, Fate.CHANGED, Fate.LANGUAGE)


@dataclass(frozen=True)
class Row:
    """One question of the file. `draft` is what will be written, None where nothing is; `aside` are words in other
    languages that do not fit it; `notes` say what is not as it was in the file, or will not be as it is here; `reason`
    says why it is refused."""

    entry: Entry
    fate: Fate
    draft: Draft | None = None
    aside: dict[str, dict] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    reason: Message | None = None


@dataclass(frozen=True)
class Plan:
    rows: tuple[Row, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many questions meet each fate, those that nobody meets too."""
        found = Counter(row.fate for row in self.rows)
        return {str(fate): found[fate] for fate in Fate}

    @property
    def drafts(self) -> dict[str, Draft]:
        """What will be written, by key."""
        return {row.entry.question.key: row.draft for row in self.rows if row.draft and row.entry.question}

    @property
    def aside(self) -> dict[str, dict[str, dict]]:
        """Words that will wait beside their item, by key and language."""
        return {row.entry.question.key: row.aside for row in self.rows if row.aside and row.entry.question}


class _Refusal(Exception):
    def __init__(self, text: Any, **parameters: Any):
        self.message = Message.of(text, **parameters)
        super().__init__(self.message)


def plan_of(reading: Reading, here: Mapping[str, Here], language: str, also: Iterable[str] = ()) -> Plan:
    """What becomes of each question of a file whose words are in `language`, one that is installed.

    `here` is what its bank has of the same keys; `also` are tags that all of them get.
    """
    also = tuple(also)
    return Plan(tuple(_row(entry, here, language, also) for entry in reading.entries))


def _row(entry: Entry, here: Mapping[str, Here], language: str, also: tuple[str, ...]) -> Row:
    question = entry.question
    if question is None:
        return Row(entry, Fate.REFUSED, reason=entry.refusal)
    try:
        return _compared(entry, question, here.get(question.key), language, also)
    except _Refusal as refusal:
        return Row(entry, Fate.REFUSED, reason=refusal.message)
    except WrongItem as wrong:
        reason = Message.of(_("It could not be answered or graded: %(why)s."), why=Sentence(wrong))
        return Row(entry, Fate.REFUSED, reason=reason)


def _compared(entry: Entry, question: Question, found: Here | None, language: str, also: tuple[str, ...]) -> Row:
    """Raises _Refusal, and WrongItem for what could not be served in all of its languages."""
    tags = list(tidy_tags([*also, *question.tags]))
    if found is None or found.texts is None:
        draft = Draft(
            question.kind,
            question.difficulty or USUAL_DIFFICULTY,
            question.structure,
            {language: question.words},
            tags,
            list(question.rad_factors),
        )
        check_version(vars(draft))
        return Row(entry, Fate.NEW, draft, notes=entry.changes)
    if found.texts and language not in found.texts:
        return _in_a_further_language(entry, question, found, language)
    draft, aside, notes = _revised(question, found, language, tags)
    if _says(draft) == _says(_as_draft(found)):
        return Row(entry, Fate.SAME, notes=entry.changes)
    _check_in_use(found)
    check_version(vars(draft))
    return Row(entry, Fate.CHANGED, draft, aside, (*entry.changes, *notes))


def _check_in_use(found: Here) -> None:
    if found.is_retired:
        raise _Refusal(_("The question of this key is retired here. Give this one another key."))


def _in_a_further_language(entry: Entry, question: Question, found: Here, language: str) -> Row:
    """Words in a language that the item lacks: they join the others, if they are the words of the same item."""
    alike = in_normal_form(question.structure) == in_normal_form(found.structure)
    if question.kind != found.kind or not alike:
        raise _Refusal(
            _(
                "A question of this key is here in %(languages)s, and is answered or scored otherwise. Make the two"
                " alike, or give this one another key."
            ),
            languages=Languages.of(found.texts or ()),
        )
    _check_in_use(found)
    draft = _as_draft(found, {language: question.words})
    check_version(vars(draft))
    return Row(entry, Fate.LANGUAGE, draft, notes=entry.changes)


def _revised(
    question: Question, found: Here, language: str, tags: list[str]
) -> tuple[Draft, dict[str, dict], list[Message]]:
    """The item as the file has it. Its words in other languages stay where they still fit, and else wait aside."""
    others = {code: words for code, words in (found.texts or {}).items() if code != language}
    fitting = {code: words for code, words in others.items() if _fits(question, language, code, words)}
    notes = []
    if found.is_draft:
        notes.append(Message.of(_("The draft that is open here is written over.")))
    if aside := {code: words for code, words in others.items() if code not in fitting}:
        notes.append(
            Message.of(
                _("Its words in %(languages)s do not fit it any more. They wait aside until somebody completes them."),
                languages=Languages.of(aside),
            )
        )
    draft = Draft(
        question.kind,
        question.difficulty or found.difficulty,
        question.structure,
        fitting | {language: question.words},
        tags or list(found.tags),
        list(question.rad_factors or found.rad_factors),
    )
    return draft, aside, notes


def _fits(question: Question, language: str, other: str, words: dict) -> bool:
    try:
        KINDS[question.kind].check(question.structure, {language: question.words, other: words})
    except WrongItem:
        return False
    return True


def _as_draft(found: Here, more: Mapping[str, dict] | None = None) -> Draft:
    assert found.structure is not None and found.texts is not None, "an item without a version has nothing to say"
    return Draft(
        found.kind,
        found.difficulty,
        found.structure,
        {**found.texts, **(more or {})},
        list(found.tags),
        list(found.rad_factors),
    )


def _says(draft: Draft) -> dict:
    return {part: in_normal_form(value) for part, value in vars(draft).items()} | {"tags": tidy_tags(draft.tags)}


@dataclass(frozen=True)
class Languages:
    """Some languages, named in the language of who reads of them."""

    codes: tuple[str, ...]

    @classmethod
    def of(cls, codes: Iterable[str]) -> "Languages":
        return cls(tuple(sorted(codes)))

    def __str__(self) -> str:
        installed = [code for code in self.codes if languages.supported(code) == code]
        return str(languages.listed(installed)) if installed else ", ".join(self.codes)
