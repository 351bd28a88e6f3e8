"""A run of a programme: cohort, section, group, and each learner's way through it."""

from cohorts.models.enrolments import Delta, Enrolment
from cohorts.models.ledgers import CreditedHours, NodeProgress
from cohorts.models.moves import CohortMove, EnrolmentMove
from cohorts.models.own import CalendarFeed, PrivateWriting
from cohorts.models.refreshers import Refresher, RefresherPlace, RefresherWithdrawal
from cohorts.models.reminders import LastDayReminder
from cohorts.models.runs import Cohort, Group, RuleSet, Section
from cohorts.models.sittings import Candidate, Irregularity, Sitting, SupervisedAttempt, SupervisedQuiz

__all__ = [
    "CalendarFeed",
    "Candidate",
    "Cohort",
    "CohortMove",
    "CreditedHours",
    "Delta",
    "Enrolment",
    "EnrolmentMove",
    "Group",
    "Irregularity",
    "LastDayReminder",
    "NodeProgress",
    "PrivateWriting",
    "Refresher",
    "RefresherPlace",
    "RefresherWithdrawal",
    "RuleSet",
    "Section",
    "Sitting",
    "SupervisedAttempt",
    "SupervisedQuiz",
]
