"""The catalogue as authors write it (pages), and what learners read of it (releases).

Authors work in Wagtail pages; learners never do. A release freezes a course in all its languages: an unpublished or
renamed page changes nothing for those who have begun (docs/decisions/0004-content-and-releases.md).
"""

from courses.models.pages import CoursePage, HomePage, LearningObjective, LessonPage, ModulePage, RadFactorBoxes
from courses.models.releases import Release, ReleaseBody, ReleaseNode

__all__ = [
    "CoursePage",
    "HomePage",
    "LearningObjective",
    "LessonPage",
    "ModulePage",
    "RadFactorBoxes",
    "Release",
    "ReleaseBody",
    "ReleaseNode",
]
