"""One question while it is read, and all of them: what every reader needs.

A reader asks a `Draft` for texts and media; the draft notes what was lost. It raises `QuestionRefused` for what cannot
be taken, and the `Collector` goes on with the next question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks, texts
from quizzes.formats.media import Library, Unfit, decoded, known_name
from quizzes.formats.neutral import (
    LONGEST_NAME,
    Entry,
    Keys,
    Medium,
    Message,
    Question,
    Reading,
    Refused,
    Sentence,
    tidy_tags,
)
from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from quizzes.kinds.shapes import LONGEST_TEXT

MOST_QUESTIONS = 5_000
MOST_PARTS = 100

LOST = {
    "formatting": _("Formatting (bold, italic, headings, colours) is not kept."),
    "table": _("A table is kept as lines of text."),
    "link": _("A link is kept as text."),
    "script": _("A script is not taken."),
    "embedded": _("Something embedded from elsewhere is not taken."),
    "file": _("A link to a file is not taken."),
    "formula": _("A formula is kept as it is written, or as its words; it is not drawn."),
    "place": _("Pictures and recordings are shown after the text, not within it."),
    "language": _("It holds several languages; only one of them is taken."),
}

Files = Callable[[str], bytes | None]
# Hears how many of how many questions are read.
Told = Callable[[int, int], None]


class QuestionRefused(Exception):
    """A question cannot be taken; the message says why, and the others are read on."""

    def __init__(self, text: Any, **parameters: Any):
        self.message = Message.of(text, **parameters)
        super().__init__(self.message)


@dataclass(frozen=True)
class Made:
    """A question as a reader made it of a draft."""

    kind: str
    structure: dict
    words: dict


class Allowance:
    """How much Markdown one file may have: its parser takes longer for some texts than for others."""

    def __init__(self, characters: int = 1_000_000):
        self._left = characters

    def spend(self, characters: int) -> None:
        """Raises QuestionRefused."""
        self._left -= characters
        if self._left < 0:
            raise QuestionRefused(_("The file has more Markdown than is read at once."))


def silent(done: int, of: int) -> None:
    """Nobody listens."""


def no_files(address: str) -> bytes | None:
    return None


@dataclass
class Draft:
    """What is gathered while one question is read. `given_key` is an id that the file has for it."""

    language: str
    library: Library
    markdown: Allowance = field(default_factory=Allowance)
    name: str = ""
    given_key: str = ""
    tags: list[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    difficulty: int | None = None
    rad_factors: tuple[int, ...] = ()
    media: dict[str, Medium] = field(default_factory=dict)
    shown: list[dict] = field(default_factory=list)
    changes: dict[Message, None] = field(default_factory=dict)

    def changed(self, text: Any, **parameters: Any) -> None:
        """Note that something is not as it was in the file."""
        self.changes[Message.of(text, **parameters)] = None

    def text(self, source: str, form: str = "html") -> str:
        """A text without media of its own: an option, a feedback, a hint."""
        found = self._rendered(source, form, inline=True)
        if found.references:
            self.changed(_("A picture or recording in an answer or a feedback is not taken; its words are."))
        return self._checked(found.text)

    def option(self, source: str, form: str = "html") -> str:
        """A text that is answered by. Raises QuestionRefused where it is a picture that says nothing in words."""
        text = self.text(source, form)
        if not text:
            if self._rendered(source, form, inline=True).references:
                raise QuestionRefused(
                    _("An answer is a picture without words, which nobody can choose who cannot see.")
                )
            raise QuestionRefused(_("An answer has no text. Write one, or take the answer away."))
        return text

    def stem(self, source: str, files: Files = no_files, form: str = "html") -> str:
        """The question's text; what it shows becomes the question's media."""
        found = self._rendered(source, form, inline=False)
        for reference in found.references:
            self.show(reference, files)
        return self._checked(found.text)

    def show(self, reference: texts.Reference, files: Files) -> Medium:
        """Take a medium and show it after the stem. Raises QuestionRefused: a question is no question without it."""
        medium = self.taken(reference.address, files)
        if medium.sha256 not in [one["sha256"] for one in self.shown]:
            self.shown.append({"sha256": medium.sha256, "kind": medium.kind, "alt": self.alt(reference, medium)})
        return medium

    def taken(self, address: str, files: Files) -> Medium:
        """A medium by its address in the file. Raises QuestionRefused."""
        try:
            if address.startswith("data:"):
                data, name = decoded(address.partition(",")[2]), ""
            else:
                name = known_name(address)
                found = None if "://" in address or address.startswith("//") else files(address)
                if found is None:
                    raise QuestionRefused(
                        _(
                            "It shows “%(name)s”, which the file does not hold. Nothing is fetched from elsewhere:"
                            " bring the file with it, or the whole package."
                        ),
                        name=name or address,
                    )
                data = found
            medium = self.library.medium(data, name)
        except Unfit as unfit:
            raise QuestionRefused(
                _("It shows “%(name)s”, which is not taken: %(reason)s."),
                name=known_name(address) if not address.startswith("data:") else "data:",
                reason=unfit.message,
            ) from unfit
        self.media[medium.sha256] = medium
        return medium

    def alt(self, reference: texts.Reference, medium: Medium) -> str:
        if reference.alt:
            return reference.alt
        self.changed(
            _("“%(name)s” has no words for who cannot see or hear it; its file name stands in. Write them."),
            name=medium.name,
        )
        return medium.name

    def _rendered(self, source: str, form: str, *, inline: bool) -> texts.Rendered:
        if form == "markdown":
            self.markdown.spend(len(source))
        try:
            found = texts.rendered(source, form, self.language, inline=inline)
        except texts.TooLong as problem:
            raise QuestionRefused(_("A text of it is too long.")) from problem
        for lost in sorted(found.lost):
            self.changed(LOST[lost])
        return found

    def _checked(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise QuestionRefused(_("A text of it is longer than %(most)d characters."), most=LONGEST_TEXT)
        return text

    def words(self, stem: str, rationale: str = "", hints: list[str] | None = None, **more: Any) -> dict:
        """Words of shape 2 with what all kinds have in common."""
        if not stem and self.shown:
            raise QuestionRefused(_("It asks by a picture or recording alone. Write the question in words as well."))
        if not stem:
            raise QuestionRefused(_("It has no text. Write the question in words."))
        made: dict[str, Any] = {"shape": 2, "stem": stem}
        if rationale:
            made["rationale"] = rationale
        kept = [hint for hint in hints or [] if hint]
        if kept:
            made["hints"] = kept
        if self.shown:
            made["media"] = list(self.shown)
        return made | more


class Collector:
    """Gathers what became of each question of a file. `expected`, where a reader knows it, is how many there are."""

    def __init__(self, format: str, language: str, kept: frozenset[str] = frozenset(), told: Told = silent):
        self.format, self.language = format, language
        self.expected = 0
        self._told = told
        self.title = ""
        self.library = Library(kept)
        self.entries: list[Entry] = []
        self.notes: dict[Message, None] = {}
        self._markdown = Allowance()
        self._keys = Keys()

    def note(self, text: Any, **parameters: Any) -> None:
        """Say something of the file as a whole, once."""
        self.notes[Message.of(text, **parameters)] = None

    def take(
        self,
        read: Callable[[Draft], Made],
        line: int | None = None,
        member: str = "",
        name: str = "",
        otherwise: str = "",
    ) -> None:
        """Have one question read, and note what became of it. One that has no `name` and is refused is called
        `otherwise`, so that who reads the report finds it. Raises Refused for more than a bank can hold."""
        if len(self.entries) >= MOST_QUESTIONS:
            raise Refused(_("It has more than %(most)d questions. Split it."), most=MOST_QUESTIONS)
        draft = Draft(self.language, self.library, self._markdown, name=name)
        number = len(self.entries) + 1
        try:
            made = read(draft)
            question = self._question(draft, made)
        except QuestionRefused as refused:
            draft.name = draft.name or otherwise
            entry = Entry(number, line, _title(draft, None), member, refusal=refused.message)
        else:
            entry = Entry(number, line, question.name, member, question, tuple(draft.changes))
        self.entries.append(entry)
        self._told(number, max(number, self.expected))

    def _question(self, draft: Draft, made: Made) -> Question:
        _check(made, self.language)
        name = _title(draft, made)
        return Question(
            key=self._keys.of(draft.given_key.strip(), name, made.words["stem"]),
            name=name,
            kind=made.kind,
            structure=made.structure,
            words=made.words,
            tags=tidy_tags(draft.tags),
            difficulty=draft.difficulty if draft.difficulty is not None else marks.difficulty(draft.marks),
            rad_factors=draft.rad_factors or marks.factors(draft.marks),
            media=tuple(draft.media[digest] for digest in sorted(draft.media)),
        )

    def reading(self) -> Reading:
        if not self.entries:
            raise Refused(_("The file holds no question."))
        return Reading(self.format, self.language, tuple(self.entries), tuple(self.notes), self.title[:LONGEST_NAME])


def _title(draft: Draft, made: Made | None) -> str:
    name = texts.line(draft.name)
    if not name and made:
        name = texts.line(made.words["stem"])
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _check(made: Made, language: str) -> None:
    kind = KINDS.get(made.kind)
    if kind is None:
        return
    try:
        kind.check(made.structure, {language: made.words})
    except WrongItem as wrong:
        raise QuestionRefused(_("It could not be answered or graded: %(why)s."), why=Sentence(wrong)) from wrong


def checked_count(parts: Mapping | list, most: int = MOST_PARTS) -> None:
    """Raises QuestionRefused for a question of more parts than anybody answers."""
    if len(parts) > most:
        raise QuestionRefused(_("It has more than %(most)d parts."), most=most)
