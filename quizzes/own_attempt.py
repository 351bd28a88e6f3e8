"""What every page of an attempt asks first: whose it is, whether it is still open, and what is answered."""

from dataclasses import dataclass
from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from core.addresses import address
from core.prepared import Prepared
from quizzes import browsers, places, services
from quizzes.errors import AnsweredElsewhere
from quizzes.models import Attempt, Response
from quizzes.services.held_answers import newest

_OWN = Prepared(lambda slot: places.with_place(Attempt.objects.filter(uuid=slot.uuid, learner=slot.learner)))


@dataclass(frozen=True)
class Mark:
    """One question in the list of questions: its number, its address, whether it is answered and shown now."""

    number: int
    url: str
    answered: bool
    current: bool


def _of(request, attempt_uuid) -> Attempt:
    found = _OWN.first(uuid=attempt_uuid, learner=request.user.pk)
    if found is None:
        raise Http404
    return found


def own_attempt(request, attempt_uuid) -> Attempt:
    """The signed-in learner's attempt; 404 for anybody else's, so that an address tells nothing.

    Raises AnsweredElsewhere for an open one that goes on in another browser alone: see `in_its_browser`.
    """
    attempt = _of(request, attempt_uuid)
    if attempt.is_open and not attempt.goes_on_in(browsers.carried(request)):
        raise AnsweredElsewhere
    return attempt


def in_its_browser(view):
    """For the pages of an attempt: who comes to one from another computer than its own reads what to do."""

    @wraps(view)
    def guarded(request, attempt, *args, **kwargs):
        try:
            return view(request, attempt, *args, **kwargs)
        except AnsweredElsewhere as problem:
            context = {"problem": problem, "place": places.of(_of(request, attempt), get_language())}
            return render(request, "quizzes/elsewhere.html", context, status=problem.status)

    return guarded


def is_closed(request, attempt, now) -> bool:
    """Whether no answer can be given any more. Time that has run out hands in, as the sweeper would."""
    if attempt.state == Attempt.State.IN_PROGRESS and now > attempt.taken_until:
        services.submit_attempt(attempt, learner=request.user, now=now)
        return True
    return attempt.state != Attempt.State.IN_PROGRESS


def latest(attempt) -> dict[int, Response]:
    """The response in force at each position, also where it emptied a question."""
    return newest(attempt)


def marks(attempt, responses: dict[int, Response], shown: int | None = None) -> list[Mark]:
    """The list of questions: with their own pages beside one that is `shown` alone, else with their places on the
    page that has them all.
    """
    answered = {position for position, response in responses.items() if response.answer is not None}
    numbers = range(1, len(attempt.served_items) + 1)
    paper = address("quiz_paper", attempt.uuid)
    return [
        Mark(
            n,
            reverse("quiz_question", args=[attempt.uuid, n]) if shown else f"{paper}#q{n}",
            n - 1 in answered,
            n == shown,
        )
        for n in numbers
    ]
