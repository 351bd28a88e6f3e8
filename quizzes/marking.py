"""How people mark what no program reads: the rubric's sum, when two of them agree, and who may mark what. Pure.

Two markers read without knowing of each other. Where their shares of the item's points lie within its tolerance, the
mean counts, exact as a fraction; where they do not, a third person sees both marks and decides.

Whoever runs the marking may name assessors for what waits, evenly shared out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

# The places at one answer. Of the first two each is a marker's, the last is who decides between them.
FIRST, SECOND, MODERATOR = SEATS = (1, 2, 3)
# Days on which the administration works, from the one after handing in.
WORKING_DAYS = 10


@dataclass(frozen=True)
class Plan:
    """How the answers to an item are marked: by how many, and how far apart their shares of it may lie."""

    markers: int = 1
    tolerance: Fraction = Fraction(0)

    @classmethod
    def of(cls, structure: dict) -> "Plan":
        """The plan in an item's structure (quizzes.kinds.essay)."""
        said = structure.get("marking")
        return cls(said["markers"], Fraction(said["tolerance"])) if said else cls()

    @property
    def seats(self) -> tuple[int, ...]:
        """The places of the markers."""
        return SEATS[: self.markers]


def share_of(structure: dict, levels: Mapping[str, str]) -> Fraction:
    """What the levels that were chosen earn of the item's points, from 0 to 1.

    Raises ValueError unless they name one level of each criterion and nothing else.
    """
    if set(levels) != {criterion["key"] for criterion in structure["rubric"]}:
        raise ValueError("a mark names one level of each criterion")
    earned = sum((points_of(criterion, levels[criterion["key"]]) for criterion in structure["rubric"]), Fraction(0))
    return earned / sum((most_of(criterion) for criterion in structure["rubric"]), Fraction(0))


def points_of(criterion: dict, level: str) -> Fraction:
    """What a level of a criterion earns, in the rubric's points. Raises ValueError for a level that it has not."""
    for each in criterion["levels"]:
        if each["key"] == level:
            return Fraction(each["points"])
    raise ValueError("a level that the criterion has not")


def most_of(criterion: dict) -> Fraction:
    """What a criterion can earn, in the rubric's points."""
    return max(Fraction(level["points"]) for level in criterion["levels"])


@dataclass(frozen=True)
class Standing:
    """How far the marking of one answer has come. `share` is None until it is settled."""

    share: Fraction | None
    is_apart: bool = False


def standing(plan: Plan, shares: Mapping[int, Fraction]) -> Standing:
    """Where an answer stands by the shares given so far, by seat. What the moderator has decided counts alone."""
    given = [shares[seat] for seat in plan.seats if seat in shares]
    is_whole = len(given) == plan.markers
    is_apart = is_whole and max(given) - min(given) > plan.tolerance
    if is_apart:
        return Standing(shares.get(MODERATOR), is_apart=True)
    return Standing(sum(given, Fraction(0)) / len(given) if is_whole else None)


@dataclass(frozen=True)
class Marker:
    """A person as far as the right to mark asks: `assesses` in all of the administration, or `teaches` the learner."""

    pk: int
    assesses: bool
    teaches: bool


@dataclass(frozen=True)
class Task:
    """One place at an answer as far as the right to mark asks. `others` sit at the answer's other places or are named
    for them, `declined` are those who said that they cannot mark it; `named` is who alone may, where somebody is.
    """

    seat: int
    learner: int
    others: Collection[int] = ()
    declined: Collection[int] = ()
    named: int | None = None


def may_mark(marker: Marker, task: Task) -> bool:
    """Whether a person of the learner's administration may sit there. Tutors mark those they teach; who decides
    between two markers assesses. Nobody marks their own work, or the same answer twice.
    """
    if task.named not in (None, marker.pk):
        return False
    if marker.pk == task.learner or marker.pk in task.others or marker.pk in task.declined:
        return False
    return marker.assesses or (marker.teaches and task.seat != MODERATOR)


# --- Naming markers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenPlace:
    """A place for which somebody may be named. `answer` is what the places at one answer have in common."""

    pk: int
    answer: Hashable
    task: Task


def share_out(
    places: Sequence[OpenPlace],
    assessors: Sequence[int],
    *,
    taught: Collection[tuple[int, int]] = (),
    load: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Who is named for which place: of those who may mark it the one with the least to mark so far.

    `load` says how much each is named for already, `taught` are pairs of an assessor and a place whose writer they
    teach. Nobody is named for that, or for two places at one answer; places that nobody may mark are left out.
    """
    counts, named = Counter(load or {}), {}
    at_answer = defaultdict(set)
    for place in places:
        able = [
            each
            for each in assessors
            if each not in at_answer[place.answer]
            and (each, place.pk) not in taught
            and may_mark(Marker(each, assesses=True, teaches=False), place.task)
        ]
        if able:
            chosen = min(able, key=counts.__getitem__)
            named[place.pk] = chosen
            at_answer[place.answer].add(chosen)
            counts[chosen] += 1
    return named
