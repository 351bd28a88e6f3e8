"""What people have marked, as the grader and the review read it. Without a query where nothing was for people."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from quizzes import content, marking
from quizzes.kinds import KINDS
from quizzes.models import Attempt, Mark, Marking

# By position: what the markers came to.
Shares = Mapping[int, Fraction]


def for_people(attempt: Attempt) -> list[int]:
    """The positions of an attempt whose answers people mark."""
    served = [item["version"] for item in attempt.served_items]
    versions = content.item_versions(served)
    return [position for position, each in enumerate(served) if KINDS[versions[each].kind].is_marked_by_people]


def shares(attempt: Attempt) -> Shares:
    """What each answer of an attempt that is settled among its markers earned of its point."""
    return shares_of([attempt]).get(attempt.pk, {})


def shares_of(attempts: Iterable[Attempt]) -> dict[int, Shares]:
    """The same of several attempts, by their ids. One query at most."""
    asked = {attempt.pk: attempt for attempt in attempts if for_people(attempt)}
    given: dict[tuple[int, int], dict[int, Fraction]] = {}
    for mark in in_force(asked.values()):
        place = mark.marking
        structure = structure_of(asked[place.attempt_id], place.position)
        given.setdefault((place.attempt_id, place.position), {})[place.seat] = marking.share_of(structure, mark.chosen)
    found: dict[int, dict[int, Fraction]] = {}
    for (attempt, position), by_seat in given.items():
        share = marking.standing(plan_of(asked[attempt], position), by_seat).share
        if share is not None:
            found.setdefault(attempt, {})[position] = share
    return found


def in_force(attempts: Iterable[Attempt]) -> list[Mark]:
    """The newest mark of each place that is done, by position and seat. One query, or none for no attempts."""
    asked = list(attempts)
    if not asked:
        return []
    marks = Mark.objects.filter(marking__attempt__in=asked, marking__state=Marking.State.DONE)
    ordered = marks.select_related("marking").order_by("marking__position", "marking__seat", "number")
    return list({mark.marking_id: mark for mark in ordered}.values())


def structure_of(attempt: Attempt, position: int) -> dict:
    """The structure of the item at a position; an item that people mark is never given a new key."""
    return content.item_version(attempt.served_items[position]["version"]).structure


def plan_of(attempt: Attempt, position: int) -> marking.Plan:
    return marking.Plan.of(structure_of(attempt, position))
