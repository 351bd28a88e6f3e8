"""What the database says of a run: a fixed number of queries, whatever the number of learners, groups and items.

The database counts enrolments, and Python adds up a row for each group. Read one by one are open enrolments, because
rule 11 judges each by its own dates and rules, and grades, because telling which of them count takes a database longer
than sending them.

Three queries are written by hand: the ORM takes longer to build a score of conditional counts than a database to do
them, and it knows no join without a foreign key. Only names of our own tables are put into their text.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count

from certificates.models import Certificate
from cohorts.models import Enrolment
from cohorts.rules import Reason, RiskLimits, at_risk, planned_minutes
from people.models import Officer, Posting
from quizzes.models import Attempt, Grade
from reporting import statistics, suppression
from reporting.scope import GroupOfRun, Scope
from reporting.weeks import Judging, after, midnight, planned_by, week_ends


@dataclass(slots=True)
class Tally:
    """How many are enrolled, in which state, and how many of them do customs work."""

    states: Counter = field(default_factory=Counter)
    customs_related: int = 0

    @property
    def enrolled(self) -> int:
        return sum(self.states.values())

    @property
    def completed(self) -> int:
        return self.states[Enrolment.State.COMPLETED]

    def add(self, other: "Tally") -> None:
        self.states.update(other.states)
        self.customs_related += other.customs_related


def tallies(scope: Scope) -> dict[int, Tally]:
    """The tally of each group shown that has learners, by the group's id. One query."""
    condition, parameters = scope.condition("enrolment")
    states = list(Enrolment.State)
    counts = ", ".join(["COUNT(*) FILTER (WHERE enrolment.state = %s)"] * len(states))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT enrolment.group_id, COUNT(*) FILTER (WHERE officer.customs_related), {counts}"  # noqa: S608
            f" FROM {Enrolment._meta.db_table} enrolment"
            f" LEFT JOIN {Officer._meta.db_table} officer ON officer.user_id = enrolment.user_id"
            f" WHERE {condition} GROUP BY enrolment.group_id",
            [*states, *parameters],
        )
        return {
            group: Tally(Counter(dict(zip(states, counted, strict=True))), customs_related)
            for group, customs_related, *counted in cursor.fetchall()
        }


def together(tallied: Mapping[int, Tally], groups) -> Tally:
    """One tally of several groups."""
    total = Tally()
    for group in groups:
        if group.pk in tallied:
            total.add(tallied[group.pk])
    return total


def median_credited(scope: Scope) -> Decimal | None:
    """The median of the credited minutes of all who are enrolled. One query."""
    rows = scope.limit(Enrolment.objects.all()).values_list("credited_minutes").annotate(Count("pk"))
    return statistics.median(dict(rows))


def median_planned(scope: Scope, tallied: Mapping[int, Tally], on: date) -> Decimal | None:
    """The median of what the plan expects of those learners by a day, each by the dates of their section."""
    expected: Counter = Counter()
    required = scope.cohort.release.required_minutes
    for group in scope.shown:
        if group.pk in tallied:
            expected[planned_minutes(required, group.starts_on, group.ends_on, on)] += tallied[group.pk].enrolled
    return statistics.median(expected)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """An open enrolment that needs someone, and why (rule 11)."""

    enrolment: int
    group: GroupOfRun
    reasons: list[Reason]


def learners_at_risk(scope: Scope, judged: Judging, zone: ZoneInfo) -> list[AtRisk]:
    """Open enrolments with at least one reason, those with the most and gravest first. One query."""
    groups = {group.pk: group for group in scope.shown}
    starts = {group.starts_on: midnight(group.starts_on, zone) for group in scope.shown}
    planned: dict[tuple[int, int], int] = {}
    limits: dict[tuple[int, int, int], RiskLimits] = {}
    found = []
    rows = scope.limit(Enrolment.objects.open()).values_list(
        "pk",
        "group_id",
        "credited_minutes",
        "failed_attempts",
        "last_activity_at",
        "release__required_minutes",
        "rule_set__idle_days",
        "rule_set__behind_percent",
        "rule_set__failed_attempts",
    )
    for pk, group_id, credited, failed, last, required, *limit in rows:
        group = groups[group_id]
        plan = (group.section, required)
        if plan not in planned:
            planned[plan] = planned_minutes(required, group.starts_on, group.ends_on, judged.day)
        key = tuple(limit)
        if key not in limits:
            limits[key] = RiskLimits(*limit)
        reasons = at_risk(
            credited=credited,
            planned=planned[plan],
            failed_attempts=failed,
            last_activity=last,
            section_start=starts[group.starts_on],
            now=judged.moment,
            limits=limits[key],
        )
        if reasons:
            found.append(AtRisk(pk, group, reasons))
    found.sort(key=lambda each: (-len(each.reasons), -max(reason.figure for reason in each.reasons), each.enrolment))
    return found


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a learner is and how to reach them: by e-mail, or else through their office."""

    name: str
    staff_number: str
    email: str | None
    office: str


def contacts(enrolments: list[int], on: date) -> dict[int, Contact]:
    """The people behind some enrolments, by enrolment. Two queries."""
    rows = list(
        Enrolment.objects.filter(pk__in=enrolments).values_list(
            "pk", "user_id", "user__full_name", "user__staff_number", "user__email"
        )
    )
    offices = offices_of(Posting.objects.filter(officer__user__in=[row[1] for row in rows]), on)
    return {pk: Contact(name, number, email, offices.get(user, "")) for pk, user, name, number, email in rows}


def offices_of(postings, on: date) -> dict[int, str]:
    """The name of the office in which each account works on a day. One query."""
    rows = postings.current(on).order_by("since").values_list("officer__user_id", "post__office__name")
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Week:
    """The state of the run at the end of a week's last day."""

    ends_on: date
    completed: int
    planned: int


