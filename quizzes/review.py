"""What a learner is shown after the grade, and to nobody before it.

What it shows when is the quiz's policy (`quizzes.blueprint.ReviewPolicy`), frozen with its version. As long as nobody
decides otherwise, each chosen answer is shown with what came of it and, where it stands for one, the mechanism that
makes it tempting; the best answer only once the quiz is passed, because the next attempt draws from the same bank.
"""

import json
import uuid
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from quizzes import adjusted, content, files, marked
from quizzes.blueprint import Shown
from quizzes.grading import Treatment
from quizzes.kinds.choices import Rating
from quizzes.kinds.contract import ItemJudgement, Outcome
from quizzes.marking_pages import Marked, marked_of
from quizzes.media import Medium, Shelf
from quizzes.models import AnswerFile, Attempt, Grade, ItemKind, Mechanism
from quizzes.services import disputed_grade
from quizzes.services.held_answers import newest

# Why each mechanism tempts good people, after Bandura's description of moral disengagement (1999); our words.
WHY_IT_TEMPTS = {
    Mechanism.MORAL_JUSTIFICATION: _(
        "A good purpose makes the step look like a duty."
        " The purpose may be real; it does not change what the step does."
    ),
    Mechanism.EUPHEMISTIC_LABELLING: _(
        "A mild word makes it easy to say, and so easy to do. Say it once in plain words and see how it sounds."
    ),
    Mechanism.ADVANTAGEOUS_COMPARISON: _(
        "Beside something worse, almost anything looks small. What others do worse does not make this right."
    ),
    Mechanism.DISPLACEMENT_OF_RESPONSIBILITY: _(
        "When someone above seems to want it, it feels like theirs to answer for. Your name is still on the act."
    ),
    Mechanism.DIFFUSION_OF_RESPONSIBILITY: _(
        "When everybody has a small part, nobody seems to have done it. Your part is still yours."
    ),
    Mechanism.MINIMISING_CONSEQUENCES: _(
        "The harm is far away and nobody seems to lose. Someone does, and you seldom get to see who."
    ),
    Mechanism.DEHUMANISATION: _(
        "It is easier when the other is only a file, a type or an enemy. Someone stands behind the papers."
    ),
    Mechanism.ATTRIBUTION_OF_BLAME: _("It feels like their own fault. What they did does not decide what you do."),
}


@dataclass(frozen=True)
class ReviewedItem:
    """One question as it is shown afterwards. `language` is the one its words are really in; `shown` is its kind's.

    `media` stand after the stem; `picture` is the one that was pointed at. `treatment` is set where the question was
    dropped or credited after it was sat, `rekeyed` where its key changed.
    Of a scenario: `tone` is how the chosen way is to look, `mechanism` what makes it tempting and `why_it_tempts` how.
    """

    number: int
    kind: str
    language: str
    outcome: Outcome
    shown: dict
    treatment: Treatment | None = None
    rekeyed: bool = False
    tone: str = ""
    mechanism: str = ""
    why_it_tempts: str = ""
    media: list[Medium] = field(default_factory=list)
    picture: Medium | None = None
    # Of an answer that people marked: what they gave, and the files that were handed in.
    marked: Marked | None = None
    files: list[AnswerFile] = field(default_factory=list)

    @property
    def template(self) -> str:
        return f"quizzes/kinds/{self.kind}_review.html"

    @property
    def says(self) -> str:
        """All that its template shows, to whoever answered alike; empty where something in it is this learner's
        alone: the addresses of media, a mark, a file. The number is not its template's to show.
        """
        if self.media or self.picture or self.marked or self.files:
            return ""
        return json.dumps(_TOLD(self), default=str)


_TOLD = attrgetter(*(each.name for each in fields(ReviewedItem) if each.name != "number"))


@dataclass(frozen=True)
class Review:
    """A graded attempt for its learner."""

    score: Decimal
    points: Decimal
    maximum: Decimal
    pass_mark: Decimal
    passed: bool
    bright_line: bool
    overridden: bool
    # A regrade came out below the mark, and the pass given before stands.
    pass_stands: bool
    regraded: bool
    withdrawn: bool
    # What of it is shown now; without its answers `items` is empty.
    shown: Shown
    items: list[ReviewedItem]


_TONES = {
    Rating.BEST: "good",
    Rating.ACCEPTABLE: "good",
    Rating.RISKY: "care",
    Rating.BREACH: "bad",
}


# Whoever decides on an appeal reads all of it.
EVERYTHING = Shown(answers=True, key=True)


def review_of(attempt: Attempt, language: str, *, now: datetime, appeal: uuid.UUID | None = None) -> Review | None:
    """The review of a graded attempt in a language, as far as its policy shows it now; None without a grade.

    `appeal` is the one whose decider reads it, instead of the learner: they read all of it.
    """
    grade = disputed_grade(attempt)
    return review_by(attempt, grade, language, now=now, appeal=appeal) if grade else None


