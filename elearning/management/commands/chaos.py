import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Kills workers, broker and web server of an installation made for it while learners hand in, and counts what"
        " was lost and what was graded twice. Your own data are not touched."
    )
    # It has an installation of its own; whether this one could run does not matter.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--attempts", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1, help="decides the answers and what is killed when")

    def handle(self, *, attempts, seed, **options):
        if attempts < 1:
            raise CommandError("At least one attempt is needed.")
        # A process of its own: this one's Django has read this installation's settings already.
        command = [sys.executable, "-m", "elearning.chaos", str(attempts), str(seed)]
        status = subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode
        if status:
            raise CommandError("Something was lost, doubled or not graded in time.", returncode=status)
