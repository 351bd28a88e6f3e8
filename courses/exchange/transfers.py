"""The deeds, with permission, file handling and a record: what commands and pages call alike.

`actor` is None for whoever runs the machine's commands.
"""

import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from courses.exchange import exporting, importing
from courses.models import CoursePage, CourseTransfer
from courses.permissions import may_exchange
from oversight import records


def export_to_file(
    course: CoursePage, path: Path, *, licence: str | None, attribution: str | None, actor, now: datetime
) -> dict:
    """Write a course's archive to a file and return its manifest. The file is there whole or not at all.

    Without a licence or attribution the archive says what the course came with.
    """
    _check(actor)
    given = {"licence": licence, "attribution": attribution}
    terms = terms_of(course) | {name: words for name, words in given.items() if words is not None}
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            manifest = exporting.write_course(course, draft, **terms)
            draft.flush()
            os.fsync(draft.fileno())
            with transaction.atomic():
                transfer = _transfer(CourseTransfer.Direction.EXPORT, manifest, actor, now)
                transfer.done_at = now
                transfer.save()
                _record("courses.course.exported", transfer, actor, now)
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)
    return manifest


def terms_of(course: CoursePage) -> dict[str, str]:
    """The licence and attribution that a course last came or went with."""
    last = CourseTransfer.objects.filter(course=course.translation_key).order_by("-begun_at").first()
    return {"licence": last.licence if last else "", "attribution": last.attribution if last else ""}


def import_from_file(path: Path, *, actor, now: datetime, dry_run: bool, update: bool) -> importing.Outcome:
    """Import an archive, with its record. Raises what `importing.import_course` raises."""
    _check(actor)

    def recorded(outcome: importing.Outcome) -> None:
        record_import(outcome, actor=actor, begun_at=now, now=now)

    return importing.import_course(path, actor=actor, now=now, dry_run=dry_run, update=update, recorded=recorded)


def record_import(outcome: importing.Outcome, *, actor, begun_at: datetime, now: datetime) -> None:
    """Write down an import, in its transaction. `begun_at` is when the archive was brought."""
    transfer = _transfer(CourseTransfer.Direction.IMPORT, outcome.manifest, actor, begun_at)
    transfer.report, transfer.done_at = outcome.plan.as_data(), now
    transfer.save()
    _record("courses.course.imported", transfer, actor, now)


def _check(actor) -> None:
    if actor is not None and not may_exchange(actor):
        raise PermissionDenied


def _transfer(direction: str, manifest: dict, actor, begun_at: datetime) -> CourseTransfer:
    return CourseTransfer(
        direction=direction,
        course=manifest["course"]["key"],
        title=manifest["course"]["title"],
        content=manifest["content"],
        licence=manifest["licence"],
        attribution=manifest["attribution"],
        actor=actor,
        begun_at=begun_at,
    )


def _record(kind: str, transfer: CourseTransfer, actor, now: datetime) -> None:
    facts = {
        "course": str(transfer.course),
        "title": transfer.title,
        "content": transfer.content,
        "licence": transfer.licence,
        "attribution": transfer.attribution,
    }
    records.append(kind, subject=transfer, facts=facts, actor=actor, now=now)
