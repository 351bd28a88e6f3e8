"""The item bank, the frozen quiz, and what learners did with it.

Items and quizzes are versioned: an attempt points at the versions it was served from and at nothing that an author
can still change. Responses and grades are append-only, in the database as well as here.
"""

from quizzes.models.accommodations import Accommodation
from quizzes.models.adjustments import ForeseenPass, ItemAdjustment, Regrade, RegradePreview
from quizzes.models.analyses import Analysis
from quizzes.models.appeals import Appeal, AppealPeriod
from quizzes.models.attempts import Attempt, Response
from quizzes.models.deadlines import DeadlineReminder
from quizzes.models.drafts import ItemEvent, WordsSetAside
from quizzes.models.files import QuestionFile
from quizzes.models.grades import Grade, GradingRun
from quizzes.models.items import Item, ItemBank, ItemKind, ItemText, ItemVersion, Mechanism, RadFactor
from quizzes.models.markings import AnswerFile, Mark, Marking
from quizzes.models.media import ItemMedia
from quizzes.models.outcomes import ItemOutcomes
from quizzes.models.plans import Quiz, QuizSection, QuizText, QuizVersion
from quizzes.models.reports import QuestionCase, QuestionReport

__all__ = [
    "Accommodation",
    "Analysis",
    "AnswerFile",
    "Appeal",
    "AppealPeriod",
    "Attempt",
    "DeadlineReminder",
    "ForeseenPass",
    "Grade",
    "GradingRun",
    "Item",
    "ItemAdjustment",
    "ItemBank",
    "ItemEvent",
    "ItemKind",
    "ItemMedia",
    "ItemOutcomes",
    "ItemText",
    "ItemVersion",
    "Mark",
    "Marking",
    "Mechanism",
    "QuestionCase",
    "QuestionFile",
    "QuestionReport",
    "Quiz",
    "QuizSection",
    "QuizText",
    "QuizVersion",
    "RadFactor",
    "Regrade",
    "RegradePreview",
    "Response",
    "WordsSetAside",
]
