from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.exchange.finding import NoSuchCourse, find_course
from courses.exchange.reading import Refused
from courses.exchange.transfers import export_to_file


class Command(BaseCommand):
    help = "Writes a whole course, in all its languages, with its media and quizzes, into one archive."

    def add_arguments(self, parser):
        parser.add_argument("course", help="the course's slug, UUID or title")
        parser.add_argument("file", type=Path, help="the archive to write, such as first-posting.zip")
        parser.add_argument("--licence", help="under which others may use it, such as CC BY-SA 4.0")
        parser.add_argument("--attribution", help="whom to name as its authors")

    def handle(self, *, course, file, licence, attribution, **options):
        try:
            page = find_course(course)
            manifest = export_to_file(
                page, file, licence=licence, attribution=attribution, actor=None, now=timezone.now()
            )
        except (NoSuchCourse, Refused, OSError) as problem:
            raise CommandError(str(problem)) from problem
        size = file.stat().st_size
        self.stdout.write(f"{page.title}: {', '.join(manifest['course']['languages'])}; {size} bytes.")
        self.stdout.write(f"Content {manifest['content']}")
