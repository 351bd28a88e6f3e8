import json
import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import languages
from core.wordings import SOURCE_LANGUAGE
from quizzes.banking import exporting, reports
from quizzes.formats.detect import WRITERS
from quizzes.models import ItemBank


class Command(BaseCommand):
    help = (
        "Writes an item bank in one language to a file of another system's format: the newest version of each item"
        " that is not retired, the draft where there is one. Says which questions the format could not hold wholly."
    )

    def add_arguments(self, parser):
        parser.add_argument("bank", help="the bank's short name (slug) or its title")
        parser.add_argument("--format", required=True, type=lambda name: name.replace("-", "_"), choices=WRITERS)
        parser.add_argument("--language", choices=languages.codes(), default=SOURCE_LANGUAGE)
        parser.add_argument("--output", help="the file to write, - for the standard output; else named by the bank")
        parser.add_argument("--json", action="store_true", help="the report for programs, of shape 1")

    def handle(self, *, bank, format, language, output, json, **options):
        found = ItemBank.objects.filter(slug=bank).first() or ItemBank.objects.filter(title=bank).first()
        if found is None:
            raise CommandError(f"There is no item bank “{bank}”.")
        export = exporting.export_bank(found, format, language=language, actor=None, now=timezone.now())
        report, told = reports.export_as_data(export, format), self.stdout
        if output == "-":
            # The report goes where it is not in the way of the file.
            told = self.stderr
            self.stdout.flush()
            getattr(self.stdout._out, "buffer", self.stdout._out).write(export.writing.data)
        else:
            path = Path(output or export.filename)
            report["file"] = str(path)
            try:
                _write(path, export.writing.data)
            except OSError as problem:
                raise CommandError(f"{path}: {problem.strerror}") from problem
        if json:
            told.write(_as_json(report))
        else:
            for line in reports.export_lines(report):
                told.write(line)


def _as_json(report: dict) -> str:
    return json.dumps(report, ensure_ascii=False)


def _write(path: Path, data: bytes) -> None:
    """The file is there whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)
