"""Items as they are judged today: as they were published, with the adjustments in force laid over them.

The adjustments are read for each judgement, in one query: a worker may not go on with yesterday's key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.prepared import Prepared
from quizzes import content, grading
from quizzes.grading import Treatment
from quizzes.kinds import KINDS
from quizzes.kinds.contract import ItemKey
from quizzes.models import Attempt, ItemAdjustment, ItemVersion

TREATMENTS = {
    ItemAdjustment.Deed.DROP: Treatment.DROPPED,
    ItemAdjustment.Deed.CREDIT_ALL: Treatment.CREDITED,
}

_OF_QUIZ = Prepared(
    lambda slot: ItemAdjustment.objects.filter(version__quiz_versions=slot.quiz_version).order_by("number")
)

InForce = Mapping[int, ItemAdjustment]


@dataclass(frozen=True)
class AdjustedItem:
    """A served item as it counts: what its review needs."""

    version: ItemVersion
    structure: dict
    key: ItemKey
    treatment: Treatment | None
    adjustment: ItemAdjustment | None

    def words(self, language: str) -> tuple[str, dict]:
        """The words and the language they are really in, as `content.item_text`."""
        shown_in, words = content.item_text(self.version.pk, language)
        if self.adjustment is not None and self.adjustment.texts is not None:
            return shown_in, self.adjustment.texts[shown_in]
        return shown_in, words


def versions_of(attempt: Attempt) -> list[int]:
    return [item["version"] for item in attempt.served_items]


def in_force(attempt: Attempt) -> dict[int, ItemAdjustment]:
    """The adjustments that count for an attempt today. One query."""
    served = set(versions_of(attempt))
    of_quiz = _OF_QUIZ.all(quiz_version=attempt.quiz_version_id)
    return {each.version_id: each for each in of_quiz if each.version_id in served}


def key_of(adjustment: ItemAdjustment, published: ItemKey) -> ItemKey:
    """The key of the item that was adjusted: its own, unless it was given a new one."""
    if adjustment.structure is None:
        return published
    kind = content.kind_of(adjustment.version_id)
    return kind.key(adjustment.structure, adjustment.texts)


def item_of(version_id: int, adjustments: InForce) -> AdjustedItem:
    """A served item as it counts today. Raises KeyError for a version that does not exist."""
    return items_of([version_id], adjustments)[0]


def items_of(version_ids: Sequence[int], adjustments: InForce) -> list[AdjustedItem]:
    """The same of several, in their order."""
    versions, published = content.item_versions(version_ids), content.item_keys(version_ids)
    return [_item(versions[each], published[each], adjustments.get(each)) for each in version_ids]


def _item(version: ItemVersion, published: ItemKey, adjustment: ItemAdjustment | None) -> AdjustedItem:
    if adjustment is None:
        return AdjustedItem(version, version.structure, published, None, None)
    structure = version.structure if adjustment.structure is None else adjustment.structure
    treatment = TREATMENTS.get(adjustment.deed)
    return AdjustedItem(version, structure, key_of(adjustment, published), treatment, adjustment)


def judge(
    attempt: Attempt,
    answers: Mapping[int, dict | None],
    adjustments: InForce,
    marked: Mapping[int, Fraction],
) -> grading.Judgement:
    """What these answers are worth in this attempt, by the item versions it was served, these adjustments, the weights
    frozen with its version of the quiz, and what people have `marked`, by position (quizzes.marked).
    """
    served = versions_of(attempt)
    keys = _keys(served, adjustments)
    treatments = {
        position: TREATMENTS[adjustments[version].deed]
        for position, version in enumerate(served)
        if version in adjustments and adjustments[version].deed in TREATMENTS
    }
    weights = content.blueprint(attempt.quiz_version_id).weights
    return grading.judge(keys, answers, attempt.pass_mark, treatments, weights, marked)


def _keys(served: Sequence[int], adjustments: InForce) -> list[ItemKey]:
    keys = content.item_keys(served)
    return [key_of(adjustments[each], keys[each]) if each in adjustments else keys[each] for each in served]


def check(version: ItemVersion, structure: dict, texts: Mapping[str, dict]) -> None:
    """That a new key for a published version is one, and nothing but that. Raises WrongItem."""
    KINDS[version.kind].check_new_key(
        version.structure, content.item_texts([version.pk])[version.pk], structure, texts
    )
