"""What happens to a file that an author brings: kept, checked by a worker, shown, confirmed, taken in by a worker.

Everything is in, or nothing is. A worker may die anywhere: the row still says what is to be done, and the sweeper asks
the next one. A row's step is taken by whoever holds it in the transaction that ends it, so that asking twice does no
harm.
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

from core import bell, uploads
from courses.arrivals import turn
from courses.arrivals.lessons import report_of
from courses.exchange import transfers
from courses.exchange.documents import Reading
from courses.exchange.importing import AlreadyHere, Outcome, import_course
from courses.exchange.lesson_files import read_file
from courses.exchange.lessons import save_drafts
from courses.exchange.reading import Refused
from courses.models import Arrival, ModulePage
from courses.permissions import may_exchange, may_write_lessons
from oversight import records

logger = logging.getLogger(__name__)

FOLDER = "arrivals"
# Where earlier versions kept archives that waited.
OLD_FOLDERS = ("course-archives",)
# What kills its worker three times would kill the fourth.
MOST_TRIES = 3
# How long a file waits for its bringer's word.
KEPT = timedelta(days=1)

State = Arrival.State


class TakenMeanwhile(Exception):
    """Another worker has the arrival, or has done with it: nothing is left to do here."""


# --- Brought --------------------------------------------------------------------------------------------------------


def bring_archive(file: File, *, actor, now: datetime) -> Arrival:
    """Keep the archive of a course for a worker to check. Raises PermissionDenied."""
    if not may_exchange(actor):
        raise PermissionDenied
    return _bring(Arrival(kind=Arrival.Kind.ARCHIVE), file, [], actor, now)


def bring_lessons(file: File, pictures: Iterable[File], module: ModulePage, *, actor, now: datetime) -> Arrival:
    """Keep a Word or Markdown file, with the pictures that a Markdown file shows, for a worker to check.

    Raises PermissionDenied for who may not add lessons to the module.
    """
    if not may_write_lessons(actor, module):
        raise PermissionDenied
    return _bring(Arrival(kind=Arrival.Kind.LESSONS, module=module), file, pictures, actor, now)


def _bring(arrival: Arrival, file: File, pictures: Iterable[File], actor, now: datetime) -> Arrival:
    storage, places = storages["private"], {}
    arrival.actor, arrival.brought_at, arrival.language = actor, now, translation.get_language()
    arrival.filename = PurePosixPath(file.name).name[-255:]
    try:
        arrival.file = storage.save(f"{FOLDER}/{uuid.uuid4()}", file)
        for picture in pictures:
            places[PurePosixPath(picture.name).name] = storage.save(f"{FOLDER}/{uuid.uuid4()}", picture)
        arrival.pictures = {"shape": 1, "places": places}
        arrival.save()
    except BaseException:
        for place in filter(None, (arrival.file, *places.values())):
            storage.delete(place)
        raise
    ring(arrival.pk)
    return arrival


# --- Confirmed, or not ----------------------------------------------------------------------------------------------


def confirm(arrival: Arrival, *, actor, update: bool) -> bool:
    """Let a checked file in; a worker does it. Asked twice, it is one import. Whether anything was left to confirm.

    `update`: what is here and differs gets drafts and new versions. Raises PermissionDenied for whoever did not bring
    it.
    """
    if arrival.actor_id != actor.pk or not may_exchange(actor):
        raise PermissionDenied
    confirmed = Arrival.objects.filter(pk=arrival.pk, state=State.CHECKED).update(
        state=State.IMPORTING, update=update, tries=0, problem=""
    )
    if confirmed:
        ring(arrival.pk)
    return bool(confirmed)


def discard(arrival: Arrival, *, actor) -> bool:
    """Take a file away that is not being worked on, with its row. Whether there was anything to take away."""
    if arrival.actor_id != actor.pk:
        raise PermissionDenied
    gone, _rows = Arrival.objects.filter(pk=arrival.pk, state__in=[State.CHECKED, State.REFUSED]).delete()
    if gone:
        _remove(arrival.places())
    return bool(gone)


# --- Worked on ------------------------------------------------------------------------------------------------------


def ring(arrival_id: int) -> None:
    """Ask a worker to go on with an arrival."""
    bell.ring("courses.tasks.carry_on_arrival", arrival_id)


def ring_next() -> None:
    """Ask for the oldest that waits, unless one is being worked on."""
    if not turn.is_taken() and (waiting := Arrival.objects.waiting().values_list("pk", flat=True).first()):
        ring(waiting)


def carry_on(arrival_id: int, *, now: datetime) -> None:
    """Check a file, or take it in. May be called twice, and be interrupted anywhere.

    What is wrong with the file ends in the state `refused`, with the reason in the bringer's language. Other errors
    pass through; the sweeper tries again, three times in all.
    """
    arrival = Arrival.objects.waiting().select_related("actor", "module").filter(pk=arrival_id).first()
    if arrival is None or not turn.take(arrival):
        return
    try:
        with translation.override(arrival.language):
            if arrival.tries >= MOST_TRIES:
                give_up(arrival.pk, now=now)
                return
            Arrival.objects.filter(pk=arrival.pk).update(tries=F("tries") + 1)
            try:
                _STEPS[arrival.kind, arrival.state](arrival, now)
            except (Refused, uploads.Refused) as problem:
                _refuse(arrival, str(problem), now)
            except PermissionDenied:
                _refuse(arrival, _("You may no longer bring this in: your role or your rights have changed."), now)
            except FileNotFoundError:
                # Where another worker has finished and removed it, the row has left its state, and this says nothing.
                _refuse(arrival, _("The file is lost. Bring it again."), now)
            except TakenMeanwhile:
                logger.info("the arrival %s was taken by another worker", arrival.pk)
    finally:
        turn.leave()


def give_up(arrival_id: int, *, now: datetime) -> None:
    """Refuse what no worker can finish: it takes too long, or kills whoever tries."""
    arrival = Arrival.objects.waiting().filter(pk=arrival_id).first()
    if arrival is not None:
        with translation.override(arrival.language):
            _refuse(arrival, _("It could not be finished: it takes too long or needs too much memory."), now)


def _check_archive(arrival: Arrival, now: datetime) -> None:
    with storages["private"].open(arrival.file) as file:
        outcome = import_course(file, actor=arrival.actor, now=now, dry_run=True)
    _leave(arrival, State.CHECKED, report=_archive_report(outcome), tries=0)


def _archive_report(outcome: Outcome) -> dict:
    """The plan, with the terms under which the course may be used."""
    return outcome.plan.as_data() | {word: outcome.manifest[word] for word in ("licence", "attribution")}


def _import_archive(arrival: Arrival, now: datetime) -> None:
    if not may_exchange(arrival.actor):
        raise PermissionDenied

    def recorded(outcome: Outcome) -> None:
        transfers.record_import(outcome, actor=arrival.actor, begun_at=arrival.brought_at, now=now)
        _leave(arrival, State.DONE, report=_archive_report(outcome), finished_at=now)

    try:
        with storages["private"].open(arrival.file) as file:
            outcome = import_course(
                file,
                actor=arrival.actor,
                now=now,
                update=arrival.update,
                progress=partial(turn.tell, arrival),
                begun=partial(_hold, arrival),
                recorded=recorded,
            )
    except AlreadyHere:
        changed = _("The course was changed in the meantime. Look at the difference before you import.")
        _leave(arrival, State.CHECKING, problem=changed, tries=0)
        return
    if outcome.plan.is_empty:
        _leave(arrival, State.DONE, report=_archive_report(outcome), finished_at=now)
    _remove(arrival.places())


def _check_lessons(arrival: Arrival, now: datetime) -> None:
    reading, module = _lessons_of(arrival)
    _leave(arrival, State.CHECKED, report=report_of(reading, module), tries=0)


def _import_lessons(arrival: Arrival, now: datetime) -> None:
    reading, module = _lessons_of(arrival)

    def recorded(pages) -> None:
        facts = {"module": str(module.translation_key), "lessons": [str(page.translation_key) for page in pages]}
        records.append("courses.lessons.imported", subject=arrival, facts=facts, actor=arrival.actor, now=now)
        _leave(arrival, State.DONE, finished_at=now)

    save_drafts(
        module,
        reading,
        actor=arrival.actor,
        begun=partial(_hold, arrival),
        recorded=recorded,
        progress=partial(turn.tell, arrival),
    )
    _remove(arrival.places())


_STEPS = {
    (Arrival.Kind.ARCHIVE, State.CHECKING): _check_archive,
    (Arrival.Kind.ARCHIVE, State.IMPORTING): _import_archive,
    (Arrival.Kind.LESSONS, State.CHECKING): _check_lessons,
    (Arrival.Kind.LESSONS, State.IMPORTING): _import_lessons,
}


def _lessons_of(arrival: Arrival) -> tuple[Reading, ModulePage]:
    if arrival.module is None:
        raise Refused(_("The module is gone."))
    storage, places = storages["private"], arrival.pictures["places"]

    def find(source: str) -> bytes | None:
        """A picture by the last part of its address: where its file lay before is nothing that a browser tells."""
        place = places.get(source.rpartition("/")[2])
        if place is None:
            return None
        with storage.open(place) as picture:
            return picture.read()

    with storage.open(arrival.file) as file:
        return read_file(file, arrival.filename, find), arrival.module


def _hold(arrival: Arrival) -> None:
    """Hold the row until the transaction ends. Raises TakenMeanwhile where somebody else holds it, or has done."""
    held = Arrival.objects.select_for_update(skip_locked=True).filter(pk=arrival.pk, state=arrival.state)
    if held.first() is None:
        raise TakenMeanwhile


def _leave(arrival: Arrival, state: str, **facts) -> None:
    """From the state in which it was found to another. Raises TakenMeanwhile where it has left that state."""
    if not Arrival.objects.filter(pk=arrival.pk, state=arrival.state).update(state=state, **facts):
        raise TakenMeanwhile


def _refuse(arrival: Arrival, problem: str, now: datetime) -> None:
    refused = Arrival.objects.filter(pk=arrival.pk, state=arrival.state).update(
        state=State.REFUSED, problem=problem, finished_at=now
    )
    if refused:
        _remove(arrival.places())


# --- Cleared --------------------------------------------------------------------------------------------------------


def clear(now: datetime) -> None:
    """Remove what nobody confirmed within a day, and files that no row knows. Never what a worker still has to do."""
    old = now - KEPT
    left = Arrival.objects.filter(state__in=[State.CHECKED, State.REFUSED], brought_at__lt=old)
    for arrival in left:
        # Again with its state: it may be confirmed at this moment.
        gone, _rows = left.filter(pk=arrival.pk).delete()
        if gone:
            _remove(arrival.places())
    wanted = {place for arrival in Arrival.objects.unfinished() for place in arrival.places()}
    storage = storages["private"]
    for folder in (FOLDER, *OLD_FOLDERS):
        if storage.exists(folder):
            _remove(
                place
                for name in storage.listdir(folder)[1]
                if (place := f"{folder}/{name}") not in wanted and storage.get_modified_time(place) < old
            )


def _remove(places: Iterable[str]) -> None:
    storage = storages["private"]
    for place in places:
        storage.delete(place)
