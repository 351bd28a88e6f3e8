from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.curriculum import CurriculumError, load_course, load_glossary
from courses.programme_kinds import load_kinds


class Command(BaseCommand):
    help = "Loads the curriculum that ships with the platform into the authoring tree and the item bank."

    def add_arguments(self, parser):
        parser.add_argument("course", nargs="?", default="first-posting", help="a folder of curriculum/")

    def handle(self, *, course, **options):
        folder = Path(settings.BASE_DIR) / "curriculum" / course
        if not folder.is_dir():
            raise CommandError(f"curriculum/{course} does not exist.")
        try:
            load_kinds(folder.parent / "programme_kinds.yaml")
            page = load_course(folder, now=timezone.now(), told=self.stdout.write)
            load_glossary(folder.parent / "glossary.yaml", now=timezone.now())
        except CurriculumError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{page.title}: loaded.")
