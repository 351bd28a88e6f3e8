"""A run of a programme: cohort, section, group, and each learner's way through it."""

from cohorts.models.enrolments import Delta, Enrolment
from cohorts.models.ledgers import CreditedHours, NodeProgress
from cohorts.models.moves import CohortMove, EnrolmentMove
from cohorts.models.own import CalendarFeed, PrivateWriting
from cohorts.models.refreshers import Refresher, RefresherPlace, RefresherWithdrawal
from cohorts.models.reminders import LastDayReminder
from cohorts.models.runs import Cohort, Group, RuleSet, Section

__all__ = [
    "CalendarFeed",
    "Cohort",
    "CohortMove",
    "CreditedHours",
    "Delta",
    "Enrolment",
    "EnrolmentMove",
    "Group",
    "LastDayReminder",
    "NodeProgress",
    "PrivateWriting",
    "Refresher",
    "RefresherPlace",
    "RefresherWithdrawal",
    "RuleSet",
    "Section",
]
