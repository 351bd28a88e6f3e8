"""The catalogue as authors write it (pages), and what learners read of it (releases).

Authors work in Wagtail pages; learners never do. A release freezes a course or a programme in all its languages: an
unpublished or renamed page changes nothing for those who have begun (docs/decisions/0004-content-and-releases.md).
"""

from courses.languages.models import GlossaryTerm, GlossaryWord, SourceWords, TranslatedFrom, TranslationWork
from courses.models.arrivals import Arrival
from courses.models.corrections import Correction, CorrectionApproval
from courses.models.links import CheckedAddress
from courses.models.national import NationalText
from courses.models.objectives import Objective, RadFactorBoxes
from courses.models.pages import (
    CourseObjective,
    CoursePage,
    HomePage,
    LearningObjective,
    LessonObjective,
    LessonPage,
    ModulePage,
)
from courses.models.programmes import (
    ProgrammeKind,
    ProgrammeKindName,
    ProgrammeObjective,
    ProgrammePage,
    ProgrammePart,
    ProgrammePrerequisite,
    ProgrammeTerms,
)
from courses.models.releases import MaterialChange, Release, ReleaseBody, ReleaseNode
from courses.models.reviews import ReviewTask
from courses.models.shipped import ShippedWords
from courses.models.transfers import CourseTransfer
from courses.models.wordings import OwnWording

__all__ = [
    "Arrival",
    "CheckedAddress",
    "Correction",
    "CorrectionApproval",
    "CourseObjective",
    "CoursePage",
    "CourseTransfer",
    "GlossaryTerm",
    "GlossaryWord",
    "HomePage",
    "LearningObjective",
    "LessonObjective",
    "LessonPage",
    "MaterialChange",
    "ModulePage",
    "NationalText",
    "Objective",
    "OwnWording",
    "ProgrammeKind",
    "ProgrammeKindName",
    "ProgrammeObjective",
    "ProgrammePage",
    "ProgrammePart",
    "ProgrammePrerequisite",
    "ProgrammeTerms",
    "RadFactorBoxes",
    "Release",
    "ReleaseBody",
    "ReleaseNode",
    "ReviewTask",
    "ShippedWords",
    "SourceWords",
    "TranslatedFrom",
    "TranslationWork",
]