def review_by(
    attempt: Attempt, grade: Grade, language: str, *, now: datetime, appeal: uuid.UUID | None = None
) -> Review:
    """The same by its `disputed_grade`, for who has read that."""
    shown = EVERYTHING if appeal else content.blueprint(attempt.quiz_version_id).shows(passed=grade.passed, now=now)
    adjustments = adjusted.in_force(attempt) if shown.answers and grade.has_adjustments else {}
    items = _items(attempt, language, adjustments, tell_key=shown.key) if shown.answers else []
    place, address = (appeal, "appeal_medium") if appeal else (attempt.uuid, "quiz_medium")
    shelf = Shelf(place, [item.shown for item in items], address=address)
    return Review(
        score=grade.score,
        points=grade.points,
        maximum=grade.maximum,
        pass_mark=attempt.pass_mark,
        passed=grade.passed,
        bright_line=grade.bright_line,
        overridden=grade.origin == grade.Origin.OVERRIDDEN,
        pass_stands=grade.pass_stands,
        regraded=grade.origin == grade.Origin.REGRADED,
        withdrawn=grade.origin == grade.Origin.WITHDRAWN,
        shown=shown,
        items=[_with_media(item, shelf) for item in items],
    )


def _with_media(item: ReviewedItem, shelf: Shelf) -> ReviewedItem:
    media, picture = shelf.stem(item.shown), shelf.picture(item.shown)
    return replace(item, media=media, picture=picture) if media or picture else item


def _items(attempt: Attempt, language: str, adjustments: adjusted.InForce, *, tell_key: bool) -> list[ReviewedItem]:
    responses = newest(attempt)
    answers = {position: response.answer for position, response in responses.items()}
    served = attempt.served_items
    as_judged = adjusted.items_of(adjusted.versions_of(attempt), adjustments)
    items = [
        _item(position, it, item["arrangement"], answers.get(position), language, tell_key=tell_key)
        for position, (item, it) in enumerate(zip(served, as_judged, strict=True))
    ]
    return _with_marks(attempt, items) if marked.for_people(attempt) else items


def _with_marks(attempt: Attempt, items: list[ReviewedItem]) -> list[ReviewedItem]:
    """With what people gave, and the files that they read. Two queries, one where no file was handed in."""
    by_position: dict[int, list] = {}
    for mark in marked.in_force([attempt]):
        by_position.setdefault(mark.marking.position, []).append(mark)
    handed_in = files.of_answers(attempt, [item.shown for item in items])
    found = []
    for position, item in enumerate(items):
        given = marked_of(marked.structure_of(attempt, position), by_position.get(position, []))
        if given and item.outcome is Outcome.AWAITED:
            outcome = ItemJudgement.of(Fraction(given.points) / Fraction(given.most)).outcome
            item = replace(item, outcome=outcome, marked=given, shown=_with_reached(item.shown, given))
        found.append(replace(item, files=files.named(item.shown, handed_in)))
    return found


def _with_reached(shown: dict, given: Marked) -> dict:
    """A rubric, where it is told, with the levels that were given."""
    rubric = [
        criterion
        | {"levels": [level | {"reached": n in fared.reached} for n, level in enumerate(criterion["levels"])]}
        for criterion, fared in zip(shown["rubric"], given.criteria, strict=False)
    ]
    return shown | {"rubric": rubric}


def _item(
    position: int,
    it: adjusted.AdjustedItem,
    arrangement: dict,
    answer: dict | None,
    language: str,
    *,
    tell_key: bool,
) -> ReviewedItem:
    version = it.version
    shown_in, words = it.words(language)
    shown = content.kind_of(version.pk).reviewed(
        it.structure, arrangement, words, answer, key=it.key, tell_key=tell_key
    )
    judged = it.key.judge(answer)
    reviewed = ReviewedItem(
        position + 1,
        version.kind,
        shown_in,
        judged.outcome,
        shown,
        it.treatment,
        rekeyed=it.adjustment is not None and it.adjustment.structure is not None,
    )
    return in_full(reviewed, answer)


def in_full(reviewed: ReviewedItem, answer: dict | None) -> ReviewedItem:
    """A reviewed item with what a scenario's chosen way is to look like and why it tempts."""
    if reviewed.kind != ItemKind.SCENARIO or answer is None:
        return reviewed
    shown = reviewed.shown
    mechanism = Mechanism(shown["mechanism"]) if shown["mechanism"] else None
    return replace(
        reviewed,
        tone=_TONES[shown["rating"]],
        mechanism=str(mechanism.label) if mechanism else "",
        why_it_tempts=str(WHY_IT_TEMPTS[mechanism]) if mechanism else "",
    )
