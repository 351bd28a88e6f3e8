"""The forms of the twelve kinds of item: `SHEETS` has each by its kind."""

from quizzes.authoring.sheets.choosing import MultipleChoiceSheet, ScenarioSheet, SingleChoiceSheet, TrueFalseSheet
from quizzes.authoring.sheets.looking import DocumentSheet, HotspotSheet
from quizzes.authoring.sheets.marking import EssaySheet
from quizzes.authoring.sheets.placing import MatchingSheet, OrderingSheet
from quizzes.authoring.sheets.sheet import Sheet
from quizzes.authoring.sheets.writing import GapFillSheet, NumericalSheet, ShortAnswerSheet
from quizzes.models import ItemKind

SHEETS: dict[str, type[Sheet]] = {
    ItemKind.SCENARIO: ScenarioSheet,
    ItemKind.SINGLE_CHOICE: SingleChoiceSheet,
    ItemKind.MULTIPLE_CHOICE: MultipleChoiceSheet,
    ItemKind.TRUE_FALSE: TrueFalseSheet,
    ItemKind.ORDERING: OrderingSheet,
    ItemKind.MATCHING: MatchingSheet,
    ItemKind.GAP_FILL: GapFillSheet,
    ItemKind.SHORT_ANSWER: ShortAnswerSheet,
    ItemKind.NUMERICAL: NumericalSheet,
    ItemKind.HOTSPOT: HotspotSheet,
    ItemKind.DOCUMENT: DocumentSheet,
    ItemKind.ESSAY: EssaySheet,
}

__all__ = ["SHEETS", "Sheet"]
