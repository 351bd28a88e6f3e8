"""Once nobody can appeal a result, what it left for item analysis belongs to nobody (rule 8 of the domain)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from quizzes import appealing, reported
from quizzes.appealing import Graded
from quizzes.models import Appeal, AppealPeriod, Attempt, Grade, GradingRun, ItemOutcomes, QuestionReport

CHUNK = 500


def let_go_of_outcomes(now: datetime) -> int:
    """Empty the link to the attempt on each row of outcomes whose appeal period is over. Returns how many.

    Chunk by chunk, each in one statement; called again, or by two at once, it does the rest. A row of a voided
    attempt, which no analysis reads, is deleted instead: without its attempt it could not be told from the others.
    """
    shortest = AppealPeriod.objects.aggregate(days=Min("days"))["days"] or appealing.PERIOD_DAYS
    # A day's margin on the near side: zones differ by at most that, and the exact day is for the rule to say.
    old = now - timedelta(days=min(shortest, appealing.PERIOD_DAYS) - 1)
    newest = Grade.objects.filter(attempt=OuterRef("attempt")).order_by("-number")
    candidates = (
        ItemOutcomes.objects.filter(attempt__isnull=False)
        .annotate(graded_at=Subquery(newest.values("given_at")[:1]))
        .filter(graded_at__lte=old)
        .annotate(
            has_open_appeal=Exists(Appeal.objects.open().filter(attempt=OuterRef("attempt"))),
            has_open_report=Exists(
                QuestionReport.objects.filter(attempt=OuterRef("attempt"), case__state__in=reported.OPEN)
            ),
            is_being_graded=Exists(
                GradingRun.objects.filter(attempt=OuterRef("attempt")).exclude(state=GradingRun.State.DONE)
            ),
        )
        .select_related("attempt__learner__administration")
        .order_by("pk")
    )
    let_go, after = 0, 0
    periods = _Periods()
    while chunk := list(candidates.filter(pk__gt=after)[:CHUNK]):
        after = chunk[-1].pk
        due = [row.pk for row in chunk if _is_due(row, periods, now)]
        rows = ItemOutcomes.objects.filter(pk__in=due)
        voided = Q(attempt__state=Attempt.State.VOIDED)
        let_go += rows.filter(voided).delete()[0]
        let_go += rows.exclude(voided).filter(attempt__isnull=False).update(attempt=None)
    return let_go


class _Periods:
    """How long results of an administration could be appealed, by the moment of the grade; read once for each."""

    def __init__(self):
        self._since: dict[int, list[tuple[datetime, int]]] = {}

    def days(self, administration_id: int, moment: datetime) -> int:
        if administration_id not in self._since:
            rows = AppealPeriod.objects.filter(administration=administration_id).values_list("since", "days")
            self._since[administration_id] = list(rows)
        set_before = [days for since, days in self._since[administration_id] if since <= moment]
        return set_before[-1] if set_before else appealing.PERIOD_DAYS


def _is_due(row: ItemOutcomes, periods: _Periods, now: datetime) -> bool:
    administration = row.attempt.learner.administration
    graded = Graded(row.graded_at, periods.days(administration.pk, row.graded_at), ZoneInfo(administration.time_zone))
    return appealing.may_let_go(
        graded,
        is_disputed=row.has_open_appeal or row.has_open_report,
        is_being_graded=row.is_being_graded,
        now=now,
    )
