from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.exchange.importing import AlreadyHere
from courses.exchange.reading import Refused
from courses.exchange.transfers import import_from_file


class Command(BaseCommand):
    help = "Brings a course in from an archive that export_course wrote: all of it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check the archive, and say what would change")
        parser.add_argument(
            "--update",
            action="store_true",
            help="where the course is here and differs, write drafts and new item versions; releases stay as they are",
        )

    def handle(self, *, file, dry_run, update, **options):
        try:
            outcome = import_from_file(file, actor=None, now=timezone.now(), dry_run=dry_run, update=update)
        except AlreadyHere as problem:
            report = "\n".join(problem.plan.lines())
            raise CommandError(f"{report}\n{problem} Run it again with --update to write drafts.") from problem
        except Refused as problem:
            raise CommandError(f"{problem} Nothing was changed.") from problem
        for line in outcome.plan.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        elif outcome.plan.is_empty:
            self.stdout.write("Everything is here already: nothing was changed.")
        else:
            self.stdout.write("Imported.")
