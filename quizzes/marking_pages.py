"""What a marker is shown of an answer: the question, the answer, the rubric; never whose it is or what another gave.

Who decides between two markers sees both marks, and not whose they are.
"""

from dataclasses import dataclass
from decimal import Decimal

from quizzes import content, files, marked
from quizzes.marking import FIRST, SECOND, Plan, most_of
from quizzes.media import Medium, Shelf
from quizzes.models import AnswerFile, Mark, Marking
from quizzes.services.marking import Given

# What the names of the form's fields begin with: the script that keeps drafts sends these alone.
FORM = "m"


@dataclass(frozen=True)
class Level:
    """One level of a criterion. `value` is what the form says, from 1; `given_by` are the seats that chose it."""

    value: int
    text: str
    points: Decimal
    chosen: bool
    given_by: list[int]


@dataclass(frozen=True)
class Criterion:
    """`name` is its field in the form."""

    name: str
    text: str
    levels: list[Level]


@dataclass(frozen=True)
class AnswerToMark:
    """A place with all that its marker needs. `language` is that of the words, `place.language` that of the answer.

    `words` is a plain count of what stands between white space, to compare with what was asked for.
    """

    place: Marking
    language: str
    stem: str
    media: list[Medium]
    for_markers: str
    text: str
    words: int
    least_words: int
    most_words: int
    files: list[AnswerFile]
    criteria: list[Criterion]
    marks: list[Mark]
    given: Given

    @property
    def missing(self) -> list[str]:
        """The names of the fields of criteria without a level."""
        return [each.name for each in self.criteria if not any(level.chosen for level in each.levels)]


def answer_to_mark(place: Marking, given: Given, language: str) -> AnswerToMark:
    """The page of a place with what its marker has filled in, in a language or the one it falls back to."""
    attempt = place.attempt
    version = content.item_version(attempt.served_items[place.position]["version"])
    shown_in, words = content.item_text(version.pk, language)
    answers = attempt.responses.filter(position=place.position).order_by("-sequence")
    answer = answers.values_list("answer", flat=True).first() or {"text": "", "files": []}
    shown = content.kind_of(version.pk).shown(version.structure, {}, words, answer)
    marks = _of_markers(place) if place.is_moderation else []
    return AnswerToMark(
        place,
        shown_in,
        shown["stem"],
        Shelf(place.uuid, [shown], address="marking_medium").stem(shown),
        words.get("for_markers", ""),
        answer["text"],
        len(answer["text"].split()),
        shown["least_words"],
        shown["most_words"],
        files.named(shown, files.of_answers(attempt, [shown])),
        _criteria(version.structure, words["rubric"], given, marks),
        marks,
        given,
    )


def _of_markers(place: Marking) -> list[Mark]:
    marks = marked.in_force([place.attempt])
    return [each for each in marks if each.marking.position == place.position and each.marking.seat in (FIRST, SECOND)]


def _criteria(structure: dict, words: dict, given: Given, marks: list[Mark]) -> list[Criterion]:
    return [
        Criterion(
            field(number),
            words[criterion["key"]]["text"],
            [
                Level(
                    value,
                    words[criterion["key"]]["levels"][level["key"]],
                    Decimal(level["points"]),
                    given.levels.get(criterion["key"]) == level["key"],
                    [mark.marking.seat for mark in marks if mark.chosen[criterion["key"]] == level["key"]],
                )
                for value, level in enumerate(criterion["levels"], 1)
            ],
        )
        for number, criterion in enumerate(structure["rubric"], 1)
    ]


def field(number: int) -> str:
    """The name of the field of a rubric's criterion, counted from 1."""
    return f"{FORM}-c{number}"


# --- What came of it, for the learner -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fared:
    """How an answer fared at one criterion: points earned of most. `reached` are the levels that were chosen, by their
    place in the rubric; with two markers perhaps two.
    """

    points: Decimal
    most: Decimal
    reached: list[int]


@dataclass(frozen=True)
class Marked:
    """What people gave for an answer, as its learner reads it: sums, each criterion, and what they wrote to them."""

    points: Decimal
    most: Decimal
    criteria: list[Fared]
    comments: list[str]


def marked_of(structure: dict, marks: list[Mark]) -> Marked | None:
    """What the learner is told of the marks at one answer, in force and by seat; None while there is nothing to tell.

    Where somebody has decided between two markers, their mark alone is told. Raises ValueError for marks along
    another rubric.
    """
    if not marks:
        return None
    told = marks[-1:] if marks[-1].marking.is_moderation else marks[: Plan.of(structure).markers]
    criteria = [
        _fared(criterion, [mark.chosen[criterion["key"]] for mark in told]) for criterion in structure["rubric"]
    ]
    return Marked(
        sum((each.points for each in criteria), Decimal(0)),
        sum((each.most for each in criteria), Decimal(0)),
        criteria,
        [mark.comment for mark in told if mark.comment],
    )


def _fared(criterion: dict, chosen: list[str]) -> Fared:
    points = {level["key"]: Decimal(level["points"]) for level in criterion["levels"]}
    most = most_of(criterion)
    return Fared(
        sum((points[key] for key in chosen), Decimal(0)) / len(chosen),
        Decimal(most.numerator) / most.denominator,
        [place for place, level in enumerate(criterion["levels"]) if level["key"] in chosen],
    )
