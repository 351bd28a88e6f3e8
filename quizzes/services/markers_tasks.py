"""The tasks of markers: made when an attempt has to be read by people, called off where they are not needed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from people.calendars import calendar_of
from quizzes import marked
from quizzes.marking import WORKING_DAYS
from quizzes.models import Attempt, Marking


def make(attempt: Attempt, languages: Mapping[int, str], *, now: datetime) -> None:
    """A task for each marker of each answer: `languages` maps its position to the language it was given in.

    They are due after so many days on which the administration works, counted in its zone from handing in.
    """
    administration = attempt.learner.administration
    handed_in = attempt.submitted_at.astimezone(ZoneInfo(administration.time_zone)).date()
    due_on = calendar_of(administration).after_working_days(handed_in, WORKING_DAYS)
    Marking.objects.bulk_create(
        Marking(attempt=attempt, position=position, seat=seat, language=language, since=now, due_on=due_on)
        for position, language in sorted(languages.items())
        for seat in marked.plan_of(attempt, position).seats
    )


def call_off(attempt: Attempt, positions: Iterable[int], seats: Iterable[int] | None = None) -> None:
    """Nobody has to mark these answers any more, or sit at these places of theirs. Drafts go."""
    open_ones = attempt.markings.open().filter(position__in=list(positions))
    if seats is not None:
        open_ones = open_ones.filter(seat__in=list(seats))
    open_ones.update(state=Marking.State.CALLED_OFF, assigned_to=None, lease_until=None, draft=None)
