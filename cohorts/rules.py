"""The rules of a run, pure: who has completed, who is at risk, what a plan expects by a day."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Missing:
    """What still stands between a learner and completion (rule 1). Empty means complete."""

    steps: int
    minutes: int

    def __bool__(self):
        return bool(self.steps or self.minutes)


def missing(mandatory: Collection[Hashable], done: Collection[Hashable], credited: int, required: int) -> Missing:
    """Rule 1: mandatory lessons done, every graded quiz passed, credited time at least the requirement.

    `mandatory` and `done` name steps, by id or by key, a quiz being done when it is passed; times in minutes.
    """
    return Missing(len(set(mandatory) - set(done)), max(required - credited, 0))


class Risk(StrEnum):
    """Why a learner is at risk (rule 11). Always shown with its figure."""

    IDLE = "idle"
    BEHIND = "behind"
    FAILED_ATTEMPTS = "failed_attempts"


@dataclass(frozen=True)
class RiskLimits:
    idle_days: int
    behind_percent: int
    failed_attempts: int


@dataclass(frozen=True)
class Reason:
    """One reason and its figure: days idle, per cent of the plan behind, or failed attempts."""

    risk: Risk
    figure: int


def planned_minutes(required: int, starts_on: date, ends_on: date, on: date) -> int:
    """What an even pace from the first day to the last would have credited by the end of a day."""
    if on < starts_on:
        return 0
    if on >= ends_on:
        return required
    length = (ends_on - starts_on).days + 1
    return required * ((on - starts_on).days + 1) // length


def at_risk(
    *,
    credited: int,
    planned: int,
    failed_attempts: int,
    last_activity: datetime | None,
    section_start: datetime,
    now: datetime,
    limits: RiskLimits,
) -> list[Reason]:
    """Why an open enrolment needs someone's attention; an empty list where it does not (rule 11).

    Nobody is idle or behind before the section starts; one who never began is idle since the start.
    """
    reasons = []
    since = max(last_activity or section_start, section_start)
    idle = (now - since) // timedelta(days=1)
    if idle >= limits.idle_days:
        reasons.append(Reason(Risk.IDLE, idle))
    if planned > 0:
        behind = (planned - credited) * 100 // planned
        if behind >= limits.behind_percent:
            reasons.append(Reason(Risk.BEHIND, behind))
    if failed_attempts >= limits.failed_attempts:
        reasons.append(Reason(Risk.FAILED_ATTEMPTS, failed_attempts))
    return reasons
