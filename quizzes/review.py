"""What a learner is shown after the grade, and to nobody before it.

Policy: each chosen answer is shown with what came of it and, where it stands for one, the mechanism that makes it
tempting. The best answer is shown only once the quiz is passed, because the next attempt draws from the same bank.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes import content, grading
from quizzes.models import Attempt, Mechanism

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
    """One question as it is shown afterwards. `language` is the one its words are really in."""

    number: int
    language: str
    stem: str
    answer: str | None
    consequence: str
    tone: str
    bright_line: bool
    mechanism: str
    why_it_tempts: str
    rationalisation: str
    best_answer: str


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
    items: list[ReviewedItem]


_TONES = {
    grading.Rating.BEST: "good",
    grading.Rating.ACCEPTABLE: "good",
    grading.Rating.RISKY: "care",
    grading.Rating.BREACH: "bad",
}


def review_of(attempt: Attempt, language: str) -> Review | None:
    """The review of a graded attempt in a language; None while there is no grade."""
    if attempt.state != Attempt.State.GRADED:
        return None
    grade = attempt.grades.order_by("-number").first()
    if grade is None:
        return None
    choices = dict(attempt.responses.order_by("position", "sequence").values_list("position", "option"))
    served = [item["version"] for item in attempt.served_items]
    content.item_versions(served)
    content.item_texts(served)
    return Review(
        score=grade.score,
        points=grade.points,
        maximum=grade.maximum,
        pass_mark=attempt.pass_mark,
        passed=grade.passed,
        bright_line=grade.bright_line,
        overridden=grade.origin == grade.Origin.OVERRIDDEN,
        items=[
            _item(position, version, choices.get(position), language, show_best=grade.passed)
            for position, version in enumerate(served)
        ],
    )


def _item(position: int, version_id: int, choice: str | None, language: str, show_best: bool) -> ReviewedItem:
    shown_in, text = content.item_text(version_id, language)
    options = content.answer_key(version_id).options
    chosen = options.get(choice) if choice else None
    words = text["options"][choice] if choice else {}
    mechanism = content.item_version(version_id).mechanism_of(choice) if choice else None
    best = next(option.key for option in options.values() if option.rating == grading.Rating.BEST)
    return ReviewedItem(
        number=position + 1,
        language=shown_in,
        stem=text["stem"],
        answer=words.get("text"),
        consequence=words.get("consequence", ""),
        tone=_TONES[chosen.rating] if chosen else "",
        bright_line=bool(chosen and chosen.bright_line),
        mechanism=str(mechanism.label) if mechanism else "",
        why_it_tempts=str(WHY_IT_TEMPTS[mechanism]) if mechanism else "",
        rationalisation=words.get("rationalisation", ""),
        best_answer=text["options"][best]["text"] if show_best and best != choice else "",
    )
