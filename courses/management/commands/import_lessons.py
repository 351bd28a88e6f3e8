from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError

from core import uploads
from courses.exchange.lesson_files import read_file
from courses.exchange.lessons import save_drafts
from courses.models import ModulePage


class Command(BaseCommand):
    help = "Writes the lessons of a Word or Markdown file as drafts below a module. Each first-level heading is one."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a .docx or .md file")
        parser.add_argument("module", type=int, help="the module page's number, as in its address in Wagtail")
        parser.add_argument("--dry-run", action="store_true", help="say what would be written, and what is lost")

    def handle(self, *, file, module, dry_run, **options):
        page = ModulePage.objects.filter(pk=module).first()
        if page is None:
            raise CommandError(f"Page {module} is no module.")
        try:
            reading = read_file(ContentFile(file.read_bytes()), file.name, find=_beside(file))
        except (OSError, uploads.Refused) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        if not dry_run:
            save_drafts(page, reading, actor=None)
        for lesson in reading.lessons:
            kinds = ", ".join(kind for kind, _value in lesson.blocks)
            self.stdout.write(f"{lesson.title} ({lesson.minutes} min): {kinds or 'lede alone'}")
        for note in reading.notes:
            self.stdout.write(f"  {note}")
        self.stdout.write("A dry run: nothing was written." if dry_run else "Written as drafts.")


def _beside(file: Path):
    """Finds pictures in the file's own folder and below it, and nowhere else."""
    folder = file.resolve().parent

    def find(source: str) -> bytes | None:
        path = (folder / source).resolve()
        return path.read_bytes() if path.is_relative_to(folder) and path.is_file() else None

    return find
