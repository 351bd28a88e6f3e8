"""Files as answers: looked at as every upload is, kept where nobody reads without a right, taken back until the end.

The bytes are looked at and stored before the transaction, which then only writes rows: a large file holds nobody up.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import uploads
from core.file_kinds import KINDS
from quizzes import content
from quizzes.errors import FileRefused, UnknownOption, UnknownQuestion
from quizzes.kinds.contract import UNSTORABLE, Fields
from quizzes.models import AnswerFile, Attempt, Response
from quizzes.services.answering import save_response

LONGEST_NAME = 120
FOLDER = "answers"
# For how long a file may stand without a row that names it.
UNNAMED_FOR = timedelta(days=1)
# Files that are looked up at a time.
CHUNK = 500


def save_with_files(
    attempt_uuid: uuid.UUID,
    *,
    learner,
    position: int,
    fields: Fields,
    brought: Iterable[File],
    taken_back: Iterable[str],
    now: datetime,
    **how,
) -> Response | None:
    """Save an answer (services.save_response, which says what else may go wrong) with files that come or go.

    Raises FileRefused for a file that is not taken, after everything else was saved.
    """
    attempt = Attempt.objects.get(uuid=attempt_uuid, learner=learner)
    try:
        gone = {uuid.UUID(each) for each in taken_back}
    except ValueError as problem:
        raise UnknownOption from problem
    allowed = _allowed(attempt, position)
    stored, problem = [], None
    try:
        # What comes late is refused by the save below, before any of it is looked at.
        for file in brought if attempt.is_open and now <= attempt.taken_until else ():
            try:
                stored.append(_store(attempt, position, file, allowed, now))
            except uploads.Refused as refused:
                problem = refused
        with transaction.atomic():
            Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
            taken = _take_back(attempt, position, gone)
            room = allowed["files"] - AnswerFile.objects.filter(attempt=attempt, position=position).count()
            kept, left = stored[: max(room, 0)], stored[max(room, 0) :]
            AnswerFile.objects.bulk_create(kept)
            response = save_response(attempt_uuid, learner=learner, position=position, fields=fields, now=now, **how)
            transaction.on_commit(lambda: _forget([file.path for file in taken]), robust=True)
    except Exception:
        _forget([file.path for file in stored])
        raise
    _forget([file.path for file in left])
    if left:
        raise FileRefused(_too_many(allowed["files"]))
    if problem:
        raise FileRefused(str(problem))
    return response


def _allowed(attempt: Attempt, position: int) -> dict:
    if not 0 <= position < len(attempt.served_items):
        raise UnknownQuestion
    structure = content.item_version(attempt.served_items[position]["version"]).structure
    if not structure.get("files"):
        raise UnknownOption
    return structure


def _store(attempt: Attempt, position: int, file: File, allowed: dict, now: datetime) -> AnswerFile:
    """The file on disk, its row not saved yet. Raises uploads.Refused."""
    kind = PurePosixPath(file.name or "").suffix.lstrip(".").lower()
    if kind not in allowed["file_kinds"] or kind not in KINDS:
        raise uploads.Refused(
            _("Files of this kind are not taken. These are: %(kinds)s.")
            % {"kinds": ", ".join(each for each in allowed["file_kinds"] if each in KINDS)}
        )
    cleaned = uploads.cleaned(file, file.name)
    made = AnswerFile(attempt=attempt, position=position, kind=kind, size=cleaned.size, kept_at=now)
    made.name = _called(file.name, kind)
    made.path = storages["private"].save(f"{FOLDER}/{now:%Y/%m}/{made.uuid}.{kind}", cleaned)
    return made


def _called(name: str, kind: str) -> str:
    """What the learner calls it, short and without a path."""
    stem = UNSTORABLE.sub("", PurePosixPath(name.replace("\\", "/")).stem).strip()[:LONGEST_NAME]
    return f"{stem or _('File')}.{kind}"


def _take_back(attempt: Attempt, position: int, gone: set[uuid.UUID]) -> list[AnswerFile]:
    if not gone or attempt.state != Attempt.State.IN_PROGRESS:
        return []
    taken = list(AnswerFile.objects.filter(attempt=attempt, position=position, uuid__in=gone))
    AnswerFile.objects.filter(pk__in=[file.pk for file in taken]).delete()
    return taken


def _forget(paths: Iterable[str]) -> None:
    for path in paths:
        storages["private"].delete(path)


def clear_unnamed_files(now: datetime) -> int:
    """Remove files that no row names and that are older than a day: their process died before it wrote the row, or
    after it had deleted it. Returns how many.

    No answer waits a day for its row, so nothing is removed that is still to be named. May run twice at once.
    """
    cleared = 0
    for folder in _months():
        names = storages["private"].listdir(folder)[1]
        for start in range(0, len(names), CHUNK):
            places = [f"{folder}/{name}" for name in names[start : start + CHUNK]]
            named = set(AnswerFile.objects.filter(path__in=places).values_list("path", flat=True))
            cleared += sum(_clear(place, now - UNNAMED_FOR) for place in places if place not in named)
    return cleared


def _months() -> Iterator[str]:
    """The folders that `_store` makes."""
    storage = storages["private"]
    if storage.exists(FOLDER):
        for year in storage.listdir(FOLDER)[0]:
            yield from (f"{FOLDER}/{year}/{month}" for month in storage.listdir(f"{FOLDER}/{year}")[0])


def _clear(place: str, before: datetime) -> bool:
    storage = storages["private"]
    try:
        if storage.get_modified_time(place) >= before:
            return False
    except FileNotFoundError:
        # Somebody else cleared it at the same moment.
        return False
    storage.delete(place)
    return True


def _too_many(most: int) -> str:
    return ngettext(
        "At most %(count)d file is taken here. Take it back before you add another.",
        "At most %(count)d files are taken here. Take one back before you add another.",
        most,
    ) % {"count": most}
