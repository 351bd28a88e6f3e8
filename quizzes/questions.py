"""A question as its page shows it: what its kind gives out, in the reader's language."""

from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core import languages
from frontend import furniture
from frontend.templatetags import ui
from quizzes import content, files
from quizzes.media import Medium, Shelf
from quizzes.models import AnswerFile, Attempt, ItemKind, Response

# Kinds that are answered by choosing among options look alike.
_CHOSEN = frozenset({ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_CHOICE, ItemKind.SCENARIO})
LONGEST_SEQUENCE = len(str(Response.LAST_SEQUENCE))


@dataclass(frozen=True)
class Question:
    """`language` is the one that the words are really in; the page marks the passage with it (rule 7 of the domain).

    `name` is what its fields in the form begin with. `shown` is its kind's, and holds nothing of the key. `media`
    stand after the stem; `picture` is the one to point at; `files` are those handed in with the answer.
    """

    kind: str
    name: str
    language: str
    shown: dict
    media: list[Medium]
    picture: Medium | None
    files: list[AnswerFile] = field(default_factory=list)

    @property
    def direction(self) -> str:
        return "rtl" if languages.is_right_to_left(self.language) else "ltr"

    @property
    def template(self) -> str:
        return f"quizzes/kinds/{'options' if self.kind in _CHOSEN else self.kind}.html"

    @property
    def stem(self) -> str:
        return self.shown["stem"]

    @property
    def options(self) -> SafeString:
        """What there is to choose among, of a kind that is answered so."""
        return ui.options(self.name, self.shown["options"], self.shown["several"])

    def markup(self, language: str) -> SafeString:
        """The question as its template has it in the active language. Most are chosen among, and differ in their words
        alone."""
        if self.kind not in _CHOSEN or self.media:
            return render_to_string(self.template, {"question": self})
        own = {f"question.{name}": getattr(self, name) for name in ("language", "direction", "stem", "options")}
        return furniture.filled("quizzes/kinds/options.html", {}, own, language)


def field_name(number: int) -> str:
    """The name of the form's fields for the question with this number (from 1)."""
    return f"q{number}"


def sequence_sent(request, number: int) -> int:
    """The number that a form gives this question's answer; 0, which no answer has, for anything else."""
    sent = request.POST.get(f"{field_name(number)}-sequence", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_SEQUENCE else 0


def known_sent(request, number: int) -> int | None:
    """The newest answer to this question that the form's window knows of, by its number; None if it does not say."""
    sent = request.POST.get(f"{field_name(number)}-known", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_SEQUENCE else None


def files_sent(request, number: int) -> tuple[list, list[str]]:
    """The files that a form brings for this question, and those that it takes back."""
    name = field_name(number)
    return request.FILES.getlist(f"{name}-upload"), request.POST.getlist(f"{name}-remove")


def is_about_files(request, number: int) -> bool:
    """Whether a file was added or taken back: then the page comes back and lists those that there are."""
    return any(f"{field_name(number)}-{part}" in request.POST for part in ("add", "remove"))


def has_pointed(request, number: int) -> bool:
    """Whether the form was sent by pointing at this question's picture: then the page comes back and shows where. A
    picture that is pressed by keyboard sends 0, 0, and so does the enter key in a field before it.
    """
    pressed = [request.POST.get(f"{field_name(number)}-press.{axis}", "0") for axis in "xy"]
    return pressed != ["0", "0"]


def question_of(attempt: Attempt, number: int, answer: dict | None, language: str) -> Question:
    """An attempt's question with what is answered, in a language or the one it falls back to."""
    item = attempt.served_items[number - 1]
    version = content.item_version(item["version"])
    shown_in, words = content.item_text(item["version"], language)
    kind = content.kind_of(item["version"])
    shown = kind.shown(version.structure, item["arrangement"], words, answer)
    shelf = Shelf(attempt.uuid, [shown])
    return Question(
        version.kind,
        field_name(number),
        shown_in,
        shown,
        shelf.stem(shown),
        shelf.picture(shown),
        files.named(shown, files.of_answers(attempt, [shown])),
    )
