"""What a worker does with an item analysis that waits. Imported by tasks alone: web servers need no NumPy."""

import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import F

from quizzes.analysis.gathering import AttemptRow, Gathering
from quizzes.analysis.outcomes import SHAPE, language_of
from quizzes.analysis.report import analyse
from quizzes.models import Analysis, ItemOutcomes

logger = logging.getLogger(__name__)

# Longer than a worker is silent: a chunk takes a fraction of a second, the figures of 100,000 attempts take seconds.
LEASE = timedelta(seconds=90)
CHUNK = 5_000
# What kills its worker three times would kill the fourth.
MOST_TRIES = 3

State = Analysis.State


class TakenOver(Exception):
    """Another worker has the analysis: nothing is left to do here."""


def work_on(analysis_id: int, *, clock: Callable[[], datetime]) -> bool:
    """Do an analysis, if it still waits; whether it was done here. May be called twice, and be interrupted anywhere.

    A worker that is taken over from writes nothing any more. Rows are read a chunk at a time, each in a query of its
    own: no long read holds a database back, and progress can be written in between.
    """
    lease = _claim(analysis_id, clock())
    if lease is None:
        return False
    analysis = Analysis.objects.get(pk=analysis_id)
    if analysis.tries > MOST_TRIES:
        give_up(analysis_id, now=clock())
        return False
    mine = Analysis.objects.filter(pk=analysis_id, state=State.WORKING, lease=lease)
    gathering = Gathering()
    try:
        read = 0
        for rows in _chunks(analysis):
            gathering.add(rows)
            read += len(rows)
            _tell(mine, clock(), read=read)
        results = analyse(gathering.responses()).as_json()
        _tell(mine, clock(), state=State.DONE, results=results, attempts=read, read=read)
    except TakenOver:
        logger.info("the analysis %s was taken over by another worker", analysis_id)
        return False
    return True


def give_up(analysis_id: int, *, now: datetime) -> None:
    """End what no worker can finish."""
    Analysis.objects.open().filter(pk=analysis_id).update(
        state=State.FAILED, lease=None, lease_until=None, finished_at=now
    )


def _claim(analysis_id: int, now: datetime) -> uuid.UUID | None:
    lease = uuid.uuid4()
    taken = (
        Analysis.objects.claimable(now)
        .filter(pk=analysis_id)
        .update(state=State.WORKING, lease=lease, lease_until=now + LEASE, tries=F("tries") + 1, read=0)
    )
    return lease if taken else None


def _chunks(analysis: Analysis) -> Iterator[list[AttemptRow]]:
    """The attempts to analyse, version by version.

    Rows are found first and then read by ranges of their ids: asked for the next ones in order, PostgreSQL may sort
    all that are left, wide as they are, for every chunk.
    """
    to_analyse = ItemOutcomes.objects.to_analyse()
    versions = analysis.quiz.versions.filter(number__lte=analysis.versions).values_list("pk", flat=True)
    found = {
        version: list(to_analyse.filter(quiz_version=version).order_by("pk").values_list("pk", flat=True))
        for version in versions
    }
    Analysis.objects.filter(pk=analysis.pk).update(attempts=sum(map(len, found.values())))
    for version, ids in found.items():
        for start in range(0, len(ids), CHUNK):
            of_chunk = ids[start : start + CHUNK]
            rows = to_analyse.filter(quiz_version=version, pk__range=(of_chunk[0], of_chunk[-1]))
            yield [_row(outcomes) for outcomes in rows.values_list("outcomes", flat=True)]


def _row(outcomes: dict) -> AttemptRow:
    if outcomes["shape"] != SHAPE:
        raise ValueError(f"shape {outcomes['shape']} of an attempt's outcomes is not known")
    return AttemptRow(language_of(outcomes), outcomes["items"], outcomes["fractions"], outcomes["chosen"])


def _tell(mine, now: datetime, **facts) -> None:
    """Say how far it is and keep the lease, or end it. Raises TakenOver."""
    if facts.get("state") == State.DONE:
        facts |= {"lease": None, "lease_until": None, "finished_at": now}
    else:
        facts["lease_until"] = now + LEASE
    if not mine.update(**facts):
        raise TakenOver
