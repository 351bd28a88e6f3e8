from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from courses.curriculum import load_course, load_glossary
from courses.models import Release
from courses.programme_kinds import load_kinds
from courses.releases import release_course
from elearning.demonstration import calendar, organisation, run
from people.demonstration import PASSWORD
from people.models import Administration, Role


class Command(BaseCommand):
    help = "Fills an empty installation with the demonstration: an administration, accounts and a run of 1,210."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", action="store_true", help="only print the accounts")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are data already")

    def handle(self, *, accounts, if_empty, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is off: this installation has no demonstration accounts.")
        if accounts:
            self._print_accounts()
            return
        if Administration.objects.exists():
            if if_empty:
                return
            raise CommandError("This installation has data. `make demo` starts again with fresh ones.")
        self._make()

    def _make(self):
        now = timezone.now()
        began = datetime(2020, 6, 20, 14, tzinfo=ZoneInfo("UTC"))
        self._say("Curriculum in six languages")
        curriculum = Path(settings.BASE_DIR) / "curriculum"
        course = load_course(curriculum / "first-posting", now=began)
        load_kinds(curriculum / "programme_kinds.yaml")
        load_glossary(curriculum / "glossary.yaml", now=began)
        release = Release.objects.filter(course=course.translation_key).first() or release_course(
            course, actor=None, now=began
        )
        self._say("Administration, offices, posts, accounts")
        administration = organisation.make_administration()
        calendar.fill(administration, now)
        people = organisation.make_accounts(administration, now)
        self._say("The run of 2020: 9 sections, 38 groups, 1,210 learners")
        cohort = run.make_cohort(administration, release, now)
        enrolments = run.make_learners(cohort, people["1001"], self._progress("learners"))
        for group in cohort.sections.get(number=1).groups.all()[:2]:
            group.tutors.add(people["2001"])
        run.write_history(enrolments, self._progress("histories"))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA optimize")

    def _say(self, line):
        self.stdout.write(f"  {line}")
        self.stdout.flush()

    def _progress(self, what):
        def tell(done, total):
            if done == total or done % 400 == 0:
                self._say(f"  {done} of {total} {what}")

        return tell

    def _print_accounts(self):
        for staff_number, name, role in organisation.ACCOUNTS:
            title = Role(role).label if role else "Learner"
            self.stdout.write(f"  {staff_number}  {title:<22} {name}")
        self.stdout.write(f"  Password of all: {PASSWORD}")
        self.stdout.write("  Second factor of staff: manage.py demo_code <number>")
