import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Kills workers, broker and web server of an installation made for it while learners hand in, and counts what"
        " was lost and what was graded twice. Your own data are not touched: where DATABASE_URL names a PostgreSQL"
        " server, it creates a database of its own on it and drops it at the end."
    )
    # It has an installation of its own; whether this one could run does not matter.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--attempts", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1, help="decides the answers and what is killed when")

    def handle(self, *, attempts, seed, **options):
        if attempts < 1:
            raise CommandError("At least one attempt is needed.")
        # Django has read this installation's settings in this process already, so another program takes its place;
        # and a signal to end reaches the one that has to tidy up.
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "elearning.chaos", str(attempts), str(seed)])  # noqa: S606
