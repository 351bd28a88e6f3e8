"""What happens to a file of questions that an author brings: kept, looked at by a worker, shown, confirmed, taken in.

The way is that of courses and lessons (docs/decisions/0023-one-way-in.md). The row is the queue and Celery the
doorbell: a worker may die anywhere, and asking twice does no harm.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import storages
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from core import bell
from quizzes.banking import importing, progress, reports
from quizzes.formats.neutral import Refused
from quizzes.models import ItemBank, QuestionFile
from quizzes.permissions import may_write_items

logger = logging.getLogger(__name__)

FOLDER = "question-files"
# Longer than a worker is busy with a file of 200 MB of pictures; its task is stopped before.
LEASE = timedelta(minutes=5)
# What kills its worker three times would kill the fourth.
MOST_TRIES = 3
# How long a file waits for its bringer's word.
KEPT = timedelta(days=1)

State = QuestionFile.State


class TakenMeanwhile(Exception):
    """Another worker has done with the file: nothing is left to do here."""


def bring(file: File, *, format: str, spoken: str, bank: ItemBank | None, actor, now: datetime) -> QuestionFile:
    """Keep a file for a worker to look at. Raises PermissionDenied."""
    if not may_write_items(actor):
        raise PermissionDenied
    storage = storages["private"]
    place = storage.save(f"{FOLDER}/{uuid.uuid4()}", file)
    try:
        brought = QuestionFile.objects.create(
            file=place,
            filename=PurePosixPath(file.name or "").name[-255:],
            format=format,
            spoken=spoken,
            bank=bank,
            language=translation.get_language(),
            actor=actor,
            brought_at=now,
        )
    except BaseException:
        storage.delete(place)
        raise
    ring(brought.pk)
    return brought


def confirm(brought: QuestionFile, *, actor) -> bool:
    """Let a file in that was looked at; a worker does it. Asked twice, it is one import. Whether anything was left to
    confirm. Raises PermissionDenied for whoever did not bring it."""
    if brought.actor_id != actor.pk or not may_write_items(actor):
        raise PermissionDenied
    confirmed = QuestionFile.objects.filter(pk=brought.pk, state=State.CHECKED).update(
        state=State.IMPORTING, tries=0, lease_until=None, problem=""
    )
    if confirmed:
        progress.forget(brought)
        ring(brought.pk)
    return bool(confirmed)


def discard(brought: QuestionFile, *, actor) -> bool:
    """Take a file away that is not being worked on, with its row. Whether there was anything to take away."""
    if brought.actor_id != actor.pk:
        raise PermissionDenied
    gone, _rows = QuestionFile.objects.filter(pk=brought.pk, state__in=[State.CHECKED, State.REFUSED]).delete()
    if gone:
        _remove([brought.file])
    return bool(gone)


# --- Worked on ------------------------------------------------------------------------------------------------------


def ring(file_id: int) -> bool:
    """Ask a worker to go on with a file."""
    return bell.ring("quizzes.tasks.carry_on_questions", file_id)


def ring_all(now: datetime) -> None:
    """Ring for what was not heard, and for what its worker has left."""
    for file_id in QuestionFile.objects.claimable(now).values_list("pk", flat=True):
        if not ring(file_id):
            break


def carry_on(file_id: int, *, now: datetime) -> None:
    """Look at a file, or take it in. May be called twice, and be interrupted anywhere.

    What is wrong with the file ends in the state `refused`, with the reason in the bringer's language. Other errors
    pass through; the sweeper tries again, three times in all.
    """
    claimed = QuestionFile.objects.claimable(now).filter(pk=file_id)
    if not claimed.update(lease_until=now + LEASE, tries=F("tries") + 1):
        return
    brought = QuestionFile.objects.select_related("actor", "bank").get(pk=file_id)
    progress.forget(brought)
    with translation.override(brought.language):
        if brought.tries > MOST_TRIES:
            give_up(brought.pk, now=now)
            return
        try:
            if brought.state == State.CHECKING:
                _look(brought)
            else:
                _take_in(brought, now)
        except Refused as problem:
            _refuse(brought, str(problem), now)
        except PermissionDenied:
            _refuse(brought, _("You may no longer bring this in: your role or your rights have changed."), now)
        except FileNotFoundError:
            # Where another worker has finished and removed it, the row has left its state, and this says nothing.
            _refuse(brought, _("The file is lost. Bring it again."), now)
        except TakenMeanwhile:
            logger.info("the file of questions %s was taken by another worker", brought.pk)
        except Exception:
            # The sweeper need not wait for the lease to run out.
            QuestionFile.objects.filter(pk=brought.pk).update(lease_until=None)
            raise


def give_up(file_id: int, *, now: datetime) -> None:
    """Refuse what no worker can finish: it takes too long, or kills whoever tries."""
    brought = QuestionFile.objects.waiting().filter(pk=file_id).first()
    if brought is not None:
        with translation.override(brought.language):
            _refuse(brought, _("It could not be finished: it takes too long or needs too much memory."), now)


def _look(brought: QuestionFile) -> None:
    _leave(brought, State.CHECKED, report=reports.import_as_data(_foreseen(brought)), tries=0)


def _take_in(brought: QuestionFile, now: datetime) -> None:
    """What was shown is what is done: where the bank has changed since, its bringer looks again."""
    if not may_write_items(brought.actor):
        raise PermissionDenied
    foreseen = _foreseen(brought)
    report = reports.import_as_data(foreseen)
    changed = _("The bank was changed in the meantime. Look at what would happen now before you import.")
    if report != brought.report:
        _leave(brought, State.CHECKED, report=report, problem=changed, tries=0)
        return

    def begun() -> None:
        _leave(brought, State.DONE, finished_at=now)

    try:
        importing.carry_out(foreseen, actor=brought.actor, now=now, begun=begun)
    except importing.ChangedMeanwhile:
        _leave(brought, State.CHECKING, problem=changed, tries=0)
        ring(brought.pk)
        return
    _remove([brought.file])


def _foreseen(brought: QuestionFile) -> importing.Foreseen:
    """Raises Refused, and FileNotFoundError."""
    with storages["private"].open(brought.file) as file:
        data = file.read()
    return importing.foresee(
        data,
        brought.filename,
        format=brought.format or None,
        language=brought.spoken,
        into=brought.bank,
        told=partial(progress.tell, brought),
    )


def _leave(brought: QuestionFile, state: str, **facts) -> None:
    """From the state in which it was found to another. Raises TakenMeanwhile where it has left that state."""
    found = QuestionFile.objects.filter(pk=brought.pk, state=brought.state)
    if not found.update(state=state, lease_until=None, **facts):
        raise TakenMeanwhile


def _refuse(brought: QuestionFile, problem: str, now: datetime) -> None:
    refused = QuestionFile.objects.filter(pk=brought.pk, state=brought.state).update(
        state=State.REFUSED, problem=problem, lease_until=None, finished_at=now
    )
    if refused:
        _remove([brought.file])


# --- Cleared --------------------------------------------------------------------------------------------------------


def clear(now: datetime) -> None:
    """Remove what nobody confirmed within a day, and files that no row knows. Never what a worker still has to do."""
    old = now - KEPT
    left = QuestionFile.objects.filter(state__in=[State.CHECKED, State.REFUSED], brought_at__lt=old)
    for brought in left:
        # Again with its state: it may be confirmed at this moment.
        gone, _rows = left.filter(pk=brought.pk).delete()
        if gone:
            _remove([brought.file])
    wanted = set(QuestionFile.objects.unfinished().values_list("file", flat=True))
    storage = storages["private"]
    if storage.exists(FOLDER):
        _remove(
            place
            for name in storage.listdir(FOLDER)[1]
            if (place := f"{FOLDER}/{name}") not in wanted and storage.get_modified_time(place) < old
        )


def _remove(places: Iterable[str]) -> None:
    storage = storages["private"]
    for place in places:
        storage.delete(place)
