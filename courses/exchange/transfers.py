"""The two deeds, with permission, file handling and a record: what commands, pages and tasks call alike."""

import os
import tempfile
from datetime import datetime
from pathlib import Path

from courses.exchange import exporting, importing
from courses.models import CoursePage


def export_to_file(
    course: CoursePage, path: Path, *, licence: str | None, attribution: str | None, actor, now: datetime
) -> dict:
    """Write a course's archive to a file and return its manifest. The file is there whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            manifest = exporting.write_course(course, draft, licence=licence or "", attribution=attribution or "")
            draft.flush()
            os.fsync(draft.fileno())
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)
    return manifest


def import_from_file(path: Path, *, actor, now: datetime, dry_run: bool, update: bool) -> importing.Outcome:
    return importing.import_course(path, actor=actor, now=now, dry_run=dry_run, update=update)
