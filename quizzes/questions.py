"""A question as its page shows it: what its kind gives out, in the reader's language."""

from dataclasses import dataclass, field

from quizzes import content, files
from quizzes.media import Medium, Shelf
from quizzes.models import AnswerFile, Attempt


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
    def template(self) -> str:
        return f"quizzes/kinds/{self.kind}.html"


def field_name(number: int) -> str:
    """The name of the form's fields for the question with this number (from 1)."""
    return f"q{number}"


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
