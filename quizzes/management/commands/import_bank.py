import json
from argparse import RawDescriptionHelpFormatter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import languages
from quizzes.banking import importing, reports
from quizzes.formats.detect import MOST_BYTES, READERS
from quizzes.formats.neutral import Refused
from quizzes.models import ItemBank

SOME_REFUSED = 3


class Command(BaseCommand):
    help = """Brings a file of questions into an item bank, as drafts: all that can be taken, or nothing.

The bank is the one that the file names (a category, a title), else the one called as the file is. A question that is
here by its key is changed, left as it is, or given words in a further language.

Exit code: 0 if every question was taken or was here already, 1 if nothing could be imported at all, 3 if some
questions were refused; the others are in then, unless it was a dry run.

--json writes one object of shape 1:
  {"shape": 1, "dry_run", "format", "language", "bank": {"slug", "title", "new"},
   "counts": {"new", "changed", "language", "same", "refused"},
   "rows": [{"number", "line", "member", "key", "name", "kind", "result", "notes", "reason"}], "notes"}
or, where nothing could be imported, {"shape": 1, "refused": why}."""

    def create_parser(self, *args, **kwargs):
        return super().create_parser(*args, **kwargs, formatter_class=RawDescriptionHelpFormatter)

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format",
            type=lambda name: name.replace("-", "_"),
            choices=READERS,
            help="found by the content of the file where it is not told",
        )
        parser.add_argument("--bank", metavar="SLUG", help="another bank than the one that the file names")
        parser.add_argument(
            "--language", choices=languages.codes(), default="", help="of the file, where it does not say so itself"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="the report for programs")

    def handle(self, *, file, format, bank, language, dry_run, json, **options):
        into = None
        if bank:
            into = ItemBank.objects.filter(slug=bank).first()
            if into is None:
                raise CommandError(f"There is no item bank “{bank}”.")
        try:
            foreseen = importing.foresee(_bytes(file), file.name, format=format, language=language, into=into)
            if not dry_run:
                importing.carry_out(foreseen, actor=None, now=timezone.now())
        except Refused as problem:
            self._refuse(str(problem), json)
        except OSError as problem:
            self._refuse(f"{file}: {problem.strerror}", json)
        except importing.ChangedMeanwhile:
            self._refuse("The bank was changed in the meantime. Run it again.", json)
        report = reports.import_as_data(foreseen)
        if json:
            self._write({"shape": 1, "dry_run": dry_run} | report)
        else:
            for line in reports.import_lines(report):
                self.stdout.write(line)
            self.stdout.write(_ended(foreseen, dry_run))
        if refused := report["counts"]["refused"]:
            raise CommandError(f"Questions refused: {refused}.", returncode=SOME_REFUSED)

    def _refuse(self, problem: str, as_json: bool) -> None:
        if as_json:
            self._write({"shape": 1, "refused": problem})
        raise CommandError(f"{problem} Nothing was imported.")

    def _write(self, report: dict) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def _bytes(file: Path) -> bytes:
    """Raises OSError; of a file that is too large, no more than it takes to refuse it."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _ended(foreseen: importing.Foreseen, dry_run: bool) -> str:
    if dry_run:
        return "A dry run: nothing was written."
    if not foreseen.brings_something:
        return "Nothing was written."
    return "Imported as drafts."
