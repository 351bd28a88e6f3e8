"""What the database holds afterwards, against what the learners were told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db.models import Count

from elearning.chaos.hands import Paper
from oversight.models import RecordEntry
from quizzes import services
from quizzes.models import Attempt, Grade, GradingRun, Response


@dataclass(frozen=True)
class Verdict:
    """Counts. `lost` are confirmed answers that are missing or were not graded as given, confirmed submissions that
    are none, and attempts without a grade. `doubled` are attempts with several grades, runs or records. `slowest` is
    the longest time from a hand-in to its grade, in seconds, while all was killed around it.
    """

    attempts: int
    saved: int
    submitted: int
    graded: int
    lost: int
    doubled: int
    slowest: float

    @property
    def holds(self) -> bool:
        return self.graded == self.attempts and self.lost == 0 and self.doubled == 0

    def as_data(self) -> dict[str, int | float]:
        return asdict(self)


def waiting() -> int:
    """How many attempts have been handed in and not been graded."""
    return Attempt.objects.ungraded().count()


def reach(papers: Sequence[Paper]) -> Verdict:
    """Compare. Reads everything; nothing may run meanwhile."""
    attempts = {str(each.uuid): each for each in Attempt.objects.all()}
    kept = {
        (str(uuid), position + 1): (sequence, answer)
        for uuid, position, sequence, answer in Response.objects.order_by("sequence").values_list(
            "attempt__uuid", "position", "sequence", "answer"
        )
    }
    grades = {str(grade.attempt.uuid): grade for grade in Grade.objects.select_related("attempt")}
    lost = 0
    for paper in papers:
        attempt = attempts[paper.uuid]
        lost += sum(not _is_kept(attempt, paper, number, kept) for number in paper.saved)
        lost += paper.submitted_at is not None and attempt.state != Attempt.State.GRADED
        lost += paper.uuid not in grades or not _is_as_answered(attempt, grades[paper.uuid])
    return Verdict(
        attempts=len(papers),
        saved=sum(len(paper.saved) for paper in papers),
        submitted=sum(paper.submitted_at is not None for paper in papers),
        graded=len(grades),
        lost=lost,
        doubled=_doubled(),
        slowest=max((_waited(grade) for grade in grades.values()), default=0),
    )


def _is_kept(attempt: Attempt, paper: Paper, number: int, kept: dict) -> bool:
    """Whether a confirmed answer stands, at the confirmed sequence or a later one of the same learner's."""
    sequence, answer = kept.get((paper.uuid, number), (0, None))
    if sequence < paper.saved[number] or answer is None:
        return False
    wanted = paper.wanted.get(number)
    options = attempt.served_items[number - 1]["arrangement"]["options"]
    return wanted is None or answer == {"shape": 1, "choice": options[int(wanted) - 1]}


def _waited(grade: Grade) -> float:
    assert grade.attempt.submitted_at  # the schema's promise of what is graded
    return round((grade.given_at - grade.attempt.submitted_at).total_seconds(), 1)


def _is_as_answered(attempt: Attempt, grade: Grade) -> bool:
    judgement = services.judge_attempt(attempt)
    return (grade.points, grade.score, grade.passed, grade.bright_line) == (
        judgement.points,
        judgement.score,
        judgement.passed,
        judgement.bright_line,
    )


def _doubled() -> int:
    several = {
        *Grade.objects.values("attempt").annotate(n=Count("pk")).filter(n__gt=1).values_list("attempt", flat=True),
        *GradingRun.objects.values("attempt")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .values_list("attempt", flat=True),
    }
    told = Counter(RecordEntry.objects.filter(kind="quizzes.grade.given").values_list("subject", flat=True))
    return len(several) + sum(times > 1 for times in told.values())
