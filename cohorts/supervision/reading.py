"""What an invigilator sees: the sittings of a run, and of one sitting who has come, begun and handed in.

No answers, no scores and no results: they are no business of who looks after a room.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from cohorts.models import Candidate, Cohort, Enrolment, Irregularity, Sitting, SupervisedQuiz
from cohorts.supervision import rules
from courses.reading import Step
from quizzes.models import Attempt


@dataclass(frozen=True)
class Person:
    """Somebody in a sitting. `started_at` and `handed_in_at` are those of their last attempt there, if any.

    `is_working`: that attempt is open, until `deadline`. `may_change`: the invigilator has let them change computers.
    """

    enrolment: Enrolment
    name: str
    staff_number: str
    present_at: datetime | None
    started_at: datetime | None = None
    deadline: datetime | None = None
    handed_in_at: datetime | None = None
    is_working: bool = False
    may_change: bool = False
    notes: int = 0


@dataclass(frozen=True)
class Tally:
    """How many people of a sitting stand where."""

    people: int
    present: int
    working: int
    handed_in: int


def people_of(sitting: Sitting, now: datetime) -> list[Person]:
    """Everybody of a sitting by name: who may sit in it, and who has, also after a change of group. Four queries."""
    places = {each.pk: each for each in sitting.places().select_related("user")}
    attempts: dict[int, Attempt] = {}
    ties = sitting.attempts.select_related("enrolment__user", "attempt").defer("attempt__served").order_by("pk")
    for tie in ties:
        places.setdefault(tie.enrolment_id, tie.enrolment)
        attempts[tie.enrolment_id] = tie.attempt
    candidates = {each.enrolment_id: each for each in sitting.candidates.all()}
    counted = Irregularity.objects.filter(sitting=sitting).order_by().values_list("enrolment")
    notes = dict(counted.annotate(count=Count("pk")))
    people = (
        _person(place, attempts.get(pk), candidates.get(pk), notes.get(pk, 0), now) for pk, place in places.items()
    )
    return sorted(people, key=lambda each: (each.name.casefold(), each.staff_number))


def _person(
    place: Enrolment, attempt: Attempt | None, candidate: Candidate | None, notes: int, now: datetime
) -> Person:
    fields = {}
    if attempt is not None:
        is_working = attempt.is_open and now <= attempt.deadline
        # One that nobody has handed in yet, though its time is over, is handed in within half a minute.
        ended = None if is_working else attempt.submitted_at or attempt.deadline
        fields = {
            "started_at": attempt.started_at,
            "deadline": attempt.deadline,
            "handed_in_at": ended,
            "is_working": is_working,
            "may_change": is_working and candidate is not None and rules.is_released(candidate.released_at, now),
        }
    return Person(
        place,
        place.user.full_name,
        place.user.staff_number,
        candidate.present_at if candidate else None,
        notes=notes,
        **fields,
    )


def tally_of(people: list[Person]) -> Tally:
    return Tally(
        people=len(people),
        present=sum(each.present_at is not None for each in people),
        working=sum(each.is_working for each in people),
        handed_in=sum(each.handed_in_at is not None for each in people),
    )


@dataclass(frozen=True)
class Row:
    """A sitting in the list of a run."""

    sitting: Sitting
    title: str
    language: str
    standing: rules.Standing
    started: int


def sittings_of(sittings, quizzes: list[Step], now: datetime) -> list[Row]:
    """Sittings, the newest first, each with its quiz and how many have started. One query."""
    titles = {quiz.key: quiz for quiz in quizzes}
    found = sittings.select_related("section", "group__section", "opened_by").annotate(started=Count("attempts"))
    return [
        Row(
            each,
            titles[each.step].title if each.step in titles else "",
            titles[each.step].language if each.step in titles else "",
            each.standing(now),
            each.started,
        )
        for each in found
    ]


def supervised_steps(cohort: Cohort) -> dict[UUID, SupervisedQuiz]:
    """What is sat under supervision in a run, by the key of the quiz."""
    return {each.step: each for each in SupervisedQuiz.objects.in_force().filter(cohort=cohort)}


def notes_of(sitting: Sitting, enrolment: Enrolment) -> list[Irregularity]:
    return list(sitting.irregularities.filter(enrolment=enrolment).select_related("noted_by"))
