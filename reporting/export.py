"""A run's learners as a table for a spreadsheet. It names people, so it holds what a manager may see by name (rule 8).

No score, no answer and no count of attempts; a person who failed and one whose time ran out read alike.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from certificates.rules import serial_of
from cohorts.models import Enrolment, NodeProgress
from courses.models import ReleaseNode
from people.models import Posting
from reporting.figures import offices_of
from reporting.scope import Scope
from reporting.statistics import hours

# A spreadsheet that opens the file takes a cell that begins with one of these for a formula, and runs it.
_FORMULA_STARTS = frozenset("=+-@\t\r")
_CHUNK = 500
# States that read alike wherever a person can be named.
ENDED = (Enrolment.State.FAILED, Enrolment.State.LAPSED)
# Tells spreadsheets that the text is UTF-8.
_BYTE_ORDER_MARK = "\ufeff"


def heading() -> list[str]:
    """The first row, in the reader's language."""
    return [
        _("Staff number"),
        _("Name"),
        _("Office"),
        _("Section"),
        _("Group"),
        _("State"),
        _("Credited hours"),
        _("Steps done"),
        _("Steps in all"),
        _("Quizzes"),
        _("Certificate"),
        _("Last activity"),
    ]


def learners(scope: Scope, *, on: date, zone: ZoneInfo) -> list[tuple]:
    """One row for each enrolment shown, by section, group and staff number. Four queries."""
    offices = offices_of(scope.limit(Posting.objects.all(), *_through("officer__user__enrolments")), on)
    steps = _steps_of_releases(scope)
    done = _steps_done(scope, steps)
    counted = {
        release: (len(kinds), list(kinds.values()).count(ReleaseNode.Kind.QUIZ)) for release, kinds in steps.items()
    }
    states = state_words()
    passed, not_yet = _("passed"), _("not yet passed")
    code = scope.cohort.administration.code
    rows = scope.limit(Enrolment.objects.all()).order_by(
        "group__section__number", "group__number", "user__staff_number"
    )
    table = []
    for (
        pk, user, release, staff_number, name, section, group, state, minutes, last, year, number, revoked,
    ) in rows.values_list(
        "pk",
        "user_id",
        "release_id",
        "user__staff_number",
        "user__full_name",
        "group__section__number",
        "group__number",
        "state",
        "credited_minutes",
        "last_activity_at",
        "certificate__year",
        "certificate__number",
        "certificate__revocation",
    ):  # fmt: skip
        activities, quizzes = counted[release]
        steps_done, quizzes_passed = done.get(pk, (0, 0))
        table.append(
            (
                staff_number,
                name,
                offices.get(user, ""),
                section,
                group,
                states[state],
                hours(minutes),
                steps_done,
                activities,
                passed if _has_passed(state, quizzes_passed, quizzes) else not_yet,
                serial_of(code, year, number) if year and not revoked else "",
                last.astimezone(zone).date().isoformat() if last else "",
            )
        )
    return table


def _has_passed(state: str, quizzes_passed: int, quizzes: int) -> bool:
    """Every quiz is passed; where the course has none, the whole is done."""
    return quizzes_passed == quizzes if quizzes else state == Enrolment.State.COMPLETED


def state_words() -> dict[str, str]:
    """How a named person's state is put to managers."""
    return {state.value: ended_words() if state in ENDED else str(state.label) for state in Enrolment.State}


def ended_words() -> str:
    """One word for all who ended without completing: that somebody failed is between them and their tutor."""
    return _("Ended, not completed")


def as_csv(rows: Sequence[Iterable]) -> Iterator[bytes]:
    """The table as the bytes of a CSV file, in pieces."""
    text = StringIO()
    writer = csv.writer(text)
    text.write(_BYTE_ORDER_MARK)
    writer.writerow(heading())
    for start in range(0, len(rows), _CHUNK):
        writer.writerows([harmless(cell) for cell in row] for row in rows[start : start + _CHUNK])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if cell.__class__ is str and cell[:1] in _FORMULA_STARTS:
        return f"'{cell}"
    return cell


def _through(enrolment: str) -> tuple[str, str]:
    """The paths of a relation that leads to enrolments, for `Scope.limit`."""
    return f"{enrolment}__cohort", f"{enrolment}__group"


def _steps_done(scope: Scope, steps: Mapping[int, Mapping[int, str]]) -> dict[int, tuple[int, int]]:
    """Steps done, and quizzes passed among them, by enrolment: of the release that it is held to now.

    Which steps count is a condition of what is counted, not of what is read: a PostgreSQL without statistics yet would
    look for the rows by their steps, and go through those of all learners for each.
    """
    held_to, quizzes = Q(), []
    for release, kinds in steps.items():
        held_to |= Q(enrolment__release=release, node__in=list(kinds))
        quizzes += [node for node, kind in kinds.items() if kind == ReleaseNode.Kind.QUIZ]
    rows = (
        scope.limit(NodeProgress.objects.all(), *_through("enrolment"))
        .values_list("enrolment_id")
        .annotate(steps=Count("pk", filter=held_to), quizzes=Count("pk", filter=held_to & Q(node__in=quizzes)))
    )
    return {enrolment: (steps, quizzes) for enrolment, steps, quizzes in rows}


def _steps_of_releases(scope: Scope) -> dict[int, dict[int, str]]:
    """The steps of each release that somebody of the run is held to: their kinds by their ids."""
    nodes = ReleaseNode.objects.filter(
        kind__in=(ReleaseNode.Kind.LESSON, ReleaseNode.Kind.QUIZ),
        release__in=Enrolment.objects.filter(cohort=scope.cohort).values("release"),
    )
    steps: dict[int, dict[int, str]] = {}
    for release, node, kind in nodes.order_by("pk").values_list("release_id", "pk", "kind"):
        steps.setdefault(release, {})[node] = kind
    return steps