def weeks_of(scope: Scope, tallied: Mapping[int, Tally], judged: Judging, zone: ZoneInfo) -> list[Week]:
    """Completions over the weeks of the run, added up, beside the plan; empty before its start. One query."""
    ends = week_ends(scope.cohort.starts_on, judged.day)
    if not ends:
        return []
    condition, parameters = scope.condition("enrolment")
    counts = ", ".join(["COUNT(*) FILTER (WHERE enrolment.completed_at < %s)"] * len(ends))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts} FROM {Enrolment._meta.db_table} enrolment"  # noqa: S608
            f" WHERE {condition} AND enrolment.state = %s",
            [
                *(connection.ops.adapt_datetimefield_value(after(day, zone)) for day in ends),
                *parameters,
                Enrolment.State.COMPLETED,
            ],
        )
        completed = cursor.fetchone()
    due = [(group.ends_on, tallied[group.pk].enrolled) for group in scope.shown if group.pk in tallied]
    return [Week(*week) for week in zip(ends, completed, planned_by(ends, due), strict=True)]


@dataclass(slots=True)
class Scores:
    """Scores of several people: never of fewer than the minimum (`suppression`).

    `last` is the histogram of the scores in force of each learner's last graded attempt at each quiz.
    """

    learners: int = 0
    first_attempts: int = 0
    first_passes: int = 0
    last: Counter = field(default_factory=Counter)

    def add(self, other: "Scores") -> None:
        self.learners += other.learners
        self.first_attempts += other.first_attempts
        self.first_passes += other.first_passes
        self.last.update(other.last)

    @property
    def median(self) -> Decimal | None:
        return statistics.median(self.last)

    @property
    def first_pass_rate(self) -> Decimal | None:
        return statistics.rate(self.first_passes, self.first_attempts)


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scores by group, section and whole, without those that must stay hidden: these are None there.

    What is hidden is decided over everything the person may see, not over the part that is shown, so that two views
    cannot be subtracted from one another.
    """

    groups: dict[int, Scores | None]
    sections: dict[int, Scores | None]
    whole: Scores | None


def scores_of(scope: Scope) -> ScoreTable:
    """The scores of all groups of the scope. One query."""
    condition, parameters = scope.whole().condition("enrolment")
    with connection.cursor() as cursor:
        cursor.execute(_GRADES.format(condition=condition), [Attempt.State.GRADED, *parameters])
        grades = cursor.fetchall()
    by_group: dict[int, Scores] = defaultdict(Scores)
    last: dict[tuple[int, str], tuple] = {}
    for group, enrolment, activity, attempt, score, passed in grades:
        series = (enrolment, activity)
        if series not in last or last[series][0] < attempt:
            last[series] = (attempt, group, score)
        if attempt == 1:
            by_group[group].first_attempts += 1
            by_group[group].first_passes += bool(passed)
    for (group, score), count in Counter((group, score) for _attempt, group, score in last.values()).items():
        # SQLite has no decimals and answers with floats of one decimal.
        by_group[group].last[Decimal(str(score))] = count
    learners = {enrolment: group for (enrolment, _activity), (_attempt, group, _score) in last.items()}
    for group, count in Counter(learners.values()).items():
        by_group[group].learners = count
    return _without_hidden(scope, by_group)


# The grades in force of all graded attempts. An attempt knows its enrolment by the registration alone.
_GRADES = f"""
    SELECT enrolment.group_id, enrolment.id, attempt.activity, attempt.number, grade.score, grade.passed
    FROM {Enrolment._meta.db_table} enrolment
    JOIN {Attempt._meta.db_table} attempt ON attempt.registration = enrolment.uuid AND attempt.state = %s
    JOIN {Grade._meta.db_table} grade ON grade.attempt_id = attempt.id
    WHERE {{condition}} AND NOT EXISTS (
        SELECT 1 FROM {Grade._meta.db_table} newer
        WHERE newer.attempt_id = grade.attempt_id AND newer.number > grade.number
    )
"""  # noqa: S608


def _without_hidden(scope: Scope, by_group: dict[int, Scores]) -> ScoreTable:
    by_section: dict[int, Scores] = defaultdict(Scores)
    whole = Scores()
    sizes: dict[int, dict[int, int]] = defaultdict(dict)
    for group in scope.groups:
        scores = by_group[group.pk]
        by_section[group.section].add(scores)
        whole.add(scores)
        sizes[group.section][group.pk] = scores.learners
    hidden = suppression.hidden(sizes)
    return ScoreTable(
        groups={pk: None if pk in hidden.groups else scores for pk, scores in by_group.items()},
        sections={number: None if number in hidden.sections else s for number, s in by_section.items()},
        whole=None if hidden.whole else whole,
    )


def certificates_issued(scope: Scope) -> tuple[int, int]:
    """How many certificates were issued, and how many of them taken back. One query."""
    rows = scope.limit(Certificate.objects.all(), cohort="enrolment__cohort", group="enrolment__group")
    counted = rows.aggregate(issued=Count("pk"), revoked=Count("revocation"))
    return counted["issued"], counted["revoked"]
